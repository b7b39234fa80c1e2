"""A storm night as a small world: rain as it falls, callers along the roads, crews who look."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mindu.apps.hotline.storm.callers import Callers
from mindu.apps.hotline.things import FEW, ROADS, roads
from mindu.apps.hotline.world import Streets
from mindu.city import HOUR, Action, Random, Reading

RISE, PEAK, FALL = 2 * HOUR, 60.0, 4 * HOUR  # the rain grows to mm/h, then falls off


@dataclass(slots=True)
class StormNight:
    """The streets under one storm, with every call in words."""

    dice: Random
    start: datetime
    streets: Streets = field(init=False)
    callers: Callers = field(init=False)
    name: str = "storm-night"

    def __post_init__(self) -> None:
        """Begin dry, before the rain."""
        self.streets = Streets(self.dice)
        depth = self.streets.depth
        self.callers = Callers(roads(ROADS[:FEW]), lambda: tuple(depth.values()), self.dice)

    def step(self, span: timedelta) -> None:
        """Let it rain, and people call."""
        streets = self.streets
        streets.rain = self._rain(streets.now + span)
        streets.step(span)
        self.callers.step(span, self.start + streets.now)

    def read(self, now: datetime) -> Iterator[Reading]:
        """Tell what crews saw and how long callers wait; what callers say is counted elsewhere."""
        yield from (r for r in self.streets.read(now) if r.prop in {"depth", "wait", "answered"})

    def send(self, action: Action, now: datetime) -> None:
        """Send a crew."""
        self.streets.send(action, now)

    def _rain(self, at: timedelta) -> float:
        if at <= RISE:
            return PEAK * (at / RISE)
        return max(0.0, PEAK * (1.0 - (at - RISE) / FALL))
