"""Boards: how each unit stands, by measures that anybody can follow down to the cases.

A measure is two masks over the rows, what counts and what of it is good, so a number on a board
and the list of cases behind it can never differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Words
from mindu.brain.case_rows import CODES, IS_DONE, Rows
from mindu.brain.cases import State
from mindu.brain.casework.office import Office

Mask = NDArray[np.bool_]
COLUMNS = ("measure", "weight", "source")
LISTED = 200  # cases listed behind one number
MEASURED_ON = 365  # days that a board may look back


class Columns:
    """The columns of the rows that a board asks for, each copied once, side by side in memory."""

    def __init__(self, rows: Rows, now: int) -> None:
        """Look at the rows as of an instant (epoch s)."""
        self._rows, self._now = rows, now
        self._held: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a column."""
        if name not in self._held:
            self._held[name] = np.ascontiguousarray(self._rows[name])
        return self._held[name]

    @cached_property
    def late(self) -> Mask:
        """Answered after the whole clock's end, or not answered although it has ended."""
        due = np.ascontiguousarray(self._rows["whole"]["due"])
        mask: Mask = (self["late"] > 0) | ((self["fed"] == 0) & (due > 0) & (due < self._now))
        return mask

    @cached_property
    def open(self) -> Mask:
        """Not over."""
        mask: Mask = ~IS_DONE[self["state"]]
        return mask


@dataclass(frozen=True, slots=True)
class Measure:
    """What counts, and what of it is good; `good` is asked only where `of` holds."""

    title: Words
    of: Callable[[Columns], Mask]
    good: Callable[[Columns], Mask]


MEASURES = {
    "on_time": Measure(
        Words("answered in time", "按时办结"), lambda c: (c["fed"] > 0) | c.late, lambda c: ~c.late
    ),
    "respond": Measure(
        Words("read in time", "及时查阅(响应)"),
        lambda c: c["signed"] > 0,
        lambda c: c["sign_late"] == 0,
    ),
    "solved": Measure(
        Words("solved, says the caller", "诉求人认定解决"),
        lambda c: c["solved"] > 0,
        lambda c: c["solved"] == 2,
    ),
    "satisfied": Measure(
        Words("satisfied (4 or 5 of 5)", "满意(5分中4分以上)"),
        lambda c: c["satisfied"] > 0,
        lambda c: c["satisfied"] >= 4,
    ),
    "kept": Measure(
        Words("not returned", "未退单"), lambda c: c["unit"] > 0, lambda c: c["returns"] == 0
    ),
    "lasting": Measure(
        Words("not reopened", "未重开"),
        lambda c: (c["fed"] > 0) | (c["reopened"] > 0),
        lambda c: c["reopened"] == 0,
    ),
}
STANDS: dict[str, Callable[[Columns], Mask]] = {
    "open": lambda c: c.open, "overdue": lambda c: c.open & c.late,
}  # fmt: skip
VOICES = frozenset({"solved", "satisfied"})  # told by callers, also of a merged case
# Nothing published gives a city's weights for certain, so these are ours; edit table "grading".
WEIGHTS = (
    ("respond", "0.30", "ours; one banner's published 30/35/35"),
    ("solved", "0.35", "ours; one banner's published 30/35/35"),
    ("satisfied", "0.35", "ours; one banner's published 30/35/35"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """How one unit stands."""

    unit: str
    open: int
    overdue: int
    good: dict[str, int]
    of: dict[str, int]
    score: float | None  # 0 to 100, over the measures that can be taken; None where none can

    def share(self, measure: str) -> float | None:
        """Return a measure as a share; None where nothing counts."""
        return self.good[measure] / self.of[measure] if self.of[measure] else None


def weights(rows: Iterable[Iterable[str]]) -> dict[str, float]:
    """Read the table of weights.

    Raises:
        ValueError: a measure is not known, or a weight is no number from 0 to 1.
    """
    found: dict[str, float] = {}
    for row in rows:
        name, told, *_ = row
        if name not in MEASURES or not 0.0 <= float(told) <= 1.0:
            known = ", ".join(MEASURES)
            raise ValueError(f"{name} {told}: give a weight from 0 to 1 to one of {known}")
        found[name] = float(told)
    return found


def boards(office: Office, now: datetime, *, days: int = 30) -> list[Board]:
    """Return the board of every unit that holds or held a case, by name.

    Rates are over the cases received in the last `days`; cases merged into another count once, but
    every caller has a voice.
    """
    laid = office.memory.tables.get("grading")
    weigh = weights(WEIGHTS if laid is None else laid.table.rows)
    names, columns = office.cases.names, Columns(office.cases.rows, int(now.timestamp()))
    unit = columns["unit"]

    def by_unit(mask: Mask) -> NDArray[np.int64]:
        return np.bincount(unit[mask], minlength=len(names))

    open_now, over = by_unit(columns.open), by_unit(columns.open & columns.late)
    of = {name: _counted(columns, now, days, name) & m.of(columns) for name, m in MEASURES.items()}
    good = {name: by_unit(of[name] & m.good(columns)) for name, m in MEASURES.items()}
    all_of = {name: by_unit(mask) for name, mask in of.items()}
    found = []
    for code in np.flatnonzero(by_unit(unit > 0)).tolist():
        goods = {name: int(good[name][code]) for name in MEASURES}
        ofs = {name: int(all_of[name][code]) for name in MEASURES}
        score = _score(goods, ofs, weigh)
        told = {"open": int(open_now[code]), "overdue": int(over[code])}
        found.append(Board(unit=names[code], good=goods, of=ofs, score=score, **told))
    return sorted(found, key=lambda board: board.unit)


def behind(
    office: Office, now: datetime, *, unit: str, measure: str, good: bool, days: int = 30
) -> list[int]:
    """Return the numbers of the cases behind a number of a board, oldest first.

    Raises:
        ValueError: there is no such measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"no measure {measure!r}; there are {', '.join(MEASURES)}")
    rows, told = office.cases.rows, MEASURES[measure]
    columns = Columns(rows, int(now.timestamp()))
    mask = _counted(columns, now, days, measure) & _of_unit(office, columns["unit"], unit)
    mask &= told.of(columns) & (told.good(columns) == good)
    numbers: list[int] = rows["seq"][np.flatnonzero(mask)[:LISTED]].tolist()
    return numbers


def standing(office: Office, now: datetime, *, unit: str, what: str) -> list[int]:
    """Return the open cases of a unit, or those of them that are late, oldest first.

    Raises:
        ValueError: there is no such count.
    """
    if what not in STANDS:
        raise ValueError(f"no count {what!r}; there are {', '.join(STANDS)}")
    rows = office.cases.rows
    columns = Columns(rows, int(now.timestamp()))
    mask = STANDS[what](columns) & _of_unit(office, columns["unit"], unit)
    numbers: list[int] = rows["seq"][np.flatnonzero(mask)[:LISTED]].tolist()
    return numbers


def pressing(
    office: Office, now: datetime, *, unit: str = "", states: Iterable[State] = (), most: int = 50
) -> list[int]:
    """Return the open cases that run out first: of a unit, in some states, or of all."""
    rows = office.cases.rows
    mask = Columns(rows, int(now.timestamp())).open
    if unit:
        mask &= _of_unit(office, rows["unit"], unit)
    wanted = [CODES[state] for state in states]
    if wanted:
        mask &= np.isin(rows["state"], wanted)
    at = np.flatnonzero(mask)
    due = rows["whole"]["due"][at].astype(np.int64)
    due[due == 0] = np.iinfo(np.int64).max
    first = np.argsort(due, kind="stable")[:most] if len(at) <= most else _first(due, most)
    numbers: list[int] = rows["seq"][at[first]].tolist()
    return numbers


def _of_unit(office: Office, units: NDArray[Any], unit: str) -> Mask:
    """Return which cases lie with a unit; none with one that no case has named yet."""
    code = office.cases.code(unit)
    mask: Mask = (units == code) & (code > 0)
    return mask


def _first(due: NDArray[np.int64], most: int) -> NDArray[np.intp]:
    near = np.argpartition(due, most)[:most]
    return near[np.argsort(due[near], kind="stable")]


def _counted(columns: Columns, now: datetime, days: int, measure: str) -> Mask:
    span = timedelta(days=min(max(days, 1), MEASURED_ON))
    since = int((now - span).timestamp())
    mask: Mask = columns["opened"] >= since
    return mask if measure in VOICES else mask & (columns["state"] != CODES[State.MERGED])


def _score(good: dict[str, int], of: dict[str, int], weigh: dict[str, float]) -> float | None:
    told = [(w, good[name] / of[name]) for name, w in weigh.items() if of[name]]
    total = sum(w for w, _ in told)
    return 100.0 * sum(w * share for w, share in told) / total if total else None
