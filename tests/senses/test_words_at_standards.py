"""Words at the doors of standards: results by observationType, attributes, and their correction."""

import json
from collections.abc import Iterator
from typing import Any

import paho.mqtt.client as paho
import pytest
from entities import ask as ld
from entities import vehicle, zulu
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion
from test_sensorthings import ask, zoned

from mindu.edge.keys import Sender
from mindu.edge.sensorthings.names import TYPES, fits, form_of
from mindu.perceive.declare import Device, Form, Model, Prop

STATE = Model(name="lock", props=(Prop(name="state", form=Form.WORDS), Prop(name="level")))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("types")) as found:
        found.senses.declare(STATE)
        found.senses.enrol([Device(id=name, kind="lock") for name in ("l0", "l1", "l2")])
        yield found


def stream(city: Node, thing: int, name: str, kind: str) -> int:
    told = {
        "name": name, "description": "", "unitOfMeasurement": {}, "observationType": kind,
        "Thing": {"@iot.id": thing}, "ObservedProperty": {"name": name},
    }  # fmt: skip
    status, made = ask(city, "/Datastreams", "POST", told)
    assert status == 201
    assert ask(city, f"/Datastreams({made['@iot.id']})")[1]["observationType"].endswith(kind)
    return int(made["@iot.id"])


TOLD: dict[str, tuple[list[object], list[object]]] = {
    "OM_Measurement": ([1.5, 2], ["high", None, {}]),
    "OM_CountObservation": ([3, 0], [1.5, "3", True]),
    "OM_CategoryObservation": (["http://city.example/open", "关闭"], [1, True, "", None]),
    "OM_TruthObservation": ([True, False], [1, "true"]),
    "OM_Observation": ([{"a": [1, {"b": "c"}]}, "x", 4, False, [1]], [None]),
}


@pytest.mark.parametrize("kind", TOLD)
def test_a_datastream_tells_what_its_observation_type_says(city: Node, kind: str) -> None:
    good, bad = TOLD[kind]
    number, start = stream(city, 1, kind, kind), clock() - 60_000
    path = f"/Datastreams({number})/Observations"
    for i, result in enumerate(good):
        seen = {"phenomenonTime": zoned(start + i), "result": result}
        status, made = ask(city, path, "POST", seen)
        assert (status, made["result"]) == (201, result)
    for result in bad:
        assert ask(city, path, "POST", {"result": result})[0] == 400, result
    told = [it["result"] for it in ask(city, path)[1]["value"]]
    assert told == good
    assert [isinstance(it, bool) for it in told] == [isinstance(it, bool) for it in good]
    assert kind != "OM_CountObservation" or all(type(it) is int for it in told)
    rows = [[zoned(start + 1000 + i), it] for i, it in enumerate([*good, *bad])]
    many = [{"Datastream": {"@iot.id": number}, "components": ["phenomenonTime", "result"],
             "dataArray": rows}]  # fmt: skip
    links = ask(city, "/CreateObservations", "POST", many)[1]
    assert [it == "error" for it in links] == [False] * len(good) + [True] * len(bad)
    assert [it["result"] for it in ask(city, path)[1]["value"]] == good * 2


def test_every_form_has_its_observation_type_and_another_is_a_measurement() -> None:
    assert [form_of(TYPES[form]) for form in Form] == list(Form)
    assert form_of("my own type") is Form.NUMBER
    assert not fits(Form.NUMBER, "1")


def test_results_are_filtered_and_ordered_by_what_they_tell(city: Node) -> None:
    words, start = stream(city, 2, "weather", "OM_CategoryObservation"), clock() - 60_000
    any_ = stream(city, 2, "report", "OM_Observation")
    for i, (word, report) in enumerate([("rain", {"mm": 3}), ("sun", 5), ("rain", "none")]):
        seen = {"phenomenonTime": zoned(start + i)}
        ask(city, f"/Datastreams({words})/Observations", "POST", {**seen, "result": word})
        ask(city, f"/Datastreams({any_})/Observations", "POST", {**seen, "result": report})

    def found(number: int, test: str, more: str = "") -> list[Any]:
        path = f"/Datastreams({number})/Observations?$filter={test}{more}"
        return [it["result"] for it in ask(city, path)[1]["value"]]

    assert found(words, "result eq 'rain'") == ["rain", "rain"]
    assert found(words, "result ne 'rain'") == ["sun"]
    assert found(words, "startswith(result,'s')") == ["sun"]
    assert found(words, "result gt 1") == []
    assert found(any_, "result/mm eq 3") == [{"mm": 3}]
    assert found(any_, "result gt 4") == [5]
    everything = found(any_, "result ne 'x'", "&$orderby=result desc")
    assert sorted(map(str, everything)) == sorted(["{'mm': 3}", "5.0", "none"])
    across = ask(city, "/Observations?$filter=result eq 'sun'")[1]["value"]
    assert [it["result"] for it in across] == ["sun"]


def test_observations_are_read_as_data_arrays_and_sent_back_as_such(city: Node) -> None:
    first, start = stream(city, 3, "sky", "OM_CategoryObservation"), clock() - 60_000
    other = stream(city, 4, "sky", "OM_CategoryObservation")
    for i, word in enumerate(["clear", "cloud", "rain"]):
        seen = {"phenomenonTime": zoned(start + i), "result": word}
        ask(city, f"/Datastreams({first})/Observations", "POST", seen)
    path = f"/Datastreams({first})/Observations?$resultFormat=dataArray"
    told = ask(city, f"{path}&$count=true&$top=2&$select=phenomenonTime,result")[1]
    (array,) = told["value"]
    assert (told["@iot.count"], array["dataArray@iot.count"]) == (3, 2)
    assert "$resultFormat=dataArray" in told["@iot.nextLink"]
    assert array["components"] == ["id", "phenomenonTime", "result"]
    assert [row[2] for row in array["dataArray"]] == ["clear", "cloud"]
    assert array["Datastream@iot.navigationLink"].endswith(f"/Datastreams({first})")
    whole = ask(city, path)[1]["value"][0]
    sent = [{**whole, "Datastream": {"@iot.id": other}}]
    assert "error" not in ask(city, "/CreateObservations", "POST", sent)[1]
    again = ask(city, "/Observations?$resultFormat=dataArray&$filter=result eq 'rain'")[1]["value"]
    links = [it["Datastream@iot.navigationLink"].rpartition("(")[2] for it in again]
    assert {f"{first})", f"{other})"} <= set(links)
    for wrong in ("/Things?$resultFormat=dataArray", path.replace("dataArray", "CSV")):
        assert ask(city, wrong)[0] == 400


def test_a_result_is_told_anew_taken_back_and_its_type_stays(city: Node) -> None:
    number, start = stream(city, 3, "gate", "OM_CategoryObservation"), clock() - 60_000
    path = f"/Datastreams({number})/Observations"
    for i, word in enumerate(["open", "shut"]):
        ask(city, path, "POST", {"phenomenonTime": zoned(start + i), "result": word})
    one = f"/Observations('{number}-{start}')"
    assert ask(city, one, "PATCH", {"result": 5})[0] == 400
    assert ask(city, one, "PATCH", {"result": "ajar"})[1]["result"] == "ajar"
    assert ask(city, f"/Observations('{number}-{start + 1}')", "DELETE")[0] == 200
    assert [it["result"] for it in ask(city, path)[1]["value"]] == ["ajar"]
    kind = {"observationType": "OM_Measurement"}
    assert ask(city, f"/Datastreams({number})", "PATCH", kind)[0] == 400
    assert ask(city, f"/Datastreams({number})", "PATCH", {"name": "the gate"})[0] == 200


def test_words_are_published_and_heard_on_mqtt(city: Node) -> None:
    number, heard = stream(city, 4, "lamp", "OM_CategoryObservation"), list[Any]()
    topic = f"v1.1/Datastreams({number})/Observations"
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("x", city.key)
    client.on_message = lambda _, __, message: heard.append(json.loads(message.payload))
    ready: list[int] = []
    client.on_subscribe = lambda *_: ready.append(1)
    client.connect("127.0.0.1", city.doors.mqtt_port)
    client.loop_start()
    client.subscribe(topic, 1)
    until(lambda: bool(ready), "the subscription")
    for result in ("red", 5, "green"):
        client.publish(topic, json.dumps({"result": result}), qos=1).wait_for_publish(60)
    until(lambda: len(heard) == 2, "both words")
    client.disconnect()
    client.loop_stop()
    assert [it["result"] for it in heard] == ["red", "green"]
    assert [it["result"] for it in ask(city, "/" + topic.removeprefix("v1.1/"))[1]["value"]] == [
        "red", "green",
    ]  # fmt: skip


LOCK = "urn:ngsi-ld:lock:"


def series(city: Node, name: str, prop: str) -> list[Any]:
    found: list[Any] = city.asked(f"/v1/window/{name}/{prop}?last=10")[1]["value"]
    return found


def test_a_word_of_a_series_is_an_attribute_that_is_told_asked_and_remembered(city: Node) -> None:
    start = clock() - 60_000
    rows = [{"device": "l0", "prop": "state", "value": "open", "at": start}]
    city.asked("/v1/readings", json.dumps(rows).encode(), Content_Type="application/json")
    assert ld(city, f"/entities/{LOCK}l0")[1]["state"]["value"] == "open"
    told = {"value": "shut", "observedAt": zulu(start + 1000)}
    assert ld(city, f"/entities/{LOCK}l0/attrs/state", "PATCH", told)[0] == 204
    assert series(city, "l0", "state") == ["open", "shut"], "by one door in, by all to be read"
    assert [it["id"] for it in ld(city, '/entities?type=lock&q=state=="shut"')[1]] == [f"{LOCK}l0"]
    number = ld(city, f"/entities/{LOCK}l0/attrs/state", "PATCH", {"value": 5})
    assert (number[0], "not a word" in str(number[1])) == (400, True)
    past = ld(city, f"/temporal/entities/{LOCK}l0?attrs=state")[1]["state"]
    assert [it["value"] for it in past] == ["open", "shut"]
    counted = "attrs=state&aggrMethods=distinctCount&options=aggregatedValues"
    assert (
        ld(city, f"/temporal/entities/{LOCK}l0?{counted}")[1]["state"]["distinctCount"][0][0] == 2
    )


def test_an_instance_of_a_series_is_told_anew_and_taken_back_by_its_name(city: Node) -> None:
    car = vehicle("mended", observed := 40)
    assert ld(city, "/entities", "POST", car)[0] == 201
    path = f"/temporal/entities/{car['id']}"

    def past() -> list[Any]:
        found: list[Any] = ld(city, f"{path}?attrs=speed")[1].get("speed", [])
        return found

    ld(city, f"/entities/{car['id']}/attrs/speed", "PATCH", {"value": 70})
    until(lambda: len(past()) == 2, "both instances")
    first, second = past()
    assert (first["value"], second["value"]) == (observed, 70)
    one = f"{path}/attrs/speed/{second['instanceId']}"
    assert ld(city, one, "PATCH", {"speed": [{"type": "Property", "value": 60}]})[0] == 204
    assert [it["value"] for it in past()] == [40, 60]
    assert ld(city, f"/entities/{car['id']}")[1]["speed"]["value"] == 60, "the entity tells it too"
    moved = {"type": "Property", "value": 60, "observedAt": zulu(0)}
    assert ld(city, one, "PATCH", {"speed": [moved]})[0] == 400
    assert ld(city, one, "PATCH", {"speed": [{"type": "Property", "value": "fast"}]})[0] == 400
    assert ld(city, one, "DELETE")[0] == 204
    assert [it["value"] for it in past()] == [40]
    assert ld(city, one, "DELETE")[0] == 404
    assert ld(city, f"/entities/{car['id']}")[1]["speed"]["value"] == 40
    by = city.asked("/v1/corrections")[1]["corrections"]
    assert [(it["value"], it["by"]) for it in by if it["prop"] == "speed"][-2:] == [
        (60.0, "tester"), (None, "tester"),
    ]  # fmt: skip
    other = f"{path}/attrs/brandName/{first['instanceId']}"
    assert ld(city, other, "DELETE")[0] == 404, "it is an instance of another attribute"
    weak = city.doors.keys.grant("weak", Sender())
    gone = f"{path}/attrs/speed/{first['instanceId']}"
    assert ld(city, gone, "DELETE", Authorization=f"Bearer {weak}")[0] == 403
