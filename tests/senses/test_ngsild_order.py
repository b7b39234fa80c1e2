"""Entities are told in the order that is asked for, and a past that is cut says so."""

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest
from entities import LD, ask, city, vehicle
from open_doors import Node
from town import DAY, T0, levels

__all__ = ["LD", "city"]


@pytest.fixture(scope="module")
def street(city: Node) -> Node:
    for name, speed, lon in (("a", 50, 119.3), ("b", 20, 119.1), ("c", 80, 119.2)):
        place = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [lon, 26.0]}}
        told = vehicle(name, speed, location=place)
        told["address"] = {"type": "Property", "value": {"street": {"a": 2, "b": 1, "c": 3}[name]}}
        told["brandName"]["value"] = "Audi" if name == "c" else "BMW"
        assert ask(city, "/entities", "POST", told)[0] == 201
    bare = {"id": "urn:ngsi-ld:Vehicle:d", "type": "Vehicle"}
    assert ask(city, "/entities", "POST", bare)[0] == 201
    return city


def names(city: Node, query: str) -> str:
    status, told = ask(city, f"/entities?type=Vehicle&{query}")
    assert status == 200, told
    return "".join(it["id"][-1] for it in told)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("orderBy=speed", "bacd"),
        ("orderBy=speed;desc", "cabd"),
        ("orderBy=id;desc", "dcba"),
        ("orderBy=brandName,speed;desc", "cabd"),
        ("orderBy=brandName;desc,speed;asc", "bacd"),
        ("orderBy=location;dist-asc&orderFrom=[119.0,26.0]", "bcad"),
        ("orderBy=location;dist-desc&orderFrom=[119.0,26.0]", "acbd"),
        ("orderBy=speed&limit=2&offset=1", "ac"),
        ("orderBy=createdAt;desc", "dcba"),
        ("orderBy=brandName.createdAt", "abcd"),
        ("orderBy=speed.source;desc,id;desc", "cbad"),
        ("orderBy=address[street]", "bacd"),
    ],
)
def test_entities_come_in_the_order_that_is_asked_for(street: Node, query: str, found: str) -> None:
    assert names(street, query) == found


@pytest.mark.parametrize(
    "query", ["orderBy=speed;up", "orderBy=location;dist-asc", "orderBy=;asc",
              "orderBy=location;dist-asc&orderFrom=[1]"],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused_in_words(street: Node, query: str) -> None:
    status, told = ask(street, f"/entities?type=Vehicle&{query}")
    assert (status, "order" in told["detail"]) == (400, True)


def test_a_query_in_a_body_may_ask_for_an_order(street: Node) -> None:
    body = {"type": "Query", "entities": [{"type": "Vehicle"}], "orderBy": ["speed;desc"]}
    told: Any = ask(street, "/entityOperations/query", "POST", body)[1]
    assert [it["id"][-1] for it in told] == ["c", "a", "b", "d"]


def test_a_past_that_is_told_in_part_is_206_with_its_range(city: Node) -> None:
    start = T0 + DAY
    city.senses.take([levels("g3", [3.0] * 1200, start=start, every=1000)], start + DAY)
    path = "/temporal/entities/urn:ngsi-ld:gauge:g3?timerel=after&timeAt=2026-06-01T00:00:00Z"
    status, told, headers = headed(city, path)
    assert (status, len(told["level"])) == (206, 1000)
    assert headers["Content-Range"] == ("date-time 2026-06-02T00:03:20Z-2026-06-02T00:19:59Z/*")
    status, told, headers = headed(city, path + "&lastN=5")
    assert (status, len(told["level"]), headers.get("Content-Range")) == (200, 5, None)
    path = "/temporal/entities?type=gauge&timerel=after&timeAt=2026-06-01T00:00:00Z"
    assert headed(city, path)[0] == 206


def headed(city: Node, path: str) -> tuple[int, Any, Any]:
    """Return status, body and headers of an answer."""
    request = Request(  # noqa: S310 - our own
        f"{city.url}/ngsi-ld/v1{path}", headers={"Authorization": f"Bearer {city.key}"}
    )
    with urlopen(request, timeout=60) as told:  # noqa: S310 - our own
        return told.status, json.loads(told.read()), told.headers
