"""The kind of case that the hotline takes: services, terms, duties, words."""

from dataclasses import replace

from mindu.apps.hotline.ears import hand_over, mask
from mindu.apps.hotline.spots import spots
from mindu.apps.hotline.tables import JURISDICTIONS, services, table
from mindu.city import CaseKind, Words

NATURES = {
    "inquiry": Words("inquiry", "咨询"),
    "help": Words("help", "求助"),
    "complaint": Words("complaint", "投诉"),
    "report": Words("report", "举报"),
    "suggestion": Words("suggestion", "建议"),
    "thanks": Words("thanks", "感谢"),
    "other": Words("other", "其他"),
}
URGENCIES = {
    "critical": Words("critical", "特急"),
    "urgent": Words("urgent", "紧急"),
    "normal": Words("normal", "一般"),
    "complex": Words("complex", "复杂"),
}
SHIPPED = ("duty", "units", "quick", "knowledge", "templates", "script")
MATTER = CaseKind(
    name="matter",
    title=Words("Matter told to 12345", "12345 诉求"),
    terms=table("terms"),
    mask=mask,
    services=services(),
    jurisdictions=JURISDICTIONS,
    hand_over=hand_over,
    spots=spots,
    natures=NATURES,
    urgencies=URGENCIES,
    tables={name: table(name) for name in SHIPPED},
)
# 12345+企业服务: the same counter and life cycle, other services, faster terms: a configuration.
FIRM = replace(
    MATTER,
    name="firm",
    title=Words("Matter of a firm told to 12345", "12345 企业诉求"),
    services=tuple(s for s in MATTER.services if s.code in {"business", "consumer", "other"}),
    terms=(("handle", "*", "*", "2wd", "ours: firms are answered in 2 working days"),
           ("whole", "*", "*", "3wd", "ours: firms are answered in 3 working days"),
           *MATTER.terms),
    tables={**MATTER.tables, "quick": (("1", "business", "ours"),)},
)  # fmt: skip
