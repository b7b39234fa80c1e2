"""The office: the one place where a case is opened and moved, by those who may, once each."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from mindu.base.records import Case, Entry, Event, Move, Table, Value, Words
from mindu.brain.cases import BY_PROCESS, STATES, TABLE, Role, State, Step, lacking, target
from mindu.brain.casework import calendar as days
from mindu.brain.casework import rights, terms
from mindu.brain.casework.bonds import bound
from mindu.brain.casework.clocks import FIXED, Clocks, Held
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.refusals import Denied, Refusal, TooLate
from mindu.brain.casework.rights import Officer
from mindu.brain.folds.cases import Cases
from mindu.brain.folds.tables import PREFIX

if TYPE_CHECKING:  # the door of apps opens no database
    from mindu.brain.memory import Memory

MOST_TEXT = 8_000  # characters of a matter or a reply that is kept
UNTIL = 4  # column of the table of units: its last day, empty while it stands
MOVED_ON = "move_came_too_late"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody told the city, already masked; the caller is a name of the vault."""

    kind: str
    text: str
    code: str = ""
    title: str = ""
    channel: str = "web"
    caller: str = ""
    service: str = ""
    area: str = ""
    place: str = ""
    where: tuple[float, float] | None = None
    facts: Mapping[str, Value] = {}
    media: tuple[str, ...] = ()
    parent: int = -1
    unit: str = ""  # with whom it lies at once
    term: str = ""  # of the whole, where it is not the table's


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One move that an officer wants; `seen` is how often the case had moved on their screen."""

    name: str
    seen: int | None = None  # None: whatever happened meanwhile (machines alone)
    unit: str = ""
    note: str = ""
    args: Mapping[str, Value] = {}
    because: tuple[int, ...] = ()  # entries that it follows from


def about(number: int) -> str:
    """Return the name that a case bears in the log."""
    return f"case:{number}"


class Office:
    """Opens and moves cases over one memory; not safe for threads by itself."""

    def __init__(self, memory: "Memory", kinds: Mapping[str, CaseKind]) -> None:
        """Know the kinds that the apps declare."""
        self.memory, self.kinds = memory, dict(kinds)
        self._clocks: dict[str, tuple[tuple[int, int], Clocks]] = {}
        self._calendar: tuple[int, days.Calendar] | None = None
        self._roster: tuple[int, dict[str, Officer]] = (-1, {})

    @property
    def cases(self) -> Cases:
        """Return the cases."""
        return self.memory.cases

    def open(self, told: Told, *, by: str, now: datetime, because: tuple[int, ...] = ()) -> Entry:
        """Receive a matter; both clocks start.

        Raises:
            Refusal: no such kind, or nothing was told.
        """
        if told.kind not in self.kinds:
            raise Refusal(Words(f"there is no kind {told.kind!r}", f"没有事项类型 {told.kind!r}"))
        worded(told.text)
        clock, state = ("sign", State.FORWARDED) if told.parent >= 0 and told.unit else (
            "dispatch", State.RECEIVED)  # fmt: skip
        clocks = self.clocks(told.kind)
        step, whole = clocks.opened(int(now.timestamp()), step=clock, term=told.term)
        record = Case(
            told.kind, told.text, told.code, step, whole, told.title, told.channel, told.caller,
            told.service, told.area, told.place, told.where, dict(told.facts), told.media,
            told.parent, told.unit, state,
        )  # fmt: skip
        name = about(len(self.memory.log))
        return self.memory.write(record, at=now, about=name, by=by, because=because)

    def act(self, number: int, wish: Wish, officer: Officer, *, now: datetime) -> Entry:
        """Move a case.

        Raises:
            Denied: the officer may not.
            TooLate: somebody moved it first.
            Refusal: the table has no such move from there, or something is lacking.
        """
        step = self.check(number, wish, officer, now=now)
        row = self.cases.row(number)
        to = target(step, self.cases.state(number), STATES[int(row["before"])])
        bond = bound(self, number, wish.name, wish.args, officer, now)
        dials = bond.dials or FIXED.get(step.clock)
        if dials is None:
            clocks, second = self.clocks(self.cases.said(number, "kind")), int(now.timestamp())
            dials = clocks.after(step, self.held(number), second, bond.args, to=to)
        record = Move(step.name, to, wish.unit, wish.note[:MOST_TEXT], dict(bond.args), *dials)
        causes = (*bond.causes, *wish.because, int(row["last"]))
        return self.memory.write(record, at=now, about=about(number), by=officer.id, because=causes)

    def check(self, number: int, wish: Wish, officer: Officer, *, now: datetime) -> Step:
        """Return the row of the table that a move takes, if it may be made as things stand.

        Raises:
            Denied, TooLate, Refusal: as `act` does.
        """
        if number not in self.cases:
            raise Refusal(Words(f"there is no case {number}", f"没有编号 {number} 的件"))
        step = _row_of(wish.name)
        self._may(number, step, officer, now)
        self._moves(number, step, officer)
        if wish.seen is not None and wish.seen != self.cases.row(number)["moves"]:
            self._too_late(number, wish, officer, now)
        self._fits(step, self.cases.state(number), wish)
        if "unit" in step.needs:
            self.stands(number, wish.unit, now)
        return step

    def lay(self, name: str, table: Table, *, by: str, now: datetime) -> Entry:
        """Lay a table down; the one before stays in the log."""
        return self.memory.write(table, at=now, about=f"{PREFIX}{name}", by=by)

    # -- what holds now --------------------------------------------------------------------

    def held(self, number: int) -> Held:
        """Return what the clocks must know of a case."""
        cases = self.cases
        return Held(
            step=cases.dial(number, "step"),
            whole=cases.dial(number, "whole"),
            nature=cases.said(number, "nature"),
            urgency=cases.said(number, "urgency"),
            wait_since=int(cases.row(number)["paused"]),
        )

    def answer(self, number: int) -> str:
        """Return the words that a case was answered with; "" while there are none."""
        seq = int(self.cases.row(number)["answer"])
        record = self.memory.log[seq].record if seq else None
        return record.note if isinstance(record, Move) else ""

    def replied(self, number: int) -> str:
        """Return the unit's newest reply to a case; "" while there is none."""
        story = self.memory.log.why(int(self.cases.row(number)["last"]))
        moves = (entry.record for entry in reversed(story) if isinstance(entry.record, Move))
        return next((move.note for move in moves if move.name == "reply"), "")

    def calendar(self) -> days.Calendar:
        """Return the calendar that holds now: the one laid down, else the shipped one."""
        laid = self.memory.tables.get("holidays")
        seq = -1 if laid is None else laid.seq
        if self._calendar is None or self._calendar[0] != seq:
            told = days.shipped() if laid is None else days.read(laid.table.rows)
            self._calendar = (seq, days.Calendar(told))
        return self._calendar[1]

    def clocks(self, kind: str) -> Clocks:
        """Return the calendar and terms that hold now for a kind."""
        laid = self.memory.tables.get(f"terms:{kind}")
        calendar = self.calendar()
        assert self._calendar is not None
        key = (self._calendar[0], -1 if laid is None else laid.seq)
        held = self._clocks.get(kind)
        if held is None or held[0] != key:
            rows = self.kinds[kind].terms if laid is None else laid.table.rows
            held = (key, Clocks(calendar=calendar, terms=terms.read(rows)))
            self._clocks[kind] = held
        return held[1]

    def rows(self, name: str, kind: str) -> tuple[tuple[str, ...], ...]:
        """Return the rows of a table of a kind: laid down, else as the app ships it."""
        laid = self.memory.tables.get(name)
        return self.kinds[kind].tables.get(name, ()) if laid is None else laid.table.rows

    def officer(self, name: str) -> Officer | None:
        """Return the officer of that id, from the roster that was laid down."""
        laid = self.memory.tables.get("roster")
        if laid is None:
            return None
        if self._roster[0] != laid.seq:
            self._roster = (laid.seq, rights.read(laid.table.rows))
        return self._roster[1].get(name)

    # -- guards ----------------------------------------------------------------------------

    def _may(self, number: int, step: Step, officer: Officer, now: datetime) -> None:
        cases, link = self.cases, self.cases.link(number)
        says = rights.refusal(
            officer,
            step,
            unit=cases.said(number, "unit"),
            helpers=link.helpers,
            area=cases.said(number, "area"),
            today=now.astimezone(days.CITY).date(),
        )
        if says is not None:
            raise Denied(says)

    def _moves(self, number: int, step: Step, officer: Officer) -> None:
        """Refuse a hand that would move past the process which was drawn for the case."""
        drawn = self.kinds[self.cases.said(number, "kind")].mover == "process"
        if not drawn and step.name in BY_PROCESS:
            raise Denied(Words(f"no process moves it: {step.name} is none of its moves",
                               f"该件不由流程推进,不能 {step.name}"))  # fmt: skip
        if drawn and step.to is not None and Role.MACHINE not in officer.roles:
            raise Denied(Words("its process moves it: complete the step at its desk",
                               "该件由流程推进,请在办件台办理相应环节"))  # fmt: skip

    def _fits(self, step: Step, state: State, wish: Wish) -> None:
        if state not in step.of:
            raise Refusal(
                Words(
                    f"a case that is {state} takes no {step.name}", f"{state} 状态不能 {step.name}"
                )
            )
        missing = lacking(step, dict(wish.args), note=wish.note, unit=wish.unit)
        if missing:
            raise Refusal(
                Words(f"{step.name} lacks {', '.join(missing)}", f"{step.name} 缺少 {missing}")
            )

    def stands(self, number: int, unit: str, now: datetime) -> None:
        """Refuse a unit that the table does not know, or that is no more; without a table all are.

        Nobody would ever read a case that lies with a slip of the pen.

        Raises:
            Refusal: names the unit.
        """
        rows = self.rows("units", self.cases.said(number, "kind"))
        found = next((row for row in rows if row[0] == unit), None)
        until = found[UNTIL] if found is not None and len(found) > UNTIL else ""
        gone = bool(until) and now.astimezone(days.CITY).date().isoformat() > until
        if rows and (found is None or gone):
            why = f"{unit} ended on {until}" if gone else f"there is no unit {unit!r}"
            zh = f"{unit} 已于 {until} 撤销" if gone else f"单位表中没有 {unit!r}"
            raise Refusal(Words(f"{why}: name one of the table of units", f"{zh},请从单位表中选择"))

    def _too_late(self, number: int, wish: Wish, officer: Officer, now: datetime) -> None:
        """Tell the loser who won, and keep what was wanted, so that nothing is lost."""
        last = self.memory.log[int(self.cases.row(number)["last"])]
        did = last.record.name if isinstance(last.record, Move) else "open"
        kept: dict[str, Value] = {"move": wish.name, "note": wish.note[:MOST_TEXT]}
        self.memory.write(
            Event(MOVED_ON, kept), at=now, about=about(number), by=officer.id, because=(last.seq,)
        )
        when = last.at.astimezone(days.CITY)
        raise TooLate(
            Words(
                f"{last.by} did {did} at {when:%H:%M:%S} first; your words are kept: look again",
                f"{last.by} 已于 {when:%H:%M:%S} 先行 {did};您的内容已保留,请重新查看",
            )
        )


def worded(text: str) -> None:
    """Refuse a matter without words, or with too many.

    Raises:
        Refusal: says how many there may be.
    """
    if not text.strip() or len(text) > MOST_TEXT:
        raise Refusal(
            Words(f"tell it in 1 to {MOST_TEXT} characters", f"请用 1 至 {MOST_TEXT} 字说明")
        )


def _row_of(name: str) -> Step:
    step = TABLE.get(name)
    if step is None:
        raise Refusal(Words(f"the table has no move {name!r}", f"流程表没有 {name!r}"))
    return step
