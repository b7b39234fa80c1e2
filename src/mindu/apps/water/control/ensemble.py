"""Weathers that may come, each with a weight, from no more than what is known at the hour.

One forecast invites an optimiser to bet on it; a handful of honest ones do not. Known are the
gauges' readings so far, perhaps a warning with a depth, perhaps a forecast that somebody brings.
"""

from dataclasses import dataclass, replace

import numpy as np

from mindu.engines.hydraulics.port import Array, Forcing

STEP_S = 300.0
RECENT_S = 900.0  # the rain "now" is the mean of the last quarter hour
WET = 0.5  # mm/h: more than this is rain
DECAY_S = 2700.0  # e-folding time of convective rain, as used in the study behind this app
STEADY_S = 3600.0
LEAD_S = 2700.0  # a warned storm is expected this long from now, until it comes
PEAK_AT = 0.4  # of the storm's length: where the Chicago storm peaks
SHAPE_B, SHAPE_N = 7.576, 0.711  # min, 1: intensity falls as (t + b)^-n; quoted for Fuzhou
SEVERE = 1.5  # of the warned storm as it has come
RECORD = 2.0  # of the warned storm while none has come: 203 mm in 3 h fell at Wushan, 2023-09-05
LATE_S = 9000.0  # and that storm comes later, when the tide may stand otherwise
HEAVY = 10.0  # mm/h: a storm has come
FADE_S = 12 * 3600.0  # e-folding of a standing warning while it stays light, assumed
LEAST_FADE = 0.1
BIAS = 0.3  # a forecast that is brought is also tried this much wetter and drier


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One weather that may come."""

    forcing: Forcing
    weight: float

    @property
    def name(self) -> str:
        """Say which weather this is."""
        return self.forcing.name


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


def _fallen(seen: Rainfall, start: float, now: float) -> Array:
    t = np.arange(start, now, 60.0)
    return np.asarray(seen.at(t).sum(axis=0) / 60.0) if len(t) else np.zeros(seen.rate.shape[1])


def _anchored(
    seen: Rainfall, now: float, ahead: Array, warned: Warned, *, lead_s: float = LEAD_S
) -> Array:
    """Lay the warned storm at its onset and size it by what has fallen, gauge by gauge."""
    shape = chicago(warned.depth_mm, warned.length_s, STEP_S)
    start = onset(seen, now, warned.length_s)
    gauges = seen.rate.shape[1]
    size = np.ones(gauges)
    if start is None:
        start = now + lead_s
    elif now - start >= 1200.0:
        expected = float(shape[: int((now - start) / STEP_S)].sum()) * STEP_S / 3600.0
        ratio = _fallen(seen, start, now) / max(expected, 1.0)
        size = np.clip(0.3 * 1.0 + 0.7 * ratio, 0.3, 3.0)
    row = np.floor((ahead - start) / STEP_S).astype(int)
    rate = np.where((row >= 0) & (row < len(shape)), shape[np.clip(row, 0, len(shape) - 1)], 0.0)
    return np.asarray(rate[:, None] * size)


def _guessed(
    seen: Rainfall, now: float, ahead: Array, warned: Warned
) -> list[tuple[str, float, Array]]:
    last = seen.at(np.arange(now - RECENT_S, now, 60.0)).mean(axis=0)
    since = (ahead - now)[:, None]
    rest = 1.0 - warned.weight - warned.severe
    storm = _anchored(seen, now, ahead, warned)
    late = _anchored(seen, now, ahead, warned, lead_s=LATE_S)
    come = onset(seen, now, warned.length_s) is not None
    start = onset(seen, now, 4 * warned.length_s)
    mean = (
        _fallen(seen, start, now) / max((now - start) / 3600.0, 0.5)
        if start is not None
        else 0.0 * last
    )
    return [
        ("decaying", 0.35 * rest, last * np.exp(-since / DECAY_S)),
        ("steady", 0.35 * rest, last * np.exp(-np.clip(since - STEADY_S, 0.0, None) / DECAY_S)),
        (
            "going on",
            0.3 * rest,
            mean * np.exp(-np.clip(since - 2 * STEADY_S, 0.0, None) / DECAY_S),
        ),
        ("warned", warned.weight, storm),
        ("severe", warned.severe, late * (SEVERE if come else RECORD)),
    ]


def _merged(found: list[tuple[str, float, Array]]) -> list[tuple[str, float, Array]]:
    """Join members that say the same (all are dry before a storm), so that none is run twice."""
    kept: list[tuple[str, float, Array]] = []
    for name, weight, rate in found:
        for i, (other, held, same) in enumerate(kept):
            if np.abs(rate - same).sum() <= 0.02 * max(same.sum(), 30.0):
                kept[i] = (other, held + weight, same)
                break
        else:
            kept.append((name, weight, rate))
    return kept


def standing(seen: Rainfall, now: float) -> Warned:
    """Return the climate's own warning, where nobody gave one: it fades while no storm comes."""
    heavy = seen.t[(seen.rate.mean(axis=1) > HEAVY) & (seen.t <= now)]
    since = now - (float(heavy[-1]) if len(heavy) else 0.0)
    fade = max(float(np.exp(-since / FADE_S)), LEAST_FADE)
    known = Warned()
    return replace(known, weight=known.weight * fade, severe=known.severe * fade)


def _all(
    seen: Rainfall, now: float, ahead: Array, warned: Warned, *, brought: Rainfall | None
) -> list[tuple[str, float, Array]]:
    """Return the guesses, and beside them a forecast that is brought, wetter and drier too."""
    found = _guessed(seen, now, ahead, warned)
    if brought is None:
        return found
    given = brought.at(ahead)
    return [
        *((name, weight * 0.4, rate) for name, weight, rate in found),
        ("brought", 0.3, given),
        ("brought, wetter", 0.2, given * (1 + BIAS)),
        ("brought, drier", 0.1, given * (1 - BIAS)),
    ]


def members(
    seen: Rainfall,
    now: float,
    horizon_s: float,
    *,
    warned: Warned | None = None,
    brought: Rainfall | None = None,
    sure: float = 0.0,
) -> tuple[Member, ...]:
    """Return the weathers from `now` over `horizon_s`, weights summing to one.

    `brought` is a forecast; with `sure` = 1 it is taken as certain, else it stands beside the
    guesses, as it is and a `BIAS` wetter and drier. A network without gauges gets its file's own.
    """
    if not seen.rate.shape[1]:
        return (Member(forcing=Forcing(t0=now, step_s=STEP_S, name="file"), weight=1.0),)
    ahead: Array = now + np.arange(max(int(horizon_s / STEP_S), 1), dtype=float) * STEP_S
    found = _all(
        seen, now, ahead, warned or standing(seen, now), brought=brought if sure < 1.0 else None
    )
    if brought is not None and sure >= 1.0:
        found = [("brought", 1.0, brought.at(ahead))]
    kept = _merged(found)
    whole = sum(w for _, w, _ in kept)
    return tuple(
        Member(forcing=Forcing(t0=now, step_s=STEP_S, rain=r, name=n), weight=w / whole)
        for n, w, r in kept
    )
