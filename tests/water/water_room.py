"""The pond town of the control room's tests as a city: read by gauges, run ahead in a room."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from water_pond import Pond, storm

from mindu.apps.water import APP
from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.projections import AHEAD, SCHOOL, WEIGH
from mindu.apps.water.ahead.room import Room, room
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.control.roles import layout
from mindu.apps.water.control.rules.hand import prepared
from mindu.apps.water.control.trials import Tuning
from mindu.apps.water.readings import channels, show
from mindu.apps.water.things import things_of
from mindu.base.records import Action, Forecast, Weighing
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.data.log import Log
from mindu.engines.hydraulics.port import Forcing, Policy, Twin
from mindu.perceive.source import Reading

LYING = 0.4  # m, shown by a gauge that lies
NOISE_M = 0.01


class PondCity:
    """A pond somewhere else, with more rain than its gauge catches; some gauges may be silent."""

    name = "gauges"

    def __init__(
        self,
        *,
        wetter: float = 1.3,
        silent: str = "",
        liar: str = "",
        lies: float = LYING,
        stands: str = "",
    ) -> None:
        self.plant, self.silent, self.liar, self.lies = Pond(wetter=wetter), silent, liar, lies
        self.things = things_of(self.plant.network)
        self.channels = channels(self.plant.network, self.things)
        frame = layout(self.plant.network).frame
        self.rule: Policy = Still() if stands else prepared(frame)
        self.rng = np.random.default_rng(5)
        self.sent: list[Action] = []

    def advance(self, t: float) -> None:
        plan = ruled(self.rule, block_s=900.0, machines=3)
        self.plant.advance(t, plan=plan, forcing=Forcing(t0=0.0, step_s=60.0))

    def read(self, now: datetime) -> Iterator[Reading]:
        seen = self.plant.see()
        rain = np.array([storm(seen.t - 60.0)])
        depth = seen.depth + self.rng.normal(0.0, NOISE_M, len(seen.depth))
        for reading in show(self.channels, replace(seen, rain=rain, depth=depth), now):
            if reading.about == self.liar and reading.prop == "level":
                yield replace_value(reading, self.lies)
            elif reading.about not in self.silent.split():
                yield reading

    def send(self, action: Action, now: datetime) -> None:
        assert now.tzinfo is not None
        self.sent.append(action)


def replace_value(reading: Reading, value: float) -> Reading:
    """Return the reading with another number."""
    return Reading(at=reading.at, about=reading.about, prop=reading.prop, value=value)


class Watch:
    """A brain that watches a pond city through a room."""

    def __init__(
        self,
        city: PondCity,
        twin: Twin | None = None,
        *,
        weighs: bool = False,
        log: Log | None = None,
        since_h: float = 0.0,
    ) -> None:
        self.city = city
        habit = Habit(tuning=Tuning(rollouts=12, horizon_s=2 * 3600.0), particles=4, own=city.rule)
        self.room: Room = room(twin or Pond(), habit=habit)
        self.clock = VirtualClock(datetime.fromtimestamp(0.0, UTC).replace(year=2026))
        self.shift = self.clock.now().timestamp()
        self.room.twin.network = replace(self.room.twin.network, start=self.shift)
        loops = APP.loops if weighs else ()
        projections = (AHEAD, WEIGH) if weighs else (AHEAD, SCHOOL)
        self.steps = round(since_h * 12)
        city.advance(self.steps * 300.0)
        self.clock.advance(self.steps * 5 * MINUTE)
        self.brain = Brain(
            "pond",
            log=Log.open(":memory:") if log is None else log,
            clock=self.clock,
            apps=[replace(APP, loops=loops, projections=projections)],
            sources=[city],
            hand=city,
            things=city.things,
            engines={"network": self.room},
        )

    def live(self, hours: float) -> "Watch":
        """Let the city live and the brain take its turns, every five minutes."""
        for _ in range(round(hours * 12)):
            self.steps += 1
            self.city.advance(self.steps * 300.0)
            self.clock.advance(5 * MINUTE)
            self.brain.tick()
        return self

    def forecast(self, place: str) -> Forecast:
        """Return the newest forecast of a place."""
        told = self.brain.view().forecast(place, "level")
        assert told is not None, f"nothing was foretold of {place}"
        return told[1]

    def weighing(self) -> Weighing:
        """Return the newest weighing."""
        told = self.brain.view().weighing("waters")
        assert told is not None, "nothing was weighed"
        return told[1]
