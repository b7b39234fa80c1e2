"""The tail: rows that the journal holds and the tables do not yet, sorted in a few runs."""

from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from mindu.base.slot import Slot
from mindu.data.arrays import Bytes, Floats, Ints

QUICK: Slot[Callable[[Ints, Ints], Ints]] = Slot()  # the same order, found sooner
RUNS, MERGED = 160, 128  # runs that may stand side by side, and how many then become one
BLOCK, WORD = 2 << 20, 8  # bytes that are taken at once, and at whose multiples rows begin
SPARE = 20  # blocks that are held ready: of as many rows as go to the tables at once


class Rows(NamedTuple):
    """Readings as columns, sorted by (series, at): times in epoch ms, arrival in epoch s."""

    series: Ints
    at: Ints
    value: Floats
    quality: Bytes
    arrived: Ints

    def take(self, where: "NDArray[np.bool_] | Ints | slice") -> "Rows":
        """Return some rows."""
        s, a, v, q, n = self
        return Rows(s[where], a[where], v[where], q[where], n[where])

    def __bool__(self) -> bool:
        """Say whether there are rows."""
        return len(self.series) > 0


_WIDE_FIRST = (0, 1, 2, 4, 3)  # the order in which columns lie behind each other: bytes last
_NOTHING = np.zeros(0, np.uint8)
NO_ROWS = Rows(*(np.zeros(0, kind) for kind in ("i8", "i8", "f8", "u1", "i8")))


def joined(parts: list[Rows]) -> Rows:
    """Return rows of sorted parts as one sorted run."""
    if len(parts) < 2:
        return parts[0] if parts else NO_ROWS
    all_ = Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return all_.take(order(all_.series, all_.at))


def order(series: Ints, at: Ints) -> Ints:
    """Return the order by (series, at); rows that agree keep the order they came in."""
    if QUICK.held is not None:
        return QUICK.held(series, at)
    return by_keys(series, at)


def by_keys(series: Ints, at: Ints) -> Ints:
    """Return the order by (series, at), each pair as one number where they are not too wide."""
    keys = paired(series, at, at.min(initial=0), at.max(initial=0), series.min(initial=0))
    if keys is None:
        return np.lexsort((at, series))
    return np.argsort(keys, kind="stable")


def paired(series: Ints, at: Ints, low: int, high: int, first: int) -> Ints | None:
    """Return one number for each (series, at) that sorts like the pair; None if too wide."""
    span = int(high) - int(low) + 1
    widest = int(series.max(initial=0)) - int(first) + 1
    if span <= 0 or widest * span >= 1 << 62:
        return None
    keys: Ints = (series - first) * span + (at - low)
    return keys


def standing(rows: Rows, series: Ints, at: Ints) -> NDArray[np.bool_]:
    """Say which (series, at) stand among rows that are sorted."""
    found = np.zeros(len(series), bool)
    if not rows or not len(series):
        return found
    low, high = int(rows.at.min()), int(rows.at.max())
    first, last = int(rows.series[0]), int(rows.series[-1])
    inside = np.flatnonzero((at >= low) & (at <= high) & (series >= first) & (series <= last))
    held = paired(rows.series, rows.at, low, high, first)
    if not len(inside):
        return found
    if held is None:
        pairs = set(zip(rows.series.tolist(), rows.at.tolist(), strict=True))
        for i in inside.tolist():
            found[i] = (int(series[i]), int(at[i])) in pairs
        return found
    asked = (series[inside] - first) * (high - low + 1) + (at[inside] - low)
    place = np.minimum(np.searchsorted(held, asked), len(held) - 1)
    found[inside] = held[place] == asked
    return found


class Room:
    """Blocks of memory that rows are kept in: what stays lies apart from what is soon gone.

    A block comes back when nobody holds rows in it any more, and is used again.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._free: list[Bytes] = []
        self._block, self._used = _NOTHING, 0

    def keep(self, rows: Rows) -> Rows:
        """Return the same rows, in a block."""
        size = -(-sum(it.nbytes for it in rows) // WORD) * WORD
        if self._used + size > len(self._block):
            self._block, self._used = self._next(size), 0
        at, found = self._used, list[Any](rows)
        for i in _WIDE_FIRST:
            found[i] = self._block[at : at + rows[i].nbytes].view(rows[i].dtype)
            found[i][:] = rows[i]
            at += rows[i].nbytes
        self._used += size
        return Rows(*found)

    def _next(self, size: int) -> Bytes:
        """Return a block of so many bytes at least."""
        if size > BLOCK:
            return np.empty(size, np.uint8)
        held = self._free.pop() if self._free else np.empty(BLOCK, np.uint8)
        lent = np.frombuffer(held.data, np.uint8)  # all rows in it hold on to this view
        finalize(lent, self._back, held)
        return lent

    def _back(self, held: Bytes) -> None:
        if len(self._free) < SPARE:
            self._free.append(held)

    def leave(self) -> None:
        """Put no more rows into the block of now."""
        self._block, self._used = _NOTHING, 0


class Tail:
    """Runs of rows; no (series, time) stands in two of them."""

    def __init__(self) -> None:
        """Start empty."""
        self.runs: list[Rows] = []
        self._room, self._rows = Room(), 0

    def __len__(self) -> int:
        """Count the rows."""
        return self._rows

    def add(self, rows: Rows) -> None:
        """Add sorted rows; when there are many runs the smallest are merged, so it costs little."""
        if not rows:
            return
        runs = [*self.runs, self._room.keep(rows)]
        if len(runs) > RUNS:
            runs.sort(key=lambda run: -len(run.series))
            runs[-MERGED:] = [self._room.keep(joined(runs[-MERGED:]))]
        self.runs = runs
        self._rows += len(rows.series)

    def holds(self, series: Ints, at: Ints) -> NDArray[np.bool_]:
        """Say which (series, at) stand here."""
        found = np.zeros(len(series), bool)
        for run in self.runs:
            found |= standing(run, series, at)
        return found

    def of(self, series: int, since: int, until: int) -> list[Rows]:
        """Return what stands of one series, `since` and `until` in."""
        parts = []
        for run in self.runs:
            low, high = np.searchsorted(run.series, (series, series + 1))
            low, high = low + np.searchsorted(run.at[low:high], (since, until + 1))
            if high > low:
                parts.append(run.take(slice(int(low), int(high))))
        return parts

    def all(self) -> Rows:
        """Return every row as one sorted run."""
        return joined(self.runs)

    def clear(self) -> None:
        """Forget every row: the tables have them."""
        self.runs, self._rows = [], 0
        self._room.leave()
