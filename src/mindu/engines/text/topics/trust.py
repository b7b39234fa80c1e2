"""Trust: how likely the best suggestion is right, learned from messages that were held apart.

The largest probability alone ranks badly: members that disagree, or a topic that is often mistaken
for its neighbour, say more. It only ranks; what may go out alone is certified afterwards.
"""

from collections.abc import Sequence
from math import exp, log

import msgspec
import numpy as np

from mindu.engines.text.topics.terms import Floats

SURE = 1e-6  # a probability is kept this far from 0 and 1
SOFT = 0.2  # C of the logistic regression


class Trust(msgspec.Struct, frozen=True):
    """A logistic regression on `features`: one weight each, and a base."""

    weights: Floats
    base: float

    def of(self, scores: Floats, chances: Floats, more: Floats) -> Floats:
        """Return for each message how likely its best suggestion is right, 0 to 1."""
        told = features(scores, chances, more) @ self.weights + self.base
        return np.asarray(1.0 / (1.0 + np.exp(-told)), np.float32)

    def one(
        self, scores: Sequence[float], chances: Sequence[float], more: Sequence[float]
    ) -> float:
        """Return the same for one message, as plain numbers: the arrays would cost more than it."""
        topics, weights = len(chances), self.weights.tolist()
        said = max(range(topics), key=chances.__getitem__)
        plain = [min(max(chance, SURE), 1.0 - SURE) for chance in chances]
        odds = log(plain[said] / (1.0 - plain[said]))
        next_best = max(plain[:said] + plain[said + 1 :])
        told = [odds, log(plain[said] / next_best), sum([p * log(p) for p in plain])]
        for start in range(0, len(scores), topics):
            own = list(scores[start : start + topics])
            lead = own.pop(said) - max(own)
            told += [lead, 1.0 if lead > 0.0 else 0.0]
        told += more
        topic = weights[len(told) + said] + weights[len(told) + topics + said] * odds
        total = self.base + topic + sum([w * f for w, f in zip(weights, told, strict=False)])
        return 1.0 / (1.0 + exp(-total))


def features(scores: Floats, chances: Floats, more: Floats) -> Floats:
    """Return messages x features: odds, lead and spread of the blend; each seat's lead; topic.

    `scores` are those of the seats and `more` what else is known, as `Panel.read` gives them.
    """
    count, topics = chances.shape
    rows, said = np.arange(count), chances.argmax(axis=1)
    plain = np.clip(chances, SURE, 1.0 - SURE)
    best = plain[rows, said]
    others = plain.copy()
    others[rows, said] = 0.0
    odds = np.log(best / (1.0 - best))
    told = [odds, np.log(best / others.max(axis=1)), (plain * np.log(plain)).sum(axis=1)]
    for start in range(0, scores.shape[1], topics):
        own = scores[:, start : start + topics].copy()
        mine = own[rows, said]
        own[rows, said] = -np.inf
        lead = mine - own.max(axis=1)
        told += [lead, (lead > 0.0).astype(np.float32)]
    here = np.zeros((count, topics), np.float32)
    here[rows, said] = 1.0
    return np.concatenate([np.stack(told, axis=1), more, here, here * odds[:, None]], axis=1)


def fit_trust(told: Floats, right: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Trust:
    """Return the trust that these features of messages held apart teach."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only to learn

    if right.all() or not right.any():  # nothing to tell apart
        share = min(max(float(right.mean()), SURE), 1.0 - SURE)
        return Trust(np.zeros(told.shape[1], np.float32), float(np.log(share / (1.0 - share))))
    mean, wide = told.mean(axis=0), told.std(axis=0)
    wide[wide < SURE] = 1.0
    fitted = LogisticRegression(C=SOFT, max_iter=500).fit((told - mean) / wide, right)
    weights = np.asarray(fitted.coef_[0] / wide, np.float32)
    return Trust(weights, float(fitted.intercept_[0] - weights @ mean))
