"""Papers: what was issued; the office that issued one suspends, revokes or restores it here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
from starlette.requests import Request

from mindu.base.records import Words
from mindu.console.contract.common import Role
from mindu.console.steps.desk import Officer
from mindu.console.steps.page import CHANGED, page
from mindu.console.steps.sitting import lang_of

SHOWN, LONGEST = 200, 500  # papers on one list; characters of a reason
CHANGES = {
    "suspended": Words("suspend", "暂停使用"),
    "revoked": Words("revoke for good", "吊销(不可恢复)"),
    "valid": Words("restore", "恢复有效"),
}
STANDS = {
    "valid": Words("valid", "有效"), "suspended": Words("suspended", "暂停使用"),
    "revoked": Words("revoked", "已吊销"),
}  # fmt: skip
LEAST: Role = "approver"  # who may end a paper; whoever works for its office may look
NONE = Words("There is no such paper of your offices.", "没有该编号的本部门证照。")
NOT_YOURS = Words(
    "An approver of the office that issued it does this.", "须由发证部门审批人员办理。"
)
WHY = Words("Say why: the holder reads it.", "请说明理由(持证人可见)。")
CHOOSE = Words("Choose what is to be done.", "请选择操作。")
SURE = Words("A revoked paper never comes back: tick that you are sure.",
             "吊销后不可恢复,请勾选确认。")  # fmt: skip


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One paper as its office sees it; whose it is stands in the case."""

    number: str
    title: Words
    office: str
    status: str  # valid, suspended, revoked
    why: str = ""
    cause: Words = Words("", "")  # what became of the approval that it rests on
    rests: bool = True  # that approval stands; else nobody can restore it


class Papers(Protocol):
    """Where papers are kept."""

    def of(self, offices: Collection[str]) -> list[Paper]:
        """Return what these offices issued, the newest first."""
        ...

    def set(self, number: str, status: str, why: str, *, by: str) -> None:
        """Suspend, revoke or restore one, with the reason; durable when this returns."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages over papers."""

    papers: Papers
    now: Callable[[], datetime]
    root: str

    def rows(
        self, request: Request, officer: Officer, _sent: dict[str, list[str]], _token: str
    ) -> tuple[str, int]:
        """Return the list, of one number or of all."""
        asked = request.query_params.get("number", "").strip()[:60]
        found = [one for one in self.papers.of(officer.offices) if asked in one.number]
        told = {"rows": found[:SHOWN], "more": len(found) > SHOWN, "asked": asked, "stands": STANDS}
        return page("papers", lang_of(request), root=self.root, officer=officer, **told), 200

    def one(
        self, request: Request, officer: Officer, sent: dict[str, list[str]], token: str
    ) -> tuple[str, int]:
        """Return one paper, after what was sent about it was done or refused."""
        number, said = request.path_params["number"], None
        typed = {name: values[0].strip() for name, values in sent.items()}
        if self._find(officer, number) is None:
            return page("none", lang_of(request), root=self.root, says=NONE), 404
        if request.method == "POST":
            said = self._change(officer, number, typed)
        paper = self._find(officer, number)
        assert paper is not None, "a paper never goes"
        told = {"paper": paper, "stands": STANDS, "said": said, "token": token,
                "changes": {n: w for n, w in CHANGES.items() if _may(paper, n)},
                "typed": typed if said else {}, "may": officer.may(LEAST),
                "not_yours": NOT_YOURS}  # fmt: skip
        shown = page("paper", lang_of(request), root=self.root, officer=officer, **told)
        return shown, 409 if said else 200

    def _find(self, officer: Officer, number: str) -> Paper | None:
        every = self.papers.of(officer.offices)
        return next((one for one in every if one.number == number), None)

    def _change(self, officer: Officer, number: str, told: dict[str, str]) -> Words | None:
        """Do what was sent; return what is wrong with it, None where it was done."""
        paper, status = self._find(officer, number), told.get("status", "")
        if paper is None or not officer.may(LEAST):
            return NOT_YOURS
        why, sure = told.get("why", ""), status != "revoked" or told.get("sure") == "yes"
        wrong = (
            (told.get("was") != paper.status, CHANGED), (not _may(paper, status), CHOOSE),
            (not why, WHY), (not sure, SURE),
        )  # fmt: skip
        says = next((words for bad, words in wrong if bad), None)
        if says is None:
            self.papers.set(number, status, why[:LONGEST], by=f"{paper.office}/{officer.name}")
        return says


def _may(paper: Paper, status: str) -> bool:
    """Say whether a paper can be brought to a status; revoked, or resting on nothing, it stays."""
    return (
        status in CHANGES
        and paper.status not in {status, "revoked"}
        and (status != "valid" or paper.rests)
    )
