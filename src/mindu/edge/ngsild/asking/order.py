"""In which order entities are told: by members and attributes, up or down, or by distance (4.23).

Whatever lacks what it is ordered by comes last; numbers come before words, words before times.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from mindu.data.senses.beside.entities import Instance
from mindu.edge.ngsild.asking.geo import distance
from mindu.edge.ngsild.asking.paths import Path, number, pathed
from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.shapes import geometry
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.model.terms import Context

STYLES = ("asc", "desc", "dist-asc", "dist-desc")
MEMBERS = ("id", "type", "scope")
MOST = 8  # members that order at once
Place = tuple[float, float]


class By(NamedTuple):
    """One member of an entity, or the path to a value of its attributes, and how it orders."""

    name: str
    style: str
    path: Path


class Order(NamedTuple):
    """By what entities are ordered; `origin` (lon, lat) of what is ordered by distance."""

    by: tuple[By, ...]
    origin: Place | None = None

    def sorted(self, views: Sequence[View]) -> list[View]:
        """Return entities in this order; those that agree stay as they came."""
        found = list(views)
        for by in reversed(self.by):
            down = by.style.endswith("desc")
            told = [(self._key(view, by), view) for view in found]
            have = [(key, view) for key, view in told if key is not None]
            have.sort(key=lambda it: it[0], reverse=down)
            found = [view for _, view in have] + [view for key, view in told if key is None]
        return found

    def _key(self, view: View, by: By) -> tuple[int, float, str] | None:
        if by.name in MEMBERS:
            told: Any = {"id": view.id, "type": view.types, "scope": view.scope}[by.name]
            return _ranked(told if isinstance(told, str) else ",".join(told))
        if by.style.startswith("dist-"):
            many = (it for it in view.attrs.get(by.path.attr, ()) if not it.dataset)
            first = next(many, None)
            return None if first is None else _ranked(self._far(first))
        return _ranked(next(iter(by.path.values(view)), None))

    def _far(self, it: Instance) -> float | None:
        if self.origin is None or it.kind != "GeoProperty":
            return None
        return distance((str(it.value["type"]), it.value["coordinates"]), ("Point", self.origin))


def _ranked(value: object) -> tuple[int, float, str] | None:
    """Return what a value is sorted by; None where it has no place in an order."""
    if isinstance(value, bool | int | float):
        return 0, float(value), ""
    if not isinstance(value, str) or not value:
        return None
    at = number(value) if value[:4].isdecimal() else value
    return (2, at.timestamp(), "") if isinstance(at, datetime) else (1, 0.0, value)


def order(told: Mapping[str, Any], context: Context) -> Order | None:
    """Return the order that a query asks for, None where it asks for none.

    Raises:
        Problem: a style is not known, or the place that distances are from is missing.
    """
    words = told.get("orderBy")
    if not words:
        return None
    each = words if isinstance(words, list) else str(words).split(",")
    by = tuple(_by(str(it), context) for it in each)
    if len(by) > MOST:
        raise bad(f"orderBy names at most {MOST} members")
    if not any(it.style.startswith("dist-") for it in by):
        return Order(by)
    return Order(by, _origin(told.get("orderFrom")))


def _by(told: str, context: Context) -> By:
    name, _, style = told.strip().partition(";")
    path = pathed(name, context)
    if path is None or (style or "asc") not in STYLES:
        raise bad(f"orderBy: {told!r} is no member with one of {', '.join(STYLES)}")
    return By(name, style or "asc", path)


def _origin(told: object) -> Place:
    try:
        found: Any = msgspec.json.decode(told) if isinstance(told, str) else told
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise bad("orderFrom is a place: [longitude, latitude]") from wrong
    place: Any = found.get("coordinates") if isinstance(found, Mapping) else found
    geometry("Point", place, "orderFrom")
    return float(place[0]), float(place[1])
