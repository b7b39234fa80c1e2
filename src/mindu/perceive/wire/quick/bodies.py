"""Bodies of JSON, each one object or a list of objects, read by one kernel in one pass."""

from collections.abc import Sequence

import numpy as np

from mindu.base.kernels import kernel, long
from mindu.perceive.names import Text, Words
from mindu.perceive.said import Ints, Said
from mindu.perceive.wire.quick.objects import NAMED, Rows, one, rows_for, said
from mindu.perceive.wire.quick.scan import COMMA, blank, octet

_LIST, _END = 91, 93
LONG = 1 << 16  # bytes from which reading lets others have Python's lock


@kernel
def each(words: Words, at: int, rows: Rows, row: int) -> tuple[int, int]:
    """Read the rest of a list: return where it ends, and how many rows there are then."""
    at = blank(words, at)
    if octet(words, at) == _END:
        return at + 1, row
    while True:
        at, seen = one(words, at, rows, row)
        if at < 0 or seen & NAMED != NAMED:
            return -1, row
        row += 1
        at = blank(words, at)
        if octet(words, at) != COMMA:
            return (at + 1 if octet(words, at) == _END else -1), row
        at = blank(words, at + 1)


def every(words: Words, ends: Ints, rows: Rows, upto: Ints) -> int:
    """Read bodies that stand one byte apart; return how many rows, -1 if one is not plain."""
    row = at = 0
    for i in range(len(ends)):
        end = ends[i]
        if octet(words, at) == _LIST:
            at, row = each(words, at + 1, rows, row)
        else:
            at, seen = one(words, at, rows, row)
            at, row = (at if seen & NAMED == NAMED else -1), row + 1
        if not 0 <= at <= end or blank(words, at) < end:
            return -1
        upto[i] = row
        at = end + 1
    return row


_SHORT, _LONG = kernel(every), long(every)


def read(bodies: Sequence[bytes]) -> tuple[Said, list[int]] | None:
    """Return the rows of all bodies, and up to which row each goes; None if one is not plain."""
    text = Text(bodies)
    rows = rows_for(text.told.count(b"{"))
    lengths = np.fromiter(map(len, bodies), np.int64, len(bodies))
    upto = np.empty(len(bodies), np.int64)
    run = _SHORT if len(text.told) < LONG else _LONG
    count = run(text.words, np.cumsum(lengths + 1) - 1, rows, upto)
    found = said(text, rows, count) if count > 0 else None
    return None if found is None else (found, upto.tolist())
