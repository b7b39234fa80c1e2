"""How much of the gauged rain really fell: an ensemble of forked twins, held against the levels.

Each particle is one set of factors on the rain gauges. All run through the same stretch of the
past; the levels on their way are compared with the gauges, and the factors move towards those that
are borne out (an ensemble smoother). A gauge far off from all particles has little say, so that one
that lies, sticks or drifts does not carry the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.lagged import Stretch
from mindu.apps.water.control.roles import Mask, Places
from mindu.engines.hydraulics.port import Array, Job, Twin

LEAST, MOST = 0.3, 3.0  # range of a factor, gauged rain to felt rain
FIRST_SD = 0.35  # log units: what a rain gauge may be off by before anything is known
APART_SD = 0.15  # log units: how much gauges may differ from each other
WANDER = 0.04  # log units a step of five minutes: how fast the truth may change
NOISE_M, SHARE = (
    0.03,
    0.08,
)  # m and share of depth: gauge noise, and what the model cannot be right in
TIED_S = 3600.0  # s: errors of one gauge go together for so long
HEAVY = 4.0  # degrees of freedom of the heavy tails
FELL = 0.5  # mm/h: less rain than this says nothing about the factor


@dataclass(slots=True)
class Belief:
    """What is held of the factors now: a mean and a covariance of their logs."""

    mean: Array  # (gauges,)
    cov: Array  # (gauges, gauges)

    @classmethod
    def first(cls, gauges: int) -> "Belief":
        """Begin with gauges that are right on average, and mostly wrong together."""
        together = np.full((gauges, gauges), FIRST_SD**2)
        return cls(mean=np.zeros(gauges), cov=together + APART_SD**2 * np.eye(gauges))

    @property
    def factor(self) -> Array:
        """Return the factor of each gauge."""
        return np.clip(np.exp(self.mean), LEAST, MOST)

    def drawn(self, count: int, dice: np.random.Generator) -> Array:
        """Return (count, gauges) logs of factors, in pairs about the mean."""
        root = np.linalg.cholesky(self.cov + 1e-9 * np.eye(len(self.mean)))
        n = len(self.mean)
        half = dice.standard_normal((count // 2, n))
        if n == 1:  # spread evenly instead of by chance
            half = np.linspace(0.4, 1.6, count // 2)[:, None]
        return np.asarray(self.mean + np.concatenate([half, -half]) @ root.T)

    def wander(self, steps: float) -> None:
        """Grow less sure as time passes, never less than at the first."""
        n = len(self.mean)
        self.cov = self.cov + WANDER**2 * steps * (np.ones((n, n)) + 0.2 * np.eye(n))
        first = Belief.first(n).cov
        scale = np.sqrt(np.minimum(np.diag(first) / np.maximum(np.diag(self.cov), 1e-12), 1.0))
        self.cov = self.cov * scale[:, None] * scale[None, :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the level gauges showed along the stretch."""

    instants: Array  # (times,) s
    levels: Array  # (times, places) m, nan where silent
    places: Places  # node index of each
    trusted: Mask  # per place


def follow(
    twin: Twin,
    stretch: Stretch,
    shown: Shown,
    belief: Belief,
    *,
    dice: np.random.Generator,
    habit: Habit,
) -> Belief:
    """Return what is held of the rain after the stretch; nothing changes where nothing fell."""
    if not _tells(stretch, shown):
        return belief
    drawn = np.clip(belief.drawn(habit.particles, dice), np.log(LEAST), np.log(MOST))
    ran = _run(twin, stretch, shown, drawn, habit.deadline_s)
    done = [k for k, y in enumerate(ran) if y is not None]
    if len(done) < 3:
        return belief
    return _moved(drawn[done], np.array([ran[k] for k in done]), shown)


def misfit(shown: Array, levels: Array) -> Array:
    """Return how far each reading lies from a run, in what noise and model may be wrong by."""
    return (levels - shown) / (NOISE_M + SHARE * np.maximum(levels, 0.0))


def weight(z: Array) -> Array:
    """Return how much say a reading has that lies so far off: a heavy tail's."""
    return (HEAVY + 1.0) / (HEAVY + z**2)


def _tells(stretch: Stretch, shown: Shown) -> bool:
    fell = stretch.rain.size and float(stretch.rain.mean()) >= FELL
    heard = np.isfinite(shown.levels[:, shown.trusted]).any() if shown.levels.size else False
    return bool(fell) and bool(heard) and stretch.end > stretch.begin


def _run(
    twin: Twin, stretch: Stretch, shown: Shown, drawn: Array, deadline_s: float
) -> Sequence[Array | None]:
    step = float(shown.instants[1] - shown.instants[0]) if len(shown.instants) > 1 else 300.0
    jobs = [
        Job(
            plan=stretch.plan(),
            forcing=stretch.forcing(np.exp(logs)),
            horizon_s=stretch.end - stretch.begin,
            report_s=step,
        )
        for logs in drawn
    ]
    found: list[Array | None] = [None] * len(jobs)
    for k, future in twin.futures(jobs, deadline_s=deadline_s):
        if future.ok and len(future.t):
            row = np.clip(np.searchsorted(future.t, shown.instants - 1.0), 0, len(future.t) - 1)
            found[k] = future.depth[row][:, shown.places]
    return found


def _moved(drawn: Array, ran: Array, shown: Shown) -> Belief:
    """Shift the belief by what the particles' levels say of the readings."""
    usable = np.isfinite(shown.levels) & shown.trusted[None, :]
    y, runs = shown.levels[usable], ran[:, usable]
    middle = runs.mean(axis=0)
    doubt = misfit(middle, y) / (1.0 + runs.std(axis=0) / 0.05)
    sd = (NOISE_M + SHARE * np.maximum(y, 0.0)) / np.sqrt(weight(doubt))
    times = len(shown.instants)
    every = max(float(np.ptp(shown.instants)) / max(times - 1, 1), 60.0)
    tied = min(max(TIED_S / every, 1.0), times)
    n = len(drawn)
    spread = (runs - middle) / (sd * np.sqrt(tied))
    off = (y - middle) / (sd * np.sqrt(tied))
    logs = drawn - drawn.mean(axis=0)
    gain = np.linalg.solve(spread @ spread.T + (n - 1) * np.eye(n), spread @ off)
    mean = np.clip(drawn.mean(axis=0) + gain @ logs, np.log(LEAST), np.log(MOST))
    left = np.linalg.inv(np.eye(n) + spread @ spread.T / (n - 1))
    cov = logs.T @ left @ logs / (n - 1)
    return Belief(mean=mean, cov=cov + 1e-4 * np.eye(len(mean)))
