"""Certify: how far a model may forward alone, by a bound that holds and not by a lucky sample.

All together keep the promise, and each group of topics keeps a limit of its own besides: the budget
of errors is one, and no group may spend it all.
"""

from collections import Counter
from collections.abc import Sequence
from math import ceil, log

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

PROMISE = 0.02  # share of automatic forwards that may be wrong
SURE = 0.99  # confidence of the bound; 95 % broke the promise in 9 % of splits: copies correlate
LEAST = 150  # messages before anything can be certified: 148 right ones prove 2 % at 95 %
STEP = 25  # messages between two looks down the list
WHOLE = "*"  # name of all groups together
LIMIT = 0.05  # share of one group's automatic forwards that may be wrong; all together keep PROMISE
SURE_GROUP = 0.99  # confidence of each of the two ways in which a group may prove its limit
LARGE = 600  # messages said to be of a group: with 2 % wrong it can prove LIMIT; fewer are pooled
FINE = 10  # messages between two looks within a group

Floats = npt.NDArray[np.floating]
Flags = npt.NDArray[np.bool_]


class Bound(msgspec.Struct, frozen=True):
    """From this trust on messages go out alone; at most the share `at_most` is wrong.

    `groups` are the topic groups that it is for; small ones share one. None: all of them.
    """

    trust: float
    tried: int
    wrong: int
    at_most: float
    groups: tuple[str, ...] = ()
    limit: float = PROMISE
    sure: float = SURE


NEVER = Bound(trust=float("inf"), tried=0, wrong=0, at_most=1.0)


def upper(wrong: int, tried: int, sure: float = SURE) -> float:
    """Return the Clopper-Pearson upper bound of the share `wrong` of `tried`."""
    if not 0 <= wrong <= tried or not 0.5 <= sure < 1.0:
        raise ValueError(f"{wrong} of {tried} at {sure} is no trial; give 0 <= wrong <= tried")
    if wrong == tried:
        return 1.0
    return float(betaincinv(wrong + 1, tried - wrong, sure))


def certify(
    trust: Floats, wrong: Flags, *, promise: float = PROMISE, sure: float = SURE,
    least: int = LEAST, step: int = STEP,
) -> Bound:  # fmt: skip
    """Return the lowest trust whose forwards are wrong in at most `promise`, provably.

    Fixed-sequence testing: the list is walked down and stops at the first look that cannot be
    proved, so that one confidence serves for all looks (Bates et al. 2021, Learn then Test). Where
    it begins is read from trust alone, not from what was wrong: few wrong labels among the most
    trusted would end a walk that begins there. Give trust that was measured on messages the model
    never saw.
    """
    order = np.argsort(-trust, kind="stable")
    sorted_trust, errors = trust[order], np.cumsum(wrong[order])
    held = NEVER
    for look in range(_begin(sorted_trust, promise, sure, least), len(order) + 1, step):
        tried = int(np.searchsorted(-sorted_trust, -sorted_trust[look - 1], side="right"))
        bad = int(errors[tried - 1])  # of all that are trusted as much: a tie is not cut in two
        at_most = upper(bad, tried, sure)
        if at_most > promise:
            break
        held = Bound(float(sorted_trust[tried - 1]), tried, bad, at_most, (), promise, sure)
    return held


def _begin(trust: Floats, promise: float, sure: float, least: int) -> int:
    """Return the look at which a walk begins: the deepest that would do with twice the errors.

    `trust` falls; it says how many errors are to be expected. Where none would do, the walk begins
    with so few that no error at all is just enough.
    """
    fewest = max(least, ceil(log(1.0 - sure) / log(1.0 - promise)))
    looks = np.arange(fewest, len(trust) + 1)
    feared = np.ceil(2.0 * np.cumsum(1.0 - trust.astype(np.float64))[fewest - 1 :])
    feared = np.minimum(feared, looks - 1)
    would = np.flatnonzero(betaincinv(feared + 1, looks - feared, sure) <= promise)
    return int(looks[would[-1]]) if len(would) else fewest


def certify_groups(
    trust: Floats, wrong: Flags, groups: Sequence[str], *, promise: float = PROMISE,
    sure: float = SURE, limit: float = LIMIT,
) -> dict[str, Bound]:  # fmt: skip
    """Return the bound of each group that may forward, and that of all together (`WHOLE`).

    `groups` names the group that each message was said to be of. All together are walked to the
    lowest trust that proves `promise`. There, or above it, each group proves `limit` by figures of
    its own; one that cannot stays with people. Small groups are pooled before anything is seen of
    their errors. Empty where nothing can be proved.
    """
    whole = certify(trust, wrong, promise=promise, sure=sure)
    named = np.array(groups, dtype=object)
    found: dict[str, Bound] = {}
    for pool in pools(groups) if whole.tried else ():
        mine = np.isin(named, pool) & (trust >= whole.trust)
        bound = _within(trust[mine], wrong[mine], whole.trust, limit)
        if bound is not NEVER:
            found["+".join(pool)] = msgspec.structs.replace(bound, groups=pool)
    tried, bad = sum(b.tried for b in found.values()), sum(b.wrong for b in found.values())
    if not found or (at_most := upper(bad, tried, sure)) > promise:
        return {}
    return {WHOLE: Bound(whole.trust, tried, bad, at_most, (), promise, sure)} | found


def pools(groups: Sequence[str], large: int = LARGE) -> list[tuple[str, ...]]:
    """Return the groups to certify: each large one by itself, the smallest together as a rest."""
    count = sorted(Counter(groups).items(), key=lambda held: (held[1], held[0]))
    rest, total = list[str](), 0
    while count and (count[0][1] < large or 0 < total < large):
        name, many = count.pop(0)
        rest.append(name)
        total += many
    alone: list[tuple[str, ...]] = [(name,) for name, _ in count]
    return sorted([*alone, tuple(sorted(rest))] if rest else alone)


def _within(trust: Floats, wrong: Flags, lowest: float, limit: float) -> Bound:
    """Return the bound of one group: at the lowest trust if that holds, else walked from the top.

    Two tests share the allowed error evenly (Bonferroni).
    """
    tried, bad = len(wrong), int(wrong.sum())
    if tried and (at_most := upper(bad, tried, SURE_GROUP)) <= limit:
        return Bound(lowest, tried, bad, at_most, (), limit, SURE_GROUP)
    least = ceil(log(1.0 - SURE_GROUP) / log(1.0 - limit))  # with none wrong it would just do
    return certify(trust, wrong, promise=limit, sure=SURE_GROUP, least=least, step=FINE)
