"""Words in series: what is no number is told by every door, kept once, and read at every other."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import paho.mqtt.client as paho
import pyarrow as pa
import pytest
from open_doors import Node, clock, until
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from words_house import city, one, send, window

from mindu.data.senses.beside.words import LONGEST
from mindu.data.senses.quick.begin import away, put
from mindu.perceive.said import Said
from mindu.perceive.wire.arrow import from_arrow, from_csv
from mindu.perceive.wire.rows import from_json, from_lines

__all__ = ["city"]


def test_words_truths_and_counts_come_back_as_they_were_told(city: Node) -> None:
    now = clock()
    told: list[tuple[str, list[object]]] = [
        ("state", ["open", "关闭", "open", ""]), ("open", [True, False, True]),
        ("steps", [3, 4.0]), ("seen", [{"b": [1], "a": "x"}, "text", 2.5, True, [1, "2"]]),
    ]  # fmt: skip
    rows = [one(prop, it, now - 9000 + i) for prop, many in told for i, it in enumerate(many)]
    assert send(city, json.dumps(rows)) == {"received": 14, "stored": 14}
    for prop, many in told:
        assert window(city, "d0", prop) == many
    assert [type(it) for it in window(city, "d0", "open")] == [bool] * 3
    latest = city.asked("/v1/devices/d0")[1]["latest"]
    assert (latest["state"]["value"], latest["seen"]["value"]) == ("", [1, "2"])
    newest = city.asked("/v1/latest?prop=state&limit=1")[1]["latest"][0]
    assert newest["value"] == ""
    assert city.asked(f"/v1/as-of/d0/state?at={now - 8999}")[1]["value"] == "关闭"


def test_a_number_told_to_words_is_no_word_and_a_word_is_no_number(city: Node) -> None:
    now = clock()
    told = send(city, json.dumps([one("level", "high", now), one("open", "yes", now)]))
    assert told == {"received": 2, "refused": {"not a number": 2}}
    rows = [one("state", 4, now, "d1"), one("seen", 4, now, "d1")]
    refused = {"received": 2, "stored": 1, "refused": {"not a word": 1}}
    assert send(city, json.dumps(rows)) == refused
    assert (window(city, "d1", "state"), window(city, "d1", "seen")) == ([], [4])
    long = "x" * (LONGEST + 1)
    assert send(city, json.dumps([one("state", long, now + 1, "d1")]))["refused"]
    assert city.senses.total().whole


NUMBERS = {
    "rows": ("application/json", b'[["%s","state",%d,5],["%s","state",%d,"on"]]'),
    "a number that stands for a word": (
        "application/json", b'[["%s","state",%d,-4503599627370496],["%s","state",%d,"on"]]',
    ),
    "no text": ("application/json", b'[["%s","state",%d,true],["%s","state",%d,"on"]]'),
    "lines": ("application/x-ndjson", b'["%s","state",%d,5]\n["%s","state",%d,"on"]'),
    "csv": ("text/csv", b"device,prop,at,value\n%s,state,%d,5\n%s,state,%d,on\n"),
    "csv beside": ("text/csv", b"device,prop,at,value,word\n%s,state,%d,,5\n"
                   b'%s,state,%d,,"""on"""\n'),
}  # fmt: skip


@pytest.mark.parametrize("form", NUMBERS)
@pytest.mark.parametrize("way", [away, put])
def test_a_number_told_to_words_is_refused_in_every_form_and_counted(
    city: Node, form: str, way: Callable[[], None]
) -> None:
    kind, body = NUMBERS[form]
    before = city.senses.total().refused.get("not a word", 0)
    known, now = len(window(city, "n0", "state")), clock()
    way()
    try:
        told = send(city, body % (b"n0", now, b"n0", now + 1), kind)
    finally:
        away()
    assert told == {"received": 2, "stored": 1, "refused": {"not a word": 1}}
    assert window(city, "n0", "state")[known:] == ["on"]
    total = city.senses.total()
    assert (total.refused["not a word"], total.whole) == (before + 1, True)


@pytest.mark.parametrize("way", [away, put])
def test_a_group_of_numbers_only_is_held_against_words_too(
    city: Node, way: Callable[[], None]
) -> None:
    now = clock()
    rows = [one("state", 5, now, "n1"), one("steps", 5, now, "n1"), one("state", 6, now, "nobody")]
    way()
    try:
        told = send(city, json.dumps(rows))
    finally:
        away()
    refused = {"not a word": 1, "no such device": 1}
    assert told["refused"] == refused
    assert window(city, "n1", "state") == []


def test_a_number_told_to_words_by_mqtt_is_counted_as_no_word(city: Node) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2, "n", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set("x", city.key)
    client.connect("127.0.0.1", city.doors.mqtt_port)
    client.loop_start()
    for payload in ("5", '{"value": 5}', '"5"'):
        client.publish("city/n2/state", payload, qos=1).wait_for_publish(60)
    client.disconnect()
    client.loop_stop()
    until(lambda: len(window(city, "n2", "state")) == 1, "the word")
    assert window(city, "n2", "state") == ["5"]
    (tally,) = city.asked("/v1/devices/n2")[1]["account"].values()
    assert tally["refused"] == {"not a word": 2}


FORMS = {
    "json": (from_json, b'[{"device":"a","prop":"p","value":"on"},'
             b'{"device":"a","prop":"p","value":1.5}]'),
    "short": (from_json, b'[["a","p",1,"on"],["a","p",2,1.5]]'),
    "columns": (from_json, b'{"device":["a","a"],"prop":"p","value":["on",1.5],"at":[1,2]}'),
    "values": (from_json, b'{"device":"a","at":1,"values":{"p":"on","q":1.5}}'),
    "lines": (from_lines, b'{"device":"a","prop":"p","value":"on"}\n["a","p",2,1.5]'),
    "csv": (from_csv, b"device,prop,value\na,p,on\na,p,1.5\n"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_which_rows_are_words(form: str) -> None:
    decode, body = FORMS[form]
    said = decode(body)
    assert said.words == {0: '"on"'}
    assert np.isnan(said.value[0])
    assert said.value[1] == 1.5


def test_arrow_tells_words_as_texts_or_beside_the_numbers() -> None:
    def read(**columns: list[Any]) -> Said:
        table = pa.table({"device": ["a", "a"], "prop": ["p", "p"], **columns})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return from_arrow(sink.getvalue().to_pybytes())

    assert read(value=["on", "1.5"]).words == {0: '"on"'}
    beside = read(value=[1.5, None], word=[None, '{"a":1}'])
    assert (beside.words, beside.value[0]) == ({1: '{"a":1}'}, 1.5)
    assert read(value=[1.5, None], word=[None, "{"]).words is None, "that is no JSON"


def test_words_come_by_mqtt_and_a_text_is_a_payload(city: Node) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2, "w", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set("x", city.key)
    client.connect("127.0.0.1", city.doors.mqtt_port)
    client.loop_start()
    for payload in ('"ajar"', '{"value": "shut"}'):
        client.publish("city/d2/state", payload, qos=1).wait_for_publish(60)
    client.disconnect()
    client.loop_stop()
    until(lambda: len(window(city, "d2", "state")) == 2, "both words")
    assert window(city, "d2", "state") == ["ajar", "shut"]
