"""Whether a node grows at full rate: resident bytes, and their slope after warming up.

`MINDU_MINUTES` (60) long, four senders keep the node busy with a thousand readings a request; what
it takes is looked at every five seconds. The slope is the median of all slopes (Theil and Sen) of
the lowest look of each half minute, in the second half. `make leak MINUTES=10` runs it.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from benchmarks.figure import Figure
from benchmarks.senses_edge import taken
from benchmarks.senses_node import clock
from mindu.data.arrays import Floats

MINUTES = float(os.environ.get("MINDU_MINUTES", "60"))
DEVICES, SENDERS, EACH, LOOK = 4_000, 4, 1_000, 5.0  # EACH: readings a request; LOOK: s
FLOOR = 30.0  # s
GOAL = 16.0  # MB an hour that may be noise of the allocator


def figures() -> Iterator[Figure]:
    """Keep a node busy, and tell what it came to."""
    with TemporaryDirectory() as folder:
        command = (sys.executable, "-m", "benchmarks.senses_node", folder, str(DEVICES))
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as node:
            assert node.stdout is not None
            port, _, key = node.stdout.readline().split()
            at, size, sent = _driven(node.pid, int(port), key)
            disk = sum(it.stat().st_size for it in Path(folder).rglob("*") if it.is_file())
            node.terminate()
    half = at >= at[-1] / 2
    x, y = _floors(at[half] / 3600, size[half])
    i, j = np.triu_indices(len(x), 1)
    slope = float(np.median((y[j] - y[i]) / (x[j] - x[i])))
    told = f"{sent / at[-1]:,.0f} readings a second for {at[-1] / 60:.0f} min"
    yield Figure(name=f"node at full rate, {told}: lowest at the end", unit="MB", peer=None,
                 value=round(float(y[-1]), 1), goal="", holds=None)  # fmt: skip
    yield Figure(name="the same: most resident", value=round(float(size.max()), 1), unit="MB",
                 peer=None, goal="", holds=None)  # fmt: skip
    yield Figure(name="the same: slope of the second half", value=round(slope, 1), unit="MB/h",
                 peer=None, goal=f"<= {GOAL:g}", holds=slope <= GOAL)  # fmt: skip
    yield Figure(name="the same: on disk", value=round(disk / sent, 1), unit="B a reading",
                 peer=None, goal="", holds=None)  # fmt: skip


def _floors(at: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Return the lowest look of every half minute: what stands between two merges of tables."""
    turn = ((at - at[0]) * 3600 // FLOOR).astype(int)
    low = [int(np.flatnonzero(turn == i)[np.argmin(size[turn == i])]) for i in np.unique(turn)]
    return at[low], size[low]


def _driven(process: int, port: int, key: str) -> tuple[Floats, Floats, int]:
    """Return when (s) and how much (MB) was resident, and how many readings were stored."""
    over, stored, tick = threading.Event(), [0] * SENDERS, count()
    threads = [
        threading.Thread(target=_send, args=(i, port, key, over, stored, tick))
        for i in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    begun, looks = time.monotonic(), list[tuple[float, float]]()
    while (gone := time.monotonic() - begun) < MINUTES * 60:
        looks.append((gone, taken(process)["VmRSS"]))
        over.wait(LOOK)
    over.set()
    for thread in threads:
        thread.join()
    at, size = np.array(looks).T
    return at, size, sum(stored)


def _send(
    me: int, port: int, key: str, over: threading.Event, stored: list[int], tick: "count[int]"
) -> None:
    line = HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    names = [f"gauge-{i:06d}" for i in range(me * EACH, (me + 1) * EACH)]
    encoder, begun = msgspec.json.Encoder(), clock() - 3600_000 * 2
    while not over.is_set():
        level = 3 + next(tick) % 100 / 100
        at = begun + stored[me] // EACH  # a millisecond a turn: every reading is new
        rows = [{"device": n, "prop": "level", "at": at, "value": level} for n in names]
        line.request("POST", "/v1/readings", encoder.encode(rows), headers)
        answer = line.getresponse()
        told = answer.read()
        if answer.status == 429:
            continue
        assert answer.status == 200, told
        stored[me] += int(msgspec.json.decode(told)["received"])
