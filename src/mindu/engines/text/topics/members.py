"""Members: linear models of different temper on the same terms, blended to one probability."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from mindu.engines.text.topics.model import Blend
from mindu.engines.text.topics.panel import PANEL
from mindu.engines.text.topics.terms import Floats

Whole = npt.NDArray[np.int64]
SOFT = 0.5  # C of the support vectors, as measured best on grouped folds
SOFT_PART = 0.4  # of those that read a part alone
ENOUGH = 20  # messages for each column of a blend; with fewer its weights are chance
LOUD = np.geomspace(0.02, 5.0, 30)  # how loud even voices may be
SHARE = 0.5  # of the messages and of the terms that a bag learns from
SMOOTH = 0.3  # added to every count
PASSES = 20  # of stochastic descent


def fit_members(tables: Sequence[csr_matrix], right: Whole, count: int) -> tuple[Floats, Floats]:
    """Return weights (terms x columns) and bases of a whole panel.

    `tables` are all words and the heads of the messages, in the same terms.
    """
    parts = [_plain(tables[0], right, count), _bags(tables[0], right, count)]
    parts += [_viewed(table, right, count) for table in tables[1:]]
    weights = np.concatenate([weights for weights, _ in parts], axis=1)
    return weights, np.concatenate([base for _, base in parts])


def _bags(table: csr_matrix, right: Whole, count: int) -> tuple[Floats, Floats]:
    """Support vectors that each saw half of the messages of every topic, and half of the terms."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    dice = np.random.default_rng(0)
    weights, base = np.zeros((table.shape[1], 0), np.float32), np.zeros(0, np.float32)
    for _ in range(PANEL.bags):
        mine = dice.random(len(right))
        rows = np.flatnonzero(_half(mine, right, count))
        terms = np.flatnonzero(dice.random(table.shape[1]) < SHARE)
        fitted = LinearSVC(C=SOFT, random_state=0).fit(table[rows][:, terms], right[rows])
        turned, shift = _columns(fitted.coef_, fitted.intercept_, count)
        whole = np.zeros((table.shape[1], count), np.float32)
        whole[terms] = turned
        weights, base = np.concatenate([weights, whole], axis=1), np.concatenate([base, shift])
    return weights, base


def _half(mine: npt.NDArray[np.float64], right: Whole, count: int) -> npt.NDArray[np.bool_]:
    """Return half of each topic's messages, at least one: those that drew the lowest numbers."""
    chosen = np.zeros(len(right), np.bool_)
    for topic in range(count):
        here = np.flatnonzero(right == topic)
        order = here[np.argsort(mine[here])]
        chosen[order[: max(1, round(len(here) * SHARE))]] = True
    return chosen


def _viewed(table: csr_matrix, right: Whole, count: int) -> tuple[Floats, Floats]:
    """Support vectors on a part of every message."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    fitted = LinearSVC(C=SOFT_PART, random_state=0).fit(table, right)
    return _columns(fitted.coef_, fitted.intercept_, count)


def _plain(table: csr_matrix, right: Whole, count: int) -> tuple[Floats, Floats]:
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415 - only to learn
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    weights, base = [], []
    for member in (
        LinearSVC(C=SOFT, random_state=0),
        SGDClassifier(loss="modified_huber", alpha=1e-4, random_state=0, max_iter=PASSES, tol=None),
    ):
        member.fit(table, right)
        turned, shift = _columns(member.coef_, member.intercept_, count)
        weights.append(turned)
        base.append(shift)
    for turned, shift in (_counted(table, right, count), _leaned(table, right, count)):
        weights.append(turned)
        base.append(shift)
    return np.concatenate(weights, axis=1), np.concatenate(base)


def _counted(table: csr_matrix, right: Whole, count: int) -> tuple[Floats, Floats]:
    """Complement naive Bayes (Rennie et al. 2003): what is rare elsewhere speaks for a topic."""
    of = np.zeros((table.shape[0], count), np.float32)
    of[np.arange(len(right)), right] = 1.0
    seen = np.asarray(table.T @ of)
    others = seen.sum(axis=1, keepdims=True) - seen + SMOOTH
    told = -np.log(others / others.sum(axis=0))
    told /= np.abs(told).sum(axis=0)
    return np.asarray(told * len(told) * 0.1, np.float32), np.zeros(count, np.float32)


def _leaned(table: csr_matrix, right: Whole, count: int) -> tuple[Floats, Floats]:
    """Support vectors on terms scaled by their log-count ratio (Wang and Manning 2012)."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    weights, base = np.zeros((table.shape[1], count), np.float32), np.zeros(count, np.float32)
    for topic in range(count):
        mine = right == topic
        here = 1.0 + np.asarray(table[mine].sum(axis=0)).ravel()
        there = 1.0 + np.asarray(table[~mine].sum(axis=0)).ravel()
        lean = np.abs(np.log(here / here.sum()) - np.log(there / there.sum()))
        fitted = LinearSVC(C=0.3, random_state=0).fit(table @ diags(lean), mine)
        weights[:, topic] = fitted.coef_[0] * lean
        base[topic] = fitted.intercept_[0]
    return weights, base


def base_scores(tables: Sequence[csr_matrix], weights: Floats, base: Floats, topics: int) -> Floats:
    """Return messages x columns: what each member says of each topic."""
    ends = [0, *(topics * (PANEL.whole + view) for view in range(PANEL.views + 1))]
    parts = [
        table @ weights[:, start:end]
        for table, start, end in zip(tables, ends, ends[1:], strict=False)
    ]
    return np.asarray(np.concatenate(parts, axis=1) + base, np.float32)


def fit_blend(scores: Floats, right: Whole) -> Blend:
    """Return the blend under which what the seats say becomes calibrated probabilities.

    Where there are too few messages to learn who is to be believed in what, all have an even voice.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    if len(right) < ENOUGH * scores.shape[1]:
        return _even(scores, right)
    fitted = LogisticRegression(C=0.1, max_iter=500).fit(scores, right)
    turned, shift = _columns(fitted.coef_, fitted.intercept_, int(right.max()) + 1)
    return Blend(turned, shift, PANEL)


def _even(scores: Floats, right: Whole) -> Blend:
    """Return the blend of even voices, each in its own width, as loud as fits these messages."""
    topics = int(right.max()) + 1
    seats = scores.reshape(len(scores), -1, topics)
    voice = 1.0 / np.maximum(seats.std(axis=(0, 2)), 1e-6)
    told = np.einsum("nst,s->nt", seats, voice)
    loud = min(LOUD, key=lambda much: _surprise(much * told, right))
    mix = np.concatenate([np.eye(topics) * one * loud for one in voice])
    return Blend(np.asarray(mix, np.float32), np.zeros(topics, np.float32), PANEL)


def _surprise(told: Floats, right: Whole) -> float:
    """Return the mean logarithmic loss of a softmax."""
    odds = told - told.max(axis=1, keepdims=True)
    chances = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
    return float(-chances[np.arange(len(right)), right].mean())


def _columns(coef: Floats, intercept: Floats, count: int) -> tuple[Floats, Floats]:
    # Of two topics scikit-learn tells only the second; the first is its mirror.
    if count == 2:
        coef, intercept = np.concatenate([-coef, coef]), np.concatenate([-intercept, intercept])
    return np.asarray(coef.T, np.float32), np.asarray(intercept, np.float32)
