"""On a real SWMM model: the twin finds rain and roughness that it was not told, and learns them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from mindu.apps.water import APP
from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.projections import AHEAD, SCHOOL
from mindu.apps.water.ahead.room import Room, room
from mindu.apps.water.cities.spec import Spec
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.event.plans import listen
from mindu.apps.water.control.roles import layout
from mindu.apps.water.control.rules.hand import prepared
from mindu.apps.water.readings import channels, show
from mindu.apps.water.things import things_of
from mindu.base.records import Action, AnyRecord, Event, Forecast, Lesson, Trial
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.data.log import Log
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Forcing, Twin
from mindu.engines.hydraulics.twin import open_twin
from mindu.perceive.source import Reading

WETTER, ROUGHER = 1.25, 1.25
SPEC = Spec(
    name="hamlet", seed=3, rivers=1, reaches=3, pipes=1, hours=9.0, rain_mm=70.0, rain_h=1.5,
    rain_from=0.5, again_mm=60.0, high_h=3.0,
)  # fmt: skip
LENGTH_H = SPEC.hours + 2.0


class Hamlet:
    """A real model elsewhere, wetter than its gauge shows and rougher than its file says."""

    name = "gauges"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rain = listen(self.opened(Changes()), hours=LENGTH_H - 1.0, says=lambda _n, _s: None)
        self.plant = self.opened(Changes(roughness=ROUGHER))
        self.things = things_of(self.plant.network)
        self.channels = channels(self.plant.network, self.things)
        self.rule = prepared(layout(self.plant.network).frame)
        self.rng = np.random.default_rng(1)
        self.due: list[Reading] = []

    def opened(self, changes: Changes) -> Twin:
        return open_twin(self.path, changes=replace(changes, hours=LENGTH_H))

    def advance(self, t: float) -> None:
        begin = self.plant.now()
        felt = self.rain.at(np.arange(begin, t, 60.0)) * WETTER
        plan = ruled(self.rule, block_s=900.0, machines=len(self.plant.network.machines))
        self.plant.advance(t, plan=plan, forcing=Forcing(t0=begin, step_s=60.0, rain=felt))

    def read(self, now: datetime) -> Iterator[Reading]:
        told, self.due = self.due, []
        yield from (r for r in told if r.at <= now)

    def report(self, now: datetime) -> None:
        self.due += self._shown(now)

    def _shown(self, now: datetime) -> Iterator[Reading]:
        seen = self.plant.see()
        depth = np.maximum(seen.depth + self.rng.normal(0.0, 0.01, len(seen.depth)), 0.0)
        caught = self.rain.at(np.array([seen.t - 1.0]))[0]
        yield from show(self.channels, replace(seen, depth=depth, rain=caught), now)

    def send(self, action: Action, now: datetime) -> None:
        """Nothing is sent."""


class Night:
    """Eight hours of the hamlet: looked ahead every quarter of an hour in the first storm."""

    def __init__(self, city: Hamlet) -> None:
        self.city = city
        habit = Habit(own=city.rule, reopen=city.opened, particles=4, lag_s=2700.0)
        self.ahead: Room = room(city.opened(Changes()), habit=habit)
        self.clock = VirtualClock(datetime.fromtimestamp(city.plant.network.start, UTC))
        self.brain = Brain(
            "hamlet",
            log=Log.open(":memory:"),
            clock=self.clock,
            apps=[replace(APP, loops=(), projections=(AHEAD, SCHOOL))],
            sources=[city],
            hand=city,
            things=city.things,
            engines={"network": self.ahead},
        )
        self.held: list[tuple[float, float]] = []  # (rain factor, log roughness) look by look

    def live(self, minutes: int, *, looks: int) -> None:
        """Let time pass; the brain takes its turn every so many minutes."""
        for _ in range(minutes // 5):
            self.clock.advance(5 * MINUTE)
            self.city.advance(self.clock.now().timestamp() - self.city.plant.network.start)
            self.city.report(self.clock.now())
            if self.clock.now().minute % looks == 0:
                self.brain.tick()
                belief = self.ahead.belief
                self.held.append((float(belief.factor[0]), belief.rough))

    def of(self, kind: type[AnyRecord]) -> list[AnyRecord]:
        return [e.record for e in self.brain.log if isinstance(e.record, kind)]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    path = tmp_path_factory.mktemp("hamlet") / "hamlet.inp"
    path.write_text(SPEC.text(), encoding="utf-8")
    lived = Night(Hamlet(path))
    lived.live(150, looks=15)
    lived.live(390, looks=60)
    yield lived
    lived.ahead.close()
    lived.city.plant.close()


def test_nothing_fails(night: Night) -> None:
    assert not [e for e in night.of(Event) if isinstance(e, Event) and "fail" in e.name]


def test_rain_and_roughness_are_found_from_the_levels_alone(night: Night) -> None:
    factor, rough = night.held[9]
    assert factor == pytest.approx(WETTER, abs=0.15)
    assert rough > 0.08


def test_the_storm_before_teaches_and_the_next_one_decides(night: Night) -> None:
    (trial,) = night.of(Trial)
    assert isinstance(trial, Trial)
    assert trial.error < trial.champion_error
    lessons = {r.param: r.value for r in night.of(Lesson) if isinstance(r, Lesson)}
    assert lessons["water.roughness"] > 1.05
    assert night.ahead.numbers.roughness == lessons["water.roughness"]


def test_every_gauge_has_an_hour_of_forecast(night: Night) -> None:
    told = [r for r in night.of(Forecast) if isinstance(r, Forecast)]
    assert len(told) == len(night.held) * len(night.ahead.gauged)
