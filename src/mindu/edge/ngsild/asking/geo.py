"""Geo-queries: near, within, contains, intersects, disjoint, equals, overlaps (clause 4.10)."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.shapes import geometry

EARTH = 6_371_008.8  # m
RELATIONS = ("near", "within", "contains", "intersects", "equals", "disjoint", "overlaps")
_NEAR = re.compile(r"near;(min|max)Distance==(\d+(?:\.\d+)?)")
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Geo:
    """One geo-query. `reach`: (min or max, metres) of near."""

    relation: str
    reach: tuple[str, float]
    kind: str
    coordinates: Any
    attr: str

    def holds(self, shape: object) -> bool:
        """Say whether a geometry passes."""
        if not isinstance(shape, Mapping):
            return False
        kind, told = str(shape["type"]), shape["coordinates"]
        if self.relation == "near":
            far = distance((kind, told), (self.kind, self.coordinates))
            return far >= self.reach[1] if self.reach[0] == "min" else far <= self.reach[1]
        if self.relation == "equals":
            return sorted(map(str, _flat(told))) == sorted(map(str, _flat(self.coordinates)))
        mine, other = (kind, told), (self.kind, self.coordinates)
        meets = touching(mine, other)
        inside, around = covered(mine, other), covered(other, mine)
        return {
            "within": inside, "contains": around, "intersects": meets, "disjoint": not meets,
            "overlaps": meets and not inside and not around,
        }[self.relation]  # fmt: skip

    def box(self) -> tuple[Place, Place] | None:
        """Return the box outside of which nothing passes; None where there is none."""
        if self.relation == "disjoint" or self.reach[0] == "min":
            return None
        places = [(float(p[0]), float(p[1])) for p in _flat(self.coordinates)]
        lat = max(abs(p[1]) for p in places)
        up = math.degrees(self.reach[1] / EARTH) * 1.01
        side = up / max(math.cos(math.radians(min(lat + up, 89.0))), 0.01)
        low = (min(p[0] for p in places) - side, min(p[1] for p in places) - up)
        high = (max(p[0] for p in places) + side, max(p[1] for p in places) + up)
        return None if low[0] < -180 or high[0] > 180 else (low, high)


def geo(query: Mapping[str, Any], attr: str) -> Geo | None:
    """Return the geo-query of a request; None where there is none.

    Raises:
        Problem: it is half told, or no geometry.
    """
    told = [name for name in ("georel", "geometry", "coordinates") if query.get(name)]
    if not told:
        return None
    if len(told) < 3:
        raise bad("a geo-query needs georel, geometry and coordinates")
    relation, kind, coordinates = str(query["georel"]), query["geometry"], query["coordinates"]
    if isinstance(coordinates, str):
        try:
            coordinates = msgspec.json.decode(coordinates)
        except (msgspec.MsgspecError, RecursionError) as wrong:
            raise bad("coordinates are JSON lists") from wrong
    geometry(str(kind), coordinates, "coordinates")
    near = _NEAR.fullmatch(relation)
    if near is not None:
        return Geo("near", (near[1], float(near[2])), str(kind), coordinates, attr)
    if relation not in RELATIONS or relation == "near":
        raise bad(f"georel={relation}: there are near;maxDistance==M, {', '.join(RELATIONS[1:])}")
    return Geo(relation, ("max", 0.0), str(kind), coordinates, attr)


Shape = tuple[str, Any]


def _flat(told: Any) -> Iterator[Any]:  # noqa: ANN401 - nested lists
    if told and isinstance(told[0], int | float):
        yield told
        return
    for inner in told:
        yield from _flat(inner)


def _rings(shape: Shape) -> list[list[list[Any]]]:
    """Return the polygons of a shape, each a list of rings."""
    kind, told = shape
    return [told] if kind == "Polygon" else list(told) if kind == "MultiPolygon" else []


def _lines(shape: Shape) -> Iterator[tuple[Any, Any]]:
    kind, told = shape
    paths: Any = [told] if kind == "LineString" else []
    if kind in {"MultiLineString", "Polygon"}:
        paths = told
    elif kind == "MultiPolygon":
        paths = [ring for part in told for ring in part]
    for path in paths:
        yield from pairwise(path)


def _inside(place: Any, shape: Shape) -> bool:  # noqa: ANN401
    """Say whether a place lies in a shape's area, or on its lines or points."""
    for rings in _rings(shape):
        odd = False
        for ring in rings:
            for a, b in pairwise(ring):
                if (a[1] > place[1]) != (b[1] > place[1]):
                    across = a[0] + (place[1] - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
                    odd ^= place[0] < across
        if odd:
            return True
    if any(_turn(a, b, place) == 0 and _between(a, b, place) for a, b in _lines(shape)):
        return True
    points = shape[0] in {"Point", "MultiPoint"}
    return points and any(list(p[:2]) == list(place[:2]) for p in _flat(shape[1]))


def covered(inner: Shape, outer: Shape) -> bool:
    """Say whether every part of one shape lies in another."""
    if not all(_inside(place, outer) for place in _flat(inner[1])):
        return False
    middles = [[(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] for a, b in _lines(inner)]
    return all(_inside(place, outer) for place in middles)


def touching(a: Shape, b: Shape) -> bool:
    """Say whether two shapes have a place in common."""
    if any(_inside(p, b) for p in _flat(a[1])) or any(_inside(p, a) for p in _flat(b[1])):
        return True
    others = list(_lines(b))
    return any(_cross(p, q) for p in _lines(a) for q in others)


def _turn(a: Any, b: Any, c: Any) -> int:  # noqa: ANN401
    told = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return int(told > 0) - int(told < 0)


def _between(a: Any, b: Any, c: Any) -> bool:  # noqa: ANN401
    return bool(
        min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
    )


def _cross(p: tuple[Any, Any], q: tuple[Any, Any]) -> bool:
    one = _turn(*p, q[0]) != _turn(*p, q[1])
    return one and _turn(*q, p[0]) != _turn(*q, p[1])


def distance(a: Shape, b: Shape) -> float:
    """Return the least distance of two shapes in metres, 0 where they meet."""
    if touching(a, b):
        return 0.0
    places, others = list(_flat(a[1])), list(_flat(b[1]))
    found = [haversine(p, q) for p in places for q in others]
    found += [_to_line(p, line) for p in places for line in _lines(b)]
    found += [_to_line(q, line) for q in others for line in _lines(a)]
    return min(found)


def haversine(p: Any, q: Any) -> float:  # noqa: ANN401
    """Return the distance of two places on the sphere in metres."""
    a, b, c, d = map(math.radians, (p[1], q[1], q[1] - p[1], q[0] - p[0]))
    half = math.sin(c / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(d / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def _to_line(p: Any, line: tuple[Any, Any]) -> float:  # noqa: ANN401
    """Return the distance to a stretch, taken as straight in degrees at its own latitude."""
    scale = math.cos(math.radians(p[1]))
    ax, ay = (line[0][0] - p[0]) * scale, line[0][1] - p[1]
    dx, dy = (line[1][0] - line[0][0]) * scale, line[1][1] - line[0][1]
    size = dx * dx + dy * dy
    share = min(1.0, max(0.0, -(ax * dx + ay * dy) / size)) if size else 0.0
    return math.radians(math.hypot(ax + share * dx, ay + share * dy)) * EARTH
