"""Where things are: the nearest devices, those inside an area, and who crossed a fence when."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mindu.data.arrays import Floats, Ints, Truths
from mindu.data.senses.frame import Frame
from mindu.data.senses.registry import Registry

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

EARTH = 6_371_008.8  # m, mean radius, IUGG
Ring = Sequence[tuple[float, float]]  # (lon, lat), closed or not
MOST_FENCES = 10_000


class Places:
    """Where the devices of the register stand; looked up anew when the register grew."""

    def __init__(self, registry: Registry) -> None:
        """Read the register when first asked."""
        self._registry = registry
        self._stands: Ints = np.zeros(0, np.int64)
        self._tree: cKDTree | None = None
        self._mark: tuple[int, int] = (-1, 0)

    def nearest(
        self, lon: float, lat: float, count: int, *, within: float = np.inf
    ) -> list[tuple[str, float]]:
        """Return the (device, metres) nearest to a place, nearest first."""
        self._look()
        if self._tree is None or not len(self._stands):
            return []
        reach = 2 * np.sin(min(within / EARTH, np.pi) / 2)
        chord, row = self._tree.query(
            _ball(np.array([lon]), np.array([lat]))[0], k=min(count, len(self._stands)),
            distance_upper_bound=reach * (1 + 1e-12),
        )  # fmt: skip
        found = zip(np.atleast_1d(chord).tolist(), np.atleast_1d(row).tolist(), strict=True)
        return [
            (self._registry.ids[int(self._stands[r])], 2 * EARTH * float(np.arcsin(c / 2)))
            for c, r in found
            if np.isfinite(c)
        ]

    def inside(self, rings: Sequence[Ring]) -> Ints:
        """Return the devices inside an area: an outer ring, then holes."""
        lons, lats = self._registry.places()
        found: Ints = np.flatnonzero(within(rings, lons, lats))
        return found

    def _look(self) -> None:
        lons, lats = self._registry.places()
        devices = self._registry.devices
        mark = (len(lons), hash((devices["lon"].tobytes(), devices["lat"].tobytes())))
        if mark != self._mark:
            self._stands = np.flatnonzero(np.isfinite(lons))
            points = _ball(lons[self._stands], lats[self._stands])
            from scipy.spatial import cKDTree  # noqa: PLC0415 - 30 MB, which an edge node can spare

            self._tree, self._mark = cKDTree(points) if len(points) else None, mark


def _ball(lon: Floats, lat: Floats) -> Floats:
    a, b = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)], axis=1)


def within(rings: Sequence[Ring], lon: Floats, lat: Floats) -> Truths:
    """Say which places are inside: crossing numbers over all rings, so holes are outside."""
    inside = np.zeros(len(lon), bool)
    outer = np.array(rings[0], float)
    low, high = outer.min(axis=0), outer.max(axis=0)
    near = np.flatnonzero((lon >= low[0]) & (lon <= high[0]) & (lat >= low[1]) & (lat <= high[1]))
    x, y = lon[near], lat[near]
    crossed = np.zeros(len(near), bool)
    for ring in rings:
        points = list(ring)
        for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
            if ay == by:
                continue
            spans = (ay > y) != (by > y)
            crossed ^= spans & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    inside[near] = crossed
    return inside


class Crossing(NamedTuple):
    """One device entered or left one fence."""

    device: str
    fence: str
    entered: bool
    at: int  # epoch ms


class Fences:
    """Areas that moving devices enter and leave; devices report `lon` and `lat` as readings."""

    def __init__(self, registry: Registry) -> None:
        """Start without fences."""
        self._registry = registry
        self._rings: dict[str, Sequence[Ring]] = {}
        self._inside: dict[str, set[int]] = {}
        self._heard: dict[int, int] = {}  # device -> time of the last place, epoch ms

    def put(self, name: str, rings: Sequence[Ring]) -> None:
        """Put up a fence, or move it; who is inside is told at the next place that each reports.

        Raises:
            ValueError: a ring has less than three corners, or there are too many fences.
        """
        if not rings or any(len(ring) < 3 for ring in rings):
            raise ValueError(f"{name}: a fence is a list of rings of three corners or more")
        if name not in self._rings and len(self._rings) >= MOST_FENCES:
            raise ValueError(f"there are {MOST_FENCES} fences already")
        self._rings[name] = rings
        self._inside.setdefault(name, set())

    def drop(self, name: str) -> None:
        """Take a fence away."""
        self._rings.pop(name, None)
        self._inside.pop(name, None)

    def crossings(self, frame: Frame) -> list[Crossing]:
        """Return who entered or left what by the places in a frame; late places tell nothing."""
        registry = self._registry
        props = [registry.props.get(name, -1) for name in ("lon", "lat")]
        if not self._rings or min(props) < 0:
            return []
        found: dict[tuple[int, int], list[float]] = {}
        prop = registry.series["prop"][frame.series]
        rows = np.flatnonzero((prop == props[0]) | (prop == props[1]))
        for i in rows.tolist():
            device = int(registry.series["device"][frame.series[i]])
            place = found.setdefault((int(frame.at[i]), device), [np.nan, np.nan])
            place[int(prop[i] == props[1])] = float(frame.value[i])
        whole = [(at, d, p) for (at, d), p in sorted(found.items()) if np.isfinite(p).all()]
        return [c for at, device, place in whole for c in self._moved(at, device, place)]

    def _moved(self, at: int, device: int, place: list[float]) -> list[Crossing]:
        if at <= self._heard.get(device, -1):
            return []
        self._heard[device] = at
        told = []
        lon, lat = np.array(place[:1]), np.array(place[1:])
        for name, rings in self._rings.items():
            now, was = bool(within(rings, lon, lat)[0]), device in self._inside[name]
            if now != was:
                (self._inside[name].add if now else self._inside[name].discard)(device)
                told.append(Crossing(self._registry.ids[device], name, now, at))
        return told
