"""Tables that may be laid down whole, each with its columns and what checks it first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mindu.base.records import Table
from mindu.brain.casework import board, calendar, terms
from mindu.brain.casework.office import Office
from mindu.brain.casework.rounds import retime
from mindu.brain.sharing import matters
from mindu.cli.counter.house import KIND
from mindu.edge.aid import drafts, library, script

Rows = Sequence[Sequence[str]]
UNITS = ("id", "zh", "en", "area", "until")
QUICK = ("order", "service", "source")


@dataclass(frozen=True, slots=True)
class Laid:
    """One table: its columns, and what refuses rows that cannot be read."""

    columns: tuple[str, ...]
    check: Callable[[Rows], object]


def _of(columns: tuple[str, ...]) -> Laid:
    def check(rows: Rows) -> None:
        for line, row in enumerate(rows, start=2):
            if len(row) != len(columns) or not row[0]:
                raise ValueError(f"line {line}: give {', '.join(columns)}")

    return Laid(columns, check)


# The calendar moves deadlines that were set before, so it is followed by a round of `retime`.
HOLIDAYS = "holidays"
TABLES: Mapping[str, Laid] = {
    "knowledge": Laid(library.COLUMNS, library.read),
    "templates": Laid(drafts.COLUMNS, drafts.read),
    "script": Laid(script.COLUMNS, script.read),
    "grading": Laid(board.COLUMNS, board.weights),
    HOLIDAYS: Laid(calendar.COLUMNS, lambda rows: calendar.Calendar(calendar.read(rows))),
    f"terms:{KIND.name}": Laid(terms.COLUMNS, terms.read),
    matters.TABLE: Laid(matters.COLUMNS, matters.read),
    "units": _of(UNITS),
    "quick": _of(QUICK),
}


def lay(
    office: Office, name: str, rows: Rows, *, source: str, by: str, now: datetime
) -> Mapping[str, str]:
    """Lay a table down; a calendar sets the clocks of open cases anew.

    Raises:
        ValueError: there is no such table, or a line cannot be read; what held before goes on.
    """
    found = TABLES.get(name)
    if found is None:
        raise ValueError(f"there is no table {name!r}; there are {', '.join(TABLES)}")
    found.check(rows)
    table = Table(found.columns, tuple(tuple(row) for row in rows), source)
    office.lay(name, table, by=by, now=now)
    if name != HOLIDAYS:
        return {"rows": str(len(rows))}
    moved = retime(office, now=now, note=f"holidays laid down by {by} 放假安排更新")
    return {"rows": str(len(rows)), "retimed": str(len(moved))}


def holding(office: Office, name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows that hold now: laid down, else as shipped."""
    laid = office.memory.tables.get(name)
    if laid is not None:
        return laid.table.rows
    if name == HOLIDAYS:
        return tuple((f"{d.first}", f"{d.last}", d.what, d.name, d.source)
                     for d in calendar.shipped())  # fmt: skip
    if name == "grading":
        return board.WEIGHTS
    return KIND.terms if name.startswith("terms:") else KIND.tables.get(name, ())
