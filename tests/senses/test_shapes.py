"""Reading by shape says the very same as reading object by object, or says nothing."""

import json
from typing import Any

import msgspec
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mindu.data.senses.directory import MOST, Directory
from mindu.edge.mqtt import wire
from mindu.perceive.names import Names
from mindu.perceive.said import Said
from mindu.perceive.wire.burst import cut
from mindu.perceive.wire.rows import from_json
from mindu.perceive.wire.shape import shaped
from mindu.perceive.wire.sheaf import sheaf
from mindu.perceive.wire.topics import said

SLOW = [HealthCheck.too_slow]  # says how busy the machine is, not whether the test holds
NAMES = st.text(
    st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), max_size=32
)
ROWS = st.fixed_dictionaries(
    {
        "device": NAMES, "prop": NAMES,
        "at": st.integers(0, 10**15), "seq": st.integers(0, 10**9),
        "value": st.one_of(
            st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9),
            st.decimals(-99999, 99999, places=2).map(float),
        ),
    }
)  # fmt: skip
GAPS = st.sampled_from([(",", ":"), (", ", ": "), (",\n ", ":")])
ORDERS = st.permutations(["device", "prop", "at", "value", "seq"])


def columns(told: Said) -> list[Any]:
    seq = None if told.seq is None else told.seq.tolist()
    return [list(told.device), list(told.prop), told.at.tolist(), told.value.tolist(), seq]


def one_by_one(bodies: list[bytes]) -> list[Any]:
    parts = [columns(from_json(body)) for body in bodies]
    return [[it for part in parts for it in part[i] or ()] for i in range(5)]


@settings(max_examples=150, suppress_health_check=SLOW)
@given(st.lists(st.lists(ROWS, min_size=1, max_size=4), min_size=1, max_size=4), GAPS, ORDERS)
def test_like_rows_are_read_by_shape_as_they_are_one_by_one(
    told: list[list[dict[str, Any]]], gaps: tuple[str, str], order: list[str]
) -> None:
    bodies = [
        json.dumps([{k: row[k] for k in order} for row in rows], separators=gaps).encode()
        for rows in told
    ]
    found = shaped(bodies)
    if found is None:  # a number of many digits as a time, say
        return
    assert columns(found[0]) == one_by_one(bodies)
    assert found[1] == np.cumsum([len(rows) for rows in told]).tolist()


def test_what_devices_send_is_read_by_shape() -> None:
    row = {"device": "gauge-1", "prop": "level", "at": 1780272000000, "value": -3.25, "seq": 7}
    for rows in (
        [row],
        [row, {**row, "value": 3}, {**row, "device": "a much longer name", "seq": 0}],
    ):
        body = json.dumps(rows).encode()
        found = shaped([body, body])
        assert found is not None
        assert columns(found[0]) == one_by_one([body, body])
    alone = [msgspec.json.encode({**row, "seq": i}) for i in range(3)]
    found = shaped(alone)
    assert found is not None
    assert (columns(found[0]), found[1]) == (one_by_one(alone), [1, 2, 3])


@settings(max_examples=200, suppress_health_check=SLOW)
@given(st.data())
def test_no_damage_is_read_otherwise_than_object_by_object(data: st.DataObject) -> None:
    row = {"device": "g1", "prop": "level", "at": 1780272000000, "value": 3.25, "seq": 7}
    body = bytearray(json.dumps([row, {**row, "seq": 8}, row], separators=(",", ":")).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    other = json.dumps([row], separators=(",", ":")).encode()
    bodies = data.draw(st.permutations([bytes(body), other]))
    found = shaped(bodies)
    if found is not None:
        assert all(from_json(it).lost == 0 for it in bodies)
        assert columns(found[0]) == one_by_one(bodies)


def test_a_sheaf_leaves_out_only_what_is_not_plain() -> None:
    good = b'{"device":"g0","prop":"level","value":3}'
    bodies = [good, b"{broken", good, b'{"device":["a","b"],"prop":"p","value":[1,2]}']
    told, ends, apart = sheaf(bodies, "application/json")
    assert told is not None
    assert (list(told.device), ends, apart) == (["g0", "g0"], [1, 2], [1, 3])


def test_a_directory_finds_what_the_index_has_however_many_share_a_slot() -> None:
    index = {f"device-{i}": i for i in range(5000)}
    directory = Directory(index)
    assert len(index) < MOST
    texts = [*index, "nobody", "device-5000"]
    joined = b"".join(text.encode().ljust(16, b"\0") for text in texts)
    words = np.frombuffer(joined, "<u8").reshape(-1, 2)
    names = Names([words[:, 0], words[:, 1]], np.array([len(t) for t in texts], np.int64))
    for _ in range(3):
        assert directory.find(names).tolist() == [*range(5000), -1, -1]
    index["nobody"] = 5000
    assert directory.find(names).tolist() == [*range(5001), -1]
    assert list(names) == texts


MESSAGES = st.lists(
    st.tuples(st.sampled_from(["city/g0/level", "g1/rain", "x"]), st.binary(max_size=200)),
    max_size=6,
)


@given(MESSAGES, st.sampled_from([4, 5]), st.integers(0, 40))
def test_a_burst_is_cut_as_packets_are_and_stops_before_what_is_not_plain(
    messages: list[tuple[str, bytes]], version: int, short: int
) -> None:
    data = b"".join(
        wire.published(topic, payload, number, version)
        for number, (topic, payload) in enumerate(messages, 1)
    )
    data = data[: len(data) - short] if short else data
    found = cut(data, version)
    told = [(topic.encode(), payload) for topic, payload in messages]
    assert found.told() == told[: found.size]
    assert len(data) - found.end <= 220 + short or short == 0
    assert found.end == len(data) if not short else found.end <= len(data)
    acknowledged = b"".join(wire.puback(n) for n in range(1, found.size + 1))
    assert found.acknowledged == acknowledged


PIECES = st.sampled_from(
    [
        b'{"value":1.5}', b'{"value":2,"at":5,"seq":1}', b"7", b'{"value":1},{"value":2}', b"",
        b'{"value":1,"x":"', b'"}', b'{"value":1,"x":"}', b'{","value":2}', b"[1]",
    ]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=SLOW)
@given(st.lists(PIECES, min_size=1, max_size=5))
def test_messages_read_together_say_what_each_says_alone(payloads: list[bytes]) -> None:
    together = said([(b"city/g%d/level" % i, payload) for i, payload in enumerate(payloads)])
    alone = [said([(f"city/g{i}/level", payload)])[0] for i, payload in enumerate(payloads)]
    (told,) = together
    assert told.lost == sum(it.lost for it in alone)
    assert list(told.device) == [name for it in alone for name in it.device]
    assert told.value.tolist() == [value for it in alone for value in it.value.tolist()]
