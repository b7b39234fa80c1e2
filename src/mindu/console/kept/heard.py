"""Heard: the readings of one channel as columns, and how many of them were known at an entry."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime

Point = tuple[datetime, float]


class Heard:
    """The last readings of one property of one thing, oldest first, in bounded memory."""

    __slots__ = ("_at", "_count", "_seq", "_value", "unit")

    def __init__(self, unit: str = "") -> None:
        """Start with nothing heard."""
        self.unit = unit
        self._at, self._value, self._seq = array("d"), array("d"), array("q")
        self._count = 0  # readings known; fewer than held when this is a look at the past

    def __len__(self) -> int:
        """Count the readings."""
        return self._count

    def __iter__(self) -> Iterator[Point]:
        """Walk the readings, oldest first."""
        return (self[i] for i in range(self._count))

    def __getitem__(self, i: int) -> Point:
        """Return one reading; the last is -1."""
        i = i + self._count if i < 0 else i
        if not 0 <= i < self._count:
            raise IndexError(f"there are {self._count} readings")
        return datetime.fromtimestamp(self._at[i], UTC), self._value[i]

    @property
    def last(self) -> tuple[float, float]:
        """Return the newest reading as (epoch s, value)."""
        return self._at[self._count - 1], self._value[self._count - 1]

    @property
    def stamp(self) -> float:
        """Return when the newest reading was measured, epoch s; it grows with every one kept."""
        return self._at[self._count - 1]

    @property
    def told(self) -> int:
        """Return the entry that brought the newest reading."""
        return self._seq[self._count - 1]

    def add(self, at: float, value: float, seq: int, most: int) -> None:
        """Take one reading in; news of the past is left to the log."""
        if self._count and at <= self._at[-1]:
            return
        self._at.append(at)
        self._value.append(value)
        self._seq.append(seq)
        if len(self._at) >= 2 * most:  # new columns, so that a look at the past keeps its own
            self._at, self._value = self._at[-most:], self._value[-most:]
            self._seq = self._seq[-most:]
        self._count = len(self._at)

    def upto(self, seq: int) -> "Heard":
        """Return the same channel as it was known when that entry was the newest."""
        found = Heard(self.unit)
        found._at, found._value, found._seq = self._at, self._value, self._seq
        found._count = bisect_right(found._seq, seq)
        return found

    def window(self, since: float, until: float) -> tuple["array[float]", "array[float]"]:
        """Return (epoch s, values) from `since` to `until`, both included."""
        first = bisect_left(self._at, since, 0, self._count)
        end = bisect_right(self._at, until, 0, self._count)
        return self._at[first:end], self._value[first:end]
