"""Words in series: what is no number is told by every door, kept once, and read at every other."""

import json
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import paho.mqtt.client as paho
import pyarrow as pa
import pytest
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from town import T0, town

from mindu.data.senses.beside.words import LONGEST, LOWEST, Fresh, Words, encode
from mindu.data.senses.intake import Offer
from mindu.data.senses.memory import reads
from mindu.data.senses.memory.corrected import add_words
from mindu.data.senses.quick.begin import away, put
from mindu.data.senses.senses import Senses
from mindu.edge import settings
from mindu.edge.above.upstream import Upstream
from mindu.perceive.declare import Device, Form, Model, Prop
from mindu.perceive.said import Said
from mindu.perceive.wire.arrow import from_arrow, from_csv
from mindu.perceive.wire.rows import from_json, from_lines

DOOR = Model(
    name="door",
    props=(
        Prop(name="state", form=Form.WORDS), Prop(name="open", form=Form.TRUTH),
        Prop(name="steps", form=Form.COUNT), Prop(name="seen", form=Form.ANY),
        Prop(name="level", unit="m"),
    ),
)  # fmt: skip


def doors(senses: Senses, *names: str) -> None:
    senses.declare(DOOR)
    senses.enrol([Device(id=name, kind="door") for name in names])


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("words")) as found:
        doors(found.senses, "d0", "d1", "d2", "d3", "d4", "闸二", "c0", "c1", "n0", "n1", "n2")
        yield found


def send(city: Node, body: str | bytes, form: str = "application/json") -> dict[str, Any]:
    told = body.encode() if isinstance(body, str) else body
    found: dict[str, Any] = city.asked("/v1/readings", told, Content_Type=form)[1]
    return found


def window(city: Node, device: str, prop: str) -> list[Any]:
    path = f"/v1/window/{urllib.parse.quote(device)}/{prop}?last=100"
    found: list[Any] = city.asked(path)[1]["value"]
    return found


def one(prop: str, value: object, at: int, device: str = "d0") -> dict[str, object]:
    return {"device": device, "prop": prop, "value": value, "at": at}


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


def test_words_stand_through_tables_and_restarts_and_are_known_as_of_then(tmp_path: Path) -> None:
    senses = town(tmp_path)
    doors(senses, "d0")
    series = senses.registry.one("d0", "state")

    def tell(store: Senses, word: str, at: int) -> None:
        said = from_json(json.dumps([one("state", word, at)]).encode())
        store.take([Offer("x", said)], at)

    def told(store: Senses, known: int | None = None) -> list[Any]:
        rows = reads.window(store, series, 0, 1 << 50, known=known)
        return [store.words.of(it) for it in rows.value.tolist()]

    tell(senses, "open", T0)
    tell(senses, "shut", T0 + 60_000)
    senses.flush(T0 + 60_000)
    tell(senses, "open", T0 + 120_000)
    senses.close()
    again = Senses(tmp_path / "senses")
    tell(again, "stuck", T0 + 180_000)
    assert told(again) == ["open", "shut", "open", "stuck"]
    assert told(again, known=T0 + 60_000) == ["open", "shut"]
    again.journal.close()  # as if killed: nothing was kept since
    third = Senses(tmp_path / "senses")
    assert told(third) == ["open", "shut", "open", "stuck"]
    assert len(third.words.told) == 3, "each word stands once"
    third.close()


def test_there_is_no_mean_of_words_and_they_spoil_no_other(city: Node) -> None:
    now = clock()
    rows = [one("level", 2.0, now - 1, "c0"), one("state", "x", now - 1, "c0")]
    assert send(city, json.dumps(rows))["stored"] == 2
    city.senses.flush(now)
    span = f"since={now - 600_000}&until={now + 1}"
    for path in ("grid", "odd", "ahead"):
        status, told = city.asked(f"/v1/{path}/c0/state?{span}")
        assert (status, "tells words" in told["error"]) == (422, True), path
    assert city.asked(f"/v1/means?prop=state&{span}")[1]["rows"] == []
    assert city.asked(f"/v1/means?prop=level&{span}")[1]["mean"] == [2.0]
    assert min(city.asked(f"/v1/means?how=min&{span}")[1]["min"]) > LOWEST
    day = now // 86_400_000 * 86_400_000
    rolls = f"/v1/rolls?level=86400&since={day}&until={day + 1}&prop="
    assert city.asked(rolls + "state")[1]["count"] == []
    assert sum(city.asked(rolls + "level")[1]["count"]) >= 1


def test_a_word_is_corrected_and_taken_back(city: Node) -> None:
    now = clock()
    send(city, json.dumps([one("state", "open", now, "c1"), one("state", "shut", now + 1, "c1")]))
    told = [{"device": "c1", "prop": "state", "at": now, "value": "ajar", "why": "seen"},
            {"device": "c1", "prop": "state", "at": now + 1, "value": None}]  # fmt: skip
    assert city.asked("/v1/corrections", json.dumps(told).encode())[1] == {"corrected": 2}
    assert window(city, "c1", "state") == ["ajar"]
    first, second = city.asked("/v1/corrections?device=c1")[1]["corrections"]
    assert (first["value"], first["was"], second["was"]) == ("ajar", "open", "shut")
    number = [{"device": "c1", "prop": "state", "at": now, "value": 4}]
    status, said = city.asked("/v1/corrections", json.dumps(number).encode())
    assert (status, "not a word" in said["error"]) == (422, True)
    wrong = [{"device": "c0", "prop": "level", "at": 1, "value": "high"}]
    assert city.asked("/v1/corrections", json.dumps(wrong).encode())[0] == 404


def test_other_engines_join_the_words_to_the_readings(tmp_path: Path) -> None:
    senses = town(tmp_path)
    doors(senses, "d0")
    for i, word in enumerate(["open", "shut", "open", "ajar"]):
        said = from_json(json.dumps([one("state", word, T0 + i)]).encode())
        senses.take([Offer("x", said)], T0 + i)
        if i != 1:
            senses.flush(T0 + i)
    at = str(senses.folder)
    with duckdb.connect() as line:
        told = line.execute(
            "SELECT w.word FROM read_parquet($1 || '/readings/day=*/*.parquet') r "
            "JOIN read_parquet($1 || '/words/*.parquet') w ON w.value = r.exact ORDER BY r.at",
            [at],
        ).fetchall()
    assert [json.loads(word) for (word,) in told] == ["open", "shut", "open", "ajar"]
    assert not add_words(senses.folder, senses.words, T0), "nothing is written twice"
    senses.close()


def test_upstream_has_the_same_words_by_numbers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node(tmp_path / "city") as above:
        monkeypatch.setenv("MINDU_KEY", above.key)
        doors(above.senses, "d0", "d9")
        send(above, json.dumps([one("state", "other", clock(), "d9")]))
        senses = town(tmp_path / "edge")
        doors(senses, "d0")
        now = clock() - 5000
        rows = [one("state", "open", now), one("state", "关", now + 1), one("level", 1.5, now),
                one("seen", {"a": 1}, now), one("open", value=True, at=now)]  # fmt: skip
        senses.take([Offer("x", from_json(json.dumps(rows).encode()))], now)
        line = Upstream(senses, settings.Upstream(url=above.url), clock)
        while line.hand_over():
            pass
        assert window(above, "d0", "state") == ["open", "关"]
        assert (window(above, "d0", "level"), window(above, "d0", "seen")) == ([1.5], [{"a": 1}])
        assert window(above, "d0", "open") == [True]
        senses.close()


def test_a_dictionary_that_is_full_takes_no_more_and_knows_what_it_has() -> None:
    words = Words()
    words.count(encode(['"a"', '"b"']))
    fresh = Fresh()
    assert words.number('"b"', fresh) == LOWEST - 1
    assert [words.number(it, fresh) for it in ('"c"', '"c"', '"d"')] == [
        LOWEST - 2, LOWEST - 2, LOWEST - 3,
    ]  # fmt: skip
    assert list(fresh.places) == ['"c"', '"d"']
    assert np.isnan(words.number("x" * (LONGEST + 1), fresh))
    assert words.of(LOWEST - 5) == LOWEST - 5, "a number that no word has is one"


def test_what_is_no_number_has_no_bounds_and_no_detector() -> None:
    with pytest.raises(ValueError, match="no range"):
        Prop(name="state", form=Form.WORDS, low=0)
    with pytest.raises(ValueError, match="no number"):
        Model(name="door", props=(Prop(name="state", form=Form.WORDS),), detect=("state",))
