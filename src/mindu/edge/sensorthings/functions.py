"""The functions that a SensorThings filter may call: texts, times, numbers, places."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec

from mindu.edge.http.bodies import Unfit
from mindu.edge.ngsild.asking.geo import Shape, covered, touching
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.ngsild.model.shapes import geometry
from mindu.edge.sensorthings.places import middle

_WKT = re.compile(r"\s*(POINT|LINESTRING|POLYGON)\s*(\(.+\))\s*")


def moment(told: object) -> float:
    """Return an RFC 3339 text as epoch s; ValueError where it is none, or has no zone."""
    at = datetime.fromisoformat(str(told))
    if at.tzinfo is None:
        raise ValueError(f"{told}: say the zone")
    return at.timestamp()


def point(told: object) -> tuple[float, float]:
    """Return the place in a WKT `POINT(lon lat)`, or the middle of what GeoJSON tells."""
    kind, places = shape(told)
    if kind != "Point" and not isinstance(told, Mapping):
        raise Unfit(400, f"{told!r} is no POINT(lon lat)")
    return middle(places)


def shape(told: object) -> Shape:
    """Return the geometry in GeoJSON, or in WKT as POINT, LINESTRING or POLYGON."""
    if isinstance(told, Mapping):
        return str(told["type"]), told["coordinates"]
    found = _WKT.fullmatch(str(told).removeprefix("geography"))
    if found is None:
        raise Unfit(400, f"{told!r} is no POINT, LINESTRING or POLYGON in WKT")
    inner = re.sub(r"(-?[\d.eE]+)\s+(-?[\d.eE]+)", r"[\1,\2]", found[2])
    try:
        places = msgspec.json.decode(inner.replace("(", "[").replace(")", "]"))
        kind = {"POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon"}[found[1]]
        places = places[0] if kind == "Point" else places
        geometry(kind, places, "geography")
    except (msgspec.MsgspecError, Problem, LookupError, TypeError) as wrong:
        raise Unfit(400, f"{told!r} is no {found[1]} in WKT") from wrong
    return kind, places


def apart(a: object, b: object) -> float:
    """Return the distance of two places in degrees, as the standard has it."""
    (ax, ay), (bx, by) = point(a), point(b)
    return math.hypot(ax - bx, ay - by)


def length(told: object) -> float:
    """Return the length of a line in degrees."""
    kind, places = shape(told)
    if kind != "LineString":
        return 0.0
    return sum(math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(places))


def _overlap(a: object, b: object) -> bool:
    one, two = shape(a), shape(b)
    return touching(one, two) and not covered(one, two) and not covered(two, one)


def _when(told: object) -> datetime:
    moment(told)
    return datetime.fromisoformat(str(told))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "startswith": lambda a, b: str(a).startswith(b), "endswith": lambda a, b: str(a).endswith(b),
    "substringof": lambda a, b: a in str(b), "contains": lambda a, b: b in str(a),
    "length": len, "tolower": lambda a: str(a).lower(), "concat": lambda a, b: f"{a}{b}",
    "toupper": lambda a: str(a).upper(), "trim": lambda a: str(a).strip(),
    "indexof": lambda a, b: str(a).find(b),
    "substring": lambda a, at, size=None: str(a)[int(at) :][: None if size is None else int(size)],
    "year": lambda a: _when(a).year, "month": lambda a: _when(a).month,
    "day": lambda a: _when(a).day, "hour": lambda a: _when(a).hour,
    "minute": lambda a: _when(a).minute, "second": lambda a: _when(a).second,
    "fractionalseconds": lambda a: _when(a).microsecond / 1e6,
    "date": lambda a: _when(a).date().isoformat(), "time": lambda a: _when(a).time().isoformat(),
    "totaloffsetminutes": lambda a: (_when(a).utcoffset() or timedelta()).total_seconds() / 60,
    "mindatetime": lambda: "0001-01-01T00:00:00+00:00",
    "maxdatetime": lambda: "9999-12-31T23:59:59+00:00",
    "round": round, "floor": math.floor, "ceiling": math.ceil,
    "geo.distance": apart, "geo.length": length,
    "geo.intersects": lambda a, b: touching(shape(a), shape(b)),
    "st_intersects": lambda a, b: touching(shape(a), shape(b)),
    "st_disjoint": lambda a, b: not touching(shape(a), shape(b)),
    "st_within": lambda a, b: covered(shape(a), shape(b)),
    "st_contains": lambda a, b: covered(shape(b), shape(a)), "st_overlaps": _overlap,
    "st_equals": lambda a, b: shape(a) == shape(b),
}  # fmt: skip
