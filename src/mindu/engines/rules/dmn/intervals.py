"""Cells that compare with plain numbers, indexed: one search finds the rows that pass."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mindu.engines.rules.syntax.tree import Literal, Node, RangeOf, Test

LARGEST = 100_000_000  # bits of one index; a larger column is tested cell by cell


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval of numbers, a missing end being open, and the rows it stands for."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool
    high_in: bool
    bits: int


def _number(node: Node) -> Decimal | None:
    return node.value if isinstance(node, Literal) and isinstance(node.value, Decimal) else None


def interval(node: Node, bits: int) -> Interval | None:
    """Return the interval that a test of a cell is, or None when it is anything else."""
    if isinstance(node, RangeOf):
        low, high = _number(node.low), _number(node.high)
        plain = low is not None and high is not None
        return Interval(low, high, node.low_in, node.high_in, bits) if plain else None
    end = _number(node.of) if isinstance(node, Test) else None
    if not isinstance(node, Test) or end is None or node.sign in {"=", "!="}:
        return None
    included = node.sign in {"<=", ">="}
    if node.sign[0] == "<":
        return Interval(None, end, low_in=False, high_in=included, bits=bits)
    return Interval(end, None, low_in=included, high_in=False, bits=bits)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Numbers in order, and the rows that pass at each of them and in each gap between."""

    points: tuple[Decimal, ...]
    rows: tuple[int, ...]  # gap before the first point, the point, the next gap, …

    def at(self, value: Decimal) -> int:
        """Return the rows that let a number pass."""
        place = bisect_left(self.points, value)
        on = place < len(self.points) and self.points[place] == value
        return self.rows[2 * place + on]


def indexed(intervals: Sequence[Interval], height: int) -> Intervals | None:
    """Return the index of intervals over so many rows, None where it would be too large."""
    ends = {end for one in intervals for end in (one.low, one.high) if end is not None}
    points = sorted(ends)
    if not points or (2 * len(points) + 1) * height > LARGEST:
        return None
    place = {point: 2 * number + 1 for number, point in enumerate(points)}
    return Intervals(tuple(points), _swept(intervals, place, 2 * len(points) + 1))


def _swept(intervals: Sequence[Interval], place: dict[Decimal, int], size: int) -> tuple[int, ...]:
    rows = [0] * size
    for one in intervals:
        first = 0 if one.low is None else place[one.low] + (not one.low_in)
        last = size - 1 if one.high is None else place[one.high] - (not one.high_in)
        for number in range(first, last + 1):
            rows[number] |= one.bits
    return tuple(rows)
