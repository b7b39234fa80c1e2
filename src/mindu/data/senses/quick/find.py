"""Which number a name has, looked up by a kernel in the text that the names still stand in.

Names that were asked for before stand one behind the other, each with who followed it last time:
senders tell their devices in the same order again and again, so most names are found at the first
look. All others are found by their hash; what is not held is looked up in the register's index.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mindu.base.kernels import kernel
from mindu.data.arrays import Ints
from mindu.perceive.names import LONGEST, PAD, Spans, Text, Words

LEAST, MOST = 1 << 9, 1 << 21  # names that are held
PROBES = 8  # neighbouring slots that a name may be in
PAGE = 1 << 21  # bytes of a large page: what lies in one is reached without a walk through tables
_WIDE = LONGEST // 8
Spots = NDArray[np.int32]
Slots = NDArray[np.int32]
_LENGTH, _NUMBER, _AFTER = 2 * _WIDE, 2 * _WIDE + 1, 2 * _WIDE + 2  # in halves of a word
_MISSED = -2
_U = np.uint64
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5],
                np.uint64)  # fmt: skip
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
_FOLD, _TOP = _U(29), _U(40)


class Table(NamedTuple):
    """Names, one an entry.

    `names`: words, zeros behind it. `facts`: the same bytes, so that a look reads one place of
    memory; behind the words its length (-1: none), its number, and which entry followed it last.
    `slots`: by hash, which entry, -1 where none is.
    """

    names: Words
    facts: NDArray[np.int32]
    slots: Slots


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
def same(words: Words, start: int, length: int, table: Table, entry: int) -> bool:
    """Say whether a name is the one of an entry."""
    if table.facts[entry, _LENGTH] != length:
        return False
    for k in range((length + 7) >> 3):
        if table.names[entry, k] != part(words, start, length, k):
            return False
    return True


@kernel
def entry_of(words: Words, start: int, length: int, table: Table) -> int:
    """Return the entry of a name, -1 where the table does not hold it."""
    slots = len(table.slots)
    first = home(words, start, length, slots)
    for step in range(PROBES):
        entry = int(table.slots[(first + step) & (slots - 1)])
        if entry >= 0 and same(words, start, length, table, entry):
            return entry
    return -1


@kernel
def look(words: Words, spots: tuple[Spots, Spots], table: Table, found: Ints) -> int:
    """Look up all names; return how many the table does not hold."""
    start, end = spots
    missed = last = 0
    for row in range(len(found)):
        at, length = start[row], end[row] - start[row]
        entry = int(table.facts[last, _AFTER])
        if length > LONGEST:
            entry = -1
        elif entry < 0 or not same(words, at, length, table, entry):
            entry = entry_of(words, at, length, table)
            if entry >= 0:
                table.facts[last, _AFTER] = entry
        if entry >= 0:
            last = entry
        found[row] = table.facts[entry, _NUMBER] if entry >= 0 else _MISSED
        missed += entry < 0
    return missed


@kernel
def learn(words: Words, spot: tuple[int, int], table: Table, number: int, entry: int) -> None:
    """Keep the number of a name in an entry, and that in a free slot or in another's place."""
    start, length = spot
    slots = len(table.slots)
    slot = home(words, start, length, slots)
    for step in range(PROBES):
        if table.slots[(slot + step) & (slots - 1)] < 0:
            slot = (slot + step) & (slots - 1)
            break
    for k in range(_WIDE):
        table.names[entry, k] = part(words, start, length, k)
    table.facts[entry, _LENGTH], table.facts[entry, _NUMBER] = length, number
    table.facts[entry, _AFTER], table.slots[slot] = -1, entry


@kernel
def learn_all(words: Words, size: int, table: Table) -> int:
    """Keep names that stand in a text one after the other, a byte between them; say how many."""
    number = start = entry = 0
    for at in range(size + 1):
        if at == size or words[at] & _U(255) == _U(10):
            if at - start <= LONGEST and entry < len(table.names):
                learn(words, (start, at - start), table, number, entry)
                entry += 1
            number, start = number + 1, at + 1
    return entry


class Lookup:
    """Numbers of names of one index, which counts them from 0; a name never changes its number."""

    def __init__(self, index: Mapping[str, int]) -> None:
        """Look up in this index."""
        self._index = index
        self._table, self._next = _room(LEAST), 0
        self._fill(LEAST)

    def _fill(self, most: int) -> None:
        """Make a table of so many names, and learn those that are known by now."""
        self._table, self._next = _room(most), 0
        names = list(self._index)
        told = "\n".join(names)
        if names and told.count("\n") == len(names) - 1:  # else they are learned one by one
            text = Text([told.encode()])
            self._next = learn_all(text.words, len(text.told) - len(PAD) - 1, self._table)

    def __call__(self, names: Spans) -> Ints:
        """Return the number of each name, -1 where it has none."""
        most = len(self._table.names)
        if most < MOST and most < len(self._index):
            self._fill(min(MOST, 1 << (len(self._index) - 1).bit_length()))
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
            entry = self._next % len(self._table.names)  # the oldest gives way
            learn(names.text.words, (start, length), self._table, number, entry)
            self._next += 1
        return number


def _room(most: int) -> Table:
    """Return an empty table of so many names."""
    names = _paged(most, _WIDE + 2, np.dtype(np.uint64))
    facts, slots = names.view(np.int32), _paged(4 * most, 1, np.dtype(np.int32))[:, 0]
    facts[:, _LENGTH] = facts[:, _AFTER] = slots[:] = -1
    return Table(names, facts, slots)


def _paged(rows: int, wide: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Return room for numbers, on large pages where the machine has them and it fills one."""
    size = rows * wide * kind.itemsize
    if size < PAGE:
        return np.empty((rows, wide), kind)
    told = np.empty(size + 2 * PAGE, np.uint8)  # numpy asks for large pages from twice as much on
    first = -told.ctypes.data % PAGE
    return told[first : first + size].view(kind).reshape(rows, wide)
