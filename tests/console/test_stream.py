"""The stream: nothing missed over a broken line, a slow reader told so, dense points as bytes."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from math import isnan
from typing import Any

import pytest
from night import NOW, Night, quiet
from visitor import Visitor

from mindu.base.records import Event, Judgement, Observation, Severity, Words
from mindu.console.server import Serving, serving
from mindu.console.wire.hub import QUEUE, REPLAYED, Hub
from mindu.console.wire.limits import Limits

pytest_plugins = ("served",)
SAYS = Words("J1 rises", "水位上涨")


def judged(night: Night) -> int:
    record = Judgement("high", Severity.RED, SAYS, 0.9)
    return night.write(record, about="J1", by="water.flood", at=NOW)


def events(raw: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a piece of stream."""
    found = []
    for block in raw.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def following(stream: AsyncIterator[bytes], wanted: Callable[[str], bool]) -> list[str]:
    """Read on until an event of that name; return all names."""
    names: list[str] = []
    async for piece in stream:
        names += [name for name, _ in events(piece)]
        if any(wanted(name) for name in names):
            return names
    return names


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, timeout=180))


def test_a_viewer_is_told_what_is_written_and_the_figures_of_the_header() -> None:
    night = quiet()

    async def live() -> None:
        hub = Hub(night, viewers=5)
        stream = hub.watch(None)
        assert events(await anext(stream))[0][0] == "hello"
        seq = judged(night)
        hub.tell()
        told = [events(await anext(stream))[0] for _ in range(2)]
        assert [(name, data["seq"]) for name, data in told] == [("entry", seq), ("turn", seq)]
        assert told[0][1]["says"] == {"en": "J1 rises", "zh": "水位上涨"}
        assert (told[1][1]["alerts"], told[1][1]["worst"]) == (1, 4)

    run(live())


def test_values_that_changed_are_told_once(night: Night) -> None:
    async def live() -> None:
        hub = Hub(night, viewers=5)
        stream = hub.watch(None)
        await anext(stream)
        night.write(Observation("level", 7.5, "m"), about="J1", by="g", at=NOW + timedelta(hours=1))
        hub.tell()
        names = await following(stream, lambda name: name == "turn")
        assert names.count("values") == 1
        hub.tell()
        assert "values" not in [n for n in names[names.index("turn") :] if n != "turn"]

    run(live())


def test_whoever_comes_back_is_told_what_was_missed_and_nothing_twice(night: Night) -> None:
    async def live() -> None:
        hub = Hub(night, viewers=5)
        left = night.board.seq
        missed = [judged(night) for _ in range(3)]
        hub.tell()
        told = events(await anext(hub.watch(left)))
        assert [d["seq"] for name, d in told if name == "entry"] == missed
        assert told[0][1]["snapshot"] is False
        told = events(await anext(hub.watch(night.board.seq)))
        assert [name for name, _ in told if name == "entry"] == []

    run(live())


def test_whoever_is_too_far_behind_or_of_another_log_takes_a_snapshot(night: Night) -> None:
    async def live() -> None:
        for _ in range(REPLAYED + 10):
            night.write(Event("tick"), about="net", by="w", at=NOW)
        hub = Hub(night, viewers=5)
        for since in (2, night.board.seq + 50):
            told = events(await anext(hub.watch(since)))
            assert told[0][1]["snapshot"] is True
            assert told[0][1]["seq"] == night.board.seq

    run(live())


def test_a_viewer_who_does_not_read_is_told_of_the_lag_and_holds_nobody_up() -> None:
    night = quiet()

    async def live() -> None:
        hub = Hub(night, viewers=5)
        slow, quick = hub.watch(None), hub.watch(None)
        await anext(slow)
        await anext(quick)
        for _ in range(QUEUE):
            judged(night)
            hub.tell()
            await following(quick, lambda name: name == "turn")
        names = await following(slow, lambda name: name == "lag")
        assert names[-1] == "lag"
        assert len(names) <= QUEUE

    run(live())


def test_the_stream_goes_over_the_wire_and_on_after_a_restart(night: Night) -> None:
    with serving(night) as desk:
        line, answer = opened(desk, "/api/v1/stream")
        assert answer.headers["content-type"].startswith("text/event-stream")
        seq = judged(night)
        text = read_until(answer, f'"seq":{seq},"at"')
        assert "retry: 2000" in text
        line.close()
    missed = judged(night)
    with serving(night) as desk:
        line, answer = opened(desk, "/api/v1/stream", {"Last-Event-ID": str(seq)})
        assert f'"seq":{missed}' in read_until(answer, f'"seq":{missed},"at"')
        line.close()


def test_one_viewer_too_many_is_told_to_come_again(night: Night) -> None:
    with serving(night, limits=Limits(viewers=1)) as desk:
        line, answer = opened(desk, "/api/v1/stream")
        read_until(answer, "hello")
        assert Visitor(desk).get("/api/v1/stream").status == 503
        line.close()


def test_dense_points_are_bytes_in_the_order_of_their_names(desk: Serving, night: Night) -> None:
    line, answer = opened(desk, "/api/v1/points?prop=level")
    raw, ids_tag = answer.read(), answer.headers["x-mindu-ids"]
    line.close()
    guest = Visitor(desk)
    names = guest.get("/api/v1/points/ids")
    assert names.headers["etag"] == f'"{ids_tag}"'
    count, lon0, lat0, at, seq = struct.unpack_from("<IdddI", raw, 4)
    assert raw[:4] == b"MDP1"
    assert (count, seq) == (len(names.json), night.board.seq)
    assert at == NOW.timestamp()
    body = 4 + struct.calcsize("<IdddI")
    dx = struct.unpack_from(f"<{count}i", raw, body)
    dy = struct.unpack_from(f"<{count}i", raw, body + 4 * count)
    value = struct.unpack_from(f"<{count}f", raw, body + 8 * count)
    severity = raw[body + 12 * count :]
    assert len(severity) == count
    here = names.json.index("J2")
    assert lon0 + dx[here] / 1e6 == pytest.approx(119.31, abs=1e-6)
    assert lat0 + dy[here] / 1e6 == pytest.approx(26.07, abs=1e-6)
    last = night.board.last("J2", "level")
    assert last is not None
    assert value[here] == pytest.approx(last[1], rel=1e-6)
    assert severity[here] == Severity.RED
    assert isnan(value[names.json.index("R1")])


def opened(
    desk: Serving, path: str, headers: dict[str, str] | None = None
) -> tuple[HTTPConnection, HTTPResponse]:
    line = HTTPConnection("127.0.0.1", desk.port, timeout=180)
    line.request("GET", path, headers=headers or {})
    return line, line.getresponse()


def read_until(answer: HTTPResponse, wanted: str) -> str:
    text = ""
    with suppress(TimeoutError):
        while wanted not in text:
            piece = answer.read1(65_536)
            assert piece, f"the stream ended without {wanted}: {text[-400:]}"
            text += piece.decode()
    return text
