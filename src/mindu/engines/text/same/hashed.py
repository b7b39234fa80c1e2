"""Hashed: words, pairs and triples of letters as buckets, with how often each stands in a text.

The buckets are those of CRC-32 over the letters' four bytes (UTF-32, little end first). CRC-32 of a
fixed length is affine over exclusive or, so the share of each byte at each place stands in a table,
and all pairs of a text are worked out at once.
"""

from collections.abc import Sequence
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt

BITS = 20
BUCKETS = 1 << BITS  # hashed terms; at 100,000 terms in use one in ten shares its bucket

Whole = npt.NDArray[np.int64]
Crc = npt.NDArray[np.uint32]

REMEMBERED = 50_000  # words whose codes are remembered, some 6 MB

FAMILIES = np.arange(1, 6, dtype=np.uint32) << np.uint32(BITS)  # where codes of each begin, end

_LAST = BUCKETS - 1
_LETTER = 4  # bytes; the last is always 0: Unicode ends below 2**21
_WIDE = 0x1_0000  # letters from it on use their third byte


class _Codes(dict[str, int]):
    """Codes of words in one family, remembered: a city says the same words again and again."""

    def __init__(self, family: int) -> None:
        super().__init__()
        self._family = family

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = code = crc32(word.encode(), self._family) & _LAST | self._family << BITS
        return code


class Counted(msgspec.Struct, frozen=True):
    """Buckets of each family in their order, one family after the other, and their counts."""

    at: Whole
    count: Whole
    ends: tuple[int, ...]  # of each family, the first is 0


def counted(codes: Sequence[Crc]) -> Counted:
    """Return the buckets of codes that `words_of` and `letters_of` made, each once."""
    told = np.concatenate(codes)
    told.sort()
    last = np.ones(len(told), np.bool_)
    np.not_equal(told[1:], told[:-1], out=last[:-1])
    ends_at = np.flatnonzero(last)
    kept = told[ends_at]
    count = ends_at + 1
    count[1:] -= count[:-1].copy()
    ends = np.searchsorted(kept, FAMILIES)
    return Counted((kept & np.uint32(_LAST)).astype(np.int64), count, tuple(ends.tolist()))


def words_of(title: Sequence[str], body: Sequence[str]) -> Crc:
    """Return the codes of the words of a title, family 1, and of a body, family 3."""
    told = list(map(TITLE_CODES.__getitem__, title))
    told += map(BODY_CODES.__getitem__, body)
    return np.array(told, np.uint32)


def letters_of(title: str, body: str) -> list[Crc]:
    """Return the codes of all pairs and triples of letters of a title, 2, and of a body, 4."""
    raw = np.frombuffer((title + body).encode("utf-32-le", "surrogatepass"), "<u4")
    wide = bool((raw >= _WIDE).any())
    low, high = raw & np.uint32(0xFF), (raw >> np.uint32(8)) & np.uint32(0xFF)
    found = []
    for letters in (2, 3):
        last = max(0, len(raw) - letters + 1)
        told = np.zeros(last, np.uint32)
        for letter, (first, second, third) in enumerate(_SHARES[letters]):
            here = slice(letter, letter + last)
            told ^= first[low[here]]
            told ^= second[high[here]]
            if wide:
                told ^= third[raw[here] >> np.uint32(16)]
        apart = max(0, len(title) - letters + 1)  # what stands over the border is nobody's
        found += [told[:apart] ^ begin(letters, 2), told[len(title) :] ^ begin(letters, 4)]
    return found


def begin(letters: int, family: int) -> np.uint32:
    """Return what the codes of so many letters begin with in a family."""
    return np.uint32(crc32(bytes(letters * _LETTER), family) & _LAST | family << BITS)


def _shares(letters: int) -> Crc:
    """Return letters x bytes x values: what one byte adds to the bucket of so many letters."""
    none = crc32(bytes(letters * _LETTER))
    told = np.zeros((letters, _LETTER - 1, 256), np.uint32)
    for letter in range(letters):
        for byte in range(_LETTER - 1):
            alone = bytearray(letters * _LETTER)
            for value in range(256):
                alone[letter * _LETTER + byte] = value
                told[letter, byte, value] = (crc32(alone) ^ none) & _LAST
    return told


SHARES_OF_PAIRS, SHARES_OF_TRIPLES = _shares(2), _shares(3)
_SHARES = {2: SHARES_OF_PAIRS, 3: SHARES_OF_TRIPLES}
TITLE_CODES, BODY_CODES = _Codes(1), _Codes(3)
