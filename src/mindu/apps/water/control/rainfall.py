"""Rain as the gauges had it, and the shape of a storm that may come.

Known are the readings so far and perhaps a warning with a depth; a storm is a Chicago storm.
"""

from dataclasses import dataclass, replace

import numpy as np

from mindu.engines.hydraulics.port import Array

STEP_S = 300.0
WET = 0.5  # mm/h: more than this is rain
HEAVY = 10.0  # mm/h: a storm has come
FADE_S = 12 * 3600.0  # e-folding of a standing warning while it stays light, assumed
LEAST_FADE = 0.1
LEAD_S = 2700.0  # a warned storm is expected this long from now, until it comes
PEAK_AT = 0.4  # of the storm's length: where the Chicago storm peaks
SHAPE_B, SHAPE_N = 7.576, 0.711  # min, 1: intensity falls as (t + b)^-n; quoted for Fuzhou


@dataclass(frozen=True, slots=True, kw_only=True)
class Rainfall:
    """Rain by time: row i holds from `t[i]` until the next row (the last one holds on)."""

    t: Array  # (rows,) s since the model's start, rising
    rate: Array  # (rows, gauges) mm/h

    def at(self, t: Array) -> Array:
        """Return the rate at each time, mm/h; nothing falls before the first row."""
        row = np.searchsorted(self.t, np.asarray(t) + 1e-6, side="right") - 1
        found = self.rate[np.clip(row, 0, max(len(self.t) - 1, 0))]
        return np.asarray(np.where((row >= 0)[:, None], found, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A storm warning, or the climate's standing one: so much in so long, likely soon."""

    depth_mm: float = 100.0  # range 20..400; about a 20-year 3 h storm on the Fujian coast
    length_s: float = 10800.0
    weight: float = 0.3
    severe: float = 0.15  # weight of a storm larger than that: what was not foreseen


def chicago(depth_mm: float, length_s: float, step_s: float) -> Array:
    """Return a Chicago storm's rates, mm/h per step, that sum to `depth_mm` (Keifer & Chu 1957)."""
    t = (np.arange(max(int(length_s / step_s), 1)) + 0.5) * step_s / 60.0
    peak = PEAK_AT * length_s / 60.0
    x = np.where(t < peak, (peak - t) / PEAK_AT, (t - peak) / (1.0 - PEAK_AT))
    rate = ((1.0 - SHAPE_N) * x + SHAPE_B) / (x + SHAPE_B) ** (SHAPE_N + 1.0)
    return np.asarray(rate * depth_mm / (rate.sum() * step_s / 3600.0))


def onset(seen: Rainfall, now: float, length_s: float) -> float | None:
    """Return when the rain of the last `length_s` first came, s; None while it is dry."""
    wet = seen.t[(seen.rate.mean(axis=1) > WET) & (seen.t > now - length_s) & (seen.t <= now)]
    return float(wet[0]) if len(wet) else None


def fallen(seen: Rainfall, start: float, now: float) -> Array:
    """Return what has fallen at each gauge since `start`, mm."""
    t = np.arange(start, now, 60.0)
    return np.asarray(seen.at(t).sum(axis=0) / 60.0) if len(t) else np.zeros(seen.rate.shape[1])


def anchored(seen: Rainfall, now: float, ahead: Array, warned: Warned) -> Array:
    """Lay the warned storm at its onset and size it by what has fallen, gauge by gauge."""
    shape = chicago(warned.depth_mm, warned.length_s, STEP_S)
    start = onset(seen, now, warned.length_s)
    gauges = seen.rate.shape[1]
    size = np.ones(gauges)
    if start is None:
        start = now + LEAD_S
    elif now - start >= 1200.0:
        expected = float(shape[: int((now - start) / STEP_S)].sum()) * STEP_S / 3600.0
        ratio = fallen(seen, start, now) / max(expected, 1.0)
        size = np.clip(0.3 * 1.0 + 0.7 * ratio, 0.3, 3.0)
    return np.asarray(laid(warned, ahead, start)[:, None] * size)


def laid(warned: Warned, ahead: Array, start: float) -> Array:
    """Return the warned storm's rates, mm/h, at each time ahead, if it begins at `start`."""
    shape = chicago(warned.depth_mm, warned.length_s, STEP_S)
    row = np.floor((ahead - start) / STEP_S).astype(int)
    inside = (row >= 0) & (row < len(shape))
    return np.asarray(np.where(inside, shape[np.clip(row, 0, len(shape) - 1)], 0.0))


def standing(seen: Rainfall, now: float) -> Warned:
    """Return the climate's own warning, where nobody gave one: it fades while no storm comes."""
    heavy = seen.t[(seen.rate.mean(axis=1) > HEAVY) & (seen.t <= now)]
    since = now - (float(heavy[-1]) if len(heavy) else 0.0)
    fade = max(float(np.exp(-since / FADE_S)), LEAST_FADE)
    known = Warned()
    return replace(known, weight=known.weight * fade, severe=known.severe * fade)
