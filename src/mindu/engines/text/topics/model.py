"""Model: what a message is about, how sure, and which of its words decided."""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from mindu.engines.text.topics.certify import WHOLE, Bound
from mindu.engines.text.topics.panel import Panel, cut
from mindu.engines.text.topics.terms import Counted, Floats, Terms
from mindu.engines.text.topics.trust import Trust

TOLD = 3  # suggestions that a person is shown
REASONS = 5  # words told for each


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is and what it can do: a record to be kept beside every decision it made."""

    version: str  # of the model: the digest of its data and its way of learning
    made: str  # ISO time
    way: str  # how it learned
    digest: str  # SHA-256 of the examples
    examples: int
    groups: int  # of near-duplicates; no group stands on both sides of a test
    topics: dict[str, int]
    macro_f1: float  # on groups held apart, as `way` says
    accuracy: float
    f1: dict[str, float]
    promise: float  # share of automatic forwards that may be wrong
    sure: float  # confidence of the bound
    coverage: float  # share of messages that would go out alone
    bounds: dict[str, Bound]
    origin: str = "operator"  # or "seed": words that we wrote ourselves, for the first start


class Guess(msgspec.Struct, frozen=True):
    """One suggestion: the topic, its probability, and the words that spoke for it most."""

    topic: str
    probability: float
    because: tuple[str, ...] = ()


class Classified(msgspec.Struct, frozen=True):
    """At most three suggestions, best first; `auto` when the best is certified to go out alone."""

    guesses: tuple[Guess, ...]
    auto: bool
    trust: float
    known: float  # share of the message's words that the model has ever seen

    @property
    def topic(self) -> str:
        """The best suggestion's topic."""
        return self.guesses[0].topic


class Blend(msgspec.Struct, frozen=True):
    """How what a panel's seats say becomes one probability: softmax(scores x mix + base)."""

    mix: Floats
    base: Floats
    panel: Panel = Panel()


class TopicModel:
    """A trained model: linear members on one set of terms, blended to calibrated probabilities."""

    def __init__(
        self, card: Card, terms: Terms, weights: Floats, base: Floats, blend: Blend,
        trust: Trust | None = None,
    ) -> None:  # fmt: skip
        assert weights.shape[0] == len(terms), "every term has its weights"
        panel = blend.panel
        seats = panel.seats * len(blend.base)
        assert weights.shape[1] == len(base), "every member has a base"
        assert seats == len(blend.mix), "every seat has a share"
        self.card, self.terms, self.base = card, terms, base
        self.blend, self.trust, self.panel = blend, trust, panel
        ends = [0, *(len(blend.base) * (panel.whole + view) for view in range(panel.views + 1))]
        self._parts = [np.ascontiguousarray(weights[:, start:end]) for start, end in pairwise(ends)]

    @property
    def weights(self) -> Floats:
        """Terms x columns of all members."""
        return np.concatenate(self._parts, axis=1)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics in the order of the columns."""
        return tuple(self.card.topics)

    @cached_property
    def bounds(self) -> dict[str, Bound]:
        """The bound of each topic that may go out alone; a model of before has one for all."""
        held = self.card.bounds
        if set(held) == {WHOLE}:
            return dict.fromkeys(self.topics, held[WHOLE])
        return {topic: bound for bound in held.values() for topic in bound.groups}

    def probabilities(self, said: Sequence[str]) -> Floats:
        """Return the probability of each topic for one message's words."""
        return self._blended(self._heard(said, self.terms.count(said))[0])

    def classify(self, said: Sequence[str]) -> Classified:
        """Return three suggestions with their reasons for the words of one message."""
        counted = self.terms.count(said)
        scores, more = self._heard(said, counted)
        chances = self._blended(scores)
        trust = self._trusted(scores, chances, more)
        best = np.argsort(-chances, kind="stable")[:TOLD]
        known = int(counted.counts.sum())
        share = round(known / counted.read, 3) if counted.read else 0.0
        why = self._reasons(counted, best) if known else {}
        sure = [trust, *(min(trust, float(chances[at])) for at in best[1:])]
        guesses = tuple(
            Guess(self.topics[at], round(much, 4), why.get(int(at), ()))
            for at, much in zip(best, sure, strict=True)
        )
        bound = self.bounds.get(guesses[0].topic)
        auto = known >= 2 and bound is not None and trust >= bound.trust
        return Classified(guesses=guesses, auto=auto, trust=round(trust, 5), known=share)

    def _heard(self, said: Sequence[str], counted: Counted) -> tuple[Floats, Floats]:
        """Return what each seat says of one message, and what else trust should know."""
        places, much = self.terms.weights(counted)
        told, length = [much @ self._parts[0].take(places, axis=0)], 0
        if self.panel.views:
            head, length = cut(said)
            places, much = self.terms.weigh(head)
            told.append(much @ self._parts[1].take(places, axis=0))
        scores = np.concatenate(told)
        scores += self.base
        return self.panel.one(scores, len(self.topics), length)

    def _trusted(self, scores: Floats, chances: Floats, more: Floats) -> float:
        """Return how likely the best suggestion is right."""
        if self.trust is None:  # a model of before
            return float(chances.max())
        return self.trust.one(scores.tolist(), chances.tolist(), more.tolist())

    def _blended(self, scores: Floats) -> Floats:
        told = scores @ self.blend.mix + self.blend.base
        odds = np.exp(told - told.max())
        return np.asarray(odds / odds.sum(), np.float32)

    @cached_property
    def _pull(self) -> Floats:
        """How far each known word moves each topic, the mean of all topics taken off."""
        count = len(self.terms.words)
        mix = self.panel.spoken(self.blend.mix)
        pull = (self.terms.rarity[:count, None] * self.weights[:count]) @ mix
        return np.asarray(pull - pull.mean(axis=1, keepdims=True), np.float32)

    def _reasons(
        self, counted: Counted, topics: npt.NDArray[np.intp]
    ) -> dict[int, tuple[str, ...]]:
        """Return for each topic the words that moved it most."""
        pull = self._pull.take(counted.places, axis=0)
        told = {}
        for topic in topics.tolist():
            mine = pull[:, topic]
            strongest = np.argsort(-mine, kind="stable")[:REASONS].tolist()
            told[topic] = tuple(counted.words[at] for at in strongest if mine[at] > 0)
        return told
