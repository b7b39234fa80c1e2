"""Weathers that may come, each with a weight, from no more than what is known at the hour.

One forecast invites an optimiser to bet on it; a handful of honest ones do not. Known are the
gauges' readings so far, perhaps a warning with a depth, perhaps a forecast that somebody brings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mindu.apps.water.control.rainfall import (
    LEAD_S,
    STEP_S,
    Rainfall,
    Warned,
    anchored,
    fallen,
    laid,
    onset,
    standing,
)
from mindu.engines.hydraulics.port import Array, Forcing

RECENT_S = 900.0  # the rain "now" is the mean of the last quarter hour
DECAY_S = 2700.0  # e-folding time of convective rain, as used in the study behind this app
STEADY_S = 3600.0
SEVERE = 1.5  # of the warned storm as it has come
RECORD = 2.0  # of the warned storm, rarer still: 203 mm in 3 h fell at Wushan, 2023-09-05
LEADS_S = (0.0, LEAD_S, 9000.0)  # s until a larger storm begins: the tide may stand otherwise
DESIGNS = 5  # hours of the tide at which design storms are tried
SIZES = (1.25, 1.75, 2.5)  # of the warned storm: about a severe one, and beyond a record
DESIGN_S = 12 * 3600.0  # s looked ahead for that: a tide
WARY = ("severe in", "record", "warned, late")  # weathers for plans, too rare for a forecast
BIAS = 0.3  # a forecast that is brought is also tried this much wetter and drier


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One weather that may come."""

    forcing: Forcing
    weight: float

    @property
    def name(self) -> str:
        """Say which weather this is."""
        return self.forcing.name


def _guessed(
    seen: Rainfall, now: float, ahead: Array, warned: Warned
) -> list[tuple[str, float, Array]]:
    last = seen.at(np.arange(now - RECENT_S, now, 60.0)).mean(axis=0)
    since = (ahead - now)[:, None]
    rest = 1.0 - warned.weight - warned.severe
    storm = anchored(seen, now, ahead, warned)
    come = onset(seen, now, warned.length_s) is not None
    start = onset(seen, now, 4 * warned.length_s)
    mean = (
        fallen(seen, start, now) / max((now - start) / 3600.0, 0.5)
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
        *_storms(warned, now, ahead, storm, come=come),
    ]


def _storms(
    warned: Warned, now: float, ahead: Array, storm: Array, *, come: bool
) -> list[tuple[str, float, Array]]:
    """Return the warned storm and larger ones that begin at once, soon or late.

    When it begins decides how it meets the tide. Once a storm has come, what grows out of it
    counts as likely as what was warned of, and another may still begin.
    """
    gauges = storm.shape[1]
    fresh = [
        np.repeat(laid(warned, ahead, now + lead)[:, None], gauges, axis=1) for lead in LEADS_S
    ]
    share = warned.severe / (len(LEADS_S) + 1)
    worse = [
        (f"severe in {lead / 60.0:.0f} min", share, rate * SEVERE)
        for lead, rate in zip(LEADS_S, fresh, strict=True)
    ]
    if come:
        return [("warned", warned.weight, storm), ("severe", share, storm * SEVERE), *worse]
    late = ("warned, late", warned.weight / 2, fresh[-1])
    return [("warned", warned.weight / 2, storm), late, *worse, ("record", share, storm * RECORD)]


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


def design(
    seen: Rainfall, now: float, horizon_s: float, *, warned: Warned | None = None
) -> tuple[Member, ...]:
    """Return larger storms at several hours of the tide: what hand rules are held against."""
    gauges = seen.rate.shape[1]
    if not gauges:
        return (Member(forcing=Forcing(t0=now, step_s=STEP_S, name="file"), weight=1.0),)
    storm = warned or Warned()
    ahead: Array = now + np.arange(max(int(horizon_s / STEP_S), 1), dtype=float) * STEP_S
    last = max(horizon_s - storm.length_s, 0.0)
    leads = np.linspace(0.0, last, DESIGNS) if last else np.zeros(1)
    found = []
    for lead in leads:
        rate = np.repeat(laid(storm, ahead, now + float(lead))[:, None], gauges, axis=1)
        for size in SIZES:
            name = f"{size:.2f} x the warned storm in {lead / 3600.0:.1f} h"
            forcing = Forcing(t0=now, step_s=STEP_S, rain=rate * size, name=name)
            found.append(Member(forcing=forcing, weight=1.0 / (len(leads) * len(SIZES))))
    return tuple(found)


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


def likely(found: Sequence[Member]) -> tuple[Member, ...]:
    """Return the weathers that a forecast is made of, weights summing to one.

    Storms that only a plan must be safe from are left out; their weight goes to what they enlarge.
    """
    weight: dict[str, float] = {}
    for m in found:
        core = m.name.split(" in ")[0].split(",")[0] if m.name.startswith(WARY) else m.name
        weight[core] = weight.get(core, 0.0) + m.weight
    kept = [m for m in found if not m.name.startswith(WARY)]
    whole = sum(weight[m.name] for m in kept)
    return tuple(replace(m, weight=weight[m.name] / whole) for m in kept)
