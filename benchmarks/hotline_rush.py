"""Fifty thousand calls within an hour, through the real counter: taken, read, sorted, counted.

A storm's calls in our own grammar come to eight hands at once, each call masked, sealed and durable
before its receipt; a reader with the seed model listens, the brain takes its turn every minute and
the last weeks are scanned for bursts. Then the log is opened anew and held against the receipts.
`HOTLINE_CALLS` says how many come; the hour is that of the city's clock, not of the wall.
"""

import os
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.figure import Figure
from mindu.apps.hotline.storm.grammar import flood_call, other_call, trapped_call
from mindu.apps.hotline.things import roads, trends
from mindu.apps.hotline.topics import topics
from mindu.base.records import Judgement
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.city import Random
from mindu.cli.counter.house import KIND, listen, opened
from mindu.cli.counter.reader import FILE
from mindu.cli.line.scanning import lookout
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.heard import REMEMBERED
from mindu.edge.counter.letter import Letter, Receipt
from mindu.engines.text import save, seeded

CALLS, HANDS = 50_000, 8
START = datetime(2026, 9, 16, 12, tzinfo=UTC)
TWICE, TRAPPED, OTHER = 0.03, 0.01, 0.15  # shares: who says it again, who is trapped, what else
WAITS = HANDS * 4  # calls handed out ahead: who calls then is put to the end of the line


def figures() -> Iterator[Figure]:
    """Live the hour and hold its account."""
    calls = int(os.environ.get("HOTLINE_CALLS", CALLS))
    with TemporaryDirectory() as named:
        folder = Path(named)
        (folder / FILE).write_bytes(save(seeded(made="")))
        before = _memory()
        with opened(folder, VirtualClock(START)) as (brain, counter):
            yield from _hour(folder, brain, counter, calls)
        yield _plain("memory at most", (_memory() - before) / 1e6, "MB")


def _hour(folder: Path, brain: Brain, counter: Counter, calls: int) -> Iterator[Figure]:
    listen(folder, brain, counter)
    looks, clock, got = lookout(brain, counter, trends(topics())), counter.clock, list[Receipt]()
    assert isinstance(clock, VirtualClock)
    told, turns = letters(calls), list[float]()
    began, spent = perf_counter(), process_time()
    with ThreadPoolExecutor(HANDS) as hands:
        for minute in range(60):
            clock.advance(MINUTE)
            due = (minute + 1) * calls // 60 - minute * calls // 60
            now = [next(told) for _ in range(due)]
            for start in range(0, due, WAITS):
                got += hands.map(counter.receive, now[start : start + WAITS])
            at = process_time()
            looks.scan(clock.now())
            brain.tick()
            turns.append(process_time() - at)
    cpu, wall = process_time() - spent, perf_counter() - began
    yield _plain(f"{calls} calls in one hour of the city: by the wall", wall, "s")
    yield _plain("calls taken, read, sorted and durable, turns and all", calls / cpu, "/CPU-s")
    yield _plain("a turn of the brain in the last minutes", max(turns[-5:]), "CPU-s")
    yield from account(brain, counter, got, calls)


def letters(count: int) -> Iterator[Letter]:
    """Yield the calls of the hour; some say the same again."""
    dice, stood = Random("rush"), roads()
    last: Letter | None = None
    for _ in range(count):
        if last is not None and dice.random() < TWICE:
            yield last
            continue
        road, kind = dice.choice(stood), dice.random()
        call = (
            trapped_call(road, dice) if kind < TRAPPED
            else other_call(road, dice) if kind < TRAPPED + OTHER
            else flood_call(road, dice.uniform(0.02, 0.8), dice)
        )  # fmt: skip
        last = Letter(kind=KIND.name, text=call.text, channel="telephone", phone=call.phone,
                      area=road.area, place=road.name_zh)  # fmt: skip
        yield last


def account(brain: Brain, counter: Counter, got: list[Receipt], calls: int) -> Iterator[Figure]:
    """Yield what became of every call, from the log itself."""
    first = [one for one in got if not one.again]
    numbers, codes = {one.number for one in first}, {one.code for one in first}
    cases = set(counter.office.cases)
    lost = calls - len(got)
    exact = lost == 0 and len(numbers) == len(codes) == len(first) and cases == numbers
    yield Figure(name="calls lost", value=lost, unit="", goal="0", holds=lost == 0,
                 peer=f"{len(first)} cases, {len(got) - len(first)} said again")  # fmt: skip
    yield Figure(name="receipts that are exactly the cases of the log", value=int(exact), unit="",
                 peer=None, goal="1", holds=exact)  # fmt: skip
    brain.log.commit()
    brain.log.verify()
    kept = len(counter._heard._held)  # noqa: SLF001 - the bound is what is shown
    yield Figure(name="messages remembered", value=kept, unit="", peer=None,
                 goal=f"<= {REMEMBERED}", holds=kept <= REMEMBERED)  # fmt: skip
    swells = sum(isinstance(e.record, Judgement) and e.record.finding == "swell" for e in brain.log)
    yield _plain("bursts judged", swells, "")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def _plain(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit, peer=None, goal="", holds=None)
