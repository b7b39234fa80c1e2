"""Keep the twin near the city: of a few rain factors, follow the one whose levels the gauges show.

The twin cannot be told a depth; it can be told how much of the gauged rain really fell. So the last
window is run under a handful of factors from the same state, and the likeliest is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.roles import Places
from mindu.engines.hydraulics.port import Array, Forcing, Job, Plan, Twin

TRIES = (0.7, 0.85, 1.0, 1.15, 1.3)  # of the factor in hand
LEAST, MOST = 0.4, 2.5  # range of the factor, gauged rain to felt rain
SIGMA = 0.05  # m: gauge noise and model error together
DOUBT = 0.35  # log units: how far a factor may wander in one window
HEAVY = 4.0  # degrees of freedom: a lying gauge must not carry the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What happened since the twin last moved: settings sent, rain measured, levels read."""

    until: float
    sent: Array  # (steps, machines)
    step_s: float
    rain: Rainfall
    gauged: Places
    depth: Array  # m per gauged node, nan where silent
    stage: Array | None = None  # (minutes from the start, outfalls) m: a tide that is given

    def forcing(self, t0: float, factor: float) -> Forcing:
        """Return the measured rain from `t0` on, times a factor, and the tide, by the minute."""
        t = np.arange(t0, max(self.until, t0 + 60.0), 60.0)
        rate = self.rain.at(t) * factor if self.rain.rate.shape[1] else None
        stage = None
        if self.stage is not None:
            stage = self.stage[np.clip((t // 60.0).astype(int), 0, len(self.stage) - 1)]
        name = f"measured x {factor:.2f}"
        return Forcing(t0=t0, step_s=60.0, rain=rate, stage=stage, name=name)


def misfit(depth: Array, read: Array) -> float:
    """Return minus the log likelihood of the readings, heavy-tailed; silent gauges say nothing."""
    z = (depth - read)[np.isfinite(read)] / SIGMA
    return float(np.sum(np.log1p(z**2 / HEAVY))) * (HEAVY + 1) / 2


def likeliest(twin: Twin, plan: Plan, window: Window, factor: float, *, deadline_s: float) -> float:
    """Return the rain factor that the gauges bear out; the one in hand when nothing fell."""
    t0 = twin.now()
    span = window.until - t0
    fell = window.rain.at(np.arange(t0, window.until, 60.0)) if span > 0 else np.zeros((0, 0))
    if span <= 0 or fell.size == 0 or float(fell.mean()) < 0.5:
        return factor
    tried = [float(np.clip(factor * k, LEAST, MOST)) for k in TRIES]
    jobs = [Job(plan=plan, forcing=window.forcing(t0, f), horizon_s=span) for f in tried]
    scores = np.full(len(tried), np.inf)
    for k, future in twin.futures(jobs, deadline_s=deadline_s):
        if future.ok:
            wander = np.log(tried[k] / factor) / DOUBT
            scores[k] = misfit(future.final[window.gauged], window.depth) + wander**2 / 2
    return _mean(tried, scores) if np.isfinite(scores).any() else factor


def _mean(tried: Sequence[float], scores: Array) -> float:
    weight = np.exp(-(scores - scores.min()) / 2)  # half the say: errors at gauges go together
    return float(np.exp(np.sum(weight * np.log(tried)) / weight.sum()))


def catch_up(twin: Twin, plan: Plan, window: Window, factor: float) -> None:
    """Advance the twin to the end of the window under what was sent and felt."""
    if window.until > twin.now():
        felt = window.forcing(twin.now(), factor)
        twin.advance(window.until, plan=plan, forcing=felt)
