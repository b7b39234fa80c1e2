"""The numbers of every twin as columns: one slot for each (thing, property)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mindu.data.arrays import Bytes, Floats, Ints, Truths, every
from mindu.data.order import alone, newest
from mindu.perceive.quality import Bounds, Limits, Past

NEVER = -np.inf
_COLUMNS = ("value", "heard", "before", "changed", "quality", "whose")


class Numbers:
    """What was last heard of each slot; late news never turns one back."""

    def __init__(self) -> None:
        """Start with no slots."""
        self.used = 0
        self.value: Floats = np.full(64, np.nan)
        self.heard: Floats = np.full(64, NEVER)
        self.before: Floats = np.full(64, np.nan)  # the value before the last
        self.changed: Floats = np.full(64, np.nan)  # since when the value stands
        self.quality: Bytes = np.zeros(64, np.uint8)
        self.whose: Ints = np.zeros(64, np.int64)  # the place of the thing
        self.stale: Truths = np.ones(64, bool)  # by place: the struct must be rebuilt
        self.limits = Limits()

    def stand(
        self, first: int, place: int, base: Sequence[float], bounds: Sequence[Bounds]
    ) -> None:
        """Give a thing its slots, or keep those that it has; unheard ones take the base value."""
        until = first + len(base)
        if until > self.used:
            self._reach(until)
            self.limits.add(bounds)
            self.used = until
        slots = slice(first, until)
        self.whose[slots] = place
        self.value[slots] = np.where(self.heard[slots] == NEVER, base, self.value[slots])
        if place >= len(self.stale):
            self.stale = np.append(self.stale, np.ones(len(self.stale), bool))
        self.stale[place] = True

    def fold(self, slots: Ints, at: Floats, value: Floats, quality: Bytes) -> None:
        """Take in readings: the newest of each slot counts, and only if it is newer than known."""
        counts = (slots >= 0) & (at > self.heard[slots])
        if not every(counts):
            slots, at, value, quality = slots[counts], at[counts], value[counts], quality[counts]
        if not alone(slots):
            rows = newest(slots, at)
            slots, at, value, quality = slots[rows], at[rows], value[rows], quality[rows]
        if self.limits.any:
            was = self.value[slots]
            known = self.heard[slots] > NEVER
            self.before[slots] = np.where(known, was, np.nan)
            stands = (was == value) & known
            self.changed[slots] = np.where(stands, self.changed[slots], at)
        self.value[slots] = value
        self.heard[slots] = at
        self.quality[slots] = quality
        self.stale[self.whose[slots]] = True

    def past(self, slots: Ints) -> Past:
        """Return what was heard of these slots before."""
        heard = self.heard[slots]
        value = np.where(heard > NEVER, self.value[slots], np.nan)
        return Past(value, heard, self.before[slots], self.changed[slots])

    def dump(self) -> list[bytes]:
        """Return the columns as bytes."""
        return [self._column(name).tobytes() for name in _COLUMNS[:-1]]

    def load(self, columns: Sequence[bytes]) -> None:
        """Take up columns that `dump` gave, for slots that stand already."""
        for name, told in zip(_COLUMNS[:-1], columns, strict=True):
            column = self._column(name)
            column[:] = np.frombuffer(told, column.dtype)
        self.stale[:] = True

    def _column(self, name: str) -> NDArray[Any]:
        column: NDArray[Any] = getattr(self, name)
        return column[: self.used]

    def _reach(self, until: int) -> None:
        held = len(self.value)
        more = max(until, 2 * held) - held
        if until > held:
            for name, empty in zip(_COLUMNS, (np.nan, NEVER, np.nan, np.nan, 0, 0), strict=True):
                column = getattr(self, name)
                setattr(self, name, np.append(column, np.full(more, empty, column.dtype)))
