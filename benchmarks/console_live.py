"""The desk's stream: 500 live viewers on one process, and 10,000 points moving twice a second."""

import asyncio
import json
import struct
from collections.abc import Iterator
from statistics import median, quantiles
from time import monotonic

from benchmarks.console_stand import PATIENCE_S, VIEWERS, Child, served
from benchmarks.figure import Figure

THINGS, TURNS, FRAMES = 10_000, 20, 20
WATCHING = (1, 10, 50)  # who watch the dense points
EACH_S = 0.5
MEASURED = b'"measured'
SIZE = struct.Struct("<I16s")


def figures() -> Iterator[Figure]:
    """Measure events first, then dense points."""
    with served(THINGS) as child:
        before = child.memory
        delays, used = asyncio.run(_watched(child))
        held = (child.memory - before) / VIEWERS / 1024.0
        spent = used / (TURNS * VIEWERS) * 1e6
        yield _figure(f"event delay of {VIEWERS} viewers, p95", quantiles(delays, n=20)[-1], "ms")
        yield _figure(f"event delay of {VIEWERS} viewers, median", median(delays), "ms")
        yield _figure("memory a viewer", held, "kB")
        yield _figure("processor an event and viewer", spent, "us")
        for viewers in WATCHING:
            began = child.spent
            late, each = asyncio.run(_moving(child, viewers))
            spent = (child.spent - began) / FRAMES * 1e3
            what = f"{THINGS:,} points moving at 2 Hz before {viewers} viewers"
            yield _figure(f"{what}, frames seen a second and viewer", each, "1/s")
            yield _figure(f"{what}, delay p95", quantiles(late, n=20)[-1], "ms")
            yield _figure(f"{what}, processor a frame with its turn", spent, "ms")


def _figure(name: str, value: float, unit: str) -> Figure:
    name, value = f"console: {name}", round(value, 2)
    return Figure(name=name, value=value, unit=unit, peer=None, goal="", holds=None)


async def _watched(child: Child) -> tuple[list[float], float]:
    """Open every viewer, then let the city take turns.

    Return the delays of all events at all viewers (ms), and the processor seconds of the turns.
    """
    delays: list[float] = []
    ready = asyncio.Semaphore(0)
    viewers = [asyncio.create_task(_view(child.port, ready, delays)) for _ in range(VIEWERS)]
    for _ in viewers:
        await asyncio.wait_for(ready.acquire(), timeout=PATIENCE_S)
    began = child.spent
    for turn in range(1, TURNS + 1):
        await asyncio.wait_for(asyncio.to_thread(child.tell, "turn"), timeout=PATIENCE_S)
        try:
            await asyncio.wait_for(_all(delays, turn * VIEWERS), timeout=PATIENCE_S)
        except TimeoutError:
            break  # what is missing is counted below
    used = child.spent - began
    await _ended(viewers)
    assert len(delays) == TURNS * VIEWERS, f"{TURNS * VIEWERS - len(delays)} events were missed"
    return delays, used


async def _all(delays: list[float], wanted: int) -> None:
    while len(delays) < wanted:
        await asyncio.sleep(0.005)


async def _view(port: int, ready: asyncio.Semaphore, delays: list[float]) -> None:
    reader, writer = await _asked(port, "/api/v1/stream")
    try:
        while line := await reader.readline():
            if line.startswith(b"event: hello"):
                ready.release()
            elif line.startswith(b"data: ") and MEASURED in line:
                written = json.loads(line[6:])["says"]["en"].partition("at: ")[2]
                delays.append((monotonic() - float(written)) * 1e3)
    finally:
        writer.close()


async def _moving(child: Child, viewers: int) -> tuple[list[float], float]:
    """Let everything change twice a second; return how late frames came (ms), and how many did.

    A frame says of which entry it is; the clock of each entry began when the turn was taken.
    """
    seen: list[tuple[int, float]] = []
    tasks = [asyncio.create_task(_frames(child.port, seen)) for _ in range(viewers)]
    async with asyncio.timeout(PATIENCE_S):
        while len(seen) < viewers:
            await asyncio.sleep(0.01)
    taken: list[float] = []
    first = max(seq for seq, _ in seen)
    seen.clear()
    for _ in range(FRAMES):
        began = monotonic()
        await asyncio.wait_for(asyncio.to_thread(child.tell, "move 1"), timeout=PATIENCE_S)
        taken.append(monotonic())
        await asyncio.sleep(max(0.0, began + EACH_S - monotonic()))
    await asyncio.sleep(EACH_S)
    await _ended(tasks)
    late = [(at - taken[seq - first - 1]) * 1e3 for seq, at in seen if seq > first]
    return late, len(seen) / viewers / (FRAMES * EACH_S)


async def _frames(port: int, seen: list[tuple[int, float]]) -> None:
    reader, writer = await _asked(port, "/api/v1/points/stream?prop=level")
    try:
        while True:
            body = await _chunk(reader)
            size, _tag = SIZE.unpack_from(body)
            assert len(body) == SIZE.size + size, "a frame is whole"
            count, _lon, _lat, _at, seq = struct.unpack_from("<IdddI", body, SIZE.size + 4)
            assert count == THINGS
            seen.append((seq, monotonic()))
    finally:
        writer.close()


async def _chunk(reader: asyncio.StreamReader) -> bytes:
    """Return one chunk of a chunked answer: the desk sends a frame as one."""
    size = int(await reader.readline(), 16)
    return (await reader.readexactly(size + 2))[:-2]


async def _asked(port: int, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4 << 20)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while (await reader.readline()).strip():
        pass
    return reader, writer


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
