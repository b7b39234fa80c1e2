"""Hold hand rules against design storms, and say which of them is in least danger over all.

A rule is dropped as soon as what is proved of it is already worse than the first rule can bear to
be replaced by, so the storms that are hardest come first and most rules never see the others.
"""

from collections.abc import Sequence

import numpy as np

from mindu.apps.water.control.choose import LOST, NOISE, SLACK, WATER, Weighed
from mindu.apps.water.control.cost import terms
from mindu.apps.water.control.trials import Trials

WEAR = ("energy", "starts", "moves")  # terms of a cost that machines bear
STICK = 0.95  # another rule must be in so much less danger than the first of them


def safest(trials: Trials, numbers: Sequence[int]) -> int:
    """Return the rule that is in least danger; the first of them unless another is by far.

    Where time ends before the first is proved on all storms, it stays; a rule that is not proved
    on all storms in time is not taken.
    """
    first, *others = numbers
    trials.beside = first
    trials.prove(trials.all_of(first))
    bar = STICK * danger(trials, first) - SLACK
    if not np.isfinite(trials.weighed(first).mean):
        return first
    storms = sorted((m for _, m in trials.all_of(first)), key=lambda m: -trials.stake(m))
    held = others
    for storm in storms:
        trials.prove([(n, storm) for n in held])
        held = [n for n in held if (n, storm) in trials.found and danger(trials, n) < bar]
    return min(held, key=lambda n: danger(trials, n), default=first)


def spares(trials: Trials, rule: int, sparing: int) -> bool:
    """Say whether a rule that spares pumps is in no more danger over all storms, and wears less."""
    trials.beside = rule
    trials.prove([*trials.all_of(rule), *trials.all_of(sparing)])
    plain, saving = trials.weighed(rule), trials.weighed(sparing)
    if not np.isfinite(saving.mean):
        return False
    more = danger(trials, sparing) > danger(trials, rule) * (1.0 + NOISE) + SLACK
    return not more and worn(saving) < worn(plain)


def worn(option: Weighed) -> float:
    """Return what a plan takes out of the machines, flood-equal m3, mean over the weathers."""
    return sum(option.terms.get(name, 0.0) for name in WEAR)


def danger(trials: Trials, rule: int) -> float:
    """Return what a rule is judged by so far, m3: flood and near flood, and what it loses.

    Over the storms that it is proved on; it only grows as more are. What it costs more than the
    first rule in one storm counts `LOST` times more, as in every decision.
    """
    summed = 0.0
    for m, storm in enumerate(trials.members):
        future = trials.found.get((rule, m))
        if future is None:
            continue
        told = terms(trials.yard, future)
        water = sum(told.get(name, 0.0) for name in WATER)
        beside = 0.0 if trials.beside is None else trials.cost(trials.beside, m)
        more = max(trials.cost(rule, m) - beside * (1.0 + NOISE) - SLACK, 0.0)
        summed += storm.weight * (water + LOST * more)
    return summed
