"""Openings: a steward opens a table that passes the check, it is checked anew, and closed again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from mindu.base.records import Entry, Event, Table, Value, Words
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.office import Office
from mindu.brain.casework.refusals import Denied, Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.opening.check import Checked, Proposal, again, checked
from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.shelf import stamp
from mindu.data.opening.opened import Opened
from mindu.data.opening.opening import (
    CLOSED,
    DATASET,
    OPENED,
    PLAN,
    PLAN_COLUMNS,
    REFUSED,
    Opening,
    Planned,
    written,
)  # fmt: skip
from mindu.data.opening.risk import Files, Run

MACHINE_NAME = "check"
MOST_PLANNED = 5_000  # lines of a year's plan
MOST_WHY = 2_000  # characters of a reason
DATA_OFFICE = "data-office"  # who answers for what no department is named for


class Openings:
    """The workflow over one office; every step, also a refusal, is an entry of the log."""

    def __init__(
        self,
        office: Office,
        declared: Mapping[str, Dataset],
        *,
        where: Callable[[Dataset], Files],
        run: Run,
    ) -> None:
        """Work with the tables that are declared, where they lie, and what reads them."""
        self._office, self.declared = office, declared
        self._where, self._run = where, run
        self._passed: dict[str, tuple[int, str]] = {}  # table -> opening, files that passed last

    @property
    def opened(self) -> Opened:
        """Return what is open now."""
        return self._office.memory.opened

    def check(self, name: str, proposal: Proposal) -> Checked:
        """Hold a table against all that must be so before it opens; nothing is written.

        Raises:
            Refusal: there is no such table.
        """
        dataset = self._known(name)
        return checked(dataset, proposal, self._where(dataset), self._run)

    def open(self, name: str, proposal: Proposal, officer: Officer, *, now: datetime) -> Entry:
        """Open a table of the officer's department, if it passes the check.

        Raises:
            Denied: another department answers for it.
            Refusal: says everything that is in the way; the refusal is written down.
        """
        dataset = self._known(name)
        self._owns(dataset, officer)
        files = self._where(dataset)
        seen = stamp(files)
        found = checked(dataset, proposal, files, self._run)
        if found.flaws or found.dataset is None:
            why = _together(found.flaws)
            self._write(Event(REFUSED, {"why": why.en[:MOST_WHY]}), name, officer.id, now)
            self._office.memory.log.commit()
            raise Refusal(why)
        return self._write(_event(found, proposal, seen), name, officer.id, now)

    def close(self, name: str, why: str, officer: Officer, *, now: datetime) -> Entry:
        """Close a table; the next request is refused, and says why.

        Raises:
            Denied: another department answers for it.
            Refusal: it is not open, or no reason is given.
        """
        held = self._open(name)
        self._owns(held.dataset, officer)
        if not why.strip():
            raise Refusal(Words("say why it is closed", "请说明关闭理由"))
        return self._write(Event(CLOSED, {"why": why[:MOST_WHY]}), name, officer.id, now, held.seq)

    def renewed(self, name: str, *, now: datetime) -> Opening:
        """Return how a table is open, its newest rows checked; rows that fail it close it.

        Raises:
            Refusal: it is not open, or was closed by this.
        """
        held = self._open(name)
        files = self._where(held.dataset)
        seen = stamp(files)
        if seen == held.files or self._passed.get(name) == (held.seq, seen):
            return held
        flaws = again(held, files, self._run)
        if flaws:
            why = _together(flaws)
            event = Event(CLOSED, {"why": f"new rows: {why.en}"[:MOST_WHY]})
            self._write(event, name, MACHINE_NAME, now, held.seq)
            self._office.memory.log.commit()
            raise Refusal(why)
        self._passed[name] = (held.seq, seen)
        return held

    def plan(self, rows: Sequence[tuple[str, ...]], officer: Officer, *, now: datetime) -> Entry:
        """Lay down the year's plan: which table opens by when, and who answers for it.

        Raises:
            Refusal: a line has no day, or there are too many.
        """
        if not 0 < len(rows) <= MOST_PLANNED:
            raise Refusal(Words(f"a plan has 1 to {MOST_PLANNED} lines", "计划条数超出范围"))
        for number, row in enumerate(rows, start=1):
            if len(row) != len(PLAN_COLUMNS) or not row[0] or _day(row[4]) is None:
                raise Refusal(Words(
                    f"line {number}: give {', '.join(PLAN_COLUMNS)}; due as 2026-12-31",
                    f"第 {number} 行应为 {'、'.join(PLAN_COLUMNS)},due 写作 2026-12-31",
                ))  # fmt: skip
        table = Table(PLAN_COLUMNS, tuple(rows), "opening plan")
        return self._office.lay(PLAN, table, by=officer.id, now=now)

    def planned(self, now: datetime) -> list[Planned]:
        """Return the year's plan, the next due first."""
        laid = self._office.memory.tables.get(PLAN)
        rows = laid.table.rows if laid is not None else ()
        today = now.astimezone(CITY).date()
        found = [
            Planned(name, zh, en, department, due, note, self._stands(name, due, today))
            for name, zh, en, department, due, note in rows
        ]
        return sorted(found, key=lambda one: (one.due, one.dataset))

    # -- inside ----------------------------------------------------------------------------

    def _stands(self, name: str, due: str, today: date) -> str:
        if self.opened.get(name) is not None:
            return "open"
        if self.opened.closed(name) is not None:
            return "closed"
        until = _day(due)
        return "late" if until is not None and today > until else "planned"

    def _known(self, name: str) -> Dataset:
        found = self.declared.get(name)
        if found is None:
            raise Refusal(Words(f"there is no dataset {name[:63]}", f"没有数据集 {name[:63]}"))
        return found

    def _open(self, name: str) -> Opening:
        held = self.opened.get(name)
        if held is None:
            was = self.opened.closed(name)
            if was is not None:
                raise Refusal(Words(f"{name} was closed: {was.why}", f"{name} 已关闭:{was.why}"))
            raise Refusal(Words(f"{name[:63]} is not open", f"{name[:63]} 未开放"))
        return held

    def _owns(self, dataset: Dataset, officer: Officer) -> None:
        owner = holder(dataset)
        if officer.unit != owner:
            raise Denied(Words(
                f"{dataset.name} is {owner}'s to open or close",
                f"{dataset.name} 由 {owner} 负责开放与关闭",
            ))  # fmt: skip

    def _write(self, event: Event, name: str, by: str, now: datetime, because: int = -1) -> Entry:
        causes = (because,) if because >= 0 else ()
        memory = self._office.memory
        return memory.write(event, at=now, about=f"{DATASET}{name}", by=by, because=causes)


def holder(dataset: Dataset) -> str:
    """Return who answers for a dataset: its department, else its owner, else the data office."""
    return dataset.department or dataset.owner or DATA_OFFICE


def _event(found: Checked, proposal: Proposal, files: str) -> Event:
    assert found.dataset is not None, "what opens has passed the check"
    args: dict[str, Value] = {
        "dataset": written(found.dataset), "people": float(found.found.people),
        "kinds": float(min(found.found.kinds.values(), default=0)),
        "rows": float(found.found.rows), "files": files, "k": float(found.asked.k),
        "l": float(found.asked.l), "delicate": ",".join(found.asked.delicate),
        "facilities": ",".join(proposal.facilities), "subject": found.asked.subject,
    }  # fmt: skip
    return Event(OPENED, args)


def _together(flaws: list[Words]) -> Words:
    return Words("; ".join(f.en for f in flaws), ";".join(f.zh for f in flaws))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
