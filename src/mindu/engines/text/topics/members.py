"""Members: linear models of different temper on the same terms, blended to one probability."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from mindu.engines.text.topics.model import Blend
from mindu.engines.text.topics.terms import Floats

Whole = npt.NDArray[np.int64]
SOFT = 0.5  # C of the support vectors, as measured best on grouped folds
SMOOTH = 0.3  # added to every count
PASSES = 20  # of stochastic descent


def fit_members(table: csr_matrix, right: Whole, count: int) -> tuple[Floats, Floats]:
    """Return weights (terms x columns) and bases of all members."""
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


def base_scores(table: csr_matrix, weights: Floats, base: Floats) -> Floats:
    """Return messages x columns: what each member says of each topic."""
    return np.asarray(table @ weights + base, np.float32)


def fit_blend(scores: Floats, right: Whole) -> Blend:
    """Return the blend under which the members' scores become calibrated probabilities."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    fitted = LogisticRegression(C=0.1, max_iter=500).fit(scores, right)
    turned, shift = _columns(fitted.coef_, fitted.intercept_, int(right.max()) + 1)
    return Blend(turned, shift)


def _columns(coef: Floats, intercept: Floats, count: int) -> tuple[Floats, Floats]:
    # Of two topics scikit-learn tells only the second; the first is its mirror.
    if count == 2:
        coef, intercept = np.concatenate([-coef, coef]), np.concatenate([-intercept, intercept])
    return np.asarray(coef.T, np.float32), np.asarray(intercept, np.float32)
