"""Reading back from many rows, bytes a reading, memory a device, and coming back after a kill.

By default 10 M rows of one day; `MINDU_BENCH=full` takes ten days of 10 M rows. Series are random
walks in hundredths with jittered times; their entropy is computed from the very distribution drawn.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from tracemalloc import get_traced_memory, start, stop

import numpy as np

from benchmarks.figure import Figure
from benchmarks.senses_node import GAUGE, filled
from mindu.data.senses import frame as frames
from mindu.data.senses.frame import BOOKED, Frame
from mindu.data.senses.journal import READINGS
from mindu.data.senses.memory import reads
from mindu.data.senses.memory.pieces import DAY_MS, FIVE
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.senses import Senses
from mindu.data.senses.tail import Rows
from mindu.perceive.declare import Device, Stage

DAYS = 10 if os.environ.get("MINDU_BENCH") == "full" else 1
SERIES, TICKS = 34_722, 288
DAY0 = 20_000 * DAY_MS
JITTER = 250  # ms, standard deviation
STEP = 5.0  # hundredths, standard deviation of the walk
GROUP = 20_000


def figures() -> Iterator[Figure]:
    """Measure all of it."""
    yield _registered()
    with TemporaryDirectory() as folder:
        senses = filled(Path(folder), SERIES)
        began = perf_counter()
        for day in range(DAYS):
            _day(senses, day)
        rows = len(senses.table)
        yield Figure(
            name=f"{rows / 1e6:.0f} M rows written with rollups", unit="rows/s", peer=None,
            value=round(rows / (perf_counter() - began)), goal="", holds=None,
        )  # fmt: skip
        yield _bytes(senses, rows)
        yield from _reads(senses)
        senses.close()
    with TemporaryDirectory() as folder:
        yield _recovery(Path(folder))


def _registered() -> Figure:
    """Return bytes of memory a registered device, all columns and the index included."""
    count = 200_000
    names = [f"gauge-{i:07d}" for i in range(count)]
    start()
    registry, now = Registry(), Now()
    registry.declare(GAUGE)
    for i in range(0, count, 20_000):
        registry.enrol([Device(id=str(n), kind="gauge") for n in names[i : i + 20_000]])
    now.reach(count)
    used = get_traced_memory()[0]
    stop()
    each = used / count + 61  # traced: all but the names, which the list above holds already
    return Figure(
        name="memory a registered device", value=round(each, 1), unit="B", peer=None,
        goal="<= 300", holds=each <= 300,
    )  # fmt: skip


def _day(senses: Senses, day: int) -> None:
    """Write one day in six flushes of four hours, then merge it."""
    rng = np.random.default_rng(day)
    base = 300 + np.cumsum(np.rint(rng.normal(0, STEP, (SERIES, TICKS))), axis=1)
    jitter = np.rint(rng.normal(0, JITTER, (SERIES, TICKS))).astype(np.int64)
    at = DAY0 + day * DAY_MS + np.arange(TICKS) * FIVE + 1000 + jitter
    for since in range(0, TICKS, TICKS // 6):
        some = slice(since, since + TICKS // 6)
        when = at[:, some]
        rows = Rows(
            np.repeat(np.arange(SERIES), when.shape[1]), when.ravel(),
            (base[:, some] / 100).ravel(),
            np.zeros(when.size, np.uint8), (when // 1000 + 2).ravel(),
        )  # fmt: skip
        senses.now.reach(SERIES)
        series, moment, value, quality, _ = rows
        senses.now.fold(series, moment, value, quality, int(when.max()))
        senses.intake.tail.add(rows)
        senses.stage(["gauge-000000"], Stage.ACTIVE)  # the journal grows: tables follow its end
        senses.flush(int(when.max()))
    senses.table.merge(DAY0 + (day + 2) * DAY_MS, closed=True)


def _entropy(sigma: float) -> float:
    """Return the bits of a rounded normal number."""
    width = int(8 * sigma) + 2
    grid = np.exp(-0.5 * (np.arange(-width, width + 1) / sigma) ** 2)
    share = grid / grid.sum()
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum())


def _bytes(senses: Senses, rows: int) -> Figure:
    entropy = (_entropy(JITTER) + _entropy(STEP)) / 8
    each = senses.table.nbytes / rows
    return Figure(
        name="bytes a stored reading (series, time, value, quality, arrival)", value=round(each, 2),
        unit="B", peer=f"{entropy:.2f} B entropy of time and value", goal="<= 1.8 x entropy",
        holds=each <= 1.8 * entropy,
    )  # fmt: skip


def _best(do: Callable[[], object], times: int = 5) -> float:
    best = float("inf")
    for _ in range(times):
        began = perf_counter()
        do()
        best = min(best, perf_counter() - began)
    return best * 1000


def _reads(senses: Senses) -> Iterator[Figure]:
    rng = np.random.default_rng(9)
    one = rng.integers(0, SERIES, 40).tolist()
    pick = iter(one)
    until = DAY0 + DAYS * DAY_MS - 1
    every = np.ones(SERIES, bool)
    day = DAY0 + (DAYS - 1) * DAY_MS
    now = senses.now.columns
    means = lambda: reads.aggregate(senses, every, day, day + DAY_MS)  # noqa: E731
    rolls = lambda: senses.rolls.read(FIVE, day, day + DAY_MS)  # noqa: E731
    counted = senses.rolls.read(FIVE, day, day + DAY_MS).rows
    told = int(counted.sum()) / (SERIES * TICKS)  # jitter moves a few over midnight
    assert abs(told - 1) < 0.001, f"the rollups have counted {told} of the day"
    asked: tuple[tuple[str, Callable[[], object], float], ...] = (
        ("last value of one", lambda: (now["at"][one[0]], now["value"][one[0]]), 2),
        ("last reading of one, from the tables", lambda: reads.last(senses, next(pick), 1), 10),
        ("24 h of one", lambda: reads.window(senses, next(pick), until - DAY_MS, until), 10),
        ("5-min means of a day, all, raw", means, 1000),
        ("5-min means of a day, all, rollups", rolls, 50),
        ("latest of all, a million devices", lambda: _latest(senses), 150),
    )  # fmt: skip
    rows = len(senses.table)
    for name, do, goal in asked:
        ms = _best(do)
        if name.startswith("latest of all"):
            ms *= 1e6 / SERIES
        yield Figure(
            name=f"{name}, {rows / 1e6:.0f} M rows", value=round(ms, 3), unit="ms", peer=None,
            goal=f"<= {goal} ms", holds=ms <= goal,
        )  # fmt: skip


def _latest(senses: Senses) -> object:
    now = senses.now.columns
    known = now["at"] > 0
    return now["at"][known], now["value"][known], now["quality"][known]


def _recovery(folder: Path) -> Figure:
    """Return how long a start takes after a kill with 10 M readings in the journal."""
    senses = filled(folder, SERIES)
    senses.keep()
    quality, source = np.zeros(GROUP, np.uint8), np.zeros(GROUP, np.int64)
    series = np.sort(np.arange(GROUP) % SERIES)
    for k in range(10_000_000 // GROUP):
        told = Frame(
            arrived=DAY0 + k * 1000, series=series, at=np.full(GROUP, DAY0 + k * 1000),
            value=np.full(GROUP, 3.0 + k % 9), quality=quality, seq=None,
            sources=[("bench", GROUP)], source=source, booked=np.zeros(0, BOOKED),
        )  # fmt: skip
        senses.journal.write([(READINGS, frames.encode(told))])
    end = senses.journal.end
    senses.rolls.delta.change({}, [], DAY0, position=end - 20_000_000)  # the tables keep step
    senses.table.delta.change({}, [], DAY0, position=end - 20_000_000)
    senses.journal.close()
    began = perf_counter()
    again = Senses(folder, flush_rows=2_000_000)
    took = perf_counter() - began
    assert again.account.total("bench").stored == 10_000_000
    again.journal.close()
    return Figure(
        name="start after kill -9, 10 M readings in the journal since the kept state",
        value=round(took, 2), unit="s", peer=None, goal="<= 5", holds=took <= 5,
    )  # fmt: skip
