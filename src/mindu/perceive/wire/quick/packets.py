"""PUBLISH packets that came together, cut by a kernel, and read by another: topics and payloads.

Left to the ordinary reader: topics beyond ASCII or without device and property, and payloads that
are more than a number or an object with one value.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mindu.base.kernels import kernel, long
from mindu.perceive.names import Text, Words
from mindu.perceive.said import NOW, UNTOLD, Ints, Said
from mindu.perceive.wire.burst import LONG, PLAIN, Burst
from mindu.perceive.wire.quick.objects import (
    DEVICE,
    ENDS,
    NAMED,
    PROP,
    VALUE,
    Rows,
    literal,
    one,
    rows_for,
    said,
    value,
)  # fmt: skip
from mindu.perceive.wire.quick.scan import octet

LEAST = 7  # bytes of a packet that is cut here, whose topic is never empty
_SLASH, _OPEN = 47, 123
_TOPS = np.uint64(0x8080808080808080)
_RECEIPT, _SENSED, _READING = (
    np.uint64(int.from_bytes(it, "little")) for it in (b"/receipt", b"v1.1/", b"readings")
)
_FIVE = np.uint64((1 << 40) - 1)
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(8)], np.uint64)
_NONE = (-1, 0, 0)


@kernel
def packet(words: Words, at: int, size: int, five: int) -> tuple[int, int, int]:
    """Return where a plain packet ends, and where its topic and its payload begin; or -1."""
    if at + LEAST > size or octet(words, at) != PLAIN:
        return _NONE
    length, start = octet(words, at + 1), at + 2
    if length > LONG:
        more = octet(words, start)
        length, start = (length & LONG) | more << 7, start + 1
        if more > LONG:
            return _NONE
    stop, topic = start + length, start + 2
    named_by = octet(words, start) << 8 | octet(words, start + 1)
    body = topic + named_by + 2
    if stop > size or named_by == 0 or body + five > stop or (five and octet(words, body)):
        return _NONE
    numbered = octet(words, body - 2) | octet(words, body - 1)
    return (stop if numbered else -1), topic, body + five


@kernel
def readings(words: Words, topic: int, end: int) -> bool:
    """Say whether a topic is of readings: of no receipts, and no Observations."""
    if end - topic >= 5 and words[topic] & _FIVE == _SENSED:
        return False
    return not (end - topic >= 9 and words[end - 9] == _RECEIPT and octet(words, end - 1) == 115)


@kernel
def cut_all(words: Words, size: int, five: int, told: NDArray[np.uint8]) -> tuple[int, int, bool]:
    """Cut packets: return how many, where they end, and whether all are readings."""
    count, at, plain = 0, 0, True
    stop, topic, body = packet(words, at, size, five)
    while stop >= 0:
        number = body - five - 2
        plain = plain and readings(words, topic, number)
        told[4 * count], told[4 * count + 1] = 0x40, 2
        told[4 * count + 2] = octet(words, number)
        told[4 * count + 3] = octet(words, number + 1)
        count, at = count + 1, stop
        stop, topic, body = packet(words, at, size, five)
    return count, at, plain


@kernel
def ascii(words: Words, at: int, end: int) -> bool:  # noqa: A001 - it is what it says
    """Say whether a text is of ASCII."""
    while at + 8 <= end:
        if words[at] & _TOPS:
            return False
        at += 8
    return at >= end or not words[at] & _TOPS & _KEEP[end - at]


@kernel
def named(words: Words, topic: int, end: int, rows: Rows, row: int) -> bool:
    """Find device and property in a topic; say whether they are there."""
    prop = end
    while prop > topic and octet(words, prop - 1) != _SLASH:
        prop -= 1
    device = prop - 1
    while device > topic and octet(words, device - 1) != _SLASH:
        device -= 1
    rows.spots[DEVICE, row], rows.spots[DEVICE + ENDS, row] = device, prop - 1
    rows.spots[PROP, row], rows.spots[PROP + ENDS, row] = prop, end
    whole = end - prop == 8 and words[prop] == _READING
    return prop - 1 > device and not whole and ascii(words, topic, end)


@kernel
def payload(words: Words, at: int, rows: Rows, row: int) -> int:
    """Read a payload: return where it ends, -1 if it is not read here."""
    if octet(words, at) == _OPEN:
        end, seen = one(words, at, rows, row)
        return end if seen & NAMED == 0 else -1
    if literal(words[at]) == 0:
        return -1
    end, hand, found = value(words, at)
    rows.value[row], rows.spots[VALUE, row], rows.spots[VALUE + ENDS, row] = found, hand, end
    rows.whole[0, row], rows.whole[1, row] = NOW, UNTOLD
    return end


def read_all(words: Words, ends: Ints, fives: Ints, rows: Rows) -> int:
    """Read bursts that stand one byte apart; return how many rows, -1 if one is not plain."""
    row = at = 0
    for i in range(len(ends)):
        while at < ends[i]:
            stop, topic, body = packet(words, at, ends[i], fives[i])
            at = payload(words, body, rows, row) if stop >= 0 else -1
            if at != stop or not named(words, topic, body - fives[i] - 2, rows, row):
                return -1
            row += 1
        at += 1
    return row


_READ = kernel(read_all), long(read_all)


class Packets:
    """Cuts and reads by kernels."""

    def cut(self, data: bytes, version: int) -> Burst:
        """Cut what is plain from the beginning of some bytes."""
        told = np.empty(4 * (len(data) // LEAST), np.uint8)
        count, end, plain = cut_all(Text([data]).words, len(data), int(version == 5), told)
        acknowledged = told[: 4 * count].tobytes()
        return Burst(data if end == len(data) else data[:end], version, count, acknowledged, plain)

    def read(self, bursts: Sequence[Burst]) -> Said | None:
        """Return the readings of several bursts; None if one of them is more than a number."""
        text = Text([burst.data for burst in bursts])
        rows = rows_for(sum(burst.size for burst in bursts))
        lengths = np.array([len(burst.data) + 1 for burst in bursts], np.int64)
        fives = np.array([int(burst.version == 5) for burst in bursts], np.int64)
        run = _READ[len(text.told) >= 1 << 16]
        count = run(text.words, np.cumsum(lengths) - 1, fives, rows)
        return said(text, rows, count) if count > 0 else None
