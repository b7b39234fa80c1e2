"""Chances of counts: how rare a number of calls is under the usual rate."""

from math import exp


def at_least(count: float, mean: float) -> float:
    """Return the chance of `count` or more calls where `mean` are usual (Poisson)."""
    assert mean >= 0.0, "a mean number of calls is 0 or more"
    term = exp(-min(mean, 700.0))
    below = 0.0
    for k in range(int(count)):
        below += term
        term *= mean / (k + 1)
    return min(1.0, max(0.0, 1.0 - below))
