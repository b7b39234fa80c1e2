"""The table of readings: a Delta table, a few sorted pieces a day, merged as days grow and end."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from mindu.data.arrays import Ints, Truths
from mindu.data.senses.memory.delta import Delta
from mindu.data.senses.memory.pieces import DAY_MS, TABLE, Footers, Piece, Writer, daily, look
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import NO_ROWS, Rows, joined, standing

SMALL = 8  # pieces of a day of like size that may stand before they are merged
SLICE = 1_000_000  # rows that are merged at once; smaller pieces are of like size
CACHED = 48  # parts kept for telling what stands already


class Readings:
    """Every reading that left the tail."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        """Open the table of what is in this register."""
        self.delta = Delta(folder, TABLE, ["day"])
        self._registry = registry
        self._days: dict[int, list[Piece]] = {}
        self._cache: dict[tuple[Path, int], Rows] = {}
        self._serial, self._footers = self.delta.version, Footers()
        self.pause: Callable[[int], None] = lambda now: None  # noqa: ARG005 - called in a long merge
        for path, add in self.delta.files.items():
            day = int(add["partitionValues"]["day"])
            self._days.setdefault(day, []).append(self._found(folder / path, day))

    def _found(self, path: Path, day: int) -> Piece:
        """Read the footer of a piece that a commit names.

        Raises:
            ValueError: it is not there.
        """
        if not path.exists():
            raise ValueError(f"{path} is away: mount its folder, or restore it from a copy")
        return look(path, day, self._footers)

    def __len__(self) -> int:
        """Count the rows."""
        return sum(piece.rows for pieces in self._days.values() for piece in pieces)

    @property
    def nbytes(self) -> int:
        """Bytes on disk."""
        return sum(int(add["size"]) for add in self.delta.files.values())

    def days(self) -> list[int]:
        """Return the days (since 1970) that hold readings, oldest first."""
        return sorted(self._days)

    def of_day(self, day: int) -> list[Piece]:
        """Return the pieces of a day (since 1970)."""
        return list(self._days.get(day, ()))

    def pieces(self, since: int, until: int) -> Iterator[Piece]:
        """Yield the pieces of every day that this time (epoch ms) touches."""
        for day in self.days():
            if since // DAY_MS <= day <= until // DAY_MS:
                yield from self._days[day]

    def written(self, rows: Rows) -> list[Piece]:
        """Write sorted rows as pieces, a day each; no commit names them yet."""
        return [self.write(day, [rows.take(mine)]) for day, mine in daily(rows.at)]

    def write(self, day: int, runs: Iterable[Rows], *, tier: str = "") -> Piece:
        """Write a piece of a day, at hand or in the folder of a tier; no commit names it yet."""
        folder = self.delta.folder / tier / f"day={day}"
        self._serial += 1
        path = folder / f"{self._serial:08d}.parquet"
        while path.exists():
            self._serial += 1
            path = folder / f"{self._serial:08d}.parquet"
        writer = Writer(path)
        decimals, decl = self._registry.decimals(), self._registry.series["decl"]
        try:
            for run in runs:
                if run:
                    writer.write(run, decimals[decl[run.series]].astype(np.int64))
        finally:
            writer.close()
        return look(path, day, self._footers)

    def change(
        self, new: Sequence[Piece], old: Sequence[Piece], now: int, position: int | None
    ) -> None:
        """Put pieces in the place of others, in one commit."""
        folder = self.delta.folder
        add = {
            p.path.relative_to(folder).as_posix(): ({"day": str(p.day)}, p.rows)
            for p in new
            if p.rows
        }
        remove = [p.path.relative_to(folder).as_posix() for p in old]
        self.delta.change(add, remove, now, position=position)
        for day in {p.day for p in (*new, *old)}:
            kept = [p for p in self._days.get(day, []) if p not in old]
            kept += [p for p in new if p.day == day and p.rows]
            if kept:
                self._days[day] = kept
            else:
                self._days.pop(day, None)
        gone = {p.path for p in old}
        for key in [key for key in list(self._cache) if key[0] in gone]:
            self._cache.pop(key, None)  # `_part` may run in another thread meanwhile

    # -- merging ---------------------------------------------------------------------------

    def merge(self, now: int, *, closed: bool = False) -> int:
        """Merge pieces of like size; with `closed`, days that are over become one piece each.

        Like in size are the small ones, and those of the same power of eight: each row is written
        anew once a power. Only what is at hand: a tier is written once.
        """
        merged = 0
        for day in self.days():
            over = closed and (day + 1) * DAY_MS < now
            while chosen := self._due(day, over=over):
                new = self.write(day, self._paused(chosen, now))
                self.change([new], chosen, now, None)
                merged += len(chosen)
        return merged

    def _due(self, day: int, *, over: bool) -> list[Piece]:
        """Return pieces of a day that are to become one."""
        here = [p for p in self._days[day] if p.tier == ""]
        if over:
            return here if len(here) > 1 else []
        like: dict[int, list[Piece]] = {}
        for piece in here:
            like.setdefault(_power(piece.rows), []).append(piece)
        return next((them for _, them in sorted(like.items()) if len(them) >= SMALL), [])

    def _paused(self, pieces: Sequence[Piece], now: int) -> Iterator[Rows]:
        for rows in self.slices(pieces):
            yield rows
            self.pause(now)

    def slices(self, pieces: Sequence[Piece]) -> Iterator[Rows]:
        """Yield the rows of several pieces in order, a bounded number at once."""
        total = sum(p.rows for p in pieces)
        ends = np.sort(np.concatenate([p.last for p in pieces]))
        wanted = max(1, total // SLICE)
        cuts = np.unique(ends[np.linspace(0, len(ends) - 1, wanted + 1).astype(int)][1:])
        low = -1
        for high in cuts.tolist():
            parts = [_between(p, low + 1, high) for p in pieces]
            yield joined([rows for rows in parts if rows])
            low = high

    # -- asking ----------------------------------------------------------------------------

    def of(self, series: int, since: int, until: int) -> list[Rows]:
        """Return what stands of one series, both ends in."""
        found = []
        for piece in self.pieces(since, until):
            rows = piece.read(piece.parts(series, series, since, until))
            low, high = np.searchsorted(rows.series, (series, series + 1))
            low, high = low + np.searchsorted(rows.at[low:high], (since, until + 1))
            if high > low:
                found.append(rows.take(slice(int(low), int(high))))
        return found

    def holds(self, series: Ints, at: Ints) -> Truths:
        """Say which (series, at), sorted, stand here."""
        found = np.zeros(len(series), bool)
        if not len(series):
            return found
        for piece in self.pieces(int(at.min()), int(at.max())):
            for part in piece.parts(int(series[0]), int(series[-1]), int(at.min()), int(at.max())):
                inside = slice(*np.searchsorted(series, (piece.first[part], piece.last[part] + 1)))
                if inside.start < inside.stop:
                    found[inside] |= standing(self._part(piece, part), series[inside], at[inside])
        return found

    def _part(self, piece: Piece, part: int) -> Rows:
        key = (piece.path, part)
        rows = self._cache.pop(key, None)
        if rows is None:
            rows = piece.read([part])
        self._cache[key] = rows
        while len(self._cache) > CACHED:
            self._cache.pop(next(iter(self._cache)), None)
        return rows


def _power(rows: int) -> int:
    """Return of how many powers of eight of a slice a piece is, 0 where it is smaller."""
    return 0 if rows < SLICE else 1 + int(math.log(rows / SLICE, SMALL))


def _between(piece: Piece, first: int, last: int) -> Rows:
    hits = np.flatnonzero((piece.first <= last) & (piece.last >= first)).tolist()
    rows = piece.read(hits)
    if not rows:
        return NO_ROWS
    low, high = np.searchsorted(rows.series, (first, last + 1))
    return rows.take(slice(int(low), int(high)))
