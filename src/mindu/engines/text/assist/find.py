"""Find: closed cases and knowledge articles that speak of the same thing (BM25)."""

import re
from collections import Counter
from collections.abc import Sequence
from heapq import nlargest
from math import log

import msgspec

from mindu.engines.text.topics.terms import IDLE
from mindu.engines.text.words import words

# Robertson and Zaragoza 2009: how soon a repeated word saturates; how much length weighs.
K1, B = 1.2, 0.75
MOST = 200_000  # texts that a shelf holds; the oldest leave first
REASONS = 12  # shared words and pairs among which those are chosen that are told
ASKED = 60  # different words of a question that are looked up, the rarest first
PAIR = "~"  # before a pair, so that it is no word
COMMON = 0.3  # share of texts beyond which a word finds nothing


_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")


def finely(text: str) -> list[str]:
    """Return the words of a text and all its pairs of Chinese letters.

    A segmenter cuts 路灯不亮 here so and there otherwise; pairs meet all the same. For shelves of
    some thousand texts: they cost three times the memory of words.
    """
    runs = (found[0] for found in _HAN.finditer(text))
    pairs = [PAIR + run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    return [*words(text), *pairs]


class Found(msgspec.Struct, frozen=True):
    """One text of the shelf: its name, its points, and the words shared with the question."""

    name: str
    points: float
    because: tuple[str, ...]


class Shelf:
    """Texts by name, kept as words; give only masked text, for what is here is shown to others."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._texts: dict[str, Counter[str]] = {}
        self._sizes: dict[str, int] = {}
        self._holders: dict[str, dict[str, int]] = {}
        self._total = 0

    def __len__(self) -> int:
        return len(self._texts)

    def put(self, name: str, said: Sequence[str]) -> None:
        """Put a text on the shelf in place of one of its name; the oldest of too many leaves."""
        self.drop(name)
        counted = Counter(said)
        self._texts[name], self._sizes[name] = counted, len(said)
        self._total += len(said)
        for word, count in counted.items():
            self._holders.setdefault(word, {})[name] = count
        while len(self._texts) > self._most:
            self.drop(next(iter(self._texts)))

    def drop(self, name: str) -> None:
        """Take a text off; nothing happens when it is not there."""
        counted = self._texts.pop(name, None)
        if counted is None:
            return
        self._total -= self._sizes.pop(name)
        for word in counted:
            holders = self._holders[word]
            del holders[name]
            if not holders:
                del self._holders[word]

    def find(self, said: Sequence[str], *, most: int = 5) -> tuple[Found, ...]:
        """Return the texts that answer best, best first; each with the words that it shares."""
        asked = set(said) - IDLE
        known = {word: len(self._holders[word]) for word in asked if word in self._holders}
        limit = max(5, COMMON * len(self._texts))
        rare = sorted((word for word in known if known[word] <= limit), key=lambda w: (known[w], w))
        mean = self._total / len(self._texts) if self._texts else 1.0
        points: dict[str, float] = {}
        shared: dict[str, list[tuple[float, str]]] = {}
        for word in rare[:ASKED]:
            rarity = log(1 + (len(self._texts) - known[word] + 0.5) / (known[word] + 0.5))
            for name, count in self._holders[word].items():
                length = 1 - B + B * self._sizes[name] / mean
                gained = rarity * count * (K1 + 1) / (count + K1 * length)
                points[name] = points.get(name, 0.0) + gained
                shared.setdefault(name, []).append((gained, word))
        best = nlargest(most, points.items(), key=lambda held: (held[1], held[0]))
        return tuple(
            Found(name, round(won, 3), _because(nlargest(REASONS, shared[name])))
            for name, won in best
        )


def _because(shared: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    """Return at most five of the shared words; pairs where there are none."""
    told = [word for _, word in shared]
    whole = [word for word in told if not word.startswith(PAIR)]
    return tuple(word.removeprefix(PAIR) for word in (whole or told)[:5])
