"""NGSI-LD: one store under all doors, told and asked in the words of the standard."""

import json
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from brokers import mosquitto
from hypothesis import given, settings
from hypothesis import strategies as st
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion
from town import FIVE, T0, levels

from mindu.data.senses.memory import reads
from mindu.edge.keys import Sender
from mindu.edge.ngsild.asking.geo import distance, touching
from mindu.edge.ngsild.asking.query import Parser
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.ngsild.model.show import text
from mindu.edge.ngsild.model.terms import CORE_CONTEXT, Context
from mindu.edge.settings import Http, NgsiLd, Settings

OPEN = Settings(http=Http(port=0), ngsild=NgsiLd(notify=("127.0.0.1",)))
LD = "application/ld+json"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("ngsild"), OPEN) as found:
        found.senses.take([levels("g0", [3.0, 3.1, 3.2])], T0 + 3_600_000)
        yield found


def ask(
    city: Node, path: str, method: str = "GET", body: object = None, **headers: str
) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    told = {"Authorization": f"Bearer {city.key}"}
    if data is not None:
        told["Content-Type"] = "application/json"
    told |= {k.replace("_", "-"): v for k, v in headers.items()}
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{city.url}/ngsi-ld/v1{urllib.parse.quote(path, safe='/()$=&?;,:!*|~%')}", data, told,
        method=method,
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code, json.loads(wrong.read() or b"null")


def vehicle(name: str, speed: float = 55, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": f"urn:ngsi-ld:Vehicle:{name}", "type": "Vehicle",
        "brandName": {"type": "Property", "value": "Mercedes"},
        "speed": {"type": "Property", "value": speed, "unitCode": "KMH",
                  "source": {"type": "Property", "value": "Speedometer"}},
        "isParked": {"type": "Relationship", "object": "urn:ngsi-ld:OffStreetParking:Downtown1",
                     "providedBy": {"type": "Relationship", "object": "urn:ngsi-ld:Person:Bob"}},
        "location": {"type": "GeoProperty",
                     "value": {"type": "Point", "coordinates": [119.3, 26.08]}},
        **more,
    }  # fmt: skip


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


def zulu(ms: int) -> str:
    return str(text(ms))


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


class Ear(HTTPServer):
    """An endpoint that refuses as often as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hear)
        self.heard: list[dict[str, Any]] = []
        self.refuse = 0


class Hear(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.refuse -= 1
        self.send_response(500 if self.server.refuse >= 0 else 200)
        self.end_headers()
        if self.server.refuse < 0:
            self.server.heard.append(json.loads(body))

    def _quiet(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def ear() -> Iterator[Ear]:
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def subscription(uri: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "type": "Subscription", "entities": [{"type": "Watched"}],
        "notification": {"format": "keyValues", "endpoint": {"uri": uri}}, **more,
    }  # fmt: skip


def test_a_subscriber_is_told_of_changes_by_every_door_also_after_a_restart(tmp_path: Path) -> None:
    with ear() as listening:
        uri = f"http://127.0.0.1:{listening.server_port}/told"
        with node(tmp_path, OPEN) as city:
            told = subscription(uri, watchedAttributes=["speed"], q="speed>50")
            assert ask(city, "/subscriptions", "POST", told)[0] == 201
            watched = {**vehicle("w", 60), "type": "Watched"}
            ask(city, "/entities", "POST", watched)
            until(lambda: len(listening.heard) == 1, "the first notification")
            listening.refuse = 1 << 30
            rows = [(watched["id"], "speed", clock(), 70.0)]
            from town import said  # noqa: PLC0415

            from mindu.data.senses.intake import Offer  # noqa: PLC0415

            city.senses.take([Offer("line", said(rows))], clock())
            (key,) = city.doors.notifier.kept()
            stats = city.doors.notifier.outbox.stats
            until(lambda: key in stats and stats[key].failed > 0, "a refusal")
            shown = ask(city, "/subscriptions")[1][0]["notification"]
            assert (shown["status"], shown["timesSent"] >= 1) == ("failed", True)
        listening.refuse = 0
        with node(tmp_path, OPEN) as city:
            until(lambda: len(listening.heard) == 2, "what was undelivered")
            ask(city, f"/entities/{watched['id']}/attrs/speed", "PATCH", {"value": 40})
            ask(city, f"/entities/{watched['id']}/attrs/speed", "PATCH", {"value": 80})
            until(lambda: len(listening.heard) == 3, "what is new")
    speeds = [it["data"][0]["speed"] for it in listening.heard]
    assert speeds == [60, 70, 80]


def test_a_subscriber_may_listen_on_mqtt(tmp_path: Path) -> None:
    heard: list[dict[str, Any]] = []
    ready = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2)
    topic = f"mindu-test-{clock()}"
    client.on_connect = lambda c, *_: c.subscribe(topic, 1)
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _c, _u, m: heard.append(json.loads(m.payload))
    port = mosquitto()
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert ready.wait(60)
    with node(tmp_path, OPEN) as city:
        told = subscription(f"mqtt://127.0.0.1:{port}/{topic}")
        told["notification"]["endpoint"]["notifierInfo"] = [{"key": "MQTT-QoS", "value": "1"}]
        assert ask(city, "/subscriptions", "POST", told)[0] == 201
        ask(city, "/entities", "POST", {**vehicle("m"), "type": "Watched"})
        until(lambda: bool(heard), "a message")
    client.disconnect()
    client.loop_stop()
    assert heard[0]["body"]["data"][0]["speed"] == 55
    assert heard[0]["metadata"]["Content-Type"] == "application/json"


def test_only_hosts_of_the_settings_are_told(city: Node) -> None:
    assert ask(city, "/subscriptions", "POST", subscription("http://10.0.0.1/"))[0] == 403
    with socket.create_server(("127.0.0.1", 0)) as listening:
        free = listening.getsockname()[1]
    status, _ = ask(city, "/subscriptions", "POST", subscription(f"http://127.0.0.1:{free}/x"))
    assert status == 201


def test_entities_and_subscriptions_come_back_after_a_restart(tmp_path: Path) -> None:
    with node(tmp_path, OPEN) as city:
        ask(city, "/entities", "POST", vehicle("kept"))
        ask(city, "/entities/urn:ngsi-ld:Vehicle:kept/attrs/speed", "PATCH", {"value": 61})
        before = ask(city, "/entities/urn:ngsi-ld:Vehicle:kept?options=sysAttrs")
        city.senses.keep()
        ask(city, "/entities", "POST", vehicle("later"))
    with node(tmp_path, OPEN) as city:
        assert ask(city, "/entities/urn:ngsi-ld:Vehicle:kept?options=sysAttrs") == before
        assert ask(city, "/entities/urn:ngsi-ld:Vehicle:later")[0] == 200


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_query_that_a_stranger_writes_breaks_the_parser(told: str) -> None:
    with suppress(Problem):
        Parser(told, CORE_CONTEXT).whole()


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_name_that_was_expanded_comes_back_short(name: str) -> None:
    context = Context({"ex": "https://example.org/", "level": "https://example.org/level"})
    try:
        full = context.expand(name)
    except Problem:
        return
    assert context.expand(context.compact(full)) == full


def test_shapes_meet_and_stand_apart() -> None:
    square = ("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]])
    hole = ("Polygon", [square[1][0], [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.2, 0.2]]])
    line = ("LineString", [[-1, 0.5], [2, 0.5]])
    assert touching(square, line)
    assert touching(("Point", [0.5, 0.5]), square)
    assert not touching(("Point", [0.5, 0.5]), hole)
    assert distance(("Point", [0, 0]), ("Point", [0, 1])) == pytest.approx(111_195, rel=1e-3)
    assert distance(("Point", [0.5, 2]), square) == pytest.approx(111_195, rel=1e-3)
