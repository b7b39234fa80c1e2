"""How the room works: how far back it waits, how hard it looks, and what the wiring lends it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from mindu.apps.water.control.cost import Weights
from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.trials import Tuning
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Policy, Twin

Tide = Callable[[Array], Array]  # s since the model's start -> (instants, outfalls) m
Reopen = Callable[[Changes], Twin]
Watch = Callable[[], float]


def still() -> float:
    """Return a stopwatch's reading where none was handed in: rollouts are counted instead."""
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Chosen by the wiring; while `tuning.rollouts` counts, a run repeats itself exactly."""

    tuning: Tuning = field(default_factory=lambda: Tuning(rollouts=24, horizon_s=4 * 3600.0))
    weights: Weights = field(default_factory=Weights)
    lag_s: float = 3600.0  # s: rain shows at the gauges within about so long
    particles: int = 8
    deadline_s: float = 60.0  # s: for each step of a look ahead
    hour_s: float = 3600.0  # s: how far a forecast reaches
    seed: int = 0
    brought: Rainfall | None = None  # a rain forecast that somebody brings
    sure: float = 0.0  # 1: it is taken as certain
    tide: Tide | None = None  # the water outside at any time; None: the file's own boundary
    own: Policy | None = None  # the stations' own rule, followed while no plan is sent
    watch: Watch = still
    reopen: Reopen | None = None  # opens a fresh twin under changes, for learning
