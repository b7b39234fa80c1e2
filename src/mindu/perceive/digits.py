"""Numbers read from many places of a text at once, eight digits in a step.

Two neighbours are joined at a time: digits to pairs, pairs to fours, fours to eights, in the lanes
of one 64-bit word. Whatever is not a plain number of few digits is left to other readers (None).
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.perceive.names import Words
from mindu.perceive.said import Floats, Ints

Truths = NDArray[np.bool_]

PAD = 32  # bytes of nothing before and after a text, so that words may reach over its ends
EXACT = 1 << 53  # whole numbers below it are floats as they are
_ZEROS = 0x3030303030303030
_U = np.uint64
_FLOAT = msgspec.json.Decoder(float)
_FILL = np.array([_ZEROS & ((1 << 8 * (8 - n)) - 1) for n in range(9)], np.uint64)
_KEEP = np.array([(1 << 64) - (1 << 8 * (8 - n)) for n in range(9)], np.uint64)
_TENS = 10 ** np.arange(17, dtype=np.int64)
_POWERS = 10.0 ** np.arange(17)
_DOT, _MINUS, _ZERO = 46, 45, 48


def _eight(words: Words, end: Ints, length: Ints) -> tuple[Words, Truths]:
    """Return the number in the last `length` (0 to 8) digits before `end`; are they all digits?"""
    told = (words[end - 8] & _KEEP[length]) | _FILL[length]
    high, low = _U(0xF0F0F0F0F0F0F0F0), _U(0x0606060606060606)
    fine = ((told & high) | (((told + low) & high) >> _U(4))) == _U(0x3333333333333333)
    told = told - _U(_ZEROS)
    told = (told * _U(10) + (told >> _U(8))) & _U(0x00FF00FF00FF00FF)
    told = (told * _U(100) + (told >> _U(16))) & _U(0x0000FFFF0000FFFF)
    told = (told * _U(10_000) + (told >> _U(32))) & _U(0xFFFFFFFF)
    return told, fine


def whole(words: Words, start: Ints, end: Ints) -> Ints | None:
    """Return the whole numbers from `start` to `end`: at most 16 digits, no sign."""
    length = end - start
    shortest, longest = int(length.min()), int(length.max())
    if shortest < 1 or longest > 16 or _padded(words, start, length).any():
        return None
    low, fine = _eight(words, end, np.minimum(length, 8))
    if longest <= 8:
        return low.astype(np.int64) if fine.all() else None
    high, fine_too = _eight(words, end - 8, np.maximum(length - 8, 0))
    found = high.astype(np.int64) * 10**8 + low.astype(np.int64)
    return found if fine.all() and fine_too.all() else None


def _padded(words: Words, start: Ints, length: Ints) -> Truths:
    """Say which numbers have a zero in front, which JSON does not allow."""
    found: Truths = ((words[start] & _U(255)) == _U(_ZERO)) & (length > 1)
    return found


def decimal(words: Words, octets: NDArray[np.uint8], start: Ints, end: Ints) -> Floats | None:
    """Return the decimal numbers from `start` to `end`, each the float nearest to its text."""
    minus = octets[start] == _MINUS
    first = start + minus
    dot = _dots(octets, first, end)
    before, after = dot - first, np.maximum(end - dot - 1, 0)
    left, fine = _eight(words, dot, np.clip(before, 0, 8))
    right, fine_too = _eight(words, end, np.minimum(after, 8))
    mantissa = left.astype(np.int64) * _TENS[np.minimum(after, 8)] + right.astype(np.int64)
    found: Floats = mantissa / _POWERS[np.minimum(after, 8)]
    found = np.where(minus, -found, found) if minus.any() else found
    fits = (before > 0) & (before <= 8) & (after <= 8) & ((dot == end) | (after > 0))
    odd = ~(fits & fine & fine_too) | (mantissa >= EXACT) | _padded(words, first, before)
    return _by_hand(found, np.flatnonzero(odd), octets, start, end) if odd.any() else found


def _dots(octets: NDArray[np.uint8], start: Ints, end: Ints) -> Ints:
    """Return where the first dot of each number stands, its end where there is none."""
    dots = np.append(np.flatnonzero(octets == _DOT), len(octets))
    near = dots[:-1] if len(dots) == len(start) + 1 else dots[np.searchsorted(dots, start)]
    if not ((near >= start) & (near < end)).all():
        near = dots[np.searchsorted(dots, start)]
    return np.where((near >= start) & (near < end), near, end)


def _by_hand(
    found: Floats, rows: Ints, octets: NDArray[np.uint8], start: Ints, end: Ints
) -> Floats | None:
    """Read numbers of many digits, or with an exponent, one by one."""
    for row in rows.tolist():
        try:
            found[row] = _FLOAT.decode(octets[start[row] : end[row]].tobytes())
        except msgspec.MsgspecError:
            return None
    return found
