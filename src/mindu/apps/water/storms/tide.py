"""The tide of the Min: a harmonic sum with nodal corrections, from stated constants.

Constants lie between Xiamen and Kanmen, amplitude and phase each by distance; M4 and MS4 are laid
on top so that the flood is short and the ebb long, as in the estuary. Slow constituents (Sa, Ssa)
are left out: the season enters with the river's own rise.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from tomllib import loads

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.apps.water.storms.figure import Figure

Array = NDArray[np.float64]
J2000 = 946_728_000.0  # epoch seconds of 2000-01-01 12:00 UTC
CENTURY_S = 36525.0 * 86400.0
STEEP = 90.0  # degrees by which M4 trails twice M2: the flood is then shortest
# Multiples of lunar time tau, s, h, p and a constant, degrees (Doodson numbers)
WAVES: Mapping[str, tuple[float, float, float, float, float]] = {
    "M2": (2, 0, 0, 0, 0), "S2": (2, 2, -2, 0, 0), "N2": (2, -1, 0, 1, 0), "K2": (2, 2, 0, 0, 0),
    "K1": (1, 1, 0, 0, 90), "O1": (1, -1, 0, 0, -90), "P1": (1, 1, -2, 0, -90),
    "Q1": (1, -2, 0, 1, -90), "M4": (4, 0, 0, 0, 0), "MS4": (4, 2, -2, 0, 0),
}  # fmt: skip


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the river and what the tide is like there."""

    zh: str
    mean_m: Figure
    share: Figure
    lag_min: Figure
    shallow: Figure
    river: Figure


class Mouth(msgspec.Struct, frozen=True, kw_only=True):
    """Where the mouth lies between the two records, and its published range."""

    xiamen_km: Figure
    kanmen_km: Figure
    range_m: Figure
    scale: Figure


class Tide(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the tide is computed from."""

    sources: dict[str, str]
    xiamen: dict[str, tuple[float, float]]
    kanmen: dict[str, tuple[float, float]]
    mouth: Mouth
    sites: dict[str, Site]


@cache
def told() -> Tide:
    """Return the stated constants."""
    text = (files("mindu.apps.water.storms") / "tide.toml").read_text(encoding="utf-8")
    return msgspec.convert(loads(text), Tide)


def constants() -> dict[str, tuple[float, float]]:
    """Return amplitude (m) and Greenwich phase (degrees) at the mouth, before scaling."""
    tide = told()
    to_x, to_k = tide.mouth.xiamen_km.value, tide.mouth.kanmen_km.value
    w = to_k / (to_x + to_k)
    found = {}
    for name, (amplitude, phase) in tide.xiamen.items():
        other, there = tide.kanmen[name]
        turn = (there - phase + 180.0) % 360.0 - 180.0
        found[name] = (
            w * amplitude + (1 - w) * other,
            (phase + (1 - w) * turn) % 360.0,
        )
    return found


def argument(name: str, at: Array) -> Array:
    """Return the equilibrium argument of a wave at Greenwich, degrees."""
    c = (at - J2000) / CENTURY_S
    s = 218.3164477 + 481267.88123421 * c
    h = 280.46646 + 36000.76983 * c
    p = 83.3532465 + 4069.0137287 * c
    tau = 15.0 * (at % 86400.0) / 3600.0 - s + h
    a, b, d, e, fixed = WAVES[name]
    return np.asarray(a * tau + b * s + d * h + e * p + fixed)


def nodal(name: str, at: Array) -> tuple[Array, Array]:
    """Return the factor and the angle (degrees) of the 18.6-year cycle."""
    n = np.radians(125.04452 - 1934.136261 * (at - J2000) / CENTURY_S)
    one, nil = np.ones_like(n), np.zeros_like(n)
    lunar = (1.0 - 0.037 * np.cos(n), -2.1 * np.sin(n))
    oval = (1.009 + 0.187 * np.cos(n), 10.8 * np.sin(n))
    return {
        "M2": lunar,
        "N2": lunar,
        "MS4": lunar,
        "M4": (lunar[0] ** 2, 2.0 * lunar[1]),
        "K2": (1.024 + 0.286 * np.cos(n), -17.7 * np.sin(n)),
        "K1": (1.006 + 0.115 * np.cos(n), -8.9 * np.sin(n)),
        "O1": oval,
        "Q1": oval,
    }.get(name, (one, nil))


def height(waves: Mapping[str, tuple[float, float]], at: Array) -> Array:
    """Return the sum of the waves at those epoch seconds, m about their mean."""
    total = np.zeros_like(at, dtype=np.float64)
    for name, (amplitude, phase) in waves.items():
        factor, angle = nodal(name, at)
        total += factor * amplitude * np.cos(np.radians(argument(name, at) + angle - phase))
    return total


def level(site: str, at: Array, *, river_m: float = 0.0) -> Array:
    """Return the level of the Min at a site, m above Luoling, without any surge.

    Raises:
        ValueError: no such site.
    """
    tide = told()
    if site not in tide.sites:
        raise ValueError(f"no tide site {site!r}; there are: {', '.join(sorted(tide.sites))}")
    here, waves = tide.sites[site], constants()
    size = tide.mouth.scale.value * here.share.value
    local = {name: (a * size, g) for name, (a, g) in waves.items()}
    (m2, g2), (s2, gs) = local["M2"], local["S2"]
    local["M4"] = (m2 * here.shallow.value, 2.0 * g2 - STEEP)
    local["MS4"] = (2.0 * s2 * here.shallow.value, g2 + gs - STEEP)
    rise = here.mean_m.value + here.river.value * river_m
    return rise + height(local, at - 60.0 * here.lag_min.value)


def surge(at: Array, *, peak: float, top_m: float, hours: float = 5.0) -> Array:
    """Return a bell of water that the wind pushes in, m; `hours` from its top to three fifths."""
    return np.asarray(top_m * np.exp(-0.5 * ((at - peak) / (hours * 3600.0)) ** 2))
