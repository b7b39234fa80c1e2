"""Features: a message as hashed words and letters of its title and body; no vocabulary is kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt

BUCKETS = 1 << 20  # hashed terms; at 100,000 terms in use one in ten shares its bucket
# Share of the likeness: words and letters of the title, words and letters of the body.
SHARES = (0.2, 0.2, 0.3, 0.3)
READ = 1_500  # characters and words of a body that are compared
HEAD = 40  # characters: a message without a title is told by its beginning
SEEN = 2  # messages that hold a term before it counts, where all are known beforehand

_LAST = BUCKETS - 1

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Told = tuple[Counter[int], Counter[int], Counter[int], Counter[int]]


class Vector(msgspec.Struct, frozen=True):
    """A message as buckets and weights, the heaviest first; its length is at most 1."""

    at: Whole
    much: Floats


class Rarity:
    """How many messages hold each bucket; learned as they come, so it moves with the city."""

    def __init__(self, *, seen: int = 1) -> None:
        self.messages, self._seen = 0, seen
        self.holding = np.zeros(BUCKETS, np.int32)

    def learn(self, told: Told) -> None:
        """Count one message."""
        for family in told:
            self.holding[np.fromiter(family.keys(), np.int64, len(family))] += 1
        self.messages += 1

    def of(self, at: Whole) -> Floats:
        """Return the smooth inverse document frequency of buckets; 0 for what stands alone."""
        held = self.holding[at]
        weight = np.log((1 + self.messages) / (1 + held)) + 1.0
        return np.asarray(np.where(held >= self._seen, weight, 0.0), np.float32)


def told(
    title: str,
    body: str,
    title_words: Sequence[str],
    body_words: Sequence[str],
    *,
    letters: int = READ,
) -> Told:
    """Return the four families of a cleaned, masked message as buckets and counts.

    Of the body's letters only the first `letters` are read.
    """
    if not title:
        title, title_words = body[:HEAD], body_words[: HEAD // 2]
    return (
        _words(title_words, 1), _letters(title, 2),
        _words(body_words[:READ], 3), _letters(body[:letters], 4),
    )  # fmt: skip


def vector(families: Told, rarity: Rarity, *, most: int | None = None) -> Vector:
    """Return the weights, (1 + ln n) x rarity, each family of its share of the length.

    `most` keeps only the heaviest terms of each family, for what must be fast.
    """
    places, weights = [], []
    for family, share in zip(families, SHARES, strict=True):
        at = np.fromiter(family.keys(), np.int64, len(family))
        much = np.log(np.fromiter(family.values(), np.float32, len(family))) + np.float32(1)
        much *= rarity.of(at)
        if most is not None and len(at) > most:
            keep = np.argpartition(-much, most)[:most]
            at, much = at[keep], much[keep]
        length = sqrt(float(much @ much))
        kept = much > 0
        places.append(at[kept])
        weights.append(much[kept] * np.float32(sqrt(share) / (length or 1.0)))
    at, much = np.concatenate(places), np.concatenate(weights)
    order = np.argsort(-much, kind="stable")
    return Vector(at[order], much[order])


def _letters(text: str, family: int) -> Counter[int]:
    # Four bytes a letter, so that a pair and a triple are plain slices.
    raw = text.encode("utf-32-le", "surrogatepass")
    pairs = [crc32(raw[at : at + 8], family) & _LAST for at in range(0, len(raw) - 7, 4)]
    triples = [crc32(raw[at : at + 12], family) & _LAST for at in range(0, len(raw) - 11, 4)]
    return Counter(pairs + triples)


def _words(terms: Iterable[str], family: int) -> Counter[int]:
    return Counter([crc32(term.encode(), family) & _LAST for term in terms])
