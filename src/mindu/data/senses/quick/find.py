"""Which number a name has, looked up by a kernel in the text that the names still stand in.

A table of names that were asked for before, one slot each, in the place of whatever stood there;
what it does not hold is looked up one by one in the register's own index.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mindu.base.kernels import kernel
from mindu.data.arrays import Ints
from mindu.perceive.names import LONGEST, PAD, Spans, Text, Words

LEAST, MOST = 1 << 10, 1 << 21  # slots
PROBES = 8  # neighbouring slots that a name may be in
_WIDE = LONGEST // 8
Spots = NDArray[np.int32]
_LENGTH, _NUMBER = 2 * _WIDE, 2 * _WIDE + 1  # in halves of a word
_MISSED = -2
_U = np.uint64
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5],
                np.uint64)  # fmt: skip
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
_FOLD, _TOP = _U(29), _U(40)


class Table(NamedTuple):
    """Slots: the words of a name, zeros behind it; then its length (-1: none) and its number."""

    names: Words
    facts: NDArray[np.int32]  # the same bytes: a look reads one place of memory


@kernel
def part(words: Words, start: int, length: int, k: int) -> np.uint64:
    """Return the k-th word of a name, zeros behind it."""
    left = length - 8 * k
    return words[start + 8 * k] & _KEEP[min(left, 8)] if left > 0 else _U(0)


@kernel
def home(words: Words, start: int, length: int, slots: int) -> int:
    """Return the first slot that a name may be in."""
    found = _U(length)
    for k in range((length + 7) >> 3):
        found = (found ^ part(words, start, length, k)) * _MIX[k]
        found ^= found >> _FOLD
    return int(np.int64((found * _MIX[1]) >> _TOP)) & (slots - 1)


@kernel
def same(words: Words, start: int, length: int, table: Table, slot: int) -> bool:
    """Say whether a name is the one of a slot."""
    if table.facts[slot, _LENGTH] != length:
        return False
    for k in range((length + 7) >> 3):
        if table.names[slot, k] != part(words, start, length, k):
            return False
    return True


@kernel
def slot_of(words: Words, start: int, length: int, table: Table) -> int:
    """Return the slot of a name, -1 where the table does not hold it."""
    slots = len(table.facts)
    first = home(words, start, length, slots)
    for step in range(PROBES):
        slot = (first + step) & (slots - 1)
        if same(words, start, length, table, slot):
            return slot
    return -1


@kernel
def look(words: Words, spots: tuple[Spots, Spots], table: Table, found: Ints) -> int:
    """Look up all names; return how many the table does not hold. Neighbours are often alike."""
    start, end = spots
    missed, last = 0, -1
    for row in range(len(found)):
        at, length = start[row], end[row] - start[row]
        if length > LONGEST:
            last = -1
        elif last < 0 or not same(words, at, length, table, last):
            last = slot_of(words, at, length, table)
        found[row] = table.facts[last, _NUMBER] if last >= 0 else _MISSED
        missed += last < 0
    return missed


@kernel
def learn(words: Words, start: int, length: int, table: Table, number: int) -> None:
    """Keep the number of a name, in a free slot or in the place of another name."""
    slots = len(table.facts)
    slot = home(words, start, length, slots)
    for step in range(PROBES):
        if table.facts[(slot + step) & (slots - 1), _LENGTH] < 0:
            slot = (slot + step) & (slots - 1)
            break
    for k in range(_WIDE):
        table.names[slot, k] = part(words, start, length, k)
    table.facts[slot, _LENGTH], table.facts[slot, _NUMBER] = length, number


@kernel
def learn_all(words: Words, size: int, table: Table) -> None:
    """Keep names that stand in a text one after the other, a byte between them."""
    number = start = 0
    for at in range(size + 1):
        if at == size or words[at] & _U(255) == _U(10):
            if at - start <= LONGEST:
                learn(words, start, at - start, table, number)
            number, start = number + 1, at + 1


class Lookup:
    """Numbers of names of one index, which counts them from 0; a name never changes its number."""

    def __init__(self, index: Mapping[str, int]) -> None:
        """Look up in this index."""
        self._index = index
        self._table = _room(LEAST)
        self._fill(LEAST)

    def _fill(self, slots: int) -> None:
        """Make a table of so many slots, and learn all names that are known by now."""
        self._table = _room(slots)
        names = list(self._index)
        told = "\n".join(names)
        if names and told.count("\n") == len(names) - 1:  # else they are learned one by one
            text = Text([told.encode()])
            learn_all(text.words, len(text.told) - len(PAD) - 1, self._table)

    def __call__(self, names: Spans) -> Ints:
        """Return the number of each name, -1 where it has none."""
        slots = len(self._table.facts)
        if slots < MOST and slots < 2 * len(self._index):
            self._fill(min(MOST, 1 << (2 * len(self._index) - 1).bit_length()))
        found = np.empty(len(names), np.int64)
        words = names.text.words
        if look(words, (names.start, names.end), self._table, found):
            for row in np.flatnonzero(found == _MISSED).tolist():
                found[row] = self._learned(names, row)
        return found

    def _learned(self, names: Spans, row: int) -> int:
        """Look a name up in the register's index, and keep it if it is there."""
        number = self._index.get(names[row], -1)
        start, length = int(names.start[row]), int(names.end[row] - names.start[row])
        if number >= 0 and length <= LONGEST:
            learn(names.text.words, start, length, self._table, number)
        return number


def _room(slots: int) -> Table:
    names = np.zeros((slots, _WIDE + 1), np.uint64)
    facts = names.view(np.int32)
    facts[:, _LENGTH] = -1
    return Table(names, facts)
