"""Trouble over HTTP: full, wrong or broken, each sender hears of it and nothing is lost."""

import asyncio
import json
import socket
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from open_doors import Node, clock, node
from posted import JSON, ask, city, reading

from mindu.data.senses.intake import Offer, Settled
from mindu.data.senses.senses import Senses
from mindu.edge.porch import Porch

__all__ = ["city"]


def test_a_full_porch_sends_back_with_429_and_a_time_to_wait(city: Node) -> None:
    porch: Porch = city.doors.porch
    held, porch.waiting = porch.waiting, 10**9
    try:
        body = json.dumps(reading("g0", clock(), 3.0)).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{city.url}/v1/readings", body,
            {"Authorization": f"Bearer {city.key}", "Content-Type": JSON},
        )  # fmt: skip
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(request, timeout=30)  # noqa: S310
        assert told.value.code == 429
        assert int(told.value.headers["Retry-After"]) >= 1
        told.value.close()
    finally:
        porch.waiting = held


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/readings", b"{broken", 400),
        ("/v1/readings", b"\xff\xfe", 400),
        ("/v1/devices", b'{"id": 7}', 422),
        ("/v1/devices", b'{"id": "x", "kind": "nothing"}', 422),
        ("/v1/kinds", b'{"name": "k", "props": [{"name": "a", "decimals": 99}]}', 422),
        ("/v1/window/nobody/level", None, 404),
        ("/v1/window/g0/level?since=yesterday", None, 422),
        ("/v1/grid/g0/level?every=5", None, 422),
        ("/v1/means?how=magic", None, 422),
        ("/v1/nearest?lon=500&lat=0", None, 422),
        ("/v1/inside", b"[]", 422),
        ("/v1/inside", b'{"coordinates": [[[1, "x"], [2, 3], [4, 5]]]}', 422),
        ("/v1/inside", b'{"coordinates": [[[1%s, 2], [2, 3], [4, 5]]]}' % (b"0" * 400), 422),
        ("/v1/devices/nobody", None, 404),
        ("/v1/stages", b'{"devices": ["nobody"], "stage": "active"}', 422),
        ("/v1/readings", b"[" * 100_000, 400),
        ("/v1/inside", b"[" * 100_000, 422),
        ("/v1/window/g0/level?since=--5", None, 422),
        ("/v1/window/g0/level?limit=%C2%B2", None, 422),
    ],
)
def test_what_is_wrong_is_told_and_never_a_5xx(
    city: Node, path: str, body: bytes | None, status: int
) -> None:
    found, told = ask(city, path, body)
    assert found == status
    assert told.get("error") or told["wrongs"]


def test_what_was_answered_is_there_after_the_door_was_closed(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        body = json.dumps(reading("g0", clock(), 3.0)).encode()
        assert ask(city, "/v1/readings", body)[1]["stored"] == 1
    again = Senses(tmp_path / "senses")
    assert again.total().stored == 1
    again.close()


def test_a_message_that_breaks_us_is_counted_and_stops_nobody(
    city: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    porch, accept = city.doors.porch, city.senses.accept

    def weak(offers: list[Offer], now: int) -> list[Settled]:
        if any("poison" in offer.said.device for offer in offers):
            raise ZeroDivisionError
        return accept(offers, now)

    monkeypatch.setattr(city.senses, "accept", weak)
    before = city.senses.total()
    at = clock()

    async def together() -> list[Settled]:
        names = ["g0", "poison", "g1"]
        bodies = [json.dumps(reading(name, at, 3.0)).encode() for name in names]
        return await asyncio.gather(*(porch.message("x", None, JSON, body) for body in bodies))

    assert porch.loop is not None
    done = asyncio.run_coroutine_threadsafe(together(), porch.loop).result(60)
    assert [it.receipt.stored for it in done] == [1, 0, 1]
    assert done[1].receipt.refused == {"our own fault": 1}
    assert city.senses.total().received - before.received == 3
    assert city.senses.total().whole
    status, _ = ask(city, "/v1/readings", json.dumps(reading("poison", at, 3.0)).encode())
    assert status == 500
    assert "ZeroDivisionError" in porch.troubles[0]


def divide(number: int) -> None:
    assert 1 // number


def test_a_store_that_is_unsound_takes_nothing_until_the_next_start(tmp_path: Path) -> None:
    body = json.dumps(reading("g0", clock(), 3.0)).encode()
    with node(tmp_path) as city:
        city.senses.intake.heard.append(lambda _: divide(0))
        for _ in range(2):
            status, told = ask(city, "/v1/readings", body)
            assert (status, "anew" in told["error"]) == (429, True)
        city.senses.intake.heard.clear()
    with node(tmp_path) as city:
        assert ask(city, "/v1/readings", body)[1]["duplicate"] == 1


def answered(line: BinaryIO) -> tuple[int, Any]:
    """Read one answer."""
    status = int(line.readline().split()[1])
    length = 0
    while (told := line.readline().strip().lower()) != b"":
        if told.startswith(b"content-length:"):
            length = int(told[15:])
    return status, json.loads(line.read(length))


def test_many_requests_of_one_line_are_answered_in_their_turn(city: Node) -> None:
    at, sent = clock() + 1000, []
    for i in range(150):
        body = json.dumps(reading("g3", at + i, 3.0)).encode()
        path = b"/v1/clock" if i % 50 == 49 else b"/v1/readings"
        method, body = (b"GET", b"") if i % 50 == 49 else (b"POST", body)
        key = city.key if i % 10 else "s.nobody.AAAA"
        sent.append(
            b"%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            % (method, path, key.encode(), len(body), body)
        )
    with socket.create_connection(("127.0.0.1", city.doors.http_port), 60) as line:
        stream, cut = b"".join(sent), 777
        for i in range(0, len(stream), cut):
            line.sendall(stream[i : i + cut])
        with line.makefile("rb") as answers:
            found = [answered(answers) for _ in range(150)]
    assert [status for status, _ in found] == [
        401 if not i % 10 and i % 50 != 49 else 200 for i in range(150)
    ]
    assert all("now" in told for _, told in found[49::50])
