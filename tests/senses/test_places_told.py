"""A place that is told for an entity, a Thing or a device crosses fences as readings do."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from entities import OPEN, vehicle
from entities import ask as ngsi
from fleet import IN, OUT, YARD, fleet, put
from open_doors import Node, node
from test_sensorthings import ask
from town import T0

from mindu.edge.hearing.fenced import Fenced
from mindu.perceive.declare import Device


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Node]:
    with node(tmp_path, OPEN) as found:
        put(found.senses)
        yield found


def at(lon: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, 26.05]}


def crossed(city: Node) -> list[tuple[str, str]]:
    _, told = city.asked("/v1/crossings")
    return [(it["device"].rpartition(":")[2], it["did"]) for it in told["crossings"]]


def test_an_entity_crosses_by_its_location(city: Node) -> None:
    car = vehicle("a", location={"type": "GeoProperty", "value": at(IN)})
    assert ngsi(city, "/entities", "POST", car)[0] == 201
    assert crossed(city) == [("a", "entered")]
    where = f"/entities/{car['id']}/attrs"
    for lon in (IN + 0.01, OUT, OUT, IN):
        told = {"location": {"type": "GeoProperty", "value": at(lon)}}
        assert ngsi(city, where, "PATCH", told)[0] == 204
    assert crossed(city) == [("a", "entered"), ("a", "left"), ("a", "entered")]
    assert city.asked("/v1/fences/yard")[1]["inside"][0]["device"].endswith("a")


def test_a_thing_and_a_device_cross_by_their_places(city: Node) -> None:
    place = {"name": "p", "description": "", "encodingType": "application/geo+json"}
    thing = {"name": "buoy", "description": "", "Locations": [{**place, "location": at(OUT)}]}
    number = ask(city, "/Things", "POST", thing)[1]["@iot.id"]
    assert crossed(city) == []
    assert ask(city, f"/Locations({number})", "PATCH", {"location": at(IN)})[0] == 200
    assert ask(city, f"/Locations({number})", "PATCH", {"location": at(OUT)})[0] == 200
    assert crossed(city) == [("buoy", "entered"), ("buoy", "left")]
    city.senses.enrol([Device(id="g9", kind="gauge", lon=IN, lat=26.05)])
    city.senses.enrol([Device(id="g9", kind="gauge", lon=IN, lat=26.05, group="x")])
    assert crossed(city)[2:] == [("g9", "entered")]


def test_a_fence_of_a_kind_and_group_hears_only_theirs(tmp_path: Path) -> None:
    senses = fleet(tmp_path)
    fenced = Fenced(senses, lambda: T0)
    put(senses, "trucks", kind="truck", group="t1")
    for name in ("t0", "t1"):
        senses.enrol([Device(id=name, kind="truck", group=name, lon=IN, lat=26.05)])
    senses.enrol([Device(id="g0", kind="gauge", group="t1", lon=IN, lat=26.05)])
    assert [it.device for it in senses.fences.told] == ["t1"]
    fenced.close()
    senses.enrol([Device(id="t1", kind="truck", group="t1", lon=OUT, lat=26.05)])
    assert len(senses.fences.told) == 1
    senses.close()
    again = fleet(tmp_path)  # deed and crossing were one frame each of one write
    assert [it.device for it in again.fences.told] == ["t1"]
    asyncio.run(asyncio.sleep(0))
    again.close()


def test_a_location_may_be_any_geometry(city: Node) -> None:
    place = {"name": "p", "description": "", "encodingType": "application/geo+json"}
    square = {"type": "Polygon", "coordinates": [[[*it] for it in [*YARD, YARD[0]]]]}
    thing = {"name": "pond", "description": "", "Locations": [{**place, "location": square}]}
    number = ask(city, "/Things", "POST", thing)[1]["@iot.id"]
    assert ask(city, f"/Locations({number})")[1]["location"] == square
    assert crossed(city) == [("pond", "entered")], "its point is the middle of its bounds"
    inside = "/Locations?$filter=st_intersects(location, geography'POINT(119.09 26.01)')"
    assert [it["name"] for it in ask(city, inside)[1]["value"]] == ["pond"]
    line = {"type": "LineString", "coordinates": [[118.0, 26.0], [118.2, 26.0]]}
    told = {"location": {"type": "Feature", "geometry": line}}
    assert ask(city, f"/Locations({number})", "PATCH", told)[0] == 200
    assert ask(city, f"/FeaturesOfInterest({number})")[1]["feature"] == line
    city.senses.enrol([Device(id="pond", kind="sensorthings", lon=OUT, lat=26.05)])
    assert ask(city, f"/Locations({number})")[1]["location"] == at(OUT)
    broken = {"location": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}
    assert ask(city, f"/Locations({number})", "PATCH", broken)[0] == 400
