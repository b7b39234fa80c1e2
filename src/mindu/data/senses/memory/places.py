"""Where things are: the nearest devices, and those inside an area."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mindu.data.arrays import Floats, Ints, Truths
from mindu.data.senses.registry import Registry

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

EARTH = 6_371_008.8  # m, mean radius, IUGG
Ring = Sequence[tuple[float, float]]  # (lon, lat), closed or not


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
