"""Fuzzing: each door is asked what it allows and what it does not: no 5xx, nothing uncounted."""

import socket
from typing import Any

import schemathesis
from damage import SHORT, bytes_of
from fuzzed import asked, city
from hypothesis import given
from hypothesis import strategies as st
from open_doors import Node
from schemathesis import Case
from schemathesis.checks import not_a_server_error

from mindu.edge.document import document

__all__ = ["city"]
CONTRACT: Any = schemathesis.openapi.from_dict(document())
THERE = {"device": "g0", "prop": "level", "name": "hold-1", "key": "k1", "word": "yes"}


@CONTRACT.given(names=st.sampled_from([{}, THERE]))  # type: ignore[untyped-decorator]
@CONTRACT.parametrize()  # type: ignore[untyped-decorator]
@SHORT
def test_no_door_answers_what_it_is_asked_with_a_5xx(
    case: "Case[Any]", names: dict[str, str], city: Node
) -> None:
    inside = case.path_parameters  # guessed names are hardly ever those of somebody
    inside.update({k: name for k, name in names.items() if k in inside})
    for told in (case.query, case.body):  # an example need not wait for news
        if isinstance(told, dict) and told.get("wait"):
            told["wait"] = 0
    headers = {"Authorization": f"Bearer {city.key}"}
    answer = case.call(base_url=city.url, headers=headers, timeout=60)
    case.validate_response(answer, checks=[not_a_server_error])
    assert city.senses.total().whole


TAKE = b"POST /v1/readings HTTP/1.1\r\nHost: x\r\n"
LINE = [
    TAKE + b"Content-Length: 2\r\nAuthorization: Bearer x\r\n\r\n[]",
    b"GET /v1/clock HTTP/1.1\r\nHost: x\r\n\r\n",
    TAKE + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
    b"\x10\x0f\0\4MQTT\4\xc2\0\x3c\0\1c\0\0\0\0", b"\x32\x11\0\x0dcity/g0/level\0\1", b"\xc0\0",
]  # fmt: skip


@SHORT
@given(told=bytes_of(LINE), door=st.sampled_from(["http", "mqtt"]))
def test_no_bytes_on_a_line_stop_the_node(city: Node, told: bytes, door: str) -> None:
    port = city.doors.http_port if door == "http" else city.doors.mqtt_port
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        line.sendall(told)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while more := line.recv(4096):
            answer += more
    assert not answer.startswith(b"HTTP/1.1 5") or answer.startswith(b"HTTP/1.1 501")
    assert asked(city, "GET", "/v1/clock", None, "application/json") == 200
