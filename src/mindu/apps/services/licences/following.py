"""Following: a licence stands as long as the approval that it was issued upon."""

import msgspec

from mindu.apps.services.licences.rows import Row
from mindu.apps.services.licences.status import Status
from mindu.city import Words

UNDONE, AGAIN, REFUSED, TAKEN, REPLACED = "undone", "again", "refused", "taken", "replaced"
CAUSES = {
    UNDONE: Words("its approval is being decided again", "所依据的批准正在重新办理"),
    AGAIN: Words("it was decided again: approved", "已重新办理:准予"),
    REFUSED: Words("it was decided again: refused", "已重新办理:不予批准"),
    TAKEN: Words("its approval was taken back", "所依据的批准已撤销"),
    REPLACED: Words("a new licence takes its place", "已由新证照替代"),
}


class Change(msgspec.Struct, frozen=True):
    """What a licence becomes, and what became of its approval."""

    status: Status
    cause: str


def change(row: Row, outcome: str, *, fell: bool) -> Change | None:
    """Return what a licence becomes when its item stands so; None where it stays as it is.

    `fell` says that its approval was undone since it was last looked at. What an officer suspended
    is not restored by a new approval.
    """
    ends = {"refused": REFUSED, "void": TAKEN, "not_needed": TAKEN}
    undone, valid = row.cause == UNDONE, row.status is Status.VALID
    found: Change | None = None
    if outcome in ends:
        found = Change(Status.REVOKED, ends[outcome])
    elif outcome == "approved" and (undone or (valid and fell)):
        found = Change(Status.VALID, AGAIN)
    elif outcome != "approved" and valid:
        found = Change(Status.SUSPENDED, UNDONE)
    return None if row.status is Status.REVOKED else found
