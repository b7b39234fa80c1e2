"""Sense: what a message is broadly about, so that one place with two matters stays two."""

from collections import Counter
from collections.abc import Sequence
from itertools import compress

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

DEPTH = 120  # directions kept
FEWEST = 5  # messages that hold a word before it has a sense
COMMON = 0.3  # share of messages beyond which a word has none
LEAST = 0.02  # two messages are never less alike in sense than this
DOUBLE = 2  # the title counts twice

Floats = npt.NDArray[np.float32]


class Sense:
    """Latent semantic directions of words (Deerwester et al. 1990), learned from the messages."""

    def __init__(self, places: dict[str, int], directions: Floats) -> None:
        self._places, self._directions = places, directions

    def of(self, title: Sequence[str], body: Sequence[str]) -> Floats:
        """Return the sense of a message, of length 1, or zeros when no word is known."""
        count = Counter(title)
        for word in count:
            count[word] *= DOUBLE
        count.update(body)
        places = list(map(self._places.get, count))
        known = [at is not None for at in places]
        at = np.array(list(compress(places, known)), np.int64)
        if not len(at):
            return np.zeros(self._directions.shape[1], np.float32)
        much = 1 + np.log(np.array(list(compress(count.values(), known)), np.float32))
        seen = much @ self._directions.take(at, axis=0)
        return np.asarray(seen / (np.linalg.norm(seen) or 1.0), np.float32)


def learn_sense(many: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Sense:
    """Return the sense of (title words, body words) of many messages; a second for 4,000."""
    held = Counter(word for title, body in many for word in {*title, *body})
    limit = COMMON * len(many)
    words = sorted(word for word, n in held.items() if FEWEST <= n <= limit)
    places = {word: at for at, word in enumerate(words)}
    depth = min(DEPTH, len(words) - 1, len(many) - 1)
    if depth < 2:
        return Sense({}, np.zeros((0, 1), np.float32))
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 - only where there is something
    from threadpoolctl import (  # type: ignore[import-untyped]  # noqa: PLC0415 - of scikit-learn
        threadpool_limits,
    )

    rows = [Counter([*title, *title, *body]) for title, body in many]
    at = [[places[word] for word in row if word in places] for row in rows]
    much = [[1 + np.log(n) for word, n in row.items() if word in places] for row in rows]
    ends = np.cumsum([0, *map(len, at)])
    rarity = np.log((1 + len(many)) / (1 + np.array([held[word] for word in words]))) + 1
    shape = (len(many), len(words))
    table = csr_matrix((np.concatenate(much), np.concatenate(at).astype(int), ends), shape) @ diags(
        rarity
    )
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = diags(1 / np.maximum(lengths, 1e-9)) @ table
    with threadpool_limits(1):  # matrices this small cost more to share out than to multiply
        fitted = TruncatedSVD(depth, n_iter=2, random_state=0).fit(table)
    return Sense(places, np.asarray(fitted.components_.T * rarity[:, None], np.float32))


def agreement(one: Floats, other: Floats) -> Floats:
    """Return the factor by which sense lowers likeness: the root of the cosine, 0.14 to 1."""
    return np.asarray(np.sqrt(np.clip(one @ other, LEAST, 1.0)), np.float32)
