"""Questions over all devices at once over HTTP: what is nearest, what lies inside, what is new."""

from typing import Any

import numpy as np

from mindu.data.arrays import Truths
from mindu.data.senses.beside.words import told_as
from mindu.data.senses.memory.places import Places
from mindu.data.senses.now import NEVER
from mindu.data.senses.senses import Senses
from mindu.edge.http.asks import PAGE, Query, real, whole
from mindu.edge.http.bodies import Unfit


class Where:
    """The questions, each from the words of a query or a body to plain data."""

    def __init__(self, senses: Senses) -> None:
        """Ask of this store."""
        self._senses, self._registry = senses, senses.registry
        self._places = Places(senses.registry)

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

    def _chosen(self, query: Query) -> Truths:
        registry = self._senses.registry
        chosen = np.ones(len(registry.series), bool)
        if "prop" in query:
            chosen &= registry.series["prop"] == registry.props.get(query["prop"], -1)
        if "group" in query:
            group = registry.groups.get(query["group"], -1)
            chosen &= registry.devices["group"][registry.series["device"]] == group
        return chosen

    def latest(self, query: Query) -> dict[str, Any]:
        """Return the newest value of every series of a property or group, page by page."""
        registry, now = self._senses.registry, self._senses.now.columns
        start = whole(query, "from", 0, 0, 1 << 40)
        chosen = self._chosen(query)[: len(now)] & (now["at"] > NEVER)
        series = np.flatnonzero(chosen)
        page = series[start : start + whole(query, "limit", 1000, 1, PAGE)]
        rows = zip(
            page.tolist(), now["at"][page].tolist(), now["value"][page].tolist(), strict=True
        )
        told = [
            {
                "device": registry.owner(s),
                "prop": registry.prop(s).name,
                "at": at,
                "value": told_as(self._senses, s, value),
            }
            for s, at, value in rows
        ]
        after = start + len(page)
        return {"latest": told, **({"next": after} if after < len(series) else {})}
