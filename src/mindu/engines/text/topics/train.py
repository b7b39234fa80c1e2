"""Train: from an operator's history to a model with a score card, tested on groups held apart."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mindu.engines.text.topics.certify import PROMISE, SURE, WHOLE, certify_groups
from mindu.engines.text.topics.members import base_scores, fit_blend, fit_members
from mindu.engines.text.topics.model import Card, TopicModel
from mindu.engines.text.topics.near import folds, near_groups
from mindu.engines.text.topics.panel import PANEL, cut
from mindu.engines.text.topics.score import f1_of
from mindu.engines.text.topics.terms import Floats, Terms, learn_terms
from mindu.engines.text.topics.trust import features, fit_trust

FOLDS = 10  # members held to account learn from nine tenths: nearly what the model learns from
FEWEST = 10  # messages of a topic; fewer cannot be learned and tested apart
MOST = (
    60_000  # newest messages that are learned from: beyond it time and memory grow, skill does not
)
WAY = "words and character pairs, TF-IDF, a panel of linear members, trust learned; grouped 10-fold"

Whole = npt.NDArray[np.int64]


class Example(msgspec.Struct, frozen=True):
    """One message that a person has classified: its words and its topic."""

    words: tuple[str, ...]
    topic: str


class Tested(msgspec.Struct, frozen=True):
    """What members said of messages that they never saw: the honest ground of every figure."""

    topics: tuple[str, ...]
    right: Whole  # the true topic's place in `topics`
    groups: Whole
    scores: Floats  # messages x columns of the panel's seats
    more: Floats  # messages x what else trust should know
    folds: int = FOLDS


class Trial(msgspec.Struct, frozen=True):
    """One message that was held apart: what the model said of it, how surely, and the truth."""

    said: str
    trust: float
    right: str


def train(examples: Sequence[Example], *, made: str, origin: str = "operator") -> TopicModel:
    """Return a model of the examples, with its score card and its certified bound.

    `made` is the ISO time that is written on the card. Raises ValueError when fewer than two
    topics have enough examples. Costs some 20 CPU-seconds for 1,000 messages of 250 characters.
    """
    return learn(examples, made=made, origin=origin)[0]


def learn(
    examples: Sequence[Example], *, made: str, origin: str = "operator"
) -> tuple[TopicModel, list[Trial]]:
    """Return a model as `train` does, and what it said of every message while held apart."""
    kept = usable(examples)
    tested = test_apart(kept, FOLDS)
    chances = blended_apart(tested)
    said = chances.argmax(axis=1)
    wrong = said != tested.right
    trust = trusted_apart(tested, chances)
    bounds = certify_groups(trust, wrong, [tested.topics[at] for at in said.tolist()])
    alone = bounds[WHOLE].tried if bounds else 0
    terms = learn_terms([example.words for example in kept])
    tables = _tables(terms, [example.words for example in kept])
    weights, base = fit_members(tables, tested.right, len(tested.topics))
    f1 = f1_of(tested.right, said, tested.topics)
    digest = digest_of(kept)
    count = Counter(example.topic for example in kept)
    card = Card(
        version=f"{digest[:12]}-{sha256(WAY.encode()).hexdigest()[:4]}",
        made=made, way=WAY, digest=digest, examples=len(kept),
        groups=int(tested.groups.max()) + 1,
        topics={topic: count[topic] for topic in tested.topics},
        macro_f1=round(sum(f1.values()) / len(f1), 4), accuracy=round(float(1 - wrong.mean()), 4),
        f1=f1, promise=PROMISE, sure=SURE, coverage=round(alone / len(kept), 4), bounds=bounds,
        origin=origin,
    )  # fmt: skip
    blend = fit_blend(tested.scores, tested.right)
    learned = fit_trust(features(tested.scores, chances, tested.more), ~wrong)
    trials = [
        Trial(tested.topics[s], t, tested.topics[r])
        for s, t, r in zip(said.tolist(), trust.tolist(), tested.right.tolist(), strict=True)
    ]
    return TopicModel(card, terms, weights, base, blend, learned), trials


def usable(examples: Sequence[Example]) -> list[Example]:
    """Return the newest examples of topics that have enough of them."""
    kept = [example for example in examples if example.words and example.topic][-MOST:]
    count = Counter(example.topic for example in kept)
    kept = [example for example in kept if count[example.topic] >= FEWEST]
    if len({example.topic for example in kept}) < 2:
        raise ValueError(
            f"a model needs at least two topics with {FEWEST} messages each; found "
            + (", ".join(f"{topic}: {n}" for topic, n in count.most_common(8)) or "none")
        )
    return kept


def test_apart(kept: Sequence[Example], count: int) -> Tested:
    """Let members score each of `count` folds after learning, terms and all, from the others."""
    topics = tuple(sorted({example.topic for example in kept}))
    place = {topic: at for at, topic in enumerate(topics)}
    right = np.array([place[example.topic] for example in kept], np.int64)
    words = [example.words for example in kept]
    groups = near_groups(words)
    fold = folds(groups, count)
    scores = np.zeros((len(kept), len(topics) * (PANEL.whole + PANEL.views)), np.float32)
    for held in range(count):
        learn, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        terms = learn_terms([words[at] for at in learn])
        tables = _tables(terms, [words[at] for at in learn])
        weights, base = fit_members(tables, right[learn], len(topics))
        tables = _tables(terms, [words[at] for at in test])
        scores[test] = base_scores(tables, weights, base, len(topics))
    lengths = np.array([cut(said)[1] for said in words], np.float32)
    return Tested(topics, right, groups, *PANEL.read(scores, len(topics), lengths), count)


def _tables(terms: Terms, many: Sequence[Sequence[str]]) -> list[csr_matrix]:
    """Return messages x terms of all words, and of the heads."""
    return [terms.matrix(many), terms.matrix(cut(said)[0] for said in many)]


def blended_apart(tested: Tested) -> Floats:
    """Return each message's probabilities by a blend that was fitted without its fold."""
    fold = folds(tested.groups, tested.folds, seed=1)
    chances = np.zeros((len(tested.right), len(tested.topics)), np.float32)
    for held in range(tested.folds):
        learn, test = fold != held, fold == held
        blend = fit_blend(tested.scores[learn], tested.right[learn])
        told = tested.scores[test] @ blend.mix + blend.base
        odds = np.exp(told - told.max(axis=1, keepdims=True))
        chances[test] = odds / odds.sum(axis=1, keepdims=True)
    return chances


def trusted_apart(tested: Tested, chances: Floats) -> Floats:
    """Return how far each message's best topic is trusted, learned without its fold."""
    told = features(tested.scores, chances, tested.more)
    right = chances.argmax(axis=1) == tested.right
    fold, trust = folds(tested.groups, tested.folds, seed=2), np.zeros(len(right), np.float32)
    for held in range(tested.folds):
        learn, test = fold != held, fold == held
        learned = fit_trust(told[learn], right[learn])
        trust[test] = learned.of(tested.scores[test], chances[test], tested.more[test])
    return trust


def digest_of(examples: Sequence[Example]) -> str:
    """Return the SHA-256 of the examples in their order."""
    told = sha256()
    for example in examples:
        told.update(f"{example.topic}\t{' '.join(example.words)}\n".encode())
    return told.hexdigest()
