"""What some moves take beyond the table: limits on waiting and extending, and cases tied together.

Everything that a move does to other cases follows from its one record, so that no crash can leave
half of it behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mindu.base.records import Value
from mindu.brain.cases import DONE, STATES, UNANSWERED, State
from mindu.brain.casework.calendar import Calendar
from mindu.brain.casework.clocks import Clocks, Dials
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.refusals import refuse
from mindu.brain.casework.rights import Officer, covers
from mindu.brain.folds.cases import Cases

MOST_MERGED = 100_000  # cases that one master may carry
_ANSWERED = DONE | {State.FED_BACK, State.CALL_BACK}


class Desk(Protocol):
    """What a bond must know of the office."""

    @property
    def cases(self) -> Cases:
        """The cases."""
        ...

    @property
    def kinds(self) -> Mapping[str, CaseKind]:
        """The kinds that apps declare."""
        ...

    def calendar(self) -> Calendar:
        """Return the calendar that holds now."""
        ...

    def clocks(self, kind: str) -> Clocks:
        """Return the clocks of a kind."""
        ...


@dataclass(frozen=True, slots=True)
class Bond:
    """The arguments as they will be written, further causes, and dials that are not the step's."""

    args: Mapping[str, Value]
    causes: tuple[int, ...] = ()
    dials: Dials | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One move that is about more than the table knows."""

    desk: Desk
    number: int
    args: Mapping[str, Value]
    officer: Officer
    now: int

    @property
    def kind(self) -> CaseKind:
        """Return the kind of the case."""
        return self.desk.kinds[self.desk.cases.said(self.number, "kind")]

    def whole(self, name: str) -> int:
        """Return an argument as a whole number.

        Raises:
            Refusal: it is none.
        """
        try:
            value = float(self.args[name])
        except (TypeError, ValueError):
            value = -1.0
        if not value.is_integer() or value < 0:
            raise refuse(f"{name} is a whole number, 0 or more", f"{name} 须为非负整数")
        return int(value)

    def days(self, most: int, en: str, zh: str) -> int:
        """Return the working days asked for, inside their limit."""
        days = self.whole("days")
        if not 0 < days <= most:
            raise refuse(f"{en} 1 to {most} working days", f"{zh}须在 1 至 {most} 个工作日内")
        return days


def bound(
    desk: Desk,
    number: int,
    name: str,
    args: Mapping[str, Value],
    officer: Officer,
    now: datetime,
) -> Bond:
    """Check and complete a move that is about more than its own case.

    Raises:
        Refusal: a limit is passed, or the other case does not fit.
    """
    find = _BONDS.get(name)
    if find is None:
        return Bond(args)
    return find(Asked(desk, number, args, officer, int(now.timestamp())))


def parts_of(cases: Cases, number: int) -> list[int]:
    """Return the parts that a divided case waits for; those of an undone division are no more."""
    return [part for part in cases.link(number).children if cases.state(part) is not State.VOID]


def droppable(cases: Cases, part: int) -> None:
    """Check that a part may end without anything being lost.

    Raises:
        Refusal: it was answered, divided itself, merged, or carries what was merged into it.
    """
    state, row, merged = cases.state(part), cases.row(part), cases.link(part).merged
    if state is State.DIVIDED:
        raise refuse(f"part {part} was divided itself: undo that first",
                     f"子件 {part} 又已拆分,请先撤销其拆分")  # fmt: skip
    if state is State.MERGED:
        raise refuse(f"part {part} was merged into case {row['master']}: take it out first",
                     f"子件 {part} 已并入件 {row['master']},请先撤销并案")  # fmt: skip
    if merged:
        raise refuse(f"cases {merged} were merged into part {part}: take them out first",
                     f"件 {merged} 已并入子件 {part},请先撤销并案")  # fmt: skip
    if state not in UNANSWERED or row["answer"]:
        raise refuse(f"part {part} was answered: a division is undone only while no part was",
                     f"子件 {part} 已答复,不能再撤销拆分")  # fmt: skip


def _wait(asked: Asked) -> Bond:
    days = asked.days(asked.kind.wait_days, "a clock is stopped for", "挂起")
    until = asked.desk.calendar().closing(asked.now, days)
    return Bond({**asked.args, "until": float(until)})


def _extend(asked: Asked) -> Bond:
    row = asked.desk.cases.row(asked.number)
    if row["extended"] >= asked.kind.extensions or row["asked"]:
        raise refuse("no further extension may be asked for", "不能再申请延期")
    asked.days(asked.kind.extend_days, "an extension adds", "延期")
    return Bond(asked.args)


def _extend_now(asked: Asked) -> Bond:
    """An extension that is granted as it is asked for; a whole goes along with its parts."""
    row = asked.desk.cases.row(asked.number)
    if "part" not in asked.args and row["extended"] >= asked.kind.extensions:
        raise refuse("its time was extended before", "该件已延期,不能再延")
    asked.days(asked.kind.extend_days, "an extension adds", "延期")
    return Bond(asked.args)


def _answer_extension(asked: Asked) -> Bond:
    days = int(asked.desk.cases.row(asked.number)["asked"])
    if not days:
        raise refuse("nobody asked for an extension", "没有待批的延期申请")
    return Bond({**asked.args, "days": float(days)})


def _reply(asked: Asked) -> Bond:
    link = asked.desk.cases.link(asked.number)
    silent = ", ".join(unit for unit in link.helpers if unit not in link.contributed)
    if silent:
        raise refuse(f"the co-handlers {silent} have not spoken", f"协办单位 {silent} 尚未反馈")
    return Bond(asked.args)


def _rate(asked: Asked) -> Bond:
    row = asked.desk.cases.row(asked.number)
    if asked.desk.cases.state(asked.number) is State.MERGED and not row["answer"]:
        raise refuse("it is not answered yet; rate the answer", "尚未答复,请在答复后评价")
    satisfied = asked.whole("satisfied")
    if not 1 <= satisfied <= 5:
        raise refuse("satisfied is a whole number from 1 to 5", "满意度须为 1 至 5 的整数")
    solved = asked.args["solved"]
    if isinstance(solved, str):
        solved = solved.strip().lower() in {"yes", "true", "1", "是"}
    return Bond({**asked.args, "solved": bool(solved), "satisfied": float(satisfied)})


def _contribute(asked: Asked) -> Bond:
    return Bond({**asked.args, "by_unit": asked.officer.unit})


def _merge(asked: Asked) -> Bond:
    """Let the master keep the earliest deadline; the other's clocks end."""
    cases, into = asked.desk.cases, asked.whole("into")
    while into in cases and cases.row(into)["master"] >= 0:
        into = int(cases.row(into)["master"])
    if into not in cases or into == asked.number:
        raise refuse(f"there is no other case {into}", f"没有另一件 {into}")
    master = cases.row(into)
    if STATES[int(master["state"])] in DONE:
        raise refuse(f"case {into} is over; reopen it first", f"件 {into} 已结,请先重开")
    if not covers(asked.officer.areas, cases.said(into, "area")):
        raise refuse(f"case {into} lies outside your jurisdiction", f"件 {into} 不在管辖范围")
    if len(cases.link(into).merged) >= MOST_MERGED:
        raise refuse(f"case {into} carries too many already", f"件 {into} 并案过多")
    clocks = asked.desk.clocks(cases.said(into, "kind"))
    whole = clocks.earliest(cases.dial(into, "whole"), cases.dial(asked.number, "whole"))
    args = {**asked.args, "into": float(into)}
    return Bond(args, (int(master["last"]),), (None, whole))


def _keep_apart(asked: Asked) -> Bond:
    cases, other = asked.desk.cases, asked.whole("from")
    if other not in cases or other == asked.number:
        raise refuse(f"there is no other case {other}", f"没有另一件 {other}")
    return Bond({**asked.args, "from": float(other)})


def _split(asked: Asked) -> Bond:
    if not parts_of(asked.desk.cases, asked.number):
        raise refuse("a case is split into parts: name them", "拆分须列出子件")
    return Bond(asked.args)


def _gather(asked: Asked) -> Bond:
    cases = asked.desk.cases
    parts = parts_of(cases, asked.number)
    silent = [part for part in parts if cases.state(part) not in _ANSWERED]
    if silent:
        raise refuse(f"parts {silent} are not answered yet", f"子件 {silent} 尚未答复")
    return Bond(asked.args, tuple(int(cases.row(part)["last"]) for part in parts))


def _undo_split(asked: Asked) -> Bond:
    cases = asked.desk.cases
    left = parts_of(cases, asked.number)
    if left:
        raise refuse(f"parts {left} go on: end them first", f"子件 {left} 仍在办理,须先作废")
    ended = cases.link(asked.number).children
    return Bond(asked.args, tuple(int(cases.row(part)["last"]) for part in ended))


def _drop(asked: Asked) -> Bond:
    cases = asked.desk.cases
    parent = int(cases.row(asked.number)["parent"])
    if parent < 0 or cases.state(parent) is not State.DIVIDED:
        raise refuse("it is no part of a divided case", "不是拆分件的子件")
    droppable(cases, asked.number)
    return Bond(asked.args)


_BONDS = {
    "wait": _wait, "ask_extension": _extend, "grant_extension": _answer_extension,
    "deny_extension": _answer_extension, "reply": _reply, "contribute": _contribute,
    "merge": _merge, "rate": _rate, "split": _split, "gather": _gather,
    "keep_apart": _keep_apart, "extend": _extend_now, "undo_split": _undo_split, "drop": _drop,
}  # fmt: skip
