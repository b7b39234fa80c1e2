"""NGSI-LD: one store under all doors, told and asked in the words of the standard."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest
from entities import ask, city, vehicle
from open_doors import Node, clock

from mindu.data.senses.memory import reads

__all__ = ["city"]


def test_what_came_by_another_door_is_an_entity_here(city: Node) -> None:
    (told,) = ask(city, "/entities?type=gauge&id=urn:ngsi-ld:gauge:g0")[1]
    assert told["level"] == {
        "type": "Property", "value": 3.2, "unitCode": "m", "observedAt": "2026-06-01T00:10:00Z",
    }  # fmt: skip
    assert told["location"]["value"]["coordinates"] == [119.3, 26.1]
    found = ask(city, "/entities?type=gauge&q=level>3.1&options=keyValues")[1]
    assert [(it["id"], it["level"]) for it in found] == [("urn:ngsi-ld:gauge:g0", 3.2)]


def test_what_is_told_here_is_read_at_every_other_door(city: Node) -> None:
    assert ask(city, "/entities", "POST", vehicle("read"))[0] == 201
    assert ask(city, "/entities", "POST", vehicle("read"))[0] == 409
    key = "urn:ngsi-ld:Vehicle:read"
    assert ask(city, f"/entities/{key}/attrs/speed", "PATCH", {"value": 60})[0] == 204
    series = city.senses.registry.one(key, "speed")
    rows = reads.window(city.senses, series, 0, 1 << 50)
    assert rows.value.tolist() == [55.0, 60.0]
    told = ask(city, f"/entities/{key}")[1]
    assert told["speed"]["value"] == 60
    assert told["speed"]["source"] == {"type": "Property", "value": "Speedometer"}
    at = clock()
    told_rows = [{"device": key, "prop": "speed", "value": 71.5, "at": at}]
    request = urllib.request.Request(  # noqa: S310 - our own
        city.url + "/v1/readings", json.dumps(told_rows).encode(),
        {"Authorization": f"Bearer {city.key}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        assert json.loads(answer.read())["stored"] == 1
    told = ask(city, f"/entities/{key}")[1]
    assert (told["speed"]["value"], told["speed"]["unitCode"]) == (71.5, "KMH")


def test_an_attribute_is_told_in_part_anew_and_taken_away(city: Node) -> None:
    ask(city, "/entities", "POST", vehicle("attrs"))
    path = "/entities/urn:ngsi-ld:Vehicle:attrs"
    more = {"colour": {"type": "Property", "value": "red"}, "brandName": {"type": "Property",
            "value": "Geely"}}  # fmt: skip
    status, told = ask(city, path + "/attrs?options=noOverwrite", "POST", more)
    assert (status, told["updated"], told["notUpdated"][0]["attributeName"]) == (
        207, ["colour"], "brandName",
    )  # fmt: skip
    assert ask(city, path + "/attrs", "POST", more)[0] == 204
    assert ask(city, path + "/attrs/colour", "PATCH", {"value": "blue"})[0] == 204
    assert ask(city, path + "/attrs/nothing", "PATCH", {"value": 1})[0] == 404
    assert ask(city, path + "/attrs/colour", "PATCH", {"type": "Relationship"})[0] == 400
    assert ask(city, path + "/attrs/colour", "DELETE")[0] == 204
    assert ask(city, path + "/attrs/colour", "DELETE")[0] == 404
    merge = {"brandName": "Skoda", "isParked": "urn:ngsi-ld:null", "speed": {"value": 12}}
    assert ask(city, path, "PATCH", merge)[0] == 204
    told = ask(city, path + "?options=concise")[1]
    assert told["brandName"] == "Skoda"
    assert told["speed"] == {"value": 12, "unitCode": "KMH", "source": "Speedometer"}
    assert "isParked" not in told
    whole = {"type": "Vehicle", "name": {"type": "Property", "value": "n"}}
    assert ask(city, path, "PUT", whole)[0] == 204
    assert set(ask(city, path + "?options=keyValues")[1]) >= {"id", "type", "name"}
    assert ask(city, path, "DELETE")[0] == 204
    assert ask(city, path)[0] == 404


def test_data_sets_stand_side_by_side(city: Node) -> None:
    two = [{"type": "Property", "value": 54, "datasetId": "urn:ngsi-ld:Property:gps"},
           {"type": "Property", "value": 55}]  # fmt: skip
    body = {"id": "urn:ngsi-ld:Car:sets", "type": "Car", "speed": two}
    assert ask(city, "/entities", "POST", body)[0] == 201
    assert len(ask(city, "/entities/urn:ngsi-ld:Car:sets")[1]["speed"]) == 2
    simple = ask(city, "/entities/urn:ngsi-ld:Car:sets?options=keyValues")[1]
    assert simple["speed"] == {"dataset": {"urn:ngsi-ld:Property:gps": 54, "@none": 55}}
    body["speed"] = [two[1], two[1]]
    assert ask(city, "/entities", "POST", {**body, "id": "urn:ngsi-ld:Car:twice"})[0] == 400


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=speed>60", ["q2", "q3"]), ("q=speed>60;brandName==\"Geely\"", ["q3"]),
        ("q=speed==60..75", ["q2"]), ("q=brandName==\"Geely\",\"Skoda\"", ["q3"]),
        ("q=(speed<50|speed>79)", ["q1", "q3"]), ("q=!gone", ["q1", "q2", "q3"]),
        ("q=brandName~=^Mer", ["q1", "q2"]), ("q=speed.source==\"Speedometer\";speed<50", ["q1"]),
        ("q=isParked==urn:ngsi-ld:OffStreetParking:Downtown1", ["q1", "q2", "q3"]),
        ("q=address[city]==\"福州\"", ["q2"]), ("idPattern=q[13]$", ["q1", "q3"]),
        ("attrs=address", ["q2"]), ("scopeQ=/fuzhou/%23", ["q1"]),
        ("georel=near;maxDistance==2000&geometry=Point&coordinates=[119.3,26.08]", ["q1"]),
        ("georel=near;minDistance==2000&geometry=Point&coordinates=[119.3,26.08]", ["q2", "q3"]),
        ("georel=within&geometry=Polygon&coordinates=[[[119.4,26],[119.6,26],[119.6,27],[119.4,27],"
         "[119.4,26]]]", ["q2"]),
        ("georel=disjoint&geometry=Polygon&coordinates=[[[119,26],[119.6,26],[119.6,27],[119,27],"
         "[119,26]]]", ["q3"]),
    ],
)  # fmt: skip
def test_queries_find_what_they_say(city: Node, query: str, names: list[str]) -> None:
    told = [
        vehicle("q1", 40, scope="/fuzhou/gulou"),
        vehicle("q2", 70, address={"type": "Property", "value": {"city": "福州"}}),
        vehicle("q3", 80, brandName={"type": "Property", "value": "Geely"}),
    ]
    for i, it in enumerate(told):
        it["type"] = "Asked"
        it["location"]["value"]["coordinates"] = [119.3 + 0.2 * i + 0.1 * (i == 2), 26.08]
    ask(city, "/entityOperations/upsert", "POST", told)
    path = f"/entities?type=Asked&{query}&options=keyValues&count=true"
    found = ask(city, path)[1]
    assert [it["id"].rpartition(":")[2] for it in found] == names


def test_pages_are_bounded_counted_and_linked(city: Node) -> None:
    ask(city, "/entityOperations/upsert", "POST",
        [{"id": f"urn:ngsi-ld:Paged:{i}", "type": "Paged"} for i in range(5)])  # fmt: skip
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{city.url}/ngsi-ld/v1/entities?type=Paged&limit=2&offset=2&count=true",
        headers={"Authorization": f"Bearer {city.key}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        assert answer.headers["NGSILD-Results-Count"] == "5"
        links = answer.headers["Link"]
        assert [it["id"][-1] for it in json.loads(answer.read())] == ["2", "3"]
    assert 'rel="next"' in links
    assert 'rel="prev"' in links
    assert ask(city, "/entities?type=Paged&limit=1001")[0] == 400
    assert ask(city, "/entities")[0] == 400
