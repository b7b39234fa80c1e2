"""Packets, heads, filters and queries: whatever bytes come, they are understood or refused."""

from contextlib import suppress
from itertools import pairwise
from typing import Any

from damage import MANY, bytes_of
from hypothesis import given
from hypothesis import strategies as st

from mindu.edge.http.bodies import Unfit
from mindu.edge.http.heads import START, Heads
from mindu.edge.mqtt import wire
from mindu.edge.mqtt.reader import Reader
from mindu.edge.ngsild.asking.query import Parser as Asked
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.ngsild.model.terms import CORE_CONTEXT
from mindu.edge.sensorthings.filters import Parser as Filter
from mindu.perceive.wire.burst import cut
from mindu.perceive.wire.forms import FORMS

PACKETS = [
    wire.packet(wire.CONNECT, b"\0\4MQTT\4\xc2\0\x3c\0\1c\0\1u\0\1k"),
    wire.packet(wire.CONNECT, b"\0\4MQTT\5\xc6\0\x3c\3\x21\0\5\0\1c\0\0\1t\0\1w\0\1u\0\1k"),
    wire.published("city/g0/level", b"3.5", 7, 4), wire.published("city/g0/level", b"3.5", 7, 5),
    wire.packet(wire.SUBSCRIBE, b"\0\1\0\x0bg0/commands\1", 2), wire.packet(wire.PINGREQ, b""),
    wire.published("x/readings", b'[{"device":"g0","prop":"level"},' * 9 + b"1]", 9, 4),
]  # fmt: skip


@MANY
@given(bytes_of([b"".join(PACKETS), *PACKETS]), st.lists(st.integers(0, 300), max_size=3))
def test_packets_of_mqtt_are_the_same_wherever_the_line_cuts_them(
    data: bytes, cuts: list[int]
) -> None:
    places = [0, *sorted(min(it, len(data)) for it in cuts), len(data)]
    reader, pieces = Reader(), []
    with suppress(wire.Wrong):
        for since, until in pairwise(places):
            pieces += reader.feed(data[since:until])
        assert pieces == Reader().feed(data)
    for version in (4, 5):
        for kind, flags, body in pieces:
            understood(kind, flags, body, version)
        burst = cut(data, version)
        assert len(burst.told()) == burst.size == len(burst.acknowledged) // 4
        assert burst.end <= len(data)


def understood(kind: int, flags: int, body: bytes, version: int) -> None:
    """Read one packet as the listener does; only `Wrong` may come of it."""
    with suppress(wire.Wrong):
        if kind == wire.CONNECT:
            wire.connect(body)
        elif kind == wire.PUBLISH:
            wire.publish(body, flags, version)
        elif kind == wire.SUBSCRIBE:
            wire.subscribe(body, version)


HEADS = [START + b"Host: x\r\nContent-Length: 7\r\nAuthorization: Basic dTprZXk=\r\n"
         b"Content-Type: application/json; charset=utf-8"]  # fmt: skip


@MANY
@given(bytes_of(HEADS))
def test_a_head_is_understood_or_left_to_the_whole_server(told: bytes) -> None:
    head = Heads().read(told)
    assert head is None or (head.form in FORMS and 0 <= head.length < 1 << 25)


FILTERS = [
    b"result gt 3.5 and not (phenomenonTime lt 2026-06-01T00:00:00Z or startswith(name,'g'))",
    b"geo.distance(location, geography'POINT(119.3 26.1)') lt 0.1", b"Thing/name eq 'it''s'",
    b"st_within(location,geography'POLYGON((0 0,1 0,1 1,0 0))') and year(resultTime) eq 2026",
    b"(result add 1 mul 2) div 0 mod 3 eq 1", b"substring(name,1,2) ne tolower('A')",
]  # fmt: skip
THING: dict[str, Any] = {
    "name": "g0", "result": 3.5, "phenomenonTime": "2026-06-01T00:00:00Z", "properties": {"a": 1},
    "location": {"type": "Point", "coordinates": [119.3, 26.1]}, "Thing": {"name": "g0"},
}  # fmt: skip


@MANY
@given(bytes_of(FILTERS))
def test_a_filter_of_sensorthings_is_asked_or_refused(told: bytes) -> None:
    with suppress(Unfit):
        bool(Filter(told.decode("utf-8", "replace")).whole()(THING))


QUERIES = [
    b'level>3;rain==1..2|name~="g.*"',
    b"!speed;(a.b==1|c[d.e]!=true)",
    b'level=="x","y";b<=-1e3',
    b"observedAt>2026-06-01T00:00:00Z",
    b"a=={1}",
    b"(((a)))",
]


@MANY
@given(bytes_of(QUERIES))
def test_a_query_of_ngsi_ld_is_asked_or_refused(told: bytes) -> None:
    with suppress(Problem):
        Asked(told.decode("utf-8", "replace"), CORE_CONTEXT).whole()
