"""NGSI-LD at 100,000 entities: create, partial update, query and temporal aggregate, over HTTP.

Rates are per CPU-second of the node, which is one process that keeps one core busy: what it would
come to on a quiet machine with the clients beside it. The rate by the clock is told beside it.
"""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.figure import Figure
from benchmarks.senses_peers import cpu

ENTITIES = int(os.environ.get("MINDU_ENTITIES", "100000"))
CLIENTS, SECONDS, BATCH = 16, 8.0, 500
GOALS = {"create": 241, "partial update": 417, "query": 36, "temporal aggregate": 42}
BASE = "/ngsi-ld/v1"


def entity(number: int, kind: str = "Gauge") -> dict[str, object]:
    """Return one entity: two numbers, a text, a link and a place."""
    rng = Random(number)
    place = [round(119 + rng.random(), 5), round(25.8 + rng.random() / 2, 5)]
    return {
        "id": f"urn:ngsi-ld:{kind}:{number}", "type": kind,
        "level": {"type": "Property", "value": round(rng.uniform(0, 100), 2), "unitCode": "MTR"},
        "battery": {"type": "Property", "value": rng.randrange(100)},
        "name": {"type": "Property", "value": f"gauge {number}"},
        "refDevice": {"type": "Relationship", "object": f"urn:ngsi-ld:Device:{number}"},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": place}},
    }  # fmt: skip


class Line:
    """One client on one connection."""

    def __init__(self, port: int, key: str) -> None:
        """Connect."""
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: object = None) -> None:
        """Send one request.

        Raises:
            RuntimeError: it was not answered with success.
        """
        data = None if body is None else json.dumps(body)
        self._line.request(method, BASE + path, data, self._head)
        answer = self._line.getresponse()
        told = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {told[:300]!r}")


def rate(lines: list[Line], pid: int, do: Callable[[Line, int], None]) -> tuple[float, float]:
    """Return requests of many clients at once: per CPU-second of the node, and by the clock."""
    counts = [0] * len(lines)
    end = perf_counter() + SECONDS

    def client(number: int) -> None:
        while perf_counter() < end:
            do(lines[number], number + len(lines) * counts[number])
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(i,)) for i in range(len(lines))]
    begun, before = perf_counter(), cpu(pid)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (cpu(pid) - before), sum(counts) / (perf_counter() - begun)


def asks(first: int, since: str) -> dict[str, Callable[[Line, int], None]]:
    """Return the four things that are measured; the second number is of no other turn."""

    def create(line: Line, turn: int) -> None:
        line.ask("POST", "/entities", entity(first + turn))

    def update(line: Line, turn: int) -> None:
        key = turn * 7919 % ENTITIES
        line.ask("PATCH", f"/entities/urn:ngsi-ld:Gauge:{key}/attrs/level", {"value": turn % 100})

    def query(line: Line, turn: int) -> None:
        low = turn % 97
        line.ask("GET", f"/entities?type=Gauge&q=level>{low};level<{low + 3}&limit=20")

    def temporal(line: Line, turn: int) -> None:
        key = turn * 7919 % ENTITIES
        line.ask(
            "GET", f"/temporal/entities/urn:ngsi-ld:Gauge:{key}?timerel=after&timeAt={since}"
            "&attrs=level&options=aggregatedValues&aggrMethods=avg,max&aggrPeriodDuration=PT1H",
        )  # fmt: skip

    return {
        "create": create,
        "partial update": update,
        "query": query,
        "temporal aggregate": temporal,
    }


def figures() -> list[Figure]:
    """Measure all four on one node with so many entities."""
    with tempfile.TemporaryDirectory() as folder, node(Path(folder)) as (port, key, pid):
        return measured([Line(port, key) for _ in range(CLIENTS)], pid)


@contextlib.contextmanager
def node(folder: Path) -> Iterator[tuple[int, str, int]]:
    """Run a node in a process of its own; yield its port, a key and the process."""
    command = [sys.executable, "-m", "benchmarks.senses_node", str(folder), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port, _, key = server.stdout.readline().split()
        yield int(port), key, server.pid
        server.kill()


def measured(lines: list[Line], pid: int) -> list[Figure]:
    """Fill a node and measure the four."""
    begun, before = perf_counter(), cpu(pid)
    for start in range(0, ENTITIES, BATCH):
        some = [entity(i) for i in range(start, min(start + BATCH, ENTITIES))]
        lines[0].ask("POST", "/entityOperations/upsert", some)
    filled = ENTITIES / (cpu(pid) - before), ENTITIES / (perf_counter() - begun)
    found = [figure("batch create", filled, None)]
    for name, do in asks(ENTITIES, "2026-01-01T00:00:00Z").items():
        found.append(figure(name, rate(lines, pid, do), GOALS[name]))
    return found


def figure(name: str, rates: tuple[float, float], goal: int | None) -> Figure:
    """Return one rate."""
    value, wall = rates
    return Figure(
        name=f"ngsild {name} at {ENTITIES} entities", value=round(value, 1), unit="requests/cpu-s",
        peer=f"{wall:.0f}/s by the clock" + ("; Stellio, published, 8 cores" if goal else ""),
        goal=f">= {goal}" if goal else "", holds=value >= goal if goal else None,
    )  # fmt: skip
