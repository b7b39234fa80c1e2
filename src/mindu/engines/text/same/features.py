"""Features: a message as hashed words and letters of its title and body; no vocabulary is kept."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import sqrt

import msgspec
import numpy as np
import numpy.typing as npt

from mindu.base.slot import Slot
from mindu.engines.text.same.hashed import (
    BUCKETS,
    Counted,
    Crc,
    Whole,
    counted,
    letters_of,
    words_of,
)

# Share of the likeness: words and letters of the title, words and letters of the body.
SHARES = (0.2, 0.2, 0.3, 0.3)
READ = 1_500  # characters and words of a body that are compared
HEAD = 40  # characters: a message without a title is told by its beginning
SEEN = 2  # messages that hold a term before it counts, where all are known beforehand

Floats = npt.NDArray[np.float32]
_EACH = np.arange(4_096)  # places, to be cut from
# A quicker way to the same: from the codes of words, a title and the letters read of a body.
QUICK: Slot[Callable[[Crc, str, str], Counted]] = Slot()


class Vector(msgspec.Struct, frozen=True):
    """A message as buckets and weights, the heaviest first; its length is at most 1."""

    at: Whole
    much: Floats


class Rarity:
    """How many messages hold each bucket; learned as they come, so it moves with the city."""

    def __init__(self, *, seen: int = 1) -> None:
        self.messages, self._seen = 0, seen
        self.holding = np.zeros(BUCKETS, np.int32)

    def learn(self, told: Counted) -> None:
        """Count one message."""
        for start, end in pairwise(told.ends):  # within a family each bucket stands once
            self.holding[told.at[start:end]] += 1
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
) -> Counted:
    """Return the four families of a cleaned, masked message as buckets and counts.

    Of the body's letters only the first `letters` are read.
    """
    if not title:
        title, title_words = body[:HEAD], body_words[: HEAD // 2]
    codes = words_of(title_words, body_words[:READ])
    if QUICK.held is not None:
        return QUICK.held(codes, title, body[:letters])
    return counted([codes, *letters_of(title, body[:letters])])


def vector(told: Counted, rarity: Rarity, *, most: int | None = None) -> Vector:
    """Return the weights, (1 + ln n) x rarity, each family of its share of the length.

    `most` keeps only the heaviest terms of each family, for what must be fast.
    """
    much = np.log(told.count.astype(np.float32)) + np.float32(1)
    much *= rarity.of(told.at)
    kept: list[Whole] = []
    for start, end, share in zip(told.ends[:-1], told.ends[1:], SHARES, strict=True):
        family = much[start:end]
        if most is not None and end - start > most:
            keep = np.argpartition(-family, most)[:most]
            kept.append(keep + start)
            length = sqrt(float(family[keep] @ family[keep]))
        else:
            kept.append(_EACH[start:end] if end < len(_EACH) else np.arange(start, end))
            length = sqrt(float(family @ family))
        family *= np.float32(sqrt(share) / (length or 1.0))
    held = np.concatenate(kept)
    heavy = much.take(held)
    order = np.argsort(-heavy, kind="stable")
    if len(order) and heavy[order[-1]] <= 0:
        order = order[: int((heavy > 0).sum())]
    return Vector(told.at.take(held.take(order)), heavy.take(order))
