"""Streets of a pretend city: named roads where the network has places near, else its own places."""

from collections.abc import Sequence
from math import cos, hypot, radians

import numpy as np

from mindu.apps.hotline.things import DISTRICTS, Road
from mindu.engines.hydraulics.port import Network

REACH_M = 500.0  # m between a road and the place whose water stands on it
DEGREE_M = 111_320.0  # m a degree of latitude
MOST = 24  # streets of a city whose roads nobody has named
DRAWN = "drawn by the model alone 模型自拟"
Laid = list[tuple[Road, int]]  # a road, and the place of the network whose water stands on it


def near(roads: Sequence[Road], network: Network) -> Laid:
    """Return the roads that have a place of the network near them."""
    return [(road, at) for road in roads if (at := nearest(road, network)) >= 0]


def streets(network: Network) -> Laid:
    """Return streets of our own numbering, spread over the places where water can stand.

    They lie in the districts of the shipped tables by turns, for somebody must answer for them.
    """
    places = [k for k in range(len(network.nodes)) if _street(network, k)]
    chosen = places[:: max(1, -(-len(places) // MOST))]
    mapped = _degrees(network)
    return [
        (_road(n, network.xy.get(network.nodes[k]) if mapped else None), k)
        for n, k in enumerate(chosen, start=1)
    ]


def nearest(road: Road, network: Network) -> int:
    """Return the place of the network whose water stands on a road; -1 where none is near."""
    best, at = REACH_M, -1
    for k, name in enumerate(network.nodes):
        spot = network.xy.get(name)
        if spot is None or not _street(network, k):
            continue
        away = apart((road.x or 0.0, road.y or 0.0), spot)
        if away < best:
            best, at = away, k
    return at


def apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance between two points given in degrees, m."""
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2.0))
    return hypot(east, b[1] - a[1]) * DEGREE_M


def _street(network: Network, place: int) -> bool:
    """Say whether water can stand on a street there."""
    return network.node_kind[place] == "junction" and bool(np.isfinite(network.full_depth[place]))


def _degrees(network: Network) -> bool:
    """Say whether the network lies on the earth, and not on a drawing in metres."""
    return all(abs(x) <= 180.0 and abs(y) <= 90.0 for x, y in network.xy.values())


def _road(number: int, spot: tuple[float, float] | None) -> Road:
    x, y = spot if spot is not None else (None, None)
    area = DISTRICTS[number % len(DISTRICTS)][0]
    return Road(
        id=f"road:{number}", name_en=f"Street {number}", name_zh=f"第{number}街", area=area,
        x=x, y=y, origin=DRAWN,
    )  # fmt: skip
