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

from mindu.base.records import Event, Judgement, Observation, Placed, Severity, Words
from mindu.console.answers.points import crowd, points
from mindu.console.ask import Ask
from mindu.console.looks import Looks
from mindu.console.server import Serving, serving
from mindu.console.wire.limits import Limits
from mindu.console.wire.stream.dense import HEAD, Dense
from mindu.console.wire.stream.hub import QUEUE, REPLAYED, VALUES, Hub
from mindu.console.wire.stream.ring import Ring

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
        told = events(await anext(stream))
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
        for _ in range(QUEUE + 1):
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


def test_a_thing_that_tells_where_it_is_moves_and_others_stay() -> None:
    night = quiet()
    night.write(Placed("Bus", {"name": "Bus 7"}), about="B7", by="w", at=NOW)
    for prop, value in (("lon", 119.4), ("lat", 26.1)):
        night.write(Observation(prop, value, "deg"), about="B7", by="gps", at=NOW)
    ids, before = placed(night)
    night.write(Observation("lon", 119.5, "deg"), about="B7", by="gps", at=NOW + timedelta(hours=1))
    _, after = placed(night)
    moved = [name for name, a, b in zip(ids, before, after, strict=True) if a != b]
    assert moved == ["B7"]
    assert after[ids.index("B7")] == pytest.approx((119.5, 26.1), abs=2e-6)


def placed(night: Night) -> tuple[tuple[str, ...], list[tuple[float, float]]]:
    look = Looks(night).at("", "en")
    raw, _ = points(look, Ask({}))
    count, lon, lat = struct.unpack_from("<Idd", raw, 4)
    steps = struct.unpack_from(f"<{2 * count}i", raw, 4 + struct.calcsize("<IdddI"))
    spots = zip(steps[:count], steps[count:], strict=True)
    xy = [(round(lon + x / 1e6, 6), round(lat + y / 1e6, 6)) for x, y in spots]
    return crowd(look, Ask({})).ids, xy


def test_dense_points_are_shown_again_when_something_changed_and_always_the_newest() -> None:
    night = quiet()

    async def live() -> None:
        dense = Dense(Looks(night), viewers=2)
        quick, slow = dense.watch("", "level"), dense.watch("", "level")
        newest = first = await anext(quick)
        assert first == await anext(slow)
        assert dense.full
        for n in range(3):
            record = Observation("level", 9.0 + n, "m")
            night.write(record, about="J1", by="g", at=NOW + timedelta(hours=n + 1))
            dense.draw()
            newest = await anext(quick)
        assert newest == await anext(slow) != first
        size, _ = HEAD.unpack_from(newest)
        assert len(newest) == HEAD.size + size

    run(live())


def test_many_changed_values_are_not_told_one_by_one() -> None:
    night = quiet()

    async def live() -> None:
        hub = Hub(night, viewers=5)
        stream = hub.watch(None)
        await anext(stream)
        night.write(Event("tick"), about="net", by="w", at=NOW)
        for n in range(VALUES + 1):
            night.board.note(f"T{n}", "level", NOW, 1.0)
        hub.tell()
        told = next(d for name, d in events(await anext(stream)) if name == "values")
        assert (told["rows"], told["dense"]) == ([], True)

    run(live())


def test_a_ring_lets_the_heaviest_past_go() -> None:
    async def live() -> None:
        ring = Ring(most=3, weight=100)
        for message in (b"a" * 10, b"b" * 60, b"c" * 60):
            ring.put(message)
        assert ring.since(1, 100) is None
        assert ring.since(2, 100) == (b"c" * 60, 3)
        assert ring.since(ring.end, 100) == (b"", 3)

    run(live())


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
