"""Where a Thing is, in GeoJSON: any geometry is kept, and the register gets a point of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mindu.edge.http.bodies import Unfit
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.ngsild.model.shapes import geometry

POINT = "Point"


class Placed(NamedTuple):
    """A place: its point (the middle of the bounds), and the geometry where it is no point."""

    lon: float | None = None
    lat: float | None = None
    shape: dict[str, Any] | None = None


NOWHERE = Placed()


def placed(places: Iterable[dict[str, Any]]) -> Placed:
    """Return the first Location, or what holds one; a Feature is its geometry.

    Raises:
        Unfit: it is no geometry of GeoJSON.
    """
    for it in places:
        inner = it.get("location", it)
        try:
            told = inner.get("geometry", inner)
            kind, coordinates = str(told["type"]), told["coordinates"]
            geometry(kind, coordinates, "location")
        except (Problem, LookupError, TypeError, AttributeError) as wrong:
            raise Unfit(400, f"a Location is a GeoJSON geometry: {wrong}") from wrong
        lon, lat = middle(coordinates)
        shape = None if kind == POINT else {"type": kind, "coordinates": coordinates}
        return Placed(lon, lat, shape)
    return NOWHERE


def middle(coordinates: Any) -> tuple[float, float]:  # noqa: ANN401 - nested lists
    """Return the middle of the bounds of coordinates."""
    lons, lats = zip(*_each(coordinates), strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def point(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the point of a geometry."""
    return {"type": POINT, "coordinates": list(middle(told["coordinates"]))}


def _each(coordinates: Sequence[Any]) -> Iterable[tuple[float, float]]:
    if not isinstance(coordinates[0], Sequence):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for it in coordinates:
        yield from _each(it)
