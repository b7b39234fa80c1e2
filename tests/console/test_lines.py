"""Lines to browsers: bounded heads, pieces straight to the wire, little held for who is slow."""

import asyncio
import socket
from http.client import HTTPConnection

import pytest
from night import NOW, Night, quiet

from mindu.base.records import Event, Judgement, Severity, Words
from mindu.console.server import Serving, serving
from mindu.console.wire.stream.hub import Hub
from mindu.console.wire.stream.line import HEAD, piece
from mindu.console.wire.stream.viewers import PIECE

pytest_plugins = ("served",)


def judged(night: Night) -> int:
    record = Judgement("high", Severity.RED, Words("J1 rises", "水位上涨"), 0.9)
    return night.write(record, about="J1", by="water.flood", at=NOW)


class Wire(asyncio.Transport):
    """A line of our own: keeps what was written, and takes no more while it is full."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.waiting = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:  # type: ignore[explicit-override]
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:  # type: ignore[explicit-override]
        return self.waiting

    def is_closing(self) -> bool:  # type: ignore[explicit-override]
        return False


def test_what_is_told_goes_straight_to_a_free_line_and_as_a_piece_to_a_full_one() -> None:
    city = quiet()

    async def live() -> None:
        hub, wire = Hub(city, viewers=5), Wire()
        stream = hub.watch(None, wire)
        await anext(stream)
        reading = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        seq = judged(city)
        hub.tell()
        assert f'"seq":{seq}'.encode() in wire.written[0]
        assert wire.written[0] == piece(wire.written[0].split(b"\r\n", 1)[1][:-2])
        assert not reading.done()
        wire.waiting = 1
        later = judged(city)
        hub.tell()
        told = await reading
        assert f'"seq":{later}'.encode() in told
        assert f'"seq":{seq},'.encode() not in told
        assert len(wire.written) == 1

    asyncio.run(asyncio.wait_for(live(), timeout=60))


def test_a_long_turn_is_told_in_pieces_so_that_a_slow_line_holds_little() -> None:
    city = quiet()

    async def live() -> None:
        hub = Hub(city, viewers=5)
        stream = hub.watch(None)
        await anext(stream)
        for n in range(400):
            city.write(Event("told", {"text": f"{n} " + "x" * 1_000}), about="net", by="w", at=NOW)
        hub.tell()
        pieces, told = 0, 0
        while told < 400:
            body = await anext(stream)
            assert len(body) <= PIECE
            pieces, told = pieces + 1, told + body.count(b"event: entry")
        assert pieces > 5

    asyncio.run(asyncio.wait_for(live(), timeout=60))


def test_a_head_without_end_is_refused(desk: Serving) -> None:
    with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ")
        answer = b""
        try:
            for _ in range(HEAD // 1_000 * 4):
                line.sendall(b"a" * 1_000)
            answer = line.recv(100)
        except OSError:  # it was shut while we still wrote
            return
        assert answer.startswith(b"HTTP/1.1 431") or not answer


def test_a_city_ends_at_once_although_a_page_listens(
    night: Night, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(night) as city:
        line = HTTPConnection("127.0.0.1", city.port, timeout=60)
        line.request("GET", "/api/v1/stream")
        assert b"hello" in line.getresponse().read1(4_096)
    line.close()
    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == []
