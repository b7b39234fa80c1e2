"""The cases of a stock that may be among the best for a question, summed up in one small table.

The ordinary way sorts all that was looked up; here sums are kept by case, and of all entries only
those of the best cases come back, in their order, to be summed up and ranked by the ordinary way.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mindu.base.kernels import kernel
from mindu.engines.text.same.stock import Asked

Cases = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.uint16]

NEAR = np.float32(1e-4)  # how far sums taken in another order may lie apart; they are below 2
_MIX = 2_654_435_761  # spreads neighbouring cases (Knuth, multiplicative hashing)
_FOLD = 13
# Every half a 16-bit float can be, as a whole one: processors have no cheaper way from here.
_WHOLE: Floats = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)


class Held(NamedTuple):
    """Entries of a stock by term: cases, and weights as bits of 16-bit floats."""

    cases: Cases
    halves: Halves


class Room(NamedTuple):
    """A table of cases (0: a free slot) and sums, and the slot of each entry."""

    cases: Cases
    sums: Floats
    slots: Cases


class Chosen(NamedTuple):
    """The best sums, the least first, and where the entries go that are kept."""

    best: Floats
    cases: Cases
    gains: Floats


@kernel
def gather(asked: Asked, held: Held, whole: Floats, room: Room) -> None:
    """Sum up what each case has of the question."""
    last, entry = len(room.cases) - 1, 0
    for term in range(len(asked.starts)):
        weight = asked.weights[term]
        for at in range(asked.starts[term], asked.ends[term]):
            case = held.cases[at] + 1
            slot = (np.int64(case) * _MIX >> _FOLD) & last
            while room.cases[slot] != 0 and room.cases[slot] != case:
                slot = (slot + 1) & last
            room.cases[slot] = case
            room.sums[slot] += weight * whole[held.halves[at]]
            room.slots[entry] = slot
            entry += 1


@kernel
def rank(sums: Floats, best: Floats) -> None:
    """Put the best sums in their order, the least first; `best` begins with zeros."""
    for total in sums:
        if total > best[0]:
            place = 0
            while place + 1 < len(best) and best[place + 1] < total:
                best[place] = best[place + 1]
                place += 1
            best[place] = total


@kernel
def chosen(asked: Asked, held: Held, whole: Floats, room: Room, out: Chosen) -> int:
    """Write down all entries of the cases that may be among the best; return how many."""
    low = out.best[0] - NEAR
    entry = kept = 0
    for term in range(len(asked.starts)):
        weight = asked.weights[term]
        for at in range(asked.starts[term], asked.ends[term]):
            if room.sums[room.slots[entry]] >= low:
                out.cases[kept] = held.cases[at]
                out.gains[kept] = weight * whole[held.halves[at]]
                kept += 1
            entry += 1
    return kept


def sift(
    asked: Asked, cases: Cases, weights: npt.NDArray[np.float16], most: int
) -> tuple[Cases, Floats]:
    """Return case and gain of every entry of those cases that may be among the `most` best."""
    many = int((asked.ends - asked.starts).sum())
    size = 1 << max(6, (2 * many - 1).bit_length())
    room = Room(np.zeros(size, np.int32), np.zeros(size, np.float32), np.empty(many, np.int32))
    held = Held(cases, weights.view(np.uint16))
    out = Chosen(np.zeros(most, np.float32), np.empty(many, np.int32), np.empty(many, np.float32))
    gather(asked, held, _WHOLE, room)
    rank(room.sums, out.best)
    kept = chosen(asked, held, _WHOLE, room, out)
    return out.cases[:kept], out.gains[:kept]
