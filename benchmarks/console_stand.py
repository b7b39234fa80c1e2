"""A city of many things for measuring the desk, served by a process of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from os import sysconf
from pathlib import Path
from threading import Lock
from time import monotonic

from mindu.base.records import (
    AnyRecord,
    Entry,
    Event,
    Judgement,
    Placed,
    Settlement,
    Severity,
    Value,
    Words,
)
from mindu.console.board import Board
from mindu.console.book import Book
from mindu.console.declared import City
from mindu.console.feed import Ahead, Nights, NotDecided, Pulse
from mindu.console.maps.kept import Maps
from mindu.console.modelling.modelling import Modelling
from mindu.console.server import serving
from mindu.console.wire.limits import Limits, Rate

VIEWERS = 500
BEFORE = 60_000  # entries of earlier days in the log
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
EARLIER = Event("tick")
OPEN = Limits(reads=Rate(1e6, 1e6), viewers=VIEWERS + 50)
PATIENCE_S = 60.0
TICK_S = 1.0 / sysconf("SC_CLK_TCK")


class Stand:
    """A city of many things that stand still, as a feed."""

    def __init__(self, things: int, before: int = BEFORE) -> None:
        self.name, self.zone = Words("Stand", "测试台"), UTC
        self.city, self.board, self.lock = City(), Board(), Lock()
        self.book: Book | None = None
        self.ahead: Ahead | None = None
        self.nights: Nights | None = None
        self.maps: Maps | None = None
        self.modelling: Modelling | None = None
        self.told: list[Callable[[], None]] = []
        self.steps = 0
        for n in range(before):
            record = Settlement("hit", brier=0.1, lead=timedelta(minutes=20)) if n % 8 else EARLIER
            self.write(record, f"g{n % things}")
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

    def move(self, share: float) -> None:
        """Let that share of the things be heard anew, as a turn would."""
        self.steps += 1
        at = START + timedelta(hours=1, minutes=self.steps)
        every = round(1 / share)
        with self.lock:
            for n in range(0, len(self.board.places), every):
                self.board.note(f"g{n}", "level", at, n + self.steps)
        self.write(EARLIER, "g0")

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


class Child:
    """A process that serves a stand; each line told to it is one turn."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        """Know the process and its port."""
        self._process, self.port = process, port

    def tell(self, line: str) -> None:
        """Let it take a turn; return when it was taken."""
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        into.write(f"{line}\n")
        into.flush()
        assert out.readline().strip() == line

    @property
    def memory(self) -> float:
        """Return its resident bytes."""
        text = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
        return float(line.split()[1]) * 1024.0

    @property
    def spent(self) -> float:
        """Return the processor seconds that it has used."""
        text = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        user, kernel = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(kernel)) * TICK_S


@contextmanager
def served(things: int) -> Iterator[Child]:
    """Serve a stand of that many things until the block ends."""
    command = [sys.executable, "-m", "benchmarks.console_stand", str(things)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Child(process, int(process.stdout.readline()))
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _serve(things: int) -> None:
    stand = Stand(things)
    with serving(stand, limits=OPEN) as desk:
        print(desk.port, flush=True)
        for line in sys.stdin:
            name, _, share = line.strip().partition(" ")
            if name == "move":
                stand.move(float(share))
            else:
                stand.write(Event("measured", {"at": str(monotonic())}), "g0")
            print(line.strip(), flush=True)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
