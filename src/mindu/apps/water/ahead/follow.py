"""How much of the gauged rain really fell, and how rough the channels are: told by the levels.

Forked twins run through the same stretch of the past under several factors on the rain, and one
rougher twin beside them. What each factor does to each reading is taken from these runs; then the
factors move to where the readings are borne out. A reading far off from what any of them can
explain has little say, so that a gauge that lies, sticks or drifts does not carry the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mindu.apps.water.ahead.belief import LEAST, MOST, ROUGHER, Belief
from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.lagged import Stretch
from mindu.apps.water.control.roles import Mask, Places
from mindu.engines.hydraulics.port import Array, Job, Twin

NOISE_M, SHARE = 0.02, 0.04  # m, share of depth: gauge noise, and where no factor can be right
TIED_S = 1800.0  # s: errors of one gauge go together for so long
HEAVY = 4.0  # degrees of freedom of the heavy tails
FELL = 0.5  # mm/h: less rain than this says nothing about the factor
ROUNDS = 4  # of weighing the readings anew
LEAST_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the level gauges showed along the stretch."""

    instants: Array  # (times,) s
    levels: Array  # (times, places) m, nan where silent
    places: Places  # node index of each
    trusted: Mask  # per place

    @property
    def usable(self) -> Mask:
        """Return which readings may be learned from."""
        return np.asarray(np.isfinite(self.levels) & self.trusted[None, :])


@dataclass(frozen=True, slots=True)
class Twins:
    """The live model, and a rougher one in step with it (None: roughness is taken as given)."""

    plain: Twin
    rough: Twin | None


def follow(
    twins: Twins,
    stretch: Stretch,
    shown: Shown,
    belief: Belief,
    *,
    dice: np.random.Generator,
    habit: Habit,
) -> Belief:
    """Return what is held after the stretch; nothing changes where nothing fell or was heard."""
    fell = stretch.rain.size and float(stretch.rain.mean()) >= FELL
    if not fell or not shown.usable.any():
        return belief
    logs = np.concatenate([belief.rain[None], belief.drawn(habit.particles, dice)])
    ran = _run(twins.plain, stretch, shown, logs, habit)
    if 0 not in ran or len(ran) <= LEAST_RUNS:
        return belief
    use = shown.usable
    middle, others = ran[0][use], [k for k in ran if k]
    steps = np.array([ran[k][use] - middle for k in others])
    effect = [np.linalg.lstsq(logs[others] - logs[0], steps, rcond=None)[0]]
    if twins.rough is not None:
        rough = _run(twins.rough, stretch, shown, logs[:1], habit)
        if 0 not in rough:
            return belief
        slope = (rough[0][use] - middle) / np.log(ROUGHER)
        middle = middle + belief.rough * slope
        effect.append(slope[None])
    return _moved(belief, np.concatenate(effect), shown, shown.levels[use] - middle)


def _run(twin: Twin, stretch: Stretch, shown: Shown, logs: Array, habit: Habit) -> dict[int, Array]:
    """Return what each set of factors would have shown, by its number; those that ran."""
    every = float(shown.instants[1] - shown.instants[0]) if len(shown.instants) > 1 else 300.0
    jobs = [
        Job(
            plan=stretch.plan(),
            forcing=stretch.forcing(np.exp(np.clip(row, np.log(LEAST), np.log(MOST)))),
            horizon_s=stretch.end - stretch.begin,
            report_s=every,
        )
        for row in logs
    ]
    found: dict[int, Array] = {}
    for k, future in twin.futures(jobs, deadline_s=habit.deadline_s):
        if future.ok and len(future.t):
            row = np.searchsorted(future.t, shown.instants - 1.0)
            found[k] = future.depth[np.clip(row, 0, len(future.t) - 1)][:, shown.places]
    return found


def _moved(belief: Belief, effect: Array, shown: Shown, off: Array) -> Belief:
    """Shift the belief by least squares with heavy tails; `effect` is (factors, readings)."""
    level = np.maximum(shown.levels[shown.usable], 0.0)
    sd = (NOISE_M + SHARE * level) * np.sqrt(_tied(shown.instants))
    prior = np.linalg.inv(belief.cov)
    step, certain = np.zeros(len(effect)), prior
    for _ in range(ROUNDS):
        z = (off - step @ effect) / sd
        scale = max(float(np.median(np.abs(z))) * 1.48, 0.2)
        say = (HEAVY + 1.0) / (HEAVY + (z / scale) ** 2) / (sd * max(scale, 1.0)) ** 2
        certain = prior + (effect * say) @ effect.T
        step = np.linalg.solve(certain, (effect * say) @ off)
    return Belief(
        gauges=belief.gauges,
        mean=belief.bounded(belief.mean + step),
        cov=np.linalg.inv(certain),
    )


def _tied(instants: Sequence[float] | Array) -> float:
    """Return of how many readings of one gauge only one tells something new."""
    times = len(instants)
    every = max(float(np.ptp(instants)) / max(times - 1, 1), 60.0)
    return float(min(max(TIED_S / every, 1.0), times))
