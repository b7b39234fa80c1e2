"""One answer across the tiers: where readings are gone, the rollups tell what they came to.

A question whose span reaches back before what is kept is answered from the five-minute, hourly or
daily rollups up to that day and from readings after it; at whole steps of five minutes the answer
is the one that the readings gave, to the last bits of a sum.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from mindu.data.arrays import Floats, Truths
from mindu.data.senses.beside.keeping import Keeping
from mindu.data.senses.beside.words import coded
from mindu.data.senses.memory import reads
from mindu.data.senses.memory.pieces import DAY_MS
from mindu.data.senses.memory.reads import Means
from mindu.data.senses.memory.rolls import LEVELS, Roll, Rolls
from mindu.data.senses.registry import Registry


class Known(Protocol):
    """What is known of all tiers: the register, rollups, and what is gone."""

    registry: Registry
    rolls: Rolls
    keeping: Keeping


class Held(reads.Held, Known, Protocol):
    """What is read: all of that, and the readings."""


class Asked(NamedTuple):
    """What a question is about: a property and a group, None is any; [since, until) in epoch ms."""

    prop: int | None
    group: int | None
    since: int
    until: int
    every: int  # ms
    how: str  # mean, sum, min, max or count

    def chosen(self, held: Known) -> Truths:
        """Return of every series whether it is asked about."""
        registry = held.registry
        chosen = ~coded(registry)  # there is no mean of words
        if self.prop is not None:
            chosen &= registry.series["prop"] == self.prop
        if self.group is not None:
            chosen &= registry.devices["group"][registry.series["device"]] == self.group
        return chosen


class Answer(NamedTuple):
    """Means, and up to which instant (epoch ms) they come from rollups; 0: none of them do."""

    means: Means
    rolled: int


Counting = Callable[[Asked, Truths], Means]


def here(held: reads.Held) -> Counting:
    """Return what counts readings in this process; a mean is told as a sum."""

    def counting(asked: Asked, chosen: Truths) -> Means:
        span = (asked.since, asked.until, asked.every)
        return reads.aggregate(held, chosen, *span, how=asked.how)

    return counting


def means(held: Known, asked: Asked, counting: Counting) -> Answer:
    """Return what many series came to, by steps, whatever tier their readings are in.

    Raises:
        ValueError: a part that only rollups tell of was asked in steps that they do not have.
    """
    since, until = asked.since, asked.until
    chosen = asked.chosen(held)
    edge = min(max(gone(held, chosen), since), until)
    how = "sum" if asked.how == "mean" else asked.how
    parts = [_rolled(held, asked, edge)] if edge > since else []
    if edge < until:
        parts.append(counting(asked._replace(since=edge, how=how), chosen))
    return Answer(joined(parts, asked.how), edge if edge > since else 0)


def gone(held: Known, chosen: Truths) -> int:
    """Return the instant (epoch ms) before which readings of any of these series are gone."""
    series = np.flatnonzero(chosen)
    if not len(series) or not held.keeping.gone:
        return 0
    return int(held.keeping.before(series, held.registry).max()) * DAY_MS


def _rolled(held: Known, asked: Asked, until: int) -> Means:
    """Return what rollups tell of [since, until), by steps; a mean is still a sum."""
    fits = [level for level in LEVELS if asked.every % level == 0 and asked.since % level == 0]
    if not fits:
        raise ValueError(
            "readings before that are gone, and the rollups have steps of 300, 3600 and 86400 s: "
            "ask for whole ones, from a whole one on"
        )
    told = held.rolls.read(fits[-1], asked.since, until, group=asked.group, prop=asked.prop)
    return Means(told.bucket // asked.every * asked.every, _value(told, asked.how), told.rows)


def _value(told: Roll, how: str) -> Floats:
    held: dict[str, Floats] = {"mean": told.sum, "sum": told.sum, "min": told.min, "max": told.max}
    return told.rows.astype(np.float64) if how == "count" else held[how]


def joined(parts: Sequence[Means], how: str) -> Means:
    """Put together what falls in the same step; of means the parts are sums."""
    bucket, value, rows = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(bucket, kind="stable")
    bucket, value, rows = bucket[order], value[order], rows[order]
    starts = np.flatnonzero(np.append(True, bucket[1:] != bucket[:-1])[: len(bucket)])
    if not len(starts):
        return Means(bucket, value, rows)
    put = {"min": np.minimum, "max": np.maximum}.get(how, np.add)
    whole, count = put.reduceat(value, starts), np.add.reduceat(rows, starts)
    return Means(bucket[starts], whole / count if how == "mean" else whole, count)


def undone(told: Means, how: str) -> Means:
    """Return means as sums again, so that they can be joined with others."""
    return told._replace(value=told.value * told.rows) if how == "mean" else told


NOTHING = Means(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))
