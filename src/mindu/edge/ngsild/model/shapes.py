"""Values that must have a shape: geometries, links to entities, texts by language, lists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.terms import GEO

DEPTH = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
    "MultiPolygon": 3,
}  # fmt: skip
MOST = 100_000  # places of one geometry


def check(name: str, kind: str, value: object) -> None:
    """Refuse a value that does not fit its kind.

    Raises:
        Problem: it does not; the message says why.
    """
    if kind == "Property" and name in GEO:
        raise bad(f"{name} is a GeoProperty")
    test = _CHECKS.get(kind)
    if test is not None:
        test(name, value)


def _shape(name: str, value: object) -> None:
    if not isinstance(value, Mapping) or str(value.get("type")) not in DEPTH:
        raise bad(f"{name}: a GeoProperty holds a GeoJSON geometry")
    geometry(str(value["type"]), value.get("coordinates"), name)


def geometry(kind: str, coordinates: Any, name: str) -> None:  # noqa: ANN401 - nested lists
    """Refuse coordinates that make no such geometry.

    Raises:
        Problem: they do not.
    """
    if kind not in DEPTH:
        raise bad(f"{name}: {kind!r} is no geometry; there are {', '.join(DEPTH)}")
    places: list[Any] = [coordinates]
    for _ in range(DEPTH[kind]):
        if not all(isinstance(it, Sequence) and not isinstance(it, str) for it in places):
            raise bad(f"{name}: the coordinates of a {kind} are not nested so")
        places = [inner for it in places for inner in it]
        if len(places) > MOST:
            raise bad(f"{name}: a geometry has at most {MOST} places")
    if not places or not all(_is_place(it) for it in places):
        raise bad(f"{name}: a place is [longitude, latitude] in degrees")
    _closed(kind, coordinates, name)


def _closed(kind: str, coordinates: Any, name: str) -> None:  # noqa: ANN401 - nested lists
    if kind in {"Polygon", "MultiPolygon"}:
        rings = coordinates if kind == "Polygon" else [r for part in coordinates for r in part]
        if any(len(ring) < 4 or list(ring[0]) != list(ring[-1]) for ring in rings):
            raise bad(f"{name}: a ring has four places or more and ends where it begins")
    if kind == "LineString" and len(coordinates) < 2:
        raise bad(f"{name}: a line has two places or more")


def _is_place(told: object) -> bool:
    if not isinstance(told, Sequence) or isinstance(told, str) or not 2 <= len(told) <= 3:
        return False
    numbers = all(isinstance(it, int | float) and not isinstance(it, bool) for it in told)
    return numbers and -180 <= told[0] <= 180 and -90 <= told[1] <= 90


def _links(name: str, value: object) -> None:
    many = value if isinstance(value, list) else [value]
    if not many or not all(isinstance(it, str) and ":" in it.strip(":") for it in many):
        raise bad(f"{name}: a Relationship leads to a URI, or a list of them")


def _listed(name: str, value: object) -> None:
    if not isinstance(value, list):
        raise bad(f"{name}: a list is needed")


def _links_listed(name: str, value: object) -> None:
    _listed(name, value)
    assert isinstance(value, list)
    _links(name, [it.get("object") if isinstance(it, Mapping) else it for it in value])


def _tongues(name: str, value: object) -> None:
    fits = isinstance(value, Mapping) and value and all(isinstance(k, str) and k for k in value)
    if not fits or not all(_is_text(it) for it in value.values()):  # type: ignore[attr-defined]
        raise bad(f"{name}: a languageMap holds texts by language, as in {{'en': 'Street'}}")


def _is_text(told: object) -> bool:
    many = told if isinstance(told, list) else [told]
    return all(isinstance(it, str) for it in many)


def _json(name: str, value: object) -> None:
    if not isinstance(value, Mapping | list):
        raise bad(f"{name}: a JsonProperty holds an object or a list")


def _words(name: str, value: object) -> None:
    if not _is_text(value):
        raise bad(f"{name}: a VocabProperty holds a text or several")


_CHECKS: dict[str, Callable[[str, object], None]] = {
    "GeoProperty": _shape, "Relationship": _links, "LanguageProperty": _tongues,
    "ListProperty": _listed, "ListRelationship": _links_listed, "VocabProperty": _words,
    "JsonProperty": _json,
}  # fmt: skip
