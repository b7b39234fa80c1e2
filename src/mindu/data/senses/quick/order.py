"""The order of rows by (series, at), found digit by digit."""

from typing import NamedTuple

import numpy as np

from mindu.base.kernels import kernel, long
from mindu.data.arrays import Ints
from mindu.data.senses.tail import by_keys

FEW = 48  # rows that are put in order one by one
SMALL = 4096  # rows up to which digits are short
_WIDEST = 62  # bits of a key


class Sides(NamedTuple):
    """Keys and rows, read from one side and written to the other in turns."""

    keys: Ints
    rows: Ints


class Order(NamedTuple):
    """Least and greatest series and time, and whether the rows are in order already (0 or 1)."""

    low: int
    high: int
    since: int
    until: int
    found: int


@kernel
def bounds(series: Ints, at: Ints, rows: Ints) -> Order:
    """Say how far some rows reach, and whether they are in order."""
    low = high = series[rows[0]]
    since = until = at[rows[0]]
    found = 1
    for i in range(1, len(rows)):
        s, t = series[rows[i]], at[rows[i]]
        low, high, since, until = min(low, s), max(high, s), min(since, t), max(until, t)
        last = series[rows[i - 1]]
        found &= s > last or (s == last and t >= at[rows[i - 1]])
    return Order(low, high, since, until, found)


def pair(series: Ints, at: Ints, how: Order, sides: Sides) -> None:
    """Make one key of each (series, at)."""
    span = how.until - how.since + 1
    for i in range(len(sides.rows)):
        row = sides.rows[i]
        sides.keys[i] = (series[row] - how.low) * span + (at[row] - how.since)


@kernel
def insert(sides: Sides) -> None:
    """Put few rows in order."""
    keys, rows = sides.keys, sides.rows
    for i in range(1, len(keys)):
        key, row, place = keys[i], rows[i], i
        while place > 0 and keys[place - 1] > key:
            keys[place], rows[place] = keys[place - 1], rows[place - 1]
            place -= 1
        keys[place], rows[place] = key, row


def turn(one: Sides, other: Sides, shift: int, starts: Ints) -> None:
    """Put rows in the order of one digit; like digits keep the order they came in."""
    mask = len(starts) - 1
    starts[:] = 0
    for i in range(len(one.keys)):
        starts[(one.keys[i] >> shift) & mask] += 1
    place = 0
    for digit in range(len(starts)):
        count = starts[digit]
        starts[digit] = place
        place += count
    for i in range(len(one.keys)):
        digit = (one.keys[i] >> shift) & mask
        place = starts[digit]
        starts[digit] = place + 1
        other.keys[place], other.rows[place] = one.keys[i], one.rows[i]


_PAIR, _TURN = (kernel(pair), long(pair)), (kernel(turn), long(turn))


def order(series: Ints, at: Ints) -> Ints:
    """Return the order by (series, at); rows that agree keep the order they came in."""
    series, at = (it if it.flags.c_contiguous and it.flags.writeable else it.copy()
                  for it in (series, at))  # fmt: skip
    return ordered(series, at, np.arange(len(series)))


def ordered(series: Ints, at: Ints, rows: Ints) -> Ints:
    """Return some rows in the order by (series, at), which may change `rows` itself."""
    count = len(rows)
    how = bounds(series, at, rows) if count else None
    if how is None or how.found:
        return rows
    width = ((how.high - how.low + 1) * (how.until - how.since + 1)).bit_length()
    if width > _WIDEST:
        return rows[by_keys(series[rows], at[rows])]
    one, many = Sides(np.empty(count, np.int64), rows), int(count > SMALL)
    _PAIR[many](series, at, how, one)
    if count <= FEW:
        insert(one)
        return rows
    digit = 11 if many else 8
    starts, other = np.empty(1 << digit, np.int64), Sides(*map(np.empty_like, one))
    for shift in range(0, width, digit):
        _TURN[many](one, other, shift, starts)
        one, other = other, one
    return one.rows
