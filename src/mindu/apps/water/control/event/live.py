"""One event in a city of its own process: commands go in through safety, only readings come out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from mindu.apps.water.control import safety
from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.roles import Layout
from mindu.engines.hydraulics.port import Array, Forcing, Future, Plan, Policy, Seen, Totals, Twin

STEP_S = 60.0  # s: how often station controllers look
REPORT_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The event as the plant lives it, and how well it can be read."""

    hours: float
    step_s: float
    forcing: Forcing
    rain: Rainfall  # at the gauges, as they would show it
    noise_m: float  # standard deviation of a level reading
    faults: bool
    seed: int


class Driver(Protocol):
    """Whoever drives the machines."""

    name: str

    def settings(self, seen: Seen) -> Array:
        """Return wanted settings from readings."""
        ...

    def sent(self, settings: Array) -> None:
        """Hear what was really sent."""
        ...


@dataclass(slots=True)
class Ruled:
    """A rule at the wheel."""

    policy: Policy
    name: str = ""

    def settings(self, seen: Seen) -> Array:
        """Ask the rule."""
        return self.policy.settings(seen)

    def sent(self, settings: Array) -> None:
        """A rule does not care."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What an event came to under one driver."""

    future: Future
    infeasible: int
    bent: int


class Gauges:
    """What can be read and moved, with noise and seeded faults.

    Faults: a machine that stands still for two hours, a gauge that sticks for three.
    """

    def __init__(self, rng: np.random.Generator, scene: Scene, machines: int, nodes: int) -> None:
        self.rng, self.scene = rng, scene
        self.machine = int(rng.integers(max(machines, 1)))
        self.node = int(rng.integers(nodes))
        self.from_s = float(rng.uniform(0.1, 0.5)) * scene.hours * 3600.0
        self.stuck = float("nan")

    def read(self, truth: Seen) -> Seen:
        """Return what the gauges show."""
        depth = truth.depth.copy()
        if self.scene.noise_m:
            noise = self.rng.normal(0.0, self.scene.noise_m, len(depth))
            depth = np.maximum(depth + noise, 0.0)
        if self.scene.faults and self.from_s <= truth.t < self.from_s + 10800.0:
            self.stuck = float(depth[self.node]) if np.isnan(self.stuck) else self.stuck
            depth[self.node] = self.stuck
        rain = self.scene.rain.at(np.array([truth.t]))[0]
        return replace(truth, depth=depth, rain=rain)

    def moved(self, settings: Array, truth: Seen) -> Array:
        """Return what the machines really do."""
        done = settings.copy()
        if self.scene.faults and self.from_s <= truth.t < self.from_s + 7200.0:
            done[self.machine] = truth.setting[self.machine]
        return done


@dataclass(slots=True)
class Tally:
    """Adds up what the engine's totals do not say: starts, strokes, depths, faults of commands."""

    machines: int
    starts: Array = field(default_factory=lambda: np.zeros(0))
    moves: Array = field(default_factory=lambda: np.zeros(0))
    t: list[float] = field(default_factory=list)
    depth: list[Array] = field(default_factory=list)
    peak: Array = field(default_factory=lambda: np.zeros(0))
    infeasible: int = 0
    bent: int = 0

    def __post_init__(self) -> None:
        self.starts, self.moves = np.zeros(self.machines), np.zeros(self.machines)

    def saw(self, seen: Seen, change: Array) -> None:
        """Note one step."""
        self.starts += change > 0.5
        self.moves += np.abs(change)
        self.peak = np.maximum(self.peak, seen.depth) if self.peak.size else seen.depth.copy()
        if not self.t or seen.t - self.t[-1] >= REPORT_S:
            self.t.append(seen.t)
            self.depth.append(seen.depth)

    def future(self, totals: Totals) -> Future:
        """Put the event into the words of a future, so that one cost serves both."""
        return Future(
            ok=True,
            flood_m3=totals.flood_m3,
            t=np.array(self.t),
            depth=np.array(self.depth),
            peak=self.peak,
            pumped_m3=totals.pumped_m3,
            energy_kwh=totals.energy_kwh,
            starts=self.starts,
            moves=self.moves,
            outflow_m3=totals.outflow_m3,
        )


def live(
    plant: Twin, laid: Layout, scene: Scene, driver: Driver, *, progress: Callable[[float], None]
) -> Ran:
    """Run the event to its end and close the plant, whatever happens."""
    try:
        return _lived(plant, laid, scene, driver, progress)
    finally:
        plant.close()


def _lived(
    plant: Twin, laid: Layout, scene: Scene, driver: Driver, progress: Callable[[float], None]
) -> Ran:
    """Step by step: read, wish, clear, check, send, advance."""
    rng = np.random.default_rng(scene.seed)
    truth = plant.see()
    length = scene.hours * 3600.0
    gauges = Gauges(rng, scene, len(truth.setting), len(truth.depth))
    tally, bound, kept = Tally(len(truth.setting)), safety.limits(laid), safety.first(truth)
    while truth.t < length - 1.0:
        seen = gauges.read(truth)
        cleared = safety.clear(driver.settings(seen), laid.frame, bound, kept, seen)
        tally.infeasible += safety.infeasible(cleared.settings, laid.frame, bound, kept, seen)
        tally.bent += cleared.bent
        tally.saw(truth, cleared.settings - kept.setting)
        done = gauges.moved(cleared.settings, truth)
        driver.sent(done)
        kept = cleared.kept
        told = np.where(laid.frame.free, done, np.nan)  # what is not ours is not touched
        truth = _advance(plant, told, min(truth.t + scene.step_s, length), scene.forcing)
        progress(truth.t / length)
    return Ran(tally.future(plant.totals()), tally.infeasible, tally.bent)


def _advance(plant: Twin, settings: Array, to_s: float, forcing: Forcing) -> Seen:
    plan = Plan(name="sent", blocks=settings[None, :], block_s=86400.0, tail=Still())
    before = plant.now()
    seen = plant.advance(to_s, plan=plan, forcing=forcing)
    return seen if seen.t > before else replace(seen, t=to_s)


@dataclass(frozen=True, slots=True)
class Still:
    """Leaves all as it is."""

    name: str = "still"

    def settings(self, seen: Seen) -> Array:
        """Leave all."""
        return np.full(len(seen.setting), np.nan)
