"""One reading as an object of JSON, its fields in any order, read by a kernel.

Fields that are read: device, prop, value, at, seq. Any other field, an escape or a byte beyond
ASCII in a name, a field told twice, a time in words: all that is left to the ordinary readers.
"""

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.base.kernels import kernel
from mindu.perceive.names import Spans, Text, Words
from mindu.perceive.said import NOW, UNTOLD, Floats, Ints, Said
from mindu.perceive.wire.quick.scan import (
    COLON,
    COMMA,
    QUOTE,
    blank,
    name,
    natural,
    number,
    octet,
)  # fmt: skip

DEVICE, PROP, VALUE, AT, SEQ = range(5)  # fields; of the first three we note where they stand
NAMED = 1 << DEVICE | 1 << PROP
ENDS = 3  # columns of spots: where each of three begins, then where each ends
_FIELDS = (b'device"', b'prop"', b'value"', b'at"', b'seq"')
_WORDS = np.array([int.from_bytes(it, "little") for it in _FIELDS], np.uint64)
_MASKS = np.array([(1 << 8 * len(it)) - 1 for it in _FIELDS], np.uint64)
_LENGTHS = np.array([len(it) for it in _FIELDS])
_LITERALS = (b"null", b"true", b"false")
_SAID = np.array([int.from_bytes(it, "little") for it in _LITERALS], np.uint64)
_SAID_MASKS = np.array([(1 << 8 * len(it)) - 1 for it in _LITERALS], np.uint64)
_MEANT = np.array([np.nan, 1.0, 0.0])
_OPEN, _CLOSE = 123, 125
_NOTHING = (-1, 0, 0.0)
_FLOAT = msgspec.json.Decoder(float)


class Rows(NamedTuple):
    """What was read, row by row.

    `spots`: where device, property, and a value that is read by hand begin, then where each ends.
    `whole`: times and sequence numbers.
    """

    spots: NDArray[np.int32]
    whole: Ints
    value: Floats


def rows_for(most: int) -> Rows:
    """Return room for so many rows."""
    return Rows(np.empty((2 * ENDS, most), np.int32), np.empty((2, most), np.int64), np.empty(most))


@kernel
def which(word: np.uint64) -> int:
    """Say which field a name with its closing quote is, -1 if none of ours."""
    for k in range(5):
        if word & _MASKS[k] == _WORDS[k]:
            return k
    return -1


@kernel
def literal(word: np.uint64) -> int:
    """Say which of null, true and false a word is, -1 if none."""
    for k in range(3):
        if word & _SAID_MASKS[k] == _SAID[k]:
            return k
    return -1


@kernel
def value(words: Words, at: int) -> tuple[int, int, float]:
    """Read a value: return where it ends, where to read it by hand (or -1), and the number."""
    if octet(words, at) > 57:
        said = literal(words[at])
        return (-1, -1, 0.0) if said < 0 else (at + (5 if said == 2 else 4), -1, _MEANT[said])
    end, found, hand = number(words, at)
    return end, (at if hand else -1), found


@kernel
def told(words: Words, at: int, what: int) -> tuple[int, int, float]:
    """Read what a field tells: where it ends, its spot or whole number, and its number."""
    if what <= PROP:
        end = name(words, at + 1) if octet(words, at) == QUOTE else -1
        return end, at + 1, 0.0
    if what == VALUE:
        return value(words, at)
    if what == AT and literal(words[at]) == 0:
        return at + 4, NOW, 0.0
    end, found = natural(words, at)
    return end, found, 0.0


@kernel
def keep(rows: Rows, row: int, what: int, found: tuple[int, int, float]) -> int:
    """Keep what a field told; return where to read on."""
    end, spot, number = found
    if what >= AT:
        rows.whole[what - AT, row] = spot
        return end
    rows.spots[what, row] = spot
    rows.spots[what + ENDS, row] = end
    if what == VALUE:
        rows.value[row] = number
        return end
    return end + 1  # past the quote


@kernel
def one(words: Words, at: int, rows: Rows, row: int) -> tuple[int, int]:
    """Read an object: return where it ends and, as bits, which fields it told."""
    seen, more = 0, octet(words, at) == _OPEN
    if not more:  # there is room for as many rows as there are braces: nothing is written yet
        return -1, 0
    rows.value[row], rows.spots[VALUE, row] = np.nan, -1
    rows.whole[0, row], rows.whole[1, row] = NOW, UNTOLD
    while more:
        at = blank(words, at + 1)
        what = which(words[at + 1]) if octet(words, at) == QUOTE else -1
        if what < 0 or seen >> what & 1:
            return -1, 0
        seen |= 1 << what
        at = blank(words, at + 1 + _LENGTHS[what])
        ready = octet(words, at) == COLON
        found = told(words, blank(words, at + 1), what) if ready else _NOTHING
        if found[0] < 0:
            return -1, 0
        at = blank(words, keep(rows, row, what, found))
        more = octet(words, at) == COMMA
    return (at + 1 if octet(words, at) == _CLOSE else -1), seen


def said(text: Text, rows: Rows, count: int) -> Said | None:
    """Return the first rows as columns; None if a number turns out to be none."""
    spots, value, seq = rows.spots[:, :count], rows.value[:count], rows.whole[1, :count]
    for row in np.flatnonzero(spots[VALUE] >= 0).tolist():
        mine = Spans(text, spots[VALUE], spots[VALUE + ENDS])
        try:
            value[row] = _FLOAT.decode(mine[row])
        except msgspec.MsgspecError:
            return None
    return Said(
        device=Spans(text, spots[DEVICE], spots[DEVICE + ENDS]),
        prop=Spans(text, spots[PROP], spots[PROP + ENDS]),
        at=rows.whole[0, :count],
        value=value,
        seq=seq if (seq != UNTOLD).any() else None,
    )
