"""Certify: how far a model may forward alone, by a bound that holds and not by a lucky sample."""

from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

PROMISE = 0.02  # share of automatic forwards that may be wrong
SURE = (
    0.985  # confidence of the bound; 95 % broke the promise in 9 % of splits, as copies correlate
)
LEAST = 150  # messages before anything can be certified: 148 right ones prove 2 % at 95 %
STEP = 25  # messages between two looks down the list

Floats = npt.NDArray[np.floating]
Flags = npt.NDArray[np.bool_]


class Bound(msgspec.Struct, frozen=True):
    """From this trust on messages go out alone; at most the share `at_most` is wrong."""

    trust: float
    tried: int
    wrong: int
    at_most: float


NEVER = Bound(trust=float("inf"), tried=0, wrong=0, at_most=1.0)


def upper(wrong: int, tried: int, sure: float = SURE) -> float:
    """Return the Clopper-Pearson upper bound of the share `wrong` of `tried`."""
    if not 0 <= wrong <= tried or not 0.5 <= sure < 1.0:
        raise ValueError(f"{wrong} of {tried} at {sure} is no trial; give 0 <= wrong <= tried")
    if wrong == tried:
        return 1.0
    return float(betaincinv(wrong + 1, tried - wrong, sure))


def certify(trust: Floats, wrong: Flags, *, promise: float = PROMISE, sure: float = SURE) -> Bound:
    """Return the lowest trust whose forwards are wrong in at most `promise`, provably.

    Fixed-sequence testing: the list is walked from the most trusted down and stops at the first
    look that cannot be proved, so that one confidence serves for all looks (Bates et al. 2021,
    Learn then Test). Give trust that was measured on messages the model never saw.
    """
    order = np.argsort(-trust, kind="stable")
    sorted_trust, errors = trust[order], np.cumsum(wrong[order])
    held = NEVER
    for tried in range(LEAST, len(order) + 1, STEP):
        at_most = upper(int(errors[tried - 1]), tried, sure)
        if at_most <= promise:
            held = Bound(float(sorted_trust[tried - 1]), tried, int(errors[tried - 1]), at_most)
        elif held is not NEVER:
            break
    return held


def certify_groups(
    trust: Floats, wrong: Flags, topics: npt.NDArray[np.int64], groups: Mapping[int, str],
    *, promise: float = PROMISE, sure: float = SURE,
) -> dict[str, Bound]:  # fmt: skip
    """Return a bound for each group of topics; `groups` tells the group of each predicted topic."""
    named = np.array([groups[int(topic)] for topic in topics], dtype=object)
    return {
        name: certify(trust[named == name], wrong[named == name], promise=promise, sure=sure)
        for name in sorted(set(groups.values()))
    }
