"""A small honest world: rain floods some roads, people call, crews look, the line has operators."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from math import exp

from mindu.apps.hotline.crews import Crews
from mindu.apps.hotline.things import DISTRICTS, FEW, ROADS, TOPICS
from mindu.city import HOUR, MINUTE, Action, Random, Reading

OPERATORS = 6  # who answer at once
TALK = 4.0  # minutes a call takes
DRAIN = 0.15  # m an hour that a road loses in dry weather
FILL = 0.005  # m of water on a road for each mm of rain, times how low it lies
ANGRY = 14.0  # calls an hour from a road under 30 cm of water
CHATTER = 0.15  # calls an hour that name a dry road
WINDOW = HOUR / 2
WET = 0.05  # m of water that a driver must be warned of
STORMS = 0.06  # chance of a storm beginning in an hour


class Streets:
    """Eight roads, their water, the people along them and the line they call."""

    name = "hotline-streets"

    def __init__(self, rng: Random) -> None:
        """Start on a dry morning."""
        self.rng = rng
        self.now = timedelta(0)
        self.rain = 0.0  # mm/h
        self.low = {key: rng.uniform(0.2, 1.6) for key, *_ in ROADS[:FEW]}  # how low each road lies
        self.depth = dict.fromkeys(self.low, 0.0)  # m
        self.seen: dict[str, float] = {}  # what crews saw and did not tell yet
        self.called: dict[str, deque[timedelta]] = {key: deque() for key in self.low}
        self.trees: deque[timedelta] = deque()
        self.signed: set[str] = set()  # roads with a barrier up
        self.unmarked_h = 0.0  # road-hours under water that nobody was warned of on the spot
        self.waiting = 0.0
        self.crews = Crews(lambda road: road.removeprefix("road:") in self.low)

    def step(self, span: timedelta) -> None:
        """Let rain, water, calls and crews move."""
        hours = span / HOUR
        self.now += span
        self._weather(hours)
        for key, low in self.low.items():
            filled = self.depth[key] + hours * (FILL * low * self.rain - DRAIN)
            self.depth[key] = min(max(0.0, filled), 0.8)
            rate = CHATTER + ANGRY * min(1.0, self.depth[key] / 0.3)
            self._calls(self.called[key], rate * hours)
        self._calls(self.trees, (0.05 + 0.06 * self.rain) * hours)
        told = sum(1 for calls in self.called.values() for at in calls if self.now - at < span)
        capacity = OPERATORS * (span / MINUTE) / TALK
        self.waiting = max(0.0, self.waiting + told + 12.0 * hours - capacity)
        self._mark(hours)

    def read(self, now: datetime) -> Iterator[Reading]:
        """Tell what was heard at the line and what crews saw."""
        for key, calls in self.called.items():
            about = f"road:{key}"
            heard = float(sum(self.now - at < WINDOW for at in calls))
            yield Reading(at=now, about=about, prop="calls", value=heard)
        for topic, area in product([t[0] for t in TOPICS], [d[0] for d in DISTRICTS]):
            told = self._of(topic, area)
            yield Reading(at=now, about=f"concern:{topic}:{area}", prop="calls", value=told)
        for key, depth in self.seen.items():
            yield Reading(at=now, about=f"road:{key}", prop="depth", value=round(depth, 2))
        self.seen = {}
        wait = self.waiting / OPERATORS * TALK
        yield Reading(at=now, about="line:12345", prop="wait", value=round(wait, 1))
        yield Reading(at=now, about="line:12345", prop="answered", value=exp(-wait))

    def send(self, action: Action, now: datetime) -> None:  # noqa: ARG002 - it has its own time
        """Send a crew to look at a road; it is there within a quarter of an hour."""
        self.crews.send(action, self.now)

    def _mark(self, hours: float) -> None:
        """Let crews arrive and put a barrier up, and take down what stands on a dry road."""
        wet = {key for key, depth in self.depth.items() if depth >= WET}
        self.signed &= wet
        self.unmarked_h += hours * len(wet - self.signed)
        for road in self.crews.there(self.now):
            key = road.removeprefix("road:")
            self.seen[key] = self.depth[key]
            self.signed |= {key} & wet

    def _weather(self, hours: float) -> None:
        if self.rain > 0.0:
            self.rain = max(0.0, self.rain + self.rng.uniform(-14.0, 12.0) * hours)
        elif self.rng.random() < STORMS * hours:
            self.rain = self.rng.uniform(25.0, 70.0)

    def _calls(self, calls: deque[timedelta], expected: float) -> None:
        """Add a Poisson number of calls (Knuth's way, for small numbers), forget the old."""
        limit, product, count = exp(-expected), self.rng.random(), 0
        while product > limit:
            product *= self.rng.random()
            count += 1
        calls.extend([self.now] * count)
        while calls and self.now - calls[0] >= HOUR:
            calls.popleft()

    def _of(self, topic: str, area: str) -> float:
        if topic != "water.flooding":
            return float(len(self.trees)) / len(DISTRICTS)
        mine = (calls for (key, _, _, where, *_), calls in self._roads() if where == area)
        return float(sum(len(calls) for calls in mine))

    def _roads(self) -> Iterator[tuple[tuple[str, str, str, str, float, float], deque[timedelta]]]:
        return ((road, self.called[road[0]]) for road in ROADS[:FEW])
