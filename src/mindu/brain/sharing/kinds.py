"""The kinds of case by which data is asked for, and by which a subject has it put right."""

from mindu.base.records import Words
from mindu.brain.cases import Role
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.rights import Officer

ASKED, PUT_RIGHT = "data_request", "data_correction"
# The Government Data Sharing Regulations (政务数据共享条例, in force 2025-08-01), article on
# requests: the owner answers within ten working days; a check of disputed data likewise.
LAW = "政务数据共享条例 2025"


def _terms(handle: str, whole: str) -> tuple[tuple[str, ...], ...]:
    return (
        ("dispatch", "*", "*", "1wd", LAW),
        ("sign", "*", "*", "2wd", LAW),
        ("handle", "*", "*", handle, LAW),
        ("review", "*", "*", "1wd", LAW),
        ("final", "*", "*", "1wd", LAW),
        ("call_back", "*", "*", "3wd", LAW),
        ("arbitrate", "*", "*", "3wd", LAW),
        ("whole", "*", "*", whole, LAW),
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
}  # fmt: skip

# Whose a dataset is stands in the catalogue, so sending a case to its owner takes no judgement.
STEWARD = Officer(
    "catalogue", "数据目录",
    roles=(Role.OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.FINAL, Role.MACHINE), areas=("*",),
)  # fmt: skip
