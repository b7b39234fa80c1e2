"""The log and its folds: entries a second, durable entries at 64 writers, start, check, a year.

The peer of writing is bare SQLite: one `executemany` of the very same bytes, with the same pragmas
and the same groups, without chain, tree, causes or records.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar

import apsw

from benchmarks.figure import Figure
from mindu.base.records import AnyRecord, Event, Judgement, Observation, Placed, Severity, Words
from mindu.base.time import MINUTE
from mindu.base.units import Metres
from mindu.data.book import chain
from mindu.data.book.sqlite import CHECKPOINT, PAGE
from mindu.data.fold import Fold, Folds
from mindu.data.intake import draw
from mindu.data.latest import Latest
from mindu.data.log import Log
from mindu.data.series import Series
from mindu.data.twin import Entity, Twins
from mindu.perceive.source import Reading

START = datetime(2026, 1, 1, tzinfo=UTC)
ENTRIES, GROUP = 200_000, 1_000
WRITERS, EACH = 64, 300
GAUGES, YEAR = 100, 105_120  # ticks of five minutes
MANY = 10_000  # gauges of a whole city
T = TypeVar("T")

RECORDS: tuple[AnyRecord, ...] = (
    Observation("state", "open"),
    Event("opened", {"to": 0.5, "by": "duty"}),
    Judgement("high", Severity.ORANGE, Words("North reach is rising.", "北段水位上涨。"), 0.8),
)


class Gauge(Entity, frozen=True, kw_only=True):
    """A water gauge."""

    bank: Metres
    level: Metres | None = None


class Gauges:
    """So many gauges that all report every five minutes."""

    name = "gauges"

    def __init__(self, count: int) -> None:
        """Name them."""
        self.ids = [f"gauge:{k}" for k in range(count)]
        self.turn = 0

    def read(self, now: datetime) -> list[Reading]:
        """Return a level each."""
        self.turn += 1
        move = self.turn % 17 / 10
        return [
            Reading(at=now, about=name, prop="level", value=move + len(name), unit="m")
            for name in self.ids
        ]


def figures() -> Iterator[Figure]:
    """Measure writing, checking, starting and a simulated year."""
    with TemporaryDirectory() as folder:
        yield from _writing(Path(folder))
        yield from _sharing(Path(folder))
    with TemporaryDirectory() as folder:
        yield from _starting(Path(folder))
    yield from _year()
    yield from _whole_city()


def _writing(folder: Path) -> Iterator[Figure]:
    path = str(folder / "groups.mindu")
    log = Log.open(path)
    began = perf_counter()
    for i in range(ENTRIES):
        because = (i - 1,) if i % 3 == 2 else ()
        log.append(RECORDS[i % 3], at=START, about="reach:1", by="bench", because=because)
        if i % GROUP == GROUP - 1:
            log.commit()
    rate = ENTRIES / (perf_counter() - began)
    began = perf_counter()
    log.verify()
    checked = ENTRIES / (perf_counter() - began)
    bodies = [chain.encode(entry) for entry in log]
    log.close()
    bare = _bare(str(folder / "bare.db"), bodies)
    size = Path(path).stat().st_size / ENTRIES
    peer = f"bare SQLite, the same bytes: {bare:.0f}/s"
    yield _figure("log entries in groups of 1,000", rate, "1/s", peer, ">= 50000", rate >= 50_000)
    yield _figure("the same, ours over bare SQLite", rate / bare, "1", "bare SQLite")
    yield _figure("log entries verified", checked, "1/s")
    yield _figure("bytes an entry on disk, all indexes in", size, "B")


def _bare(path: str, bodies: list[bytes]) -> float:
    db = apsw.Connection(path)
    db.pragma("page_size", PAGE)
    db.pragma("journal_mode", "wal")
    db.pragma("synchronous", "FULL")
    db.pragma("wal_autocheckpoint", CHECKPOINT)
    db.execute("CREATE TABLE entry(seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    began = perf_counter()
    for since in range(0, len(bodies), GROUP):
        db.execute("BEGIN IMMEDIATE")
        rows = enumerate(bodies[since : since + GROUP], since)
        db.executemany("INSERT INTO entry VALUES(?,?)", rows)
        db.execute("COMMIT")
    rate = len(bodies) / (perf_counter() - began)
    db.close()
    return rate


def _sharing(folder: Path) -> Iterator[Figure]:
    log = Log.open(str(folder / "writers.mindu"))

    def work(writer: int) -> None:
        for _ in range(EACH):
            log.append(RECORDS[1], at=START, about=f"writer:{writer}", by="bench")
            log.commit()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(WRITERS)]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(log) / (perf_counter() - began)
    log.close()
    yield _figure("durable entries at 64 writers", rate, "1/s", None, ">= 5000", rate >= 5_000)


def _city(log: Log, count: int) -> tuple[Gauges, Twins, Folds]:
    twins = Twins({"Gauge": Gauge})
    folds = Folds(log, [twins, Series(), Latest()])
    gauges = Gauges(count)
    for name in gauges.ids:
        placed = Placed("Gauge", {"bank": 5.0})
        folds.take(log.append(placed, at=START, about=name, by="wiring"))
    return gauges, twins, folds


def _starting(folder: Path) -> Iterator[Figure]:
    path, ticks = str(folder / "city.mindu"), 20_000
    with Log.open(path) as log:
        gauges, twins, folds = _city(log, GAUGES)
        for i in range(ticks):
            now = START + i * 5 * MINUTE
            for entry, block in draw([gauges], log, twins, now):
                folds.take(entry, block)
            if i % 100 == 0:
                log.commit()
        slow, _ = _timed(lambda: _fold_all(log))
        folds.keep()
    with Log.open(path) as log:
        fast, notes = _timed(lambda: Folds(log, _folds()).notes)
    assert not notes, notes
    told = f"full fold of {ticks} ticks of {GAUGES} gauges: {slow:.2f} s"
    yield _figure("start of all folds from snapshots", fast, "s", told)


def _folds() -> list[Fold]:
    return [Twins({"Gauge": Gauge}), Series(), Latest()]


def _fold_all(log: Log) -> None:
    folds = _folds()
    for entry in log:
        block = log.block(entry.seq)
        for fold in folds:
            fold.fold(entry, block)


def _year() -> Iterator[Figure]:
    log = Log.open(":memory:")
    gauges, twins, folds = _city(log, GAUGES)
    spent = 0.0
    for i in range(YEAR):
        now = START + i * 5 * MINUTE
        said = gauges.read(now)
        gauges_now = _Said(said)
        began = perf_counter()
        for entry, block in draw([gauges_now], log, twins, now):
            folds.take(entry, block)
        log.commit()
        spent += perf_counter() - began
    name = "a simulated year of 100 gauges: intake, log and folds"
    yield _figure(name, spent, "s", None, "< 20", spent < 20.0)


class _Said:
    name = "gauges"

    def __init__(self, said: list[Reading]) -> None:
        self.said = said

    def read(self, now: datetime) -> list[Reading]:
        """Return what was said."""
        del now
        return self.said


def _whole_city() -> Iterator[Figure]:
    log = Log.open(":memory:")
    gauges, twins, folds = _city(log, MANY)
    taken, folded = [], []
    for i in range(20):
        now = START + i * 5 * MINUTE
        said = _Said(gauges.read(now))
        began = perf_counter()
        drawn = list(draw([said], log, twins, now))
        read = perf_counter()
        for entry, block in drawn:
            folds.take(entry, block)
        folded.append(perf_counter() - read)
        taken.append(read - began)
    built, _ = _timed(lambda: twins.of(Gauge))
    yield _figure("10,000 readings taken in", 1e3 * sorted(taken)[10], "ms")
    yield _figure("10,000 readings folded", 1e3 * sorted(folded)[10], "ms")
    yield _figure("10,000 twins built", 1e3 * built, "ms")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = perf_counter()
    done = work()
    return perf_counter() - began, done


def _figure(
    name: str,
    value: float,
    unit: str,
    peer: str | None = None,
    goal: str = "",
    holds: object = None,
) -> Figure:
    kept = None if holds is None else bool(holds)
    return Figure(name=name, value=round(value, 3), unit=unit, peer=peer, goal=goal, holds=kept)
