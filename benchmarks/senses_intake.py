"""Durable intake over HTTP, beside VictoriaMetrics, InfluxDB, and the floor.

Rates are per CPU-second that the server really got, so busy neighbours hardly matter. The floor is
decoding, hashing and writing the very same bodies in one process, without any of our own work.
VictoriaMetrics does not sync before it answers; we do.
"""

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time

import msgspec

from benchmarks.figure import Figure
from benchmarks.senses_node import STALL, clock
from benchmarks.senses_peers import cpu, influxdb, ours, victoria

DEVICES = 20_000
LINES = 64  # connections
SECONDS = 60.0  # at most; all bodies are sent, so that starting up weighs little
SIZES = (1000, 100, 1)


class Row(msgspec.Struct):
    """One reading as our JSON says it."""

    device: str
    prop: str
    at: int
    value: float
    seq: int


def figures() -> Iterator[Figure]:
    """Measure HTTP at three sizes."""
    for size in SIZES:
        yield from _http(size)


def bodies(size: int, count: int) -> list[bytes]:
    """Return JSON bodies of so many readings each, all of them news."""
    start, made, n = clock() - 3_600_000, [], 0
    for _ in range(count):
        rows = []
        for _ in range(size):
            turn, who = divmod(n, DEVICES)
            rows.append(Row(f"gauge-{who:06d}", "level", start + turn * 5 + who % 5,
                            round(3 + n * 7 % 100 / 100, 2), turn))  # fmt: skip
            n += 1
        made.append(msgspec.json.encode(rows if size > 1 else rows[0]))
    return made


def influx(size: int, count: int) -> list[bytes]:
    """Return the same readings in the line protocol that VictoriaMetrics takes."""
    start, made, n = (clock() - 3_600_000) * 1_000_000, [], 0
    for _ in range(count):
        rows = []
        for _ in range(size):
            turn, who = divmod(n, DEVICES)
            value = round(3 + n * 7 % 100 / 100, 2)
            at = start + (turn * 5 + who % 5) * 1_000_000
            rows.append(f"level,device=gauge-{who:06d} value={value} {at}")
            n += 1
        made.append("\n".join(rows).encode())
    return made


COUNTS = {1000: 1500, 100: 8000, 1: 20_000}  # requests


def _http(size: int) -> Iterator[Figure]:
    count = COUNTS[size]
    with TemporaryDirectory() as name:
        folder = Path(name)
        mine, floor = bodies(size, count), _floor(bodies(size, min(count, 400)), folder)
        with ours(folder / "ours", DEVICES) as (port, _, key, pid):
            head = (
                f"POST /v1/readings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
                "Content-Type: application/json\r\n"
            )
            rate = _rate(port, pid, head, mine, size)
            stall, worst = map(float, (folder / "ours" / STALL).read_text().split())
        with victoria(folder / "vm") as peer:
            beside = _beside(peer, "/write", size)
        with influxdb(folder / "influx") as peer:
            third = _beside(peer, "/write?db=bench", size)
    goal = 0.8 if size == 1 else 1.0
    yield _held(f"{size} a request", rate, goal, ("VictoriaMetrics, not synced", beside))
    if size > 1:
        yield _held(f"{size} a request, again", rate, 3.0, ("InfluxDB", third))
    yield Figure(
        name=f"stall of the event loop, p99, {size} a request", value=round(stall, 1), unit="ms",
        peer=f"{worst:.1f} ms in the worst half second", goal="< 20", holds=stall < 20,
    )  # fmt: skip
    if size > 1:
        yield Figure(
            name=f"durable HTTP intake, {size} a request, share of the floor", unit="ratio",
            value=round(rate / floor, 3), peer=f"{floor:,.0f}/cpu-s decode + hash + write",
            goal=">= 0.35", holds=rate / floor >= 0.35,
        )  # fmt: skip


def _beside(peer: tuple[int, int] | None, path: str, size: int) -> float | None:
    """Return what a peer that speaks the line protocol takes, None where it is not installed."""
    if peer is None:
        return None
    return _rate(*peer, f"POST {path} HTTP/1.1\r\nHost: x\r\n", influx(size, COUNTS[size]), size)


def _held(what: str, rate: float, goal: float, peer: tuple[str, float | None]) -> Figure:
    name, beside = peer
    return Figure(
        name=f"durable HTTP intake, {what}", value=round(rate), unit="readings/cpu-s",
        peer=f"{beside:,.0f}/cpu-s {name}" if beside else None, goal=f">= {goal:g} x {name}",
        holds=None if beside is None else rate >= goal * beside,
    )  # fmt: skip


def _floor(made: list[bytes], folder: Path) -> float:
    """Return readings per CPU-second of decoding, hashing and writing alone."""
    decode = msgspec.json.Decoder(list[Row] | Row).decode
    began, rows, digest = process_time(), 0, bytes(32)
    with (folder / "floor").open("wb", buffering=0) as file:
        for body in made:
            told = decode(body)
            rows += len(told) if isinstance(told, list) else 1
            digest = sha256(digest + body).digest()
            file.write(body)
    return rows / (process_time() - began)


def _rate(port: int, pid: int, head: str, made: list[bytes], size: int) -> float:
    """Return readings taken per CPU-second of the server."""
    began = cpu(pid)
    done = asyncio.run(_pushed(port, head.encode(), made))
    return done * size / max(cpu(pid) - began, 1e-9)


async def _pushed(port: int, head: bytes, made: list[bytes]) -> int:
    """Send bodies over many connections for a while; return how many were answered well."""
    queue, end = iter(made), monotonic() + SECONDS
    done = 0

    async def line() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in queue:
            writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            status = await reader.readuntil(b"\r\n\r\n")
            code, length = int(status[9:12]), 0
            for part in status.split(b"\r\n"):
                if part.lower().startswith(b"content-length:"):
                    length = int(part[15:])
            if length:
                told = await reader.readexactly(length)
                assert code < 300, told
            assert code < 300, status
            done += 1
            if monotonic() > end:
                break
        writer.close()

    await asyncio.gather(*(line() for _ in range(LINES)))
    return done
