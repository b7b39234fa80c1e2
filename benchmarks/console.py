"""The desk's figures: a page of 5,000 things, and 500 live viewers on one process."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from threading import Lock
from time import monotonic

from benchmarks.figure import Figure
from mindu.base.records import AnyRecord, Entry, Event, Judgement, Placed, Severity, Value, Words
from mindu.console.board import Board
from mindu.console.declared import City
from mindu.console.feed import Ahead, Book, NotDecided, Pulse
from mindu.console.server import serving
from mindu.console.wire.limits import Limits, Rate

THINGS, VIEWERS, ASKED, TURNS = 5_000, 500, 60, 20
PAGE_GOAL_MS = 50.0
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
OPEN = Limits(reads=Rate(1e6, 1e6), viewers=VIEWERS + 50)
PATIENCE_S = 60.0
MEASURED = b'"measured'


class Stand:
    """A city of many things that stand still, as a feed."""

    def __init__(self, things: int) -> None:
        self.name, self.zone = Words("Stand", "测试台"), UTC
        self.city, self.board, self.lock = City(), Board(), Lock()
        self.book: Book | None = None
        self.ahead: Ahead | None = None
        self.told: list[Callable[[], None]] = []
        for n in range(things):
            facts: dict[str, Value | list[Value] | None] = {"name_en": f"Gauge {n}"}
            facts |= {"name_zh": f"测站 {n}", "x": 119.2 + n % 100 / 500, "y": 26 + n // 100 / 500}
            self.write(Placed("Gauge", facts), f"g{n}")
            for step in range(12):
                self.board.note(f"g{n}", "level", START + timedelta(minutes=5 * step), n + step)
        for n in range(0, things, 5):
            says = Words(f"gauge {n} is high", f"测站 {n} 偏高")
            self.write(Judgement("high", Severity(1 + n % 4), says, 0.7), f"g{n}")

    def write(self, record: AnyRecord, about: str) -> None:
        """Write one entry, as a turn would."""
        with self.lock:
            seq = self.board.seq + 1
            entry = Entry(seq=seq, at=START, about=about, by="stand.loop", record=record, prev="")
            self.board.fold(entry)
        for told in self.told:
            told()

    def listen(self, told: Callable[[], None]) -> Callable[[], None]:
        """Tell of every entry."""
        self.told.append(told)
        return lambda: self.told.remove(told)

    def pulse(self) -> Pulse:
        """Stand still."""
        return Pulse(now=START, mode="pretend")

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str) -> None:
        """Refuse."""
        raise NotDecided(_no(seq, by, confirmed, note))

    def undo(self, seq: int, *, by: str, note: str) -> None:
        """Refuse."""
        raise NotDecided(_no(seq, by, note))

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> None:
        """Refuse."""
        raise NotDecided(_no(seq, name, args, by))

    def take_back(self, seq: int, *, by: str, note: str) -> None:
        """Refuse."""
        raise NotDecided(_no(seq, by, note))


def _no(*told: object) -> Words:
    return Words(f"A stand for measuring decides nothing: {told}", f"测试台不作决定:{told}")


def figures() -> Iterator[Figure]:
    """Measure pages first, then the stream."""
    with _served(THINGS) as (child, port):
        pages = {
            "page of 5,000 things (list)": "/data?lang=en",
            "situation of 5,000 things": "/situation?lang=en",
            "alerts page, 1,000 open": "/alerts?lang=en",
            "5,000 things as JSON": "/api/v1/entities?limit=5000",
            "5,000 dense points": "/api/v1/points?prop=level",
        }
        for name, path in pages.items():
            spent = _asked(port, path)
            yield _figure(f"console: {name}, p95", _p95(spent), "ms", f"< {PAGE_GOAL_MS:.0f}")
            yield _figure(f"console: {name}, median", median(spent), "ms", "")
        before = _memory(child)
        delays = asyncio.run(_watched(child, port))
        held = (_memory(child) - before) / VIEWERS
    yield _figure("console: event delay of 500 viewers, p95", _p95(delays), "ms", "")
    yield _figure("console: event delay of 500 viewers, median", median(delays), "ms", "")
    yield _figure("console: memory a viewer", held / 1024.0, "kB", "")


def _figure(name: str, value: float, unit: str, goal: str) -> Figure:
    holds = value < PAGE_GOAL_MS if goal else None
    return Figure(name=name, value=round(value, 2), unit=unit, peer=None, goal=goal, holds=holds)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def _asked(port: int, path: str) -> list[float]:
    """Ask for one address again and again; return ms from the request to its last byte."""
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    spent = []
    for n in range(ASKED + 5):
        began = monotonic()
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, path
        if n >= 5:
            spent.append((monotonic() - began) * 1e3)
    line.close()
    return spent


async def _watched(child: "subprocess.Popen[str]", port: int) -> list[float]:
    """Open every viewer, let the city take turns, and return the delays of all of them, ms."""
    delays: list[float] = []
    ready = asyncio.Semaphore(0)
    viewers = [asyncio.create_task(_view(port, ready, delays)) for _ in range(VIEWERS)]
    for _ in viewers:
        await asyncio.wait_for(ready.acquire(), timeout=PATIENCE_S)
    for turn in range(1, TURNS + 1):
        assert child.stdin is not None
        child.stdin.write("turn\n")
        child.stdin.flush()
        with suppress(TimeoutError):
            await asyncio.wait_for(_all(delays, turn * VIEWERS), timeout=PATIENCE_S)
    for viewer in viewers:
        viewer.cancel()
    await asyncio.gather(*viewers, return_exceptions=True)
    assert len(delays) == TURNS * VIEWERS, f"{TURNS * VIEWERS - len(delays)} events were missed"
    return delays


async def _all(delays: list[float], wanted: int) -> None:
    while len(delays) < wanted:
        await asyncio.sleep(0.005)


async def _view(port: int, ready: asyncio.Semaphore, delays: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    try:
        while line := await reader.readline():
            if line.startswith(b"event: hello"):
                ready.release()
            elif line.startswith(b"data: ") and MEASURED in line:
                written = json.loads(line[6:])["says"]["en"].partition("at: ")[2]
                delays.append((monotonic() - float(written)) * 1e3)
    finally:
        writer.close()


@contextmanager
def _served(things: int) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    command = [sys.executable, "-m", "benchmarks.console", str(things)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield child, int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait(timeout=PATIENCE_S)


def _memory(child: "subprocess.Popen[str]") -> float:
    """Return the resident bytes of a process."""
    text = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return float(line.split()[1]) * 1024.0


def _serve(things: int) -> None:
    """Serve a stand; each line read is one turn, which says when it was written."""
    stand = Stand(things)
    with serving(stand, limits=OPEN) as desk:
        print(desk.port, flush=True)
        for _line in sys.stdin:
            stand.write(Event("measured", {"at": str(monotonic())}), "g0")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
