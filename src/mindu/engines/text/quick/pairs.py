"""Characters and pairs of a message looked up in a table of those that a model knows."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mindu.base.kernels import kernel
from mindu.engines.text.quick.once import once

Whole = npt.NDArray[np.int64]
Ranks = npt.NDArray[np.int32]
Raw = npt.NDArray[np.uint32]

_PLACES = 21  # bits of a character's number
_MIX = np.uint64(0x9E3779B97F4A7C15)  # spreads neighbouring codes (Knuth, by the golden ratio)
_FOLD = np.uint64(30)


class Table(NamedTuple):
    """Codes (-1: a free slot), and their places in the order of codes."""

    codes: Whole
    ranks: Ranks


@kernel
def slot_of(code: np.int64, codes: Whole) -> int:
    """Return the slot of a code, or the free one where it would stand."""
    last = len(codes) - 1
    slot = np.int64(np.uint64(code) * _MIX >> _FOLD) & last
    while codes[slot] != -1 and codes[slot] != code:
        slot = (slot + 1) & last
    return int(slot)


@kernel
def learn(codes: Whole, table: Table) -> None:
    """Put codes, which stand in their order, into a table."""
    for rank in range(len(codes)):
        slot = slot_of(codes[rank], table.codes)
        table.codes[slot] = codes[rank]
        table.ranks[slot] = rank


@kernel
def look(raw: Raw, table: Table, ranks: Ranks) -> int:
    """Write down the rank of every known character and pair; return how many are known."""
    known = 0
    before = np.int64(0)
    for at in range(len(raw)):
        here = np.int64(raw[at])
        slot = slot_of(here, table.codes)
        if table.codes[slot] == here:
            ranks[known] = table.ranks[slot]
            known += 1
        if at:
            pair = before << _PLACES | here
            slot = slot_of(pair, table.codes)
            if table.codes[slot] == pair:
                ranks[known] = table.ranks[slot]
                known += 1
        before = here
    return known


class Pairs:
    """Counts characters and pairs of one model: as the ordinary way, in the same order."""

    def __init__(self, codes: Whole, places: Whole) -> None:
        """Hold codes in their order, and the place of each among the model's terms."""
        size = 1 << max(6, (3 * len(codes)).bit_length())
        self._table = Table(np.full(size, -1, np.int64), np.zeros(size, np.int32))
        self._places = places
        learn(codes, self._table)

    def __call__(self, joined: str) -> tuple[Whole, Whole]:
        """Return the places and counts of what stands in a text."""
        raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        ranks = np.empty(2 * len(raw), np.int32)
        ranks = ranks[: look(raw, self._table, ranks)]
        ranks.sort()
        seen, count = np.empty(len(ranks), np.int32), np.empty(len(ranks), np.int64)
        many = once(ranks, seen, count)
        return self._places[seen[:many]], count[:many]
