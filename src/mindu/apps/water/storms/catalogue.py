"""The storms that can be asked for by name: what was published of them, and their rain."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from tomllib import loads

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.apps.water.storms.figure import Figure
from mindu.apps.water.storms.shape import STEP_MIN, chicago, peaked, ranked, shared

GAUGES = ("R_WS", "R_TJ", "R_GS", "R_DH", "R_XD", "R_GU", "R_HX")
HUNDREDTHS_TO_MM_H = 60.0 / STEP_MIN / 100.0


class Fall(msgspec.Struct, frozen=True, kw_only=True):
    """What a gauge caught: its own totals, or a share of another's."""

    most_mm: tuple[Figure, Figure, Figure] | None = None
    after_mm: Figure | None = None
    of: str = ""
    share: Figure | None = None
    later_min: float = 0.0  # assumed, within a quarter of an hour


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A storm as it was published."""

    name: str
    en: str
    zh: str
    begin: datetime
    hours: float
    peak_min: Figure
    surge_m: Figure
    river_m: Figure
    gauges: dict[str, Fall] = {}
    years: Figure | None = None


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """All storms and their sources."""

    sources: dict[str, str]
    storm: list[Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """A storm ready to fall: rain in mm/h per five minutes from `begin`, one column a gauge."""

    told: Told
    begin: datetime
    rate: NDArray[np.float64]

    def of(self, gauge: str) -> NDArray[np.float64]:
        """Return the rain of one gauge, mm/h."""
        return np.asarray(self.rate[:, GAUGES.index(gauge)])


@cache
def book() -> Book:
    """Return what `storms.toml` tells."""
    text = (files("mindu.apps.water.storms") / "storms.toml").read_text(encoding="utf-8")
    return msgspec.convert(loads(text), Book)


def names() -> tuple[str, ...]:
    """Return every storm that can be asked for."""
    return tuple(told.name for told in book().storm)


def told(name: str) -> Told:
    """Return what was published of a storm.

    Raises:
        ValueError: no such storm.
    """
    for storm in book().storm:
        if storm.name == name:
            return storm
    raise ValueError(f"no storm called {name!r}; there are: {', '.join(names())}")


def depths(storm: Told) -> Mapping[str, list[int]]:
    """Work the rain out from the totals: hundredths of a millimetre per five minutes."""
    if storm.years is not None:
        return dict.fromkeys(GAUGES, chicago(storm.years.value))
    found: dict[str, list[int]] = {}
    for gauge, fall in storm.gauges.items():
        if fall.most_mm is not None:
            after = fall.after_mm.value if fall.after_mm else 0.0
            most = [figure.value for figure in fall.most_mm]
            found[gauge] = peaked(ranked(most, after), storm.peak_min.value)
    for gauge, fall in storm.gauges.items():
        if fall.of and fall.share is not None:
            found[gauge] = shared(found[fall.of], fall.share.value, fall.later_min)
    return {gauge: found.get(gauge, [0]) for gauge in GAUGES}


def table(name: str) -> str:
    """Write a storm as CSV, with where it comes from on top."""
    storm = told(name)
    fallen = depths(storm)
    keys = {f.source for fall in storm.gauges.values() for f in fall.most_mm or ()}
    keys |= {storm.years.source} if storm.years else set()
    lines = [
        f"# {storm.en}; {storm.zh}",
        f"# mm/h per {STEP_MIN} min from {storm.begin.isoformat()}, one column a rain gauge",
        *[f"# source {key}: {book().sources[key]}" for key in sorted(keys - {""})],
        "# totals named there are facts and are honoured exactly; the course of the rain between",
        "# them, and every gauge without a total of its own, is assumed (storms.toml has ranges)",
        "minutes," + ",".join(GAUGES),
    ]
    longest = max(len(d) for d in fallen.values())
    for k in range(longest):
        row = [fallen[g][k] * HUNDREDTHS_TO_MM_H if k < len(fallen[g]) else 0.0 for g in GAUGES]
        lines.append(f"{k * STEP_MIN}," + ",".join(f"{v:.2f}" for v in row))
    return "\n".join(lines) + "\n"


@cache
def storm(name: str) -> Storm:
    """Read a storm's rain from its file.

    Raises:
        ValueError: no such storm.
    """
    known = told(name)
    text = (files("mindu.apps.water.storms") / f"{name}.csv").read_text(encoding="utf-8")
    rows = [r for r in csv.reader(text.splitlines()) if not r[0].startswith("#")]
    assert tuple(rows[0][1:]) == GAUGES, f"{name}.csv names other gauges: {rows[0][1:]}"
    rate = np.array([[float(v) for v in row[1:]] for row in rows[1:]])
    return Storm(told=known, begin=known.begin.astimezone(UTC), rate=rate)
