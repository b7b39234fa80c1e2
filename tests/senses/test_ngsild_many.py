"""NGSI-LD for many at once: batches, the past, contexts, tenants, and what is wrong."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest
from entities import LD, ask, city, vehicle, zulu
from open_doors import Node, clock
from town import FIVE

from mindu.edge.keys import Sender

__all__ = ["city"]


def test_a_batch_costs_only_what_is_wrong_in_it(city: Node) -> None:
    good, wrong = vehicle("b1"), {"id": "urn:ngsi-ld:Vehicle:b2", "type": "Vehicle", "x": None}
    status, told = ask(city, "/entityOperations/create", "POST", [good, wrong])
    assert (status, told["success"], told["errors"][0]["entityId"]) == (
        207, [good["id"]], "urn:ngsi-ld:Vehicle:b2",
    )  # fmt: skip
    assert ask(city, "/entityOperations/update", "POST", [vehicle("b1", 99)])[0] == 204
    assert ask(city, f"/entities/{good['id']}")[1]["speed"]["value"] == 99
    assert ask(city, "/entityOperations/merge", "POST", [{"id": good["id"], "speed": 7}])[0] == 204
    asked = {"type": "Query", "entities": [{"type": "Vehicle", "id": good["id"]}]}
    assert ask(city, "/entityOperations/query", "POST", asked)[1][0]["speed"]["value"] == 7
    assert ask(city, "/entityOperations/delete", "POST", [good["id"]])[0] == 204
    assert ask(city, f"/entities/{good['id']}")[0] == 404


def test_the_past_is_told_in_values_and_aggregates(city: Node) -> None:
    base = clock() // FIVE * FIVE - 20 * FIVE
    key = "urn:ngsi-ld:Pump:past"
    ask(city, "/entities", "POST", {"id": key, "type": "Pump",
                                    "mode": {"type": "Property", "value": "auto"}})  # fmt: skip
    for i in range(6):
        told = {"flow": {"type": "Property", "value": i, "observedAt": zulu(base + i * FIVE)}}
        assert ask(city, f"/entities/{key}/attrs", "POST", told)[0] == 204
    path = f"/temporal/entities/{key}?timerel=after&timeAt={zulu(base)}&attrs=flow"
    values = ask(city, path + "&options=temporalValues")[1]["flow"]["values"]
    assert [it[0] for it in values] == [0, 1, 2, 3, 4, 5]
    last = ask(city, path + "&lastN=2")[1]["flow"]
    assert [it["value"] for it in last] == [4, 5]
    told = ask(city, path + "&options=aggregatedValues&aggrMethods=avg,max,totalCount"
                     "&aggrPeriodDuration=PT10M")[1]["flow"]  # fmt: skip
    assert [it[0] for it in told["avg"]] == [0.5, 2.5, 4.5]
    assert [it[0] for it in told["totalCount"]] == [2, 2, 2]
    assert told["max"][-1] == [5, zulu(base + 4 * FIVE), zulu(base + 6 * FIVE)]
    found = ask(city, f"/temporal/entities?type=Pump&timerel=before&timeAt={zulu(base + FIVE)}")[1]
    assert [it["value"] for it in found[0]["flow"]] == [0]
    assert ask(city, f"/temporal/entities/{key}")[1]["mode"][0]["value"] == "auto"
    assert ask(city, "/temporal/entities?type=Pump")[0] == 400


def test_contexts_are_kept_here_and_never_fetched(city: Node) -> None:
    terms = {
        "@context": {"level": "https://city.example/level", "Tank": "https://city.example/Tank"}
    }
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{city.url}/ngsi-ld/v1/jsonldContexts", json.dumps(terms).encode(),
        {"Authorization": f"Bearer {city.key}", "Content-Type": "application/json"},
    )  # fmt: skip
    body = {"id": "urn:ngsi-ld:Tank:1", "type": "Tank", "level": 3, "@context": "http://nowhere/c"}
    assert ask(city, "/entities", "POST", body, Content_Type=LD)[0] == 503
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        key = answer.headers["Location"].rpartition("/")[2]
    body["@context"] = f"{city.url}/ngsi-ld/v1/jsonldContexts/{key}"
    assert ask(city, "/entities", "POST", body, Content_Type=LD)[0] == 201
    plain = ask(city, "/entities/urn:ngsi-ld:Tank:1?options=keyValues")[1]
    assert (plain["type"], plain["https://city.example/level"]) == ("https://city.example/Tank", 3)
    link = f'<{body["@context"]}>; rel="http://www.w3.org/ns/json-ld#context"; type="{LD}"'
    told = ask(city, "/entities?type=Tank&q=level==3", Link=link, Accept=LD)[1]
    assert (told[0]["type"], told[0]["@context"]) == ("Tank", body["@context"])
    assert ask(city, f"/jsonldContexts/{key}", "DELETE")[0] == 204
    assert ask(city, f"/jsonldContexts/{key}")[0] == 404


def test_tenants_do_not_see_each_other(city: Node) -> None:
    assert ask(city, "/entities", "POST", vehicle("t"), NGSILD_Tenant="north")[0] == 201
    assert ask(city, "/entities/urn:ngsi-ld:Vehicle:t")[0] == 404
    assert ask(city, "/entities/urn:ngsi-ld:Vehicle:t", NGSILD_Tenant="north")[0] == 200
    status, told = ask(city, "/entities/urn:ngsi-ld:Vehicle:t", NGSILD_Tenant="south")
    assert (status, told["type"].rpartition("/")[2]) == (404, "NonexistentTenant")
    south = city.doors.keys.grant("south", Sender(groups=("south",)))
    told_by = {"Authorization": f"Bearer {south}"}
    assert ask(city, "/entities?type=Vehicle", NGSILD_Tenant="north", **told_by)[0] == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/entities", {"id": "nope", "type": "T"}, 400),
        ("POST", "/entities", {"id": "urn:a:b"}, 400), ("POST", "/entities", [], 400),
        ("POST", "/entities", {"id": "urn:a:b", "type": "T", "p": {"type": "Property"}}, 400),
        ("POST", "/entities", {"id": "urn:a:b", "type": "T", "p": {"type": "X", "value": 1}}, 400),
        ("POST", "/entities", {"id": "urn:a:b", "type": "T",
                               "p": {"type": "Relationship", "object": "x"}}, 400),
        ("POST", "/entities", {"id": "urn:a:b", "type": "T", "location": {
            "type": "GeoProperty", "value": {"type": "Point", "coordinates": [200, 1]}}}, 400),
        ("POST", "/entities", {"id": "urn:a:b", "type": "T", "p": {
            "type": "Property", "value": 1, "observedAt": "yesterday"}}, 400),
        ("GET", "/entities?type=T&q=a==", None, 400), ("GET", "/entities?type=T&q=((", None, 400),
        ("GET", "/entities?type=T&georel=near&geometry=Point&coordinates=[1,2]", None, 400),
        ("GET", "/entities?type=T&idPattern=(", None, 400), ("GET", "/entities/x", None, 400),
        ("GET", "/temporal/entities?type=T&timerel=after", None, 400),
        ("POST", "/subscriptions", {"type": "Subscription"}, 400),
        ("DELETE", "/subscriptions/urn:ngsi-ld:Subscription:none", None, 404),
        ("DELETE", "/entities", None, 400), ("GET", "/types/None", None, 404),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_the_types_of_the_standard(
    city: Node, method: str, path: str, body: object, status: int
) -> None:
    found, told = ask(city, path, method, body)
    assert found == status, told
    assert told["type"].startswith("https://uri.etsi.org/ngsi-ld/errors/")
