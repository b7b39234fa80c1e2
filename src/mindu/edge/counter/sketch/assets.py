"""What the counter's pages are made of beside their words: styles, script, picture, sketch map."""

from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from math import cos, radians

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.brain.casework.kinds import CaseKind, Spot

ASSETS = {
    "counter.css": "text/css",
    "counter.js": "text/javascript",
    "counter.svg": "image/svg+xml",
}
KEPT = {"Cache-Control": "max-age=3600"}
SIDE = 1_000.0  # width of the sketch in its own units
MARGIN = 0.02  # degrees around what is drawn
At = Callable[[float, float], tuple[float, float]]  # degrees to the sketch's own units
POINTS = frozenset({"landmark", "estate", "bridge", "water"})


def routes(kind: CaseKind) -> list[Route]:
    """Return the routes of files that the house ships, and of the sketch of this kind's city."""

    async def sketch(_request: Request) -> Response:
        return Response(drawn(kind.spots()), 200, KEPT, media_type=ASSETS["counter.svg"])

    return [*map(asset, ASSETS), Route("/sketch.svg", sketch, methods=["GET"])]


def asset(name: str) -> Route:
    """Return the route of a file that the house ships."""

    async def give(_request: Request) -> Response:
        body = files("mindu.edge.counter").joinpath(name).read_bytes()
        return Response(body, 200, KEPT, media_type=ASSETS[name])

    return Route(f"/{name}", give, methods=["GET"])


def drawn(spots: Sequence[Spot]) -> str:
    """Return a sketch of a city's places; its corners in degrees stand on it for who taps there.

    It is no survey: names lie where the gazetteer has them, roads are straight.
    """
    told = [s for s in spots if s.kind not in {"district", "town"}] or list(spots)
    if not told:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
    lats = [s.lat for s in told] + [s.lat2 for s in told if s.lat2 is not None]
    lons = [s.lon for s in told] + [s.lon2 for s in told if s.lon2 is not None]
    west, north = min(lons) - MARGIN, max(lats) + MARGIN
    east, south = max(lons) + MARGIN, min(lats) - MARGIN
    narrow = cos(radians((north + south) / 2))  # a degree of longitude beside one of latitude
    scale = SIDE / ((east - west) * narrow)

    def at(lat: float, lon: float) -> tuple[float, float]:
        return round((lon - west) * narrow * scale, 1), round((north - lat) * scale, 1)

    width, height = at(south, east)
    inside = [s for s in spots if south <= s.lat <= north and west <= s.lon <= east]
    parts = "".join(_drawn(s, at(s.lat, s.lon), _end(s, at)) for s in inside)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'data-west="{west:.5f}" data-north="{north:.5f}" data-east="{east:.5f}" '
        f'data-south="{south:.5f}">{parts}</svg>'
    )


def _end(spot: Spot, at: At) -> tuple[float, float] | None:
    return None if spot.lat2 is None or spot.lon2 is None else at(spot.lat2, spot.lon2)


def _drawn(spot: Spot, here: tuple[float, float], end: tuple[float, float] | None) -> str:
    """Return one place: a road as a line, a point as a dot, each with its name."""
    (x, y), mark = here, ""
    if end is not None:
        mark = f'<line x1="{x}" y1="{y}" x2="{end[0]}" y2="{end[1]}"/>'
        x, y = round((x + end[0]) / 2, 1), round((y + end[1]) / 2, 1)
    elif spot.kind in POINTS:
        mark = f'<circle cx="{x}" cy="{y}" r="2"/>'
    name = f'<text x="{x}" y="{y}">{escape(spot.name)}</text>'
    return f'<g class="{escape(spot.kind)}">{mark}{name}</g>'
