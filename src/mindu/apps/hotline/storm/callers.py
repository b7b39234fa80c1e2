"""Callers: the people along some roads, who call as the water stands before them.

They notice late, some live where few pass, they call less in their sleep, they are off in how deep
it is, and a few name the road beside theirs. The brain knows none of these numbers.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import exp

from mindu.apps.hotline.storm.grammar import Call, flood_call, other_call, trapped_call
from mindu.apps.hotline.things import Road
from mindu.city import HOUR, MINUTE, Random

ANGRY = 14.0  # calls an hour from a busy road under 30 cm of water or more
CHATTER = 0.05  # calls an hour that name a dry road as wet
DEEP = 0.3  # m at which everybody calls who will
BUSY = (0.3, 1.0)  # a road's share of the busiest road's callers
NOTICE = 10 * MINUTE  # how long water stands before people have noticed
OFF = 0.4  # sd of the log of what they say of its depth
BESIDE = 0.04  # share who name the road beside theirs
OTHERS = 6.0  # calls an hour about something else
TRAPPED = 0.02  # share of callers from deep water who are trapped in it
DROWNS = 0.4  # m
ASLEEP = ((1, 6, 0.3), (6, 7, 0.7))  # from hour to hour of the clock: share who are awake
CITY = timedelta(hours=8)  # ahead of UTC
Depths = Callable[[], Sequence[float]]


class Callers:
    """Everybody along the roads; `calls` are those of the last step."""

    def __init__(self, roads: Sequence[Road], depths: Depths, dice: Random) -> None:
        """Stand along these roads; `depths` tells the water on each, m, in their order."""
        self.roads, self.calls = tuple(roads), list[Call]()
        self._depths, self._dice = depths, dice
        self._busy = [dice.uniform(*BUSY) for _ in self.roads]
        self._noticed = [0.0] * len(self.roads)
        self.worst = dict.fromkeys((road.id for road in roads), 0.0)  # deepest so far, m

    def step(self, span: timedelta, now: datetime) -> None:
        """Let a while pass; `now` is its end."""
        share = 1.0 - exp(-(span / NOTICE))
        self.calls = []
        for at, deep in enumerate(self._depths()):
            road = self.roads[at]
            self.worst[road.id] = max(self.worst[road.id], deep)
            self._noticed[at] += share * (deep - self._noticed[at])
            seen = min(deep, 1.5 * self._noticed[at])
            rate = CHATTER + ANGRY * min(1.0, seen / DEEP)
            much = rate * self._busy[at] * awake(now) * (span / HOUR)
            self.calls += [self._flooded(at, deep) for _ in range(self._drawn(much))]
        odd = OTHERS * awake(now) * (span / HOUR)
        lost = self._drawn(odd) if self.roads else 0
        self.calls += [other_call(self._dice.choice(self.roads), self._dice) for _ in range(lost)]
        self._dice.shuffle(self.calls)

    def _flooded(self, at: int, deep: float) -> Call:
        dice, road = self._dice, self.roads[at]
        if deep >= DROWNS and dice.random() < TRAPPED:
            return trapped_call(road, dice)
        told = deep * exp(dice.gauss(0.0, OFF))
        if dice.random() < BESIDE:
            road = self.roads[(at + 1) % len(self.roads)]
        return flood_call(road, told, dice)

    def _drawn(self, expected: float) -> int:
        """Draw a Poisson number (Knuth's way, for small numbers)."""
        limit, product, count = exp(-expected), self._dice.random(), 0
        while product > limit:
            product *= self._dice.random()
            count += 1
        return count


def awake(now: datetime) -> float:
    """Return the share of people who are up at an instant."""
    hour = (now + CITY).hour
    return next((share for since, until, share in ASLEEP if since <= hour < until), 1.0)
