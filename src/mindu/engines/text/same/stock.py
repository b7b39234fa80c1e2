"""Stock: a million earlier cases, searched for the one that a new message may repeat.

Whoever searches may do so while one other adds; `settled` and `without` give a new stock for that.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from mindu.base.slot import Slot
from mindu.engines.text.same.features import Vector
from mindu.engines.text.same.hashed import BUCKETS

HEAVIEST = 24  # terms kept of a case
LOOKED = 24  # terms of a question that are looked up
CROWD = 4_000  # cases that hold a term; a term of more finds everything and so nothing
READ = 12_000  # entries read for one question
PLACE = 24  # bits for the place of an entry among those read
TAIL, SHARE = 4_000, 50  # cases added since the last `settle`, or their share; then it is due

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Entries = tuple[npt.NDArray[np.int32], Floats]  # cases, and what each gains


class Asked(NamedTuple):
    """Entries of each term, from start to before end, and the term's weight in the question."""

    starts: Whole
    ends: Whole
    weights: Floats


# A quicker way to what `_best` needs: of all entries those of cases that may be among the best.
QUICK: Slot[Callable[[Asked, npt.NDArray[np.int32], npt.NDArray[np.float16], int], Entries]] = (
    Slot()
)


class Alike(msgspec.Struct, frozen=True):
    """An earlier case and its likeness, 0 to 1, over the terms that were looked up."""

    case: int
    likeness: float


class Stock:
    """Cases by number, 0, 1, 2 …, as they were added; about 200 bytes a case."""

    def __init__(self) -> None:
        self._at = np.full((0, HEAVIEST), BUCKETS, np.int32)
        self._much = np.zeros((0, HEAVIEST), np.float16)
        self._starts = np.zeros(BUCKETS + 2, np.int64)
        self._cases = np.zeros(0, np.int32)
        self._weights = np.zeros(0, np.float16)
        self._tail: list[Vector] = []
        self._recent: dict[int, list[tuple[int, float]]] = {}

    def __len__(self) -> int:
        return len(self._at) + len(self._tail)

    def add(self, seen: Vector) -> int:
        """Add one case and return its number; found at once."""
        number = len(self)
        much = seen.much[:HEAVIEST].astype(np.float16).astype(np.float32)  # as it is kept
        short = Vector(seen.at[:HEAVIEST], much)
        self._tail.append(short)
        for term, weight in zip(short.at.tolist(), short.much.tolist(), strict=True):
            self._recent.setdefault(term, []).append((number, weight))
        return number

    @property
    def due(self) -> bool:
        """Whether enough was added that `settle` pays: some seconds for a million."""
        return len(self._tail) >= max(TAIL, len(self._at) // SHARE)

    def settle(self) -> None:
        """Sort what was added into the whole."""
        self.fill(*self._late_rows())

    def settled(self) -> "Stock":
        """Return a stock of the same cases, sorted; this one goes on answering meanwhile."""
        return Stock.of(*self.rows())

    def without(self, oldest: int) -> "Stock":
        """Return a stock without so many of the oldest cases, the others numbered from 0."""
        at, much = self.rows()
        return Stock.of(at[oldest:], much[oldest:])

    @classmethod
    def of(cls, at: npt.NDArray[np.int32], much: npt.NDArray[np.float16]) -> "Stock":
        """Return a stock of the rows that `rows` gave."""
        found = cls()
        found.fill(at, much)
        return found

    def rows(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float16]]:
        """Return every case as a row of `HEAVIEST` buckets (`BUCKETS` = none) and weights."""
        at, much = self._late_rows()
        return np.concatenate([self._at, at]), np.concatenate([self._much, much])

    def _late_rows(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float16]]:
        at = np.full((len(self._tail), HEAVIEST), BUCKETS, np.int32)
        much = np.zeros((len(self._tail), HEAVIEST), np.float16)
        for row, seen in enumerate(self._tail):
            at[row, : len(seen.at)] = seen.at
            much[row, : len(seen.at)] = seen.much
        return at, much

    def fill(self, at: npt.NDArray[np.int32], much: npt.NDArray[np.float16]) -> None:
        """Add many cases at once: rows of `HEAVIEST` buckets (`BUCKETS` = none) and weights."""
        if at.shape != much.shape or at.shape[1:] != (HEAVIEST,):
            raise ValueError(f"give rows of {HEAVIEST} buckets and weights, not {at.shape}")
        self._tail, self._recent = [], {}
        self._at = np.concatenate([self._at, at])
        self._much = np.concatenate([self._much, much])
        flat = self._at.ravel()
        order = np.argsort(flat, kind="stable")
        self._cases = (order // HEAVIEST).astype(np.int32)
        self._weights = self._much.ravel()[order]
        self._starts = np.searchsorted(flat[order], np.arange(BUCKETS + 2))

    def find(self, seen: Vector, *, most: int = 5) -> tuple[Alike, ...]:
        """Return the likeliest earlier cases, best first; terms of crowds are passed over."""
        terms, weights = seen.at[:LOOKED], seen.much[:LOOKED]
        starts, ends = self._starts.take(terms), self._starts.take(terms + 1)
        sizes = ends - starts
        order = np.argsort(sizes, kind="stable")
        sizes = sizes.take(order)
        order = order[(sizes <= CROWD) & (sizes.cumsum() <= READ)]
        asked = Asked(starts.take(order), ends.take(order), weights.take(order))
        found = self._entries(asked, most)
        best = self._best(*found, most) if len(found[0]) else []
        best += self._late(terms, weights, most)
        best.sort(key=lambda one: (-one.likeness, -one.case))
        return tuple(best[:most])

    def _entries(self, asked: Asked, most: int) -> Entries:
        if QUICK.held is not None:
            return QUICK.held(asked, self._cases, self._weights, most)
        here = [slice(*one) for one in zip(asked.starts.tolist(), asked.ends.tolist(), strict=True)]
        if not here:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        gains = np.concatenate([self._weights[one] for one in here]).astype(np.float32)
        gains *= np.repeat(asked.weights, asked.ends - asked.starts)
        return np.concatenate([self._cases[one] for one in here]), gains

    def _best(self, cases: npt.NDArray[np.int32], gains: Floats, most: int) -> list[Alike]:
        keys = cases.astype(np.int64) << PLACE | np.arange(len(cases))  # sorts faster than argsort
        keys.sort()
        cases, gains = keys >> PLACE, gains[keys & ((1 << PLACE) - 1)]
        first = np.flatnonzero(np.concatenate([[True], cases[1:] != cases[:-1]]))
        sums = np.add.reduceat(gains, first)
        likely = np.arange(len(sums))
        if most < len(sums):  # sorting all of them for a handful took longer than finding them
            likely = np.flatnonzero(sums >= np.partition(sums, -most)[-most])
        top = likely[np.argsort(-sums[likely], kind="stable")[:most]]
        return [Alike(int(cases[first[at]]), round(float(sums[at]), 4)) for at in top]

    def _late(self, terms: Sequence[int] | Whole, weights: Floats, most: int) -> list[Alike]:
        sums: dict[int, float] = {}
        for term, weight in zip(np.asarray(terms).tolist(), weights.tolist(), strict=True):
            for number, held in self._recent.get(term, ())[-CROWD:]:
                sums[number] = sums.get(number, 0.0) + weight * held
        best = sorted(sums.items(), key=lambda held: -held[1])[:most]
        return [Alike(number, round(total, 4)) for number, total in best]
