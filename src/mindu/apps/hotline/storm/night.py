"""A storm night as a world: rain as it falls, calls in the words of the grammar, crews who look.

What is read of a road is what the hotline understood, not what the pretend city knows.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mindu.apps.hotline.storm.grammar import Call, flood_call, other_call
from mindu.apps.hotline.things import ROADS
from mindu.apps.hotline.world import WINDOW, Streets
from mindu.city import HOUR, MINUTE, Action, Random, Reading

RISE, PEAK, FALL = 2 * HOUR, 60.0, 4 * HOUR  # the rain grows to mm/h, then falls off
OTHERS = 6.0  # calls an hour about something else


@dataclass(slots=True)
class StormNight:
    """The streets under one storm, with every call in words."""

    dice: Random
    streets: Streets = field(init=False)
    calls: list[Call] = field(default_factory=list)  # of the last step
    heard: dict[str, deque[timedelta]] = field(default_factory=dict)  # road -> when understood
    worst: dict[str, float] = field(default_factory=dict)  # road -> deepest so far, m
    name: str = "storm-night"

    def __post_init__(self) -> None:
        """Begin dry, before the rain."""
        self.streets = Streets(self.dice)
        self.heard = {key: deque() for key, *_ in ROADS}
        self.worst = dict.fromkeys(self.heard, 0.0)

    def step(self, span: timedelta) -> None:
        """Let it rain, and people call."""
        streets = self.streets
        streets.rain = self._rain(streets.now + span)
        before = streets.now
        streets.step(span)
        self.calls = []
        for key, called in streets.called.items():
            self.worst[key] = max(self.worst[key], streets.depth[key])
            fresh = sum(at > before for at in called)
            self.calls += [flood_call(key, streets.depth[key], self.dice) for _ in range(fresh)]
        odd = OTHERS * (span / HOUR)
        self.calls += [other_call(self.dice) for _ in range(int(odd + self.dice.random()))]
        self.dice.shuffle(self.calls)

    def understood(self, road: str) -> None:
        """Note that the hotline understood a call to be about water on that road."""
        self.heard[road.removeprefix("road:")].append(self.streets.now)

    def read(self, now: datetime) -> Iterator[Reading]:
        """Tell what the hotline understood and what crews saw."""
        for key, at in self.heard.items():
            count = float(sum(self.streets.now - when < WINDOW for when in at))
            yield Reading(at=now, about=f"road:{key}", prop="calls", value=count)
        told = (r for r in self.streets.read(now) if r.prop in {"depth", "wait", "answered"})
        yield from told

    def send(self, action: Action, now: datetime) -> None:
        """Send a crew."""
        self.streets.send(action, now)

    def _rain(self, at: timedelta) -> float:
        if at <= RISE:
            return PEAK * (at / RISE)
        return max(0.0, PEAK * (1.0 - (at - RISE) / FALL))


assert MINUTE < WINDOW, "calls are counted over many turns"
