"""Terms: a message as counts of known words, characters and pairs of characters."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from itertools import compress, pairwise
from math import log, sqrt

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mindu.base.slot import Slot

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Paired = Callable[[str], tuple[Whole, Whole]]  # places and counts of a text's characters and pairs
# A quicker way to the same: from the codes of what is known, in their order, and their places.
QUICK: Slot[Callable[[Whole, Whole], Paired]] = Slot()
RARE = 2  # messages a term must stand in to be kept
SMALL = 2_000  # messages; in a smaller set a term that stands in one message is kept as well
READ = 2_000  # words of one message that are read
PLACES = 21  # bits of a character's number
# Words without a topic; many histories were stored without them.
IDLE = frozenset(
    resources.files(__package__).joinpath("idle.csv").read_text(encoding="utf-8").split()
)


class Counted(msgspec.Struct, frozen=True):
    """The terms of one message that a model knows, with their counts, in its two families."""

    words: tuple[str, ...]  # in the order in which they were first said
    places: Whole
    counts: Whole
    pairs: Whole  # places of characters and pairs
    pair_counts: Whole
    read: int  # words read, known or not


class Terms:
    """The terms that a model knows, in two families (words; characters), with their rarity.

    Characters are taken from the words joined, but for idle words (的, 了, 我们 …) that the
    training set never had: so raw text and text whose stop words were dropped look the same.
    """

    def __init__(self, words: Sequence[str], pairs: Sequence[str], rarity: Floats) -> None:
        assert len(rarity) == len(words) + len(pairs), "every term has a rarity"
        self.words = {word: place for place, word in enumerate(words)}
        self.pairs = {pair: place for place, pair in enumerate(pairs, start=len(words))}
        self.rarity = rarity
        codes = np.fromiter((_code(pair) for pair in pairs), np.int64, len(pairs))
        order = np.argsort(codes)
        self._codes, self._at = codes[order], order + len(words)
        self._quick: Paired | None = None

    def __len__(self) -> int:
        return len(self.rarity)

    def weigh(self, said: Sequence[str]) -> tuple[Whole, Floats]:
        """Return the places and weights of one message's terms, as `weights` does."""
        return self.weights(self.count(said))

    def weights(self, counted: Counted) -> tuple[Whole, Floats]:
        """Return places and weights.

        A weight is (1 + ln n) x rarity, each family of length 1 (sublinear TF-IDF).
        """
        families = (counted.places, counted.counts), (counted.pairs, counted.pair_counts)
        weights = []
        for at, count in families:
            much = np.log(count.astype(np.float32)) + np.float32(1)
            much *= self.rarity[at]
            length = sqrt(float(much @ much))
            weights.append(much / np.float32(length) if length else much)
        return np.concatenate([counted.places, counted.pairs]), np.concatenate(weights)

    def matrix(self, many: Iterable[Sequence[str]]) -> csr_matrix:
        """Return messages x terms."""
        at, much, ends = [], [], [0]
        for said in many:
            places, weights = self.weigh(said)
            at.append(places)
            much.append(weights)
            ends.append(ends[-1] + len(places))
        shape = (len(ends) - 1, len(self))
        columns = np.concatenate(at) if at else np.zeros(0, np.int64)
        values = np.concatenate(much) if much else np.zeros(0, np.float32)
        return csr_matrix((values, columns, ends), shape=shape)

    def count(self, said: Sequence[str]) -> Counted:
        """Return the known words, and the known characters and pairs, with their counts."""
        read = said[:READ]
        count = Counter(read)
        places = list(map(self.words.get, count))
        known = [at is not None for at in places]
        words = tuple(compress(count, known))
        here = np.array(list(compress(places, known)), np.int64)
        counts = np.array(list(compress(count.values(), known)), np.int64)
        idle = IDLE.intersection(count).difference(words)
        joined = "".join([word for word in read if word not in idle] if idle else read)
        return Counted(words, here, counts, *self._paired(joined), len(read))

    def _paired(self, joined: str) -> tuple[Whole, Whole]:
        """Count characters and pairs as numbers: a message has hundreds, most of them known."""
        if not joined or not len(self._codes):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        if QUICK.held is not None:
            self._quick = self._quick or QUICK.held(self._codes, self._at)
            return self._quick(joined)
        raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
        told = np.concatenate([raw, (raw[:-1] << PLACES) | raw[1:]])
        seen, count = np.unique(told, return_counts=True)
        where = np.minimum(np.searchsorted(self._codes, seen), len(self._codes) - 1)
        known = self._codes[where] == seen
        return self._at[where[known]], count[known]


def _code(pair: str) -> int:
    """Return a character or pair as one number."""
    one, *other = map(ord, pair)
    return (one << PLACES) | other[0] if other else one


def learn_terms(many: Sequence[Sequence[str]], *, rare: int | None = None) -> Terms:
    """Return the terms that stand in at least `rare` messages; rarity is smooth IDF."""
    if rare is None:
        rare = RARE if len(many) > SMALL else 1
    in_messages = Counter(word for said in many for word in set(said[:READ]))
    words = sorted(word for word, count in in_messages.items() if count >= rare)
    known = set(words)
    pairs_in: Counter[str] = Counter()
    for said in many:
        joined = "".join(word for word in said[:READ] if word in known or word not in IDLE)
        pairs_in.update({*joined, *map("".join, pairwise(joined))})
    pairs = sorted(pair for pair, count in pairs_in.items() if count >= rare)
    counts = [in_messages[word] for word in words] + [pairs_in[pair] for pair in pairs]
    rarity = [log((1 + len(many)) / (1 + count)) + 1.0 for count in counts]
    return Terms(words, pairs, np.asarray(rarity, np.float32))
