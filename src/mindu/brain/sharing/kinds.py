"""The kinds of case by which data is asked for, and by which a subject has it put right."""

from mindu.base.records import Words
from mindu.brain.cases import Role
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.rights import Officer

ASKED, PUT_RIGHT, WANTED = "data_request", "data_correction", "open_data_request"
# The Government Data Sharing Regulations (政务数据共享条例, in force 2025-08-01), article on
# requests: the owner answers within ten working days; a check of disputed data likewise.
LAW = "政务数据共享条例 2025"
# No national text sets a term for answers to the public; a city lays its own as terms:KIND.
OURS = "house default 默认时限"


def _terms(handle: str, whole: str, law: str = LAW) -> tuple[tuple[str, ...], ...]:
    return (
        ("dispatch", "*", "*", "1wd", law),
        ("sign", "*", "*", "2wd", law),
        ("handle", "*", "*", handle, law),
        ("review", "*", "*", "1wd", law),
        ("final", "*", "*", "1wd", law),
        ("call_back", "*", "*", "3wd", law),
        ("arbitrate", "*", "*", "3wd", law),
        ("whole", "*", "*", whole, law),
    )


def _as_it_is(text: str) -> str:
    return text


KINDS = {
    ASKED: CaseKind(
        name=ASKED, title=Words("Request for data", "数据共享申请"), mask=_as_it_is,
        terms=_terms("10wd", "15wd"), public=False,
    ),
    PUT_RIGHT: CaseKind(
        name=PUT_RIGHT, title=Words("Objection to data", "数据异议与更正"), mask=_as_it_is,
        terms=_terms("10wd", "15wd"), public=False,
    ),
    WANTED: CaseKind(
        name=WANTED, title=Words("Request to open data", "数据开放申请"), mask=_as_it_is,
        terms=_terms("10wd", "15wd", OURS),
    ),
}  # fmt: skip

# Whose a dataset is stands in the catalogue, so sending a case to its owner takes no judgement.
STEWARD = Officer(
    "catalogue", "数据目录",
    roles=(Role.OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.FINAL, Role.MACHINE), areas=("*",),
)  # fmt: skip
