"""Questions of place over HTTP: what is nearest, what lies inside."""

from typing import Any

from mindu.data.senses.memory.places import Places
from mindu.data.senses.registry import Registry
from mindu.edge.http.asks import PAGE, Query, real, whole
from mindu.edge.http.bodies import Unfit


class Where:
    """The questions, each from the words of a query or a body to plain data."""

    def __init__(self, registry: Registry) -> None:
        """Ask of this register."""
        self._registry, self._places = registry, Places(registry)

    def nearest(self, query: Query) -> dict[str, Any]:
        """Return the devices nearest to a place."""
        lon, lat = real(query, "lon", -180, 180), real(query, "lat", -90, 90)
        count = whole(query, "count", 10, 1, PAGE)
        within = real({"w": query.get("within", "30000000")}, "w", 0, 3e7)
        found = self._places.nearest(lon, lat, count, within=within)
        return {"nearest": [{"device": name, "metres": round(far, 2)} for name, far in found]}

    def inside(self, polygon: object) -> dict[str, Any]:
        """Return the devices inside a GeoJSON Polygon."""
        try:
            rings = [[(float(p[0]), float(p[1])) for p in ring] for ring in polygon["coordinates"]]  # type: ignore[index]
            assert min(map(len, rings)) > 2
        except (TypeError, LookupError, ValueError, OverflowError, AssertionError) as wrong:
            raise Unfit(
                422, "send a GeoJSON Polygon with rings of three corners or more"
            ) from wrong
        ids = self._registry.ids
        found = self._places.inside(rings)
        return {"devices": [ids[i] for i in found[:PAGE].tolist()], "count": len(found)}
