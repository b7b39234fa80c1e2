"""The coming hour on generated tidal cities, under model error: against open loop and persistence.

The plant is another process: rain x 1.3 (then x 1.15) over what the rain gauges catch, Manning's
n x 1.25, level gauges with 2 cm of noise, one of them lying for three hours; all machines follow a
rule on their own. The brain hears gauges only and writes a forecast every five minutes. The open
loop is the same model without gauges, under the same settings and the same guess at coming rain.
Coverage and CRPS are held against what the gauges showed, as the kernel does; errors against the
plant's true levels. Two cities unless MINDU_BENCH is `full`.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.water_storms import schooled
from mindu.apps.water import APP
from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.projections import AHEAD
from mindu.apps.water.ahead.room import Room, room
from mindu.apps.water.cities.generate import BENCH, Spec
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.ensemble import DECAY_S
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.control.event.plans import listen
from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.roles import layout
from mindu.apps.water.control.rules.hand import prepared
from mindu.apps.water.readings import channels, show
from mindu.apps.water.things import things_of
from mindu.base.records import Action, Forecast
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.data.log import Log
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Forcing, Job, Plan, Policy, Twin
from mindu.engines.hydraulics.twin import open_twin
from mindu.perceive.source import Reading

FEW = ("four-rivers", "moving-storm")
MANY = (*FEW, "two-peaks", "no-lakes", "low-tide-storm")
RAIN, ROUGH, NOISE_M = 1.3, 1.25, 0.02
RAIN_GUESSED = 1.15
STEP_S, LEADS = 300.0, 12
SETTLED = 6  # looks before the first that counts
LIES = (2.0, 5.0, 0.5)  # h from, h until, m shown
BEYOND_H = 8.0


@dataclass
class City:
    """A plant seen through its gauges; the only source and hand of the brain."""

    plant: Twin
    rain: Rainfall
    rule: Policy
    wetter: float
    rng: np.random.Generator
    name: str = "gauges"
    shown: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.network = self.plant.network
        self.things = things_of(self.network)
        self.channels = channels(self.network, self.things)
        deep = [i for i, kind in enumerate(self.network.node_kind) if kind != "outfall"]
        self.liar = int(self.rng.choice(deep))
        self.machines = len(self.network.machines)

    def advance(self, t: float) -> None:
        """Let the plant live to `t` under its rule and more rain than is caught."""
        begin = self.plant.now()
        rain = self.rain.at(np.arange(begin, t, 60.0)) * self.wetter
        plan = ruled(self.rule, block_s=900.0, machines=self.machines)
        self.plant.advance(t, plan=plan, forcing=Forcing(t0=begin, step_s=60.0, rain=rain))

    def read(self, now: datetime) -> Iterator[Reading]:
        """Show levels with noise, one gauge lying, and the rain of the last minute."""
        seen = self.plant.see()
        depth = np.maximum(seen.depth + self.rng.normal(0.0, NOISE_M, len(seen.depth)), 0.0)
        if LIES[0] * 3600.0 <= seen.t < LIES[1] * 3600.0:
            depth[self.liar] = LIES[2]
        self.shown.append(depth)
        caught = self.rain.at(np.array([seen.t - 1.0]))[0]
        yield from show(self.channels, replace(seen, depth=depth, rain=caught), now)

    def send(self, action: Action, now: datetime) -> None:
        """Nothing is sent here."""


@dataclass
class Looks:
    """What was forecast at each look, what would have been without gauges, and what came."""

    truth: list[Array] = field(default_factory=list)
    shown: list[Array] = field(default_factory=list)
    told: dict[int, Array] = field(default_factory=dict)  # (leads, low mid high, places)
    loop: dict[int, Array] = field(default_factory=dict)  # (leads, places)
    believed: Array = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def pairs(self, lead: int, rows: list[Array]) -> Array:
        """Return what came at a lead, (looks, places)."""
        return np.array([rows[k + lead] for k in self._counted()])[:, self.believed]

    def said(self, lead: int) -> tuple[Array, Array, Array]:
        """Return low, middle and high at a lead, (looks, places) each."""
        rows = np.array([self.told[k][lead - 1] for k in self._counted()])[:, :, self.believed]
        return rows[:, 0], rows[:, 1], rows[:, 2]

    def open(self, lead: int) -> Array:
        """Return the open loop at a lead."""
        return np.array([self.loop[k][lead - 1] for k in self._counted()])[:, self.believed]

    def _counted(self) -> list[int]:
        return [k for k in self.told if k >= SETTLED and k + LEADS < len(self.truth)]


def lived(spec: Spec, path: Path, *, given: bool) -> Looks:
    """Live a city's night; `given`: the coming rain is told, as the gauges will catch it."""
    path.write_text(spec.text(), encoding="utf-8")
    length = spec.hours + BEYOND_H

    def opened(changes: Changes) -> Twin:
        return open_twin(path, changes=replace(changes, hours=length))

    rain = listen(opened(Changes()), hours=spec.hours + 2.0, says=lambda _name, _share: None)
    plant, loop = opened(Changes(roughness=ROUGH)), opened(Changes())
    rule = prepared(layout(plant.network).frame)
    habit = Habit(
        own=rule,
        reopen=opened,
        brought=rain if given else None,
        sure=1.0 if given else 0.0,
        particles=6,
    )
    wetter = RAIN if given else RAIN_GUESSED
    city = City(plant, rain, rule, wetter, np.random.default_rng(spec.seed))
    ahead = room(opened(Changes()), habit=habit)
    try:
        return _looks(spec, city, ahead, loop, given=given)
    finally:
        for held in (plant, loop, ahead):
            held.close()


def _looks(spec: Spec, city: City, ahead: Room, loop: Twin, *, given: bool) -> Looks:
    clock = VirtualClock(datetime.fromtimestamp(city.network.start, UTC))
    app = replace(APP, loops=(), projections=(AHEAD,))
    brain = Brain(
        spec.name,
        log=Log.open(":memory:"),
        clock=clock,
        apps=[app],
        sources=[city],
        hand=city,
        things=city.things,
        engines={"network": ahead},
    )
    found = Looks(truth=[city.plant.see().depth[ahead.places]])
    for k in range(1, int(spec.hours * 3600.0 / STEP_S)):
        city.advance(k * STEP_S)
        clock.advance(5 * MINUTE)
        before = len(brain.log)
        brain.tick()
        fresh = [brain.log[seq].record for seq in range(before, len(brain.log))]
        told = [r for r in fresh if isinstance(r, Forecast)]
        assert len(told) == len(ahead.gauged), "the look ahead failed"
        found.told[k] = np.array([[f.low, f.mid, f.high] for f in told]).transpose(2, 1, 0)
        found.loop[k] = _open_loop(city, loop, ahead, given=given)
        found.truth.append(city.plant.see().depth[ahead.places])
    found.shown = [found.truth[0], *(depth[ahead.places] for depth in city.shown)]
    found.believed = ahead.places != city.liar
    brain.close()
    return found


def _open_loop(city: City, loop: Twin, ahead: Room, *, given: bool) -> Array:
    """Bring the model without gauges up to now, and run it an hour on; (leads, places)."""
    seen, begin = city.plant.see(), loop.now()
    caught = city.rain.at(np.arange(begin, seen.t, 60.0))
    sent = Plan(name="sent", blocks=seen.setting[None, :], block_s=86400.0, tail=Still())
    loop.advance(seen.t, plan=sent, forcing=Forcing(t0=begin, step_s=60.0, rain=caught))
    steps = np.arange(0.0, 3600.0, STEP_S)
    coming = city.rain.at(seen.t + steps)
    if not given:
        coming = city.rain.at(np.array([seen.t - 1.0])) * np.exp(-steps / DECAY_S)[:, None]
    plan = ruled(city.rule, block_s=900.0, machines=city.machines)
    job = Job(
        plan=plan,
        forcing=Forcing(t0=seen.t, step_s=STEP_S, rain=coming),
        horizon_s=3600.0,
        report_s=STEP_S,
    )
    future = dict(loop.futures([job], deadline_s=120.0))[0]
    assert future.ok, future.error
    return np.asarray(future.depth[:LEADS][:, ahead.places])


def rmse(off: Array) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(off**2)))


def scores(found: Looks) -> tuple[float, list[float], list[float]]:
    """Return RMSE at an hour over open loop's, then by lead: CRPS over persistence's, coverage."""
    _, mid, _ = found.said(LEADS)
    came = found.pairs(LEADS, found.truth)
    ratio = rmse(mid - came) / rmse(found.open(LEADS) - came)
    crps, covered = [], []
    now = found.pairs(0, found.shown)
    for lead in range(1, LEADS + 1):
        low, mid, high = found.said(lead)
        came = found.pairs(lead, found.shown)
        outside = np.maximum(low - came, 0.0) + np.maximum(came - high, 0.0)
        interval = (high - low) + 20.0 * outside
        ours = (0.5 * np.abs(came - mid) + 0.05 * interval) / 1.5
        crps.append(float(ours.mean() / np.abs(now - came).mean()))
        covered.append(float(np.mean((came >= low) & (came <= high))))
    return ratio, crps, covered


def figures() -> Iterator[Figure]:
    """Yield the forecast row of the table, city by city, then what three storms teach."""
    chosen = MANY if os.environ.get("MINDU_BENCH") == "full" else FEW
    with tempfile.TemporaryDirectory() as folder:
        for spec in (s for s in BENCH if s.name in chosen):
            for given in (True, False):
                print(f"  {spec.name}, rain {_how(given)}", file=sys.stderr, flush=True)
                found = lived(spec, Path(folder) / f"{spec.name}.inp", given=given)
                yield from _told(spec.name, found, given=given)
        yield from schooled(Path(folder))


def _how(given: object) -> str:
    return "told" if given else "guessed"


def _told(name: str, found: Looks, *, given: bool) -> Iterator[Figure]:
    ratio, crps, covered = scores(found)
    case = f"{name}, coming rain {_how(given)}"
    goal = "<= 0.4" if given else ""
    holds = ratio <= 0.4 if given else None
    yield _figure(f"60-min level RMSE over open loop, {case}", ratio, "open loop", goal, holds)
    worst = max(crps)
    yield _figure(
        f"CRPS over persistence at the worst lead, {case}", worst, "persistence", "< 1", worst < 1
    )
    for word, value in (("least", min(covered)), ("most", max(covered))):
        fits = 0.85 <= value <= 0.95
        yield _figure(f"{word} coverage over leads, {case}", value, None, "0.85 to 0.95", fits)


def _figure(name: str, value: float, peer: str | None, goal: str, holds: bool | None) -> Figure:  # noqa: FBT001
    return Figure(name=name, value=round(value, 4), unit="1", peer=peer, goal=goal, holds=holds)
