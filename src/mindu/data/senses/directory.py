"""The directory: which number a name has, for whole columns of names at once.

A table of names that were asked for before, one slot each; what it does not hold is looked up one
by one in the register's own index and then kept, in the place of whatever stood there.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from mindu.base.slot import Slot
from mindu.data.arrays import Ints
from mindu.perceive.names import LONGEST, Names, Spans

LEAST, MOST = 1 << 10, 1 << 21  # slots
PROBES = 4  # neighbouring slots that a name may be in
_WIDTH = LONGEST // 8
Find = Callable[[Spans], Ints]
QUICK: Slot[Callable[[Mapping[str, int]], Find]] = Slot()  # makes what looks up in an index


class Directory:
    """Numbers of names; a name never changes its number."""

    def __init__(self, index: Mapping[str, int]) -> None:
        """Look up in this index."""
        self._index = index
        self._quick: Find | None = None
        self._room(LEAST)

    def _room(self, slots: int) -> None:
        self._mask = slots - 1
        self._shift = np.uint64(65 - slots.bit_length())
        self._words = [np.zeros(slots, np.uint64) for _ in range(_WIDTH)]
        self._length: NDArray[np.int16] = np.full(slots, -1, np.int16)
        self._number: NDArray[np.int32] = np.zeros(slots, np.int32)

    def find(self, names: Sequence[str] | Names | Spans) -> Ints:
        """Return the number of each name, -1 where it has none."""
        if isinstance(names, Names) and len(names) > 1 and names.alike():
            return np.full(len(names), self._index.get(names[0], -1), np.int64)
        if not isinstance(names, Names):
            return self._each(names)
        slots = len(self._length)
        if slots < MOST and slots < 2 * len(self._index):
            self._room(min(MOST, 1 << (2 * len(self._index) - 1).bit_length()))
        first = (names.mixed() >> self._shift).astype(np.int64)
        found = np.full(len(names), -1, np.int64)
        left = self._look(names, first, np.arange(len(names)), found)
        for step in range(1, PROBES):
            if not len(left):
                return found
            left = self._look(names, first + step, left, found)
        self._learn(names, first, left, found)
        return found

    def _each(self, names: Sequence[str] | Spans) -> Ints:
        """Look up one by one, or all in the text that they still stand in."""
        if isinstance(names, Spans) and QUICK.held is not None:
            self._quick = self._quick or QUICK.held(self._index)
            return self._quick(names)
        return np.fromiter(map(self._index.get, names, repeat(-1)), np.int64, len(names))

    def _look(self, names: Names, place: Ints, rows: Ints, found: Ints) -> Ints:
        """Look at one slot for each of these rows; return the rows that are still to be found."""
        every = len(rows) == len(names)
        slot = (place if every else place[rows]) & self._mask
        held = self._length[slot] == (names.length if every else names.length[rows])
        for mine, told in zip(self._words, names.words, strict=False):
            held &= mine[slot] == (told if every else told[rows])
        found[rows[held]] = self._number[slot[held]]
        left: Ints = rows[~held]
        return left

    def _learn(self, names: Names, first: Ints, missed: Ints, found: Ints) -> None:
        """Look names up in the register's index, and keep those that it knows."""
        texts = names.texts(missed)
        found[missed] = np.fromiter(map(self._index.get, texts, repeat(-1)), np.int64, len(texts))
        rows = missed[found[missed] >= 0]
        for step in range(PROBES):
            slot = (first[rows] + step) & self._mask
            free = self._length[slot] < 0 if step < PROBES - 1 else np.ones(len(rows), bool)
            self._put(names, rows[free], slot[free], found)
            rows = rows[~free]
            if not len(rows):
                return

    def _put(self, names: Names, rows: Ints, slot: Ints, found: Ints) -> None:
        slot, last = np.unique(slot, return_index=True)  # of several for one slot one stays
        rows = rows[last]
        self._length[slot], self._number[slot] = names.length[rows], found[rows]
        for mine in self._words[len(names.words) :]:
            mine[slot] = 0
        for mine, told in zip(self._words, names.words, strict=False):
            mine[slot] = told[rows]
