"""Durable MQTT of QoS 1 through our listener, beside Mosquitto that takes, and that serves.

The packets of all clients are made beforehand, the same for every peer, and one window is one
write, so that the clients hold nobody back. Mosquitto does not sync before it acknowledges; we do.
Two figures are told. Like with like: both only take. As the goal was set: one subscriber of QoS 1
is served by Mosquitto, and a message counts when the subscriber has it; our listener delivers to
nobody, it stores.
"""

import asyncio
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from benchmarks.figure import Figure
from benchmarks.senses_node import clock
from benchmarks.senses_peers import cpu, mosquitto, ours

WINDOW, CLIENTS = 20, 64  # messages in flight, a client
WINDOWS = 400  # that a client sends at most
SECONDS = 10.0  # after which no client sends another window
DRAIN = 60.0  # s that a subscriber may take for what is still on its way


class Rate(NamedTuple):
    """Messages by the processor second of the server, and by the clock."""

    cpu: float
    clock: float


def figures() -> Iterator[Figure]:
    """Measure ours, then Mosquitto alone, then Mosquitto with a subscriber."""
    made = [windows(i) for i in range(CLIENTS)]
    with TemporaryDirectory() as folder:
        with ours(Path(folder) / "ours", CLIENTS) as (_, port, key, pid):
            mine = asyncio.run(published(port, pid, key, made))
        alone = served = None
        with mosquitto(Path(folder)) as peer:
            if peer is not None:
                alone = asyncio.run(published(*peer, "", made))
        with mosquitto(Path(folder)) as peer:
            if peer is not None:
                served = asyncio.run(delivered(*peer, made))
    name = f"durable MQTT QoS 1, {CLIENTS} clients, window {WINDOW}"
    yield _figure(f"{name}, like with like", mine, alone, "QoS 1, not synced, no subscriber")
    yield _figure(f"{name}, as the goal was set", mine, served, "QoS 1 to one QoS 1 subscriber")


def _figure(name: str, mine: Rate, peer: Rate | None, what: str) -> Figure:
    told = f"{mine.clock:,.0f}/s by the clock"
    if peer is not None:
        told += f"; Mosquitto {what}: {peer.cpu:,.0f}/cpu-s, {peer.clock:,.0f}/s by the clock"
    return Figure(
        name=name, value=round(mine.cpu), unit="messages/cpu-s", peer=told,
        goal=">= 10 x Mosquitto", holds=None if peer is None else mine.cpu >= 10 * peer.cpu,
    )  # fmt: skip


def windows(client: int) -> list[bytes]:
    """Return what a client sends, a window at a time."""
    topic, start = _text(b"gauge-%06d/level" % client), clock() - 60_000
    made = []
    for turn in range(WINDOWS):
        parts = []
        for n in range(turn * WINDOW, (turn + 1) * WINDOW):
            payload = b'{"value":%d.5,"at":%d}' % (n % 9, start + n)
            parts.append(_packet(0x32, topic + struct.pack(">H", n % 65535 + 1) + payload))
        made.append(b"".join(parts))
    return made


def _text(told: bytes) -> bytes:
    return struct.pack(">H", len(told)) + told


def _packet(kind: int, body: bytes) -> bytes:
    length = len(body)
    size = bytes((length,)) if length < 128 else bytes((length & 127 | 128, length >> 7))
    return bytes((kind,)) + size + body


async def _connected(
    port: int, name: bytes, key: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = _text(b"MQTT") + bytes((4, 0xC2 if key else 0x02, 0, 60)) + _text(name)
    body += _text(b"u") + _text(key.encode()) if key else b""
    writer.write(_packet(0x10, body))
    assert (await reader.readexactly(4))[3] == 0
    return reader, writer


async def published(port: int, pid: int, key: str, made: list[list[bytes]]) -> Rate:
    """Return how fast messages were acknowledged."""
    begun, before, done = perf_counter(), cpu(pid), 0

    async def client(number: int) -> None:
        nonlocal done
        reader, writer = await _connected(port, b"c%d" % number, key)
        for window in made[number]:
            writer.write(window)
            await reader.readexactly(4 * WINDOW)
            done += WINDOW
            if perf_counter() - begun > SECONDS:
                break
        writer.close()

    await asyncio.gather(*(client(i) for i in range(CLIENTS)))
    return Rate(done / (cpu(pid) - before), done / (perf_counter() - begun))


async def delivered(port: int, pid: int, made: list[list[bytes]]) -> Rate:
    """Return how fast messages came to one subscriber, which acknowledges each."""
    reader, writer = await _connected(port, b"subscriber", "")
    writer.write(_packet(0x82, b"\x00\x01" + _text(b"#") + b"\x01"))
    assert (await reader.readexactly(5))[4] == 1
    got = 0

    async def subscriber() -> None:
        nonlocal got
        held = b""
        while True:
            held += await reader.read(1 << 18)
            numbers, held = _numbers(held)
            writer.write(b"".join(b"\x40\x02" + number for number in numbers))
            got += len(numbers)

    begun, before = perf_counter(), cpu(pid)
    task = asyncio.create_task(subscriber())
    await published(port, pid, "", made)
    last = -1
    while got != last and perf_counter() - begun < SECONDS + DRAIN:
        last = got
        await asyncio.sleep(0.5)
    end = perf_counter() - 0.5
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return Rate(got / (cpu(pid) - before), got / (end - begun))


def _numbers(held: bytes) -> tuple[list[bytes], bytes]:
    """Return the packet identifiers of whole PUBLISH packets, and what is left."""
    numbers, at = [], 0
    while at + 4 < len(held):
        length, start = held[at + 1], at + 2
        if length > 127:
            length, start = (length & 127) | held[start] << 7, start + 1
        if start + length > len(held):
            break
        topic = held[start] << 8 | held[start + 1]
        numbers.append(held[start + 2 + topic : start + 4 + topic])
        at = start + length
    return numbers, held[at:]
