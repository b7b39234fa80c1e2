"""What is known of the city: parts read from `city.toml`, each figure with its source or range."""

from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import TypeVar

import msgspec

from mindu.apps.water.storms.figure import Figure

CITIES = ("fuzhou", "fuzhou-small")
CUT_LAND, CUT_HILLS = 2.3, 1.4  # times the land: the cut drains what its missing neighbours did
Point = tuple[float, float]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Anything with a name in both languages; `small` parts stand in the small cut too."""

    id: str
    zh: str
    en: str
    owner: str = "市城区水系联排联调中心"
    small: bool = False


class River(Part, frozen=True, kw_only=True):
    """A river from its head to its mouth; pairs are figures at the head and at the mouth."""

    path: list[Point]
    nodes: int
    bed_m: tuple[Figure, Figure]
    street_m: tuple[Figure, Figure]
    width_m: tuple[Figure, Figure]
    land_m2: Figure  # per node
    rain: str
    source: str = msgspec.field(name="from", default="")
    into: str = ""
    hill: bool = False  # a hill creek: land drains straight into it, and nothing is held in it


class Lake(Part, frozen=True, kw_only=True):
    """A lake with one gate (width, height) and a fixed crest at its brim."""

    at: Point
    floor_m: Figure
    depth_m: Figure
    volume_m3: Figure
    initial_m: Figure
    land_m2: Figure
    into: str
    gate_m: tuple[float, float]  # assumed
    sill_m: Figure
    crest_m: Figure
    rain: str


class Gate(Part, frozen=True, kw_only=True):
    """A gate to the tide, or between two rivers; `size_m` (width, height) is assumed."""

    at: Point
    source: str = msgspec.field(name="from")
    size_m: tuple[float, float]
    sill_m: Figure
    flap: bool
    tide: str = ""
    into: str = ""


class Pump(Part, frozen=True, kw_only=True):
    """A pumping station; `rate_m3_s` is all its units together."""

    at: Point
    source: str = msgspec.field(name="from")
    rate_m3_s: Figure
    units: int = 1
    into: str = ""


class Gauge(Part, frozen=True, kw_only=True):
    """A rain gauge."""

    at: Point


class General(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of the whole city."""

    zh: str
    en: str
    normal_m: Figure
    sewer_slope: Figure
    sewer_rate_mm_h: Figure
    sewer_length_m: Figure
    pond_m2: Figure
    river_n: Figure
    sewer_n: Figure
    side_slope: Figure
    flow_width_m: Figure
    impervious_percent: Figure
    hill_impervious_percent: Figure


class City(msgspec.Struct, frozen=True, kw_only=True):
    """The whole city, as told by its file."""

    sources: dict[str, str]
    city: General
    river: list[River]
    lake: list[Lake]
    gate: list[Gate]
    pump: list[Pump]
    rain: list[Gauge]


@cache
def _told() -> City:
    text = (files("mindu.apps.water.fuzhou") / "city.toml").read_text(encoding="utf-8")
    return msgspec.convert(loads(text), City)


P = TypeVar("P", River, Lake)


def _more(part: P, times: float) -> P:
    land = msgspec.structs.replace(part.land_m2, value=part.land_m2.value * times)
    return msgspec.structs.replace(part, land_m2=land)


def _cut(city: City) -> City:
    return msgspec.structs.replace(
        city,
        river=[_more(p, CUT_LAND) for p in city.river if p.small],
        lake=[_more(p, CUT_HILLS) for p in city.lake if p.small],
        gate=[p for p in city.gate if p.small],
        pump=[p for p in city.pump if p.small],
        rain=[p for p in city.rain if p.small],
    )


def city(name: str = "fuzhou") -> City:
    """Return the city, or its small cut.

    Raises:
        ValueError: no such city.
    """
    if name not in CITIES:
        raise ValueError(f"no city called {name!r}; there are: {', '.join(CITIES)}")
    return _cut(_told()) if name == "fuzhou-small" else _told()


def figures(city: City) -> list[tuple[str, Figure]]:
    """Return every figure of the city with the name of its place."""
    found: list[tuple[str, Figure]] = []
    parts: list[tuple[str, msgspec.Struct]] = [("city", city.city)]
    parts += [(p.id, p) for p in (*city.river, *city.lake, *city.gate, *city.pump)]
    for name, part in parts:
        for field in part.__struct_fields__:
            told = getattr(part, field)
            held = told if isinstance(told, tuple) else (told,)
            found += [(f"{name}.{field}", f) for f in held if isinstance(f, Figure)]
    return found
