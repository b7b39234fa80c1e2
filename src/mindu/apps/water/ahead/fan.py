"""An honest hour: the middle mended by what was missed lately, the interval by how often it was.

The twin errs in ways that last: what a gauge shows above the twin now, it will mostly show above it
in a while. How much of that is left after each lead is learned from forecasts that have come due,
and so is how wide an interval must be to hold nine readings in ten (split conformal, one side at a
time, over all gauges together).
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from mindu.apps.water.params import ABOVE, BELOW, FADES, HOUR_OFF, SOON
from mindu.city import View
from mindu.engines.hydraulics.port import Array

LEADS = np.arange(5.0, 65.0, 5.0)  # min
LEVEL = 0.9
SIDE = 0.965  # of past errors on one side: more than 0.95, since what comes is never as it was
PRIOR_SAY = 0.02  # m2: so much squared miss must be seen before the prior is given up
LEAST_M = 0.005  # m: no interval is narrower on either side
KEPT = 72  # forecasts remembered for the width, six hours at five minutes
FORGET = 0.97  # a forecast that came due counts so much less with each newer one
ENOUGH = 12  # forecasts that have come due at the longest lead, before they teach the next start
LEFT = (0.01, 0.99)  # shares between which a fading can be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble:
    """What the twin's futures say together, by lead and place, m."""

    mid: Array  # (leads, places): the weighted median
    sd: Array  # (2, leads, places): spread below and above it
    edge: Array  # (2, leads, places): the weighted quantiles that an interval should reach

    def parted(self, first: int) -> "tuple[Ensemble, Ensemble]":
        """Return the first places and the others."""
        one, other = (
            Ensemble(mid=self.mid[:, part], sd=self.sd[:, :, part], edge=self.edge[:, :, part])
            for part in (slice(None, first), slice(first, None))
        )
        return one, other


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Forecast levels: (leads, places) m."""

    low: Array
    mid: Array
    high: Array


@dataclass(frozen=True, slots=True)
class Made:
    """A forecast that has not come due: when, and what it said."""

    t: float
    raw: Array  # (leads, places): the twin's own middle
    mid: Array
    half: Array  # (2, leads, places): half-width below and above, before it was widened
    miss: Array  # (places,): what the gauges showed above the twin when it was made


@dataclass(frozen=True, slots=True)
class Prior:
    """What is held before anything has come due: the parameters of FADES to ABOVE."""

    fades: float = 90.0  # min
    soon: float = 0.01  # m
    hour: float = 0.06  # m
    below: float = 1.645
    above: float = 1.645

    @property
    def sd(self) -> Array:
        """Return the standard error of each lead, m."""
        first, hour = self.soon**2, self.hour**2
        return np.asarray(np.sqrt(first + (hour - first) * LEADS / 60.0))

    @property
    def left(self) -> Array:
        """Return how much of a miss is left at each lead."""
        return np.asarray(np.exp(-LEADS / self.fades))


def held(see: View) -> Prior:
    """Return what the city's parameters hold, and lessons have left there, before a room opens."""
    return Prior(*(see[param] for param in (FADES, SOON, HOUR_OFF, BELOW, ABOVE)))


@dataclass(slots=True)
class Calibration:
    """What forecasts that came due have taught; the same readings teach the same."""

    places: int
    prior: Prior = Prior()
    left: Array = field(init=False)  # (leads, 2): sums of miss x error and of miss x miss
    spread: Array = field(init=False)  # (leads, places): mean squared error of the middle
    seen: Array = field(init=False)  # (leads, places): how much was seen of it
    scores: list[deque[tuple[Array, Array]]] = field(init=False)
    waiting: deque[Made] = field(init=False)

    def __post_init__(self) -> None:
        n = len(LEADS)
        self.left = np.column_stack([PRIOR_SAY * self.prior.left, np.full(n, PRIOR_SAY)])
        self.spread = np.repeat(self.prior.sd[:, None] ** 2, self.places, axis=1)
        self.seen = np.ones((n, self.places))
        self.scores = [deque(maxlen=KEPT) for _ in range(n)]
        self.waiting = deque(maxlen=2 * n)

    def due(self, t: float, levels: Array) -> None:
        """Hold every forecast whose lead is over against what the gauges show at `t`."""
        for made in self.waiting:
            for k, lead in enumerate(LEADS):
                if abs(made.t + lead * 60.0 - t) < 60.0:
                    self._learn(k, made, levels)

    def fan(self, t: float, told: Ensemble, miss: Array) -> Fan:
        """Return the forecast from the twin's ensemble and what is missed now.

        `miss` (places,) is 0 where a gauge is not believed. What calm hours have taught never
        narrows the interval inside the ensemble's own: calm does not know of the coming storm.
        """
        fade = np.clip(self.left[:, 0] / self.left[:, 1], 0.0, 1.0)
        mended = fade[:, None] * miss[None, :]
        mid = np.maximum(told.mid + mended, 0.0)
        half = np.sqrt(told.sd**2 + self.spread) + LEAST_M
        self.waiting.append(Made(t, told.mid, mid, half, miss))
        wide = np.array([self._widths(k) for k in range(len(LEADS))])
        low = np.minimum(mid - wide[:, :1] * half[0], told.edge[0] + mended)
        high = np.maximum(mid + wide[:, 1:] * half[1], told.edge[1] + mended)
        return Fan(low=np.clip(low, 0.0, mid), mid=mid, high=np.maximum(high, mid))

    def taught(self) -> Prior | None:
        """Return what all this comes to, for a room that opens anew; None before it says much."""
        if len(self.scores[-1]) < ENOUGH:
            return None
        below, above = np.mean([self._widths(k) for k in range(len(LEADS))], axis=0)
        slope, first = np.polyfit(LEADS / 60.0, self.spread.mean(axis=1), 1)
        left = np.clip(self.left[:, 0] / self.left[:, 1], *LEFT)
        return Prior(
            fades=float(np.median(-LEADS / np.log(left))),
            soon=float(np.sqrt(max(first, 0.0))),
            hour=float(np.sqrt(max(first + slope, 0.0))),
            below=float(below),
            above=float(above),
        )

    def _learn(self, k: int, made: Made, levels: Array) -> None:
        known = np.isfinite(levels)
        if not known.any():
            return
        error = np.where(known, levels - made.raw[k], 0.0)
        miss = np.where(known, made.miss, 0.0)
        capped = np.clip(error, -0.5, 0.5), np.clip(miss, -0.5, 0.5)
        share = 1.0 / max(int(known.sum()), 1)
        self.left[k, 0] = FORGET * self.left[k, 0] + share * float(capped[0] @ capped[1])
        self.left[k, 1] = FORGET * self.left[k, 1] + share * float(capped[1] @ capped[1])
        self._anchor(k)
        off = np.where(known, levels - made.mid[k], np.nan)
        below, above = (off[known] / half[k][known] for half in made.half)
        self.scores[k].append((np.maximum(-below, 0.0), np.maximum(above, 0.0)))
        gain = np.where(known, 1.0 / np.minimum(self.seen[k] + 1.0, 24.0), 0.0)
        square = np.where(known, np.nan_to_num(off) ** 2, 0.0)
        self.spread[k] += gain * (square - self.spread[k])
        self.seen[k] += known

    def _anchor(self, k: int) -> None:
        """Keep a little of the prior, so that a dry spell does not teach nonsense."""
        fade = float(self.prior.left[k])
        self.left[k] += (1.0 - FORGET) * PRIOR_SAY * np.array([fade, 1.0]) * 0.2

    def _widths(self, k: int) -> tuple[float, float]:
        """Return how many half-widths each side needs to hold its share of errors."""
        sides = (self.prior.below, self.prior.above)
        came = self.scores[k]
        if not came:
            return sides
        few = 1.0 / (1.0 + len(came))
        found = []
        for side in (0, 1):
            real = np.concatenate([pair[side] for pair in came])
            told = float(np.quantile(real, SIDE)) if len(real) else sides[side]
            found.append((1.0 - few) * told + few * sides[side])
        return found[0], found[1]
