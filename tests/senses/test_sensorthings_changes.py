"""SensorThings 1.1: what stands is told anew, in part and wholly, deleted, and heard on MQTT."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion
from test_sensorthings import ask, zoned
from town import FIVE, T0, levels

from mindu.data.senses.memory import reads


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("sta-changes")) as found:
        found.senses.take([levels("g0", [3.0, 3.1, 3.2])], T0 + 3_600_000)
        found.senses.take([levels("g1", [5.0])], T0 + 3_600_000)
        yield found


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_an_entity_is_told_anew_in_part_and_wholly(city: Node) -> None:
    told = {"description": "the old bridge", "properties": {"owner": "city"}}
    assert ask(city, "/Things(1)", "PATCH", told)[0] == 200
    thing = ask(city, "/Things(1)")[1]
    assert (thing["name"], thing["description"]) == ("g0", "the old bridge")
    assert ask(city, "/Things?$filter=description eq 'the old bridge'")[1]["value"] == [thing]
    assert ask(city, "/Things(1)", "PUT", {"description": "new"})[0] == 200
    assert "owner" not in ask(city, "/Things(1)")[1]["properties"]
    sensor = {"metadata": "https://city.example/gauge.pdf", "encodingType": "application/pdf"}
    assert ask(city, "/Sensors(1)", "PATCH", sensor)[1]["metadata"].endswith(".pdf")
    prop = {"definition": "https://qudt.org/vocab/quantitykind/Depth"}
    assert ask(city, "/ObservedProperties(1)", "PATCH", prop)[0] == 200
    assert ask(city, "/Datastreams(1)", "PATCH", {"name": "level at the bridge"})[0] == 200
    deep = ask(city, "/Datastreams(1)?$expand=ObservedProperty,Sensor")[1]
    assert deep["name"] == "level at the bridge"
    assert deep["ObservedProperty"]["definition"].endswith("Depth")
    assert deep["Sensor"]["encodingType"] == "application/pdf"


@pytest.mark.parametrize(
    ("path", "told", "status"),
    [
        ("/Things(99)", {"name": "x"}, 404), ("/Things(1)", {}, 400),
        ("/Things(1)", {"colour": "red"}, 400), ("/Things(1)", {"name": 7}, 400),
        ("/Datastreams(1)", {"unitOfMeasurement": {"symbol": "ft"}}, 400),
        ("/Things(1)", {"Locations": []}, 400), ("/Locations(1)", {"location": {}}, 400),
        ("/Observations('1-2')", {"result": 1}, 404), ("/Things", {"name": "x"}, 501),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_told(
    city: Node, path: str, told: dict[str, Any], status: int
) -> None:
    assert ask(city, path, "PATCH", told)[0] == status


def test_a_thing_that_moves_leaves_its_former_places(city: Node) -> None:
    assert ask(city, "/Locations(2)", "PATCH", {"location": point(119.5, 26.0)})[0] == 200
    assert ask(city, "/Things(2)/Locations", "POST", {
        "name": "quay", "description": "", "encodingType": "application/geo+json",
        "location": point(119.6, 26.0),
    })[0] == 201  # fmt: skip
    (now,) = ask(city, "/Things(2)/Locations")[1]["value"]
    assert (now["name"], now["location"]["coordinates"]) == ("quay", [119.6, 26.0])
    former = ask(city, "/Things(2)/HistoricalLocations?$expand=Locations")[1]["value"]
    assert [it["Locations"][0]["location"]["coordinates"][0] for it in former] == [
        119.31, 119.5, 119.6,
    ]  # fmt: skip
    one = ask(city, f"/HistoricalLocations('{former[1]['@iot.id']}')/Thing")[1]
    assert one["name"] == "g1"


def test_datastreams_and_sensors_are_created_by_themselves_and_deleted(city: Node) -> None:
    told = {
        "name": "wind", "description": "at the mast", "unitOfMeasurement": {"symbol": "m/s"},
        "observationType": "OM_Measurement", "Thing": {"@iot.id": 3},
        "ObservedProperty": {"name": "wind", "definition": "urn:wind", "description": "speed"},
        "Sensor": {"@iot.id": 1},
    }  # fmt: skip
    status, stream = ask(city, "/Datastreams", "POST", told)
    assert (status, stream["description"]) == (201, "at the mast")
    assert ask(city, "/Things(3)/Datastreams", "POST", told)[0] == 409
    key = stream["@iot.id"]
    assert ask(city, f"/Datastreams({key})/ObservedProperty")[1]["definition"] == "urn:wind"
    seen = {"result": 4.5, "phenomenonTime": zoned(clock() - FIVE)}
    assert ask(city, f"/Datastreams({key})/Observations", "POST", seen)[0] == 201
    status, sensor = ask(city, "/Sensors", "POST", {
        "name": "radar", "description": "r", "encodingType": "text/html", "metadata": "m",
    })  # fmt: skip
    assert (status, sensor["name"]) == (201, "radar")
    assert ask(city, f"/Datastreams({key})", "DELETE")[0] == 200
    assert ask(city, f"/Datastreams({key})")[0] == 404
    assert ask(city, f"/Sensors({sensor['@iot.id']})", "DELETE")[0] == 200
    assert "radar" not in [it["name"] for it in ask(city, "/Sensors")[1]["value"]]
    assert reads.window(city.senses, key - 1, 0, 1 << 50).value.tolist() == [4.5]


def test_observations_of_all_datastreams_are_read_at_once(city: Node) -> None:
    asked = "/Observations?$filter=result ge 3.2 and phenomenonTime lt 2026-07-01T00:00:00Z"
    assert [it["result"] for it in ask(city, asked)[1]["value"]] == [3.2, 5.0]
    assert len(ask(city, "/FeaturesOfInterest(1)/Observations")[1]["value"]) == 3


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ("result add 1 gt 4.15", 1), ("(result sub 3) mul 10 lt 1", 1), ("result mod 2 ge 1.1", 2),
        ("second(phenomenonTime) eq 0", 3), ("date(phenomenonTime) eq '2026-06-01'", 3),
        ("time(phenomenonTime) eq '00:05:00'", 1),
        ("totaloffsetminutes(phenomenonTime) eq 0", 3),
        ("phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime()", 3),
        ("fractionalseconds(phenomenonTime) gt 0", 0),
    ],
)  # fmt: skip
def test_filters_reckon_with_numbers_and_times(city: Node, told: str, count: int) -> None:
    found = ask(city, f"/Datastreams(1)/Observations?$filter={told}")[1]["value"]
    assert len(found) == count


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("st_intersects(location,geography'LINESTRING(119.3 26,119.3 27)')", ["g0"]),
        ("geo.intersects(location,geography'POLYGON((119.325 26,119.4 26,119.4 27,119.325 27,"
         "119.325 26))')", ["g3"]),
        ("st_disjoint(location,geography'POLYGON((119 26,119.4 26,119.4 27,119 27,119 26))')",
         ["quay"]),
        ("substring(name,1) eq '3'", ["g3"]), ("indexof(name,'3') eq 1", ["g3"]),
        ("concat(name,'x') eq 'g0x'", ["g0"]),
    ],
)  # fmt: skip
def test_filters_know_areas_and_texts(city: Node, told: str, names: list[str]) -> None:
    ask(city, "/Locations(2)", "PATCH", {"name": "quay", "location": point(119.6, 26.0)})
    assert [it["name"] for it in ask(city, f"/Locations?$filter={told}")[1]["value"]] == names


def test_observations_are_told_and_heard_on_mqtt(city: Node) -> None:
    heard: list[dict[str, Any]] = []
    codes: list[Any] = []
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("any", city.key)
    topic = "v1.1/Datastreams(8)/Observations"
    client.on_connect = lambda c, *_: c.subscribe(
        [(topic, 1), ("v1.1/Datastreams(999)/Observations", 1)]
    )
    client.on_subscribe = lambda *it: codes.extend(it[3])
    client.on_message = lambda _c, _u, m: heard.append(json.loads(m.payload))
    client.connect("127.0.0.1", city.doors.mqtt_port)
    client.loop_start()
    until(lambda: len(codes) == 2, "an answer to SUBSCRIBE")
    assert [code.is_failure for code in codes] == [False, True]
    told = {"result": 7.5, "phenomenonTime": zoned(clock() - 1000)}
    client.publish(topic, json.dumps(told), qos=1)
    until(lambda: len(heard) == 1, "what was published here")
    seen = {"result": 8.5, "phenomenonTime": zoned(clock())}
    assert ask(city, "/Datastreams(8)/Observations", "POST", seen)[0] == 201
    until(lambda: len(heard) == 2, "what came by HTTP")
    client.disconnect()
    client.loop_stop()
    assert [it["result"] for it in heard] == [7.5, 8.5]


def test_what_was_told_comes_back_after_a_restart(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        ask(city, "/Things(1)", "PATCH", {"description": "kept"})
        ask(city, "/Things(2)", "DELETE")
    with node(tmp_path) as city:
        assert ask(city, "/Things(1)")[1]["description"] == "kept"
        assert ask(city, "/Things(2)")[0] == 404
