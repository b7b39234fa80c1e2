"""Words, pairs and triples of letters of a message as buckets, hashed in one pass."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mindu.base.kernels import kernel
from mindu.engines.text.quick.once import once
from mindu.engines.text.same.hashed import (
    BUCKETS,
    FAMILIES,
    SHARES_OF_PAIRS,
    SHARES_OF_TRIPLES,
    Counted,
    Crc,
    begin,
)

Raw = npt.NDArray[np.uint32]
Shares = npt.NDArray[np.uint32]

_TITLE, _BODY = 2, 4  # families of letters


class Begins(NamedTuple):
    """What the codes of a title's and a body's letters begin with."""

    title: np.uint32
    body: np.uint32


_PAIRS, _TRIPLES = (Begins(begin(many, _TITLE), begin(many, _BODY)) for many in (2, 3))


@kernel
def hashed(raw: Raw, title: int, shares: Shares, begins: Begins, codes: Crc, kept: int) -> int:
    """Write down the codes of all groups of letters behind the `kept` first; return the end.

    What stands over the border between title and body is nobody's.
    """
    letters = len(shares)
    for at in range(len(raw) - letters + 1):
        if at < title < at + letters:
            continue
        code = begins.title if at < title else begins.body
        for letter in range(letters):
            here = raw[at + letter]
            code ^= shares[letter, 0, here & np.uint32(0xFF)]
            code ^= shares[letter, 1, (here >> np.uint32(8)) & np.uint32(0xFF)]
            code ^= shares[letter, 2, here >> np.uint32(16)]
        codes[kept] = code
        kept += 1
    return kept


def counted(words: Crc, title: str, body: str) -> Counted:
    """Return the buckets of a message of these words, each once, with their counts."""
    raw = np.frombuffer((title + body).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.empty(len(words) + 2 * len(raw), np.uint32)
    codes[: len(words)] = words
    end = hashed(raw, len(title), SHARES_OF_PAIRS, _PAIRS, codes, len(words))
    codes = codes[: hashed(raw, len(title), SHARES_OF_TRIPLES, _TRIPLES, codes, end)]
    codes.sort()
    seen, count = np.empty(len(codes), np.uint32), np.empty(len(codes), np.int64)
    many = once(codes, seen, count)
    ends = np.searchsorted(seen[:many], FAMILIES)
    at = (seen[:many] & np.uint32(BUCKETS - 1)).astype(np.int64)
    return Counted(at, count[:many], tuple(ends.tolist()))
