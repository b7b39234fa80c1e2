"""The functions that a SensorThings filter may call: texts, times, numbers, places."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mindu.edge.http.bodies import Unfit

_POINT = re.compile(r"\s*POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*")
_POLYGON = re.compile(r"\s*POLYGON\s*\(\s*\((.+)\)\s*\)\s*")


def moment(told: object) -> float:
    """Return an RFC 3339 text as epoch s; ValueError where it is none, or has no zone."""
    at = datetime.fromisoformat(str(told))
    if at.tzinfo is None:
        raise ValueError(f"{told}: say the zone")
    return at.timestamp()


def point(told: object) -> tuple[float, float]:
    """Return the place in a GeoJSON Point or a WKT `POINT(lon lat)`."""
    if isinstance(told, Mapping):
        return float(told["coordinates"][0]), float(told["coordinates"][1])
    found = _POINT.fullmatch(str(told).removeprefix("geography"))
    if found is None:
        raise Unfit(400, f"{told!r} is no POINT(lon lat)")
    return float(found[1]), float(found[2])


def distance(a: object, b: object) -> float:
    """Return the distance of two places in degrees, as the standard has it."""
    (ax, ay), (bx, by) = point(a), point(b)
    return math.hypot(ax - bx, ay - by)


def is_within(place: object, area: object) -> bool:
    """Say whether a place is inside a WKT polygon with one ring."""
    x, y = point(place)
    found = _POLYGON.fullmatch(str(area).removeprefix("geography"))
    if found is None:
        raise Unfit(400, f"{area!r} is no POLYGON((lon lat, …)) with one ring")
    ring = [(float(p.split()[0]), float(p.split()[1])) for p in found[1].split(",")]
    inside = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "startswith": lambda a, b: str(a).startswith(b), "endswith": lambda a, b: str(a).endswith(b),
    "substringof": lambda a, b: a in str(b), "contains": lambda a, b: b in str(a),
    "length": len, "tolower": lambda a: str(a).lower(),
    "toupper": lambda a: str(a).upper(), "trim": lambda a: str(a).strip(),
    "year": lambda a: datetime.fromisoformat(a).year,
    "month": lambda a: datetime.fromisoformat(a).month,
    "day": lambda a: datetime.fromisoformat(a).day,
    "hour": lambda a: datetime.fromisoformat(a).hour,
    "minute": lambda a: datetime.fromisoformat(a).minute,
    "round": round, "floor": math.floor, "ceiling": math.ceil, "geo.distance": distance,
    "st_within": is_within, "st_equals": lambda a, b: point(a) == point(b),
}  # fmt: skip
