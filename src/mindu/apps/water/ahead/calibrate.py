"""What a past storm says of roughness, sealed land and seepage: replays, and a step towards them.

A storm is lived again by fresh twins, each with one number changed; what the changes do to the
levels at the gauges tells which way the numbers must move, and how surely (Gauss-Newton with heavy
tails, from what earlier storms have taught). The gauged rain is taken as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from mindu.apps.water.control.event.live import Still
from mindu.apps.water.control.roles import Places
from mindu.apps.water.params import IMPERVIOUS, LEAKAGE, ROUGHNESS
from mindu.city import View
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Forcing, Job, Plan, Twin

NOISE_M, SHARE = 0.02, 0.05  # m, share of depth: gauge noise, and where no number can be right
TIED = 12.0  # readings of one gauge of which one tells something new
HEAVY = 4.0  # degrees of freedom of the heavy tails
SEEP = 1e-7  # m/s over all land, 9 mm a day: what seepage may be of, assumed
SD = (0.25, 0.2, 1.0)  # of log roughness, log imperviousness, seepage in units of SEEP
STEP = (0.2, 0.15, 0.5)  # by which each is changed to see what it does
ROUNDS = 2
DEADLINE_S = 120.0

Reopen = Callable[[Changes], Twin]


@dataclass(frozen=True, slots=True)
class Numbers:
    """One set of the numbers that are learned."""

    roughness: float = 1.0
    imperviousness: float = 1.0
    leakage: float = 0.0  # m3/s

    @property
    def name(self) -> str:
        """Return the set as a model's name."""
        return (
            f"n x {self.roughness:.2f}, sealed x {self.imperviousness:.2f}, "
            f"seepage {self.leakage:.2f} m3/s"
        )

    def changes(self) -> Changes:
        """Return how a model opened with these differs from its file."""
        return Changes(
            roughness=self.roughness, imperviousness=self.imperviousness, leakage=self.leakage
        )


def in_force(see: View) -> Numbers:
    """Return the numbers that the city's parameters hold now."""
    return Numbers(roughness=see[ROUGHNESS], imperviousness=see[IMPERVIOUS], leakage=see[LEAKAGE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """A storm as the city's readings tell it, from the model's start on."""

    begin: float  # s: from here on it is compared
    end: float
    settings: Array  # (steps of five minutes from 0, machines)
    forcing: Forcing  # from 0
    instants: Array  # (times,) s
    levels: Array  # (times, places) m, nan where silent or not believed
    places: Places


@dataclass(slots=True)
class Taught:
    """What storms so far have taught: a mean and a precision, in units that are all of size one."""

    land: float  # m2
    mean: Array = field(default_factory=lambda: np.zeros(3))
    precision: Array = field(default_factory=lambda: np.diag(1.0 / np.array(SD) ** 2))

    def numbers(self, at: Array | None = None) -> Numbers:
        """Return the set at a point, the mean where none is given; always within range."""
        rough, sealed, seep = self.mean if at is None else at
        return Numbers(
            roughness=float(np.clip(np.exp(rough), 0.6, 1.7)),
            imperviousness=float(np.clip(np.exp(sealed), 0.6, 1.5)),
            leakage=float(np.clip(seep * SEEP * self.land, 0.0, 20.0)),
        )


@dataclass(slots=True)
class School:
    """What was learned, what waits to be held against the next storm, and what was before."""

    taught: Taught
    until: float = 0.0  # s: storms up to here have been learned from
    proposed: Numbers | None = None
    before: Numbers | None = None


def replay(reopen: Reopen, numbers: Numbers, lived: Lived) -> Array:
    """Return what the gauges would have shown with these numbers, (times, places)."""
    twin = reopen(numbers.changes())
    try:
        plan = Plan(name="sent", blocks=lived.settings, block_s=300.0, tail=Still())
        job = Job(plan=plan, forcing=lived.forcing, horizon_s=lived.end, report_s=300.0)
        future = dict(twin.futures([job], deadline_s=DEADLINE_S, workers=1))[0]
    finally:
        twin.close()
    if not future.ok:
        raise RuntimeError(f"the storm could not be lived again: {future.error or 'out of time'}")
    row = np.searchsorted(future.t, lived.instants - 1.0)
    return np.asarray(future.depth[np.clip(row, 0, len(future.t) - 1)][:, lived.places])


def error(shown: Array, lived: Lived) -> float:
    """Return the root mean square by which a replay misses the gauges, m."""
    off = shown - lived.levels
    known = np.isfinite(off)
    return float(np.sqrt(np.mean(np.clip(off[known], -1.0, 1.0) ** 2))) if known.any() else 0.0


def fit(reopen: Reopen, taught: Taught, lived: Lived) -> Taught:
    """Return what is held after this storm, beginning from what was held before."""
    known = np.isfinite(lived.levels)
    level = lived.levels[known]
    sd = (NOISE_M + SHARE * np.maximum(level, 0.0)) * np.sqrt(TIED)
    at, certain = taught.mean.copy(), taught.precision
    for _ in range(ROUNDS):
        base = replay(reopen, taught.numbers(at), lived)[known]
        effect = np.array(
            [
                (replay(reopen, taught.numbers(at + step), lived)[known] - base) / size
                for step, size in _steps()
            ]
        )
        certain, move = _step(effect, level - base, sd, taught, at)
        at = np.asarray(at + np.clip(move, -0.4, 0.4), dtype=float)
        at[2] = max(at[2], 0.0)
    return Taught(land=taught.land, mean=at, precision=certain)


def _steps() -> Sequence[tuple[Array, float]]:
    return [(size * np.eye(3)[k], size) for k, size in enumerate(STEP)]


def _step(effect: Array, off: Array, sd: Array, taught: Taught, at: Array) -> tuple[Array, Array]:
    """Return the precision after the storm and the move from `at`, by weighted least squares."""
    back = taught.precision @ (taught.mean - at)
    move: Array = np.zeros(3)
    certain = taught.precision
    for _ in range(4):
        z = (off - move @ effect) / sd
        scale = max(float(np.median(np.abs(z))) * 1.48, 0.2)
        say = (HEAVY + 1.0) / (HEAVY + (z / scale) ** 2) / (sd * max(scale, 1.0)) ** 2
        certain = taught.precision + (effect * say) @ effect.T
        move = np.asarray(np.linalg.solve(certain, (effect * say) @ off + back), dtype=float)
    return certain, move
