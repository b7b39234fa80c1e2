"""Lay the rivers out: where each node stands, how deep its bed lies, how wide it is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

from mindu.apps.water.fuzhou.facts import City, Point, River
from mindu.apps.water.storms.figure import Figure

DEGREE_M = 111_320.0  # m a degree of latitude
WINDING = 1.08  # river length over straight length; assumed, 1.0 to 1.3
LEAST_M = 200.0  # m: no channel shorter, so that the routing step stays easy


@dataclass(frozen=True, slots=True)
class Spot:
    """A river node; levels in m above the datum."""

    id: str
    at: Point
    bed: float
    street: float
    width: float


@dataclass(frozen=True, slots=True)
class Channel:
    """A stretch of river between two nodes; `lake` where it ends in one."""

    id: str
    up: str
    down: str
    length: float
    depth: float
    width: float


def apart(a: Point, b: Point) -> float:
    """Return the distance between two points, m."""
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2.0))
    return hypot(east, b[1] - a[1]) * DEGREE_M


def along(path: Sequence[Point], share: float) -> Point:
    """Return the point at that share of the path's length."""
    legs = [apart(a, b) for a, b in pairwise(path)]
    left = share * sum(legs)
    for (a, b), leg in zip(pairwise(path), legs, strict=True):
        if left <= leg:
            k = left / leg
            return (a[0] + k * (b[0] - a[0]), a[1] + k * (b[1] - a[1]))
        left -= leg
    return path[-1]


def _between(ends: tuple[Figure, Figure], share: float) -> float:
    return ends[0].value + share * (ends[1].value - ends[0].value)


def spots(river: River) -> list[Spot]:
    """Return the nodes of a river, from its head to its mouth."""
    shares = [k / (river.nodes - 1) for k in range(river.nodes)]
    return [
        Spot(
            id=f"{river.id}{k + 1}",
            at=along(river.path, share),
            bed=_between(river.bed_m, share),
            street=_between(river.street_m, share),
            width=_between(river.width_m, share),
        )
        for k, share in enumerate(shares)
    ]


def places(city: City) -> dict[str, Point]:
    """Return where every river node and lake stands."""
    found = {lake.id: lake.at for lake in city.lake}
    return found | {spot.id: spot.at for river in city.river for spot in spots(river)}


def channels(city: City) -> list[Channel]:
    """Return every stretch of river; a junction that is not in this cut is left out."""
    stand = {spot.id: spot for river in city.river for spot in spots(river)}
    lakes = {lake.id: lake.at for lake in city.lake}
    found = []
    for river in city.river:
        own = spots(river)
        chain = [stand[river.source]] if river.source in stand else []
        chain += [*own, *([stand[river.into]] if river.into in stand else [])]
        found += [_channel(a, b) for a, b in pairwise(chain)]
        if river.into in lakes:
            last = own[-1]
            mouth = Spot(river.into, lakes[river.into], last.bed, last.street, last.width)
            found.append(_channel(last, mouth))
    return found


def _channel(up: Spot, down: Spot) -> Channel:
    return Channel(
        id=f"C_{up.id}_{down.id}",
        up=up.id,
        down=down.id,
        length=max(apart(up.at, down.at) * WINDING, LEAST_M),
        depth=min(up.street - up.bed, down.street - down.bed),
        width=min(up.width, down.width),
    )
