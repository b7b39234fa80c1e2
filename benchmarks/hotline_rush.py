"""A rush: `CALLS` calls within one hour of the city's clock, taken by many hands, each held to.

Reader, lookout and archive work beside the counter as in `mindu hotline serve`; every receipt is
held against the log after the line was closed and opened anew. `RUSH=5000` brings fewer calls.
"""

import os
import resource
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import perf_counter, process_time

import numpy as np

from benchmarks.figure import Figure
from mindu.apps.hotline.tables import JURISDICTIONS
from mindu.base.time import VirtualClock
from mindu.brain.cases import State
from mindu.cli.counter.house import looked, opened
from mindu.cli.counter.reader import FILE
from mindu.cli.counter.staff import staff
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter, Receipt
from mindu.engines.text import save, seeded
from mindu.engines.text.topics.codes import samples

CALLS, HANDS = int(os.environ.get("RUSH", "50000")), 16
BEGAN = datetime(2026, 9, 16, 12, tzinfo=UTC)
SIGNS = "东西南北中金木水火土春夏秋冬山江湖海云雨"


def figures() -> Iterator[Figure]:
    """Bring the calls, close the line, and hold every receipt against the log."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / FILE).write_bytes(save(seeded(made=BEGAN.isoformat())))
        began, wall = process_time(), perf_counter()
        receipts = _rush(folder)
        spent, passed = process_time() - began, perf_counter() - wall
        numbers = [receipt.number for receipt in receipts]
        again = sum(receipt.again for receipt in receipts)
        with looked(folder) as office:
            kept = set(office.cases)
            lost = sum(number not in kept for number in numbers)
            codes = sum(office.cases.state(n) is not State.RECEIVED for n in kept)
            office.memory.log.verify()
    yield _plain(f"calls taken within an hour by {HANDS} hands", len(receipts), "")
    yield Figure(name="receipts without a case in the log", value=lost, unit="", peer=None,
                 goal="0", holds=lost == 0)  # fmt: skip
    yield _plain("said again by the same caller, and urged", again, "")
    yield _plain("cases read and sorted by words or handed over", codes, "")
    rate = len(receipts) / spent
    yield Figure(name="calls taken, read, sorted and durable", value=round(rate, 1), unit="/CPU-s",
                 peer=None, goal=">= 14", holds=rate >= 50_000 / 3_600)  # fmt: skip
    yield _plain("the same by the wall", len(receipts) / passed, "/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield _plain("memory at its highest", peak, "MB")


def _rush(folder: Path) -> list[Receipt]:
    clock, dice = VirtualClock(BEGAN), np.random.default_rng(1)
    letters, turn = _letters(dice), Lock()

    def take(counter: Counter, letter: Letter) -> Receipt:
        with turn:  # the hour passes evenly with the calls
            clock.advance(timedelta(hours=1) / CALLS)
        return counter.receive(letter)

    with (
        opened(folder, clock) as (brain, counter),
        staff(folder, brain, counter),
        ThreadPoolExecutor(HANDS) as hands,
    ):
        return list(hands.map(lambda letter: take(counter, letter), letters))


def _letters(dice: np.random.Generator) -> Iterator[Letter]:
    """Yield calls: our own sample messages at made-up roads; one in three hundred calls twice."""
    said, towns = [text for _, text in samples()], [one.code for one in JURISDICTIONS]
    told: deque[Letter] = deque(maxlen=10 * HANDS)
    for at in range(CALLS):
        if len(told) == told.maxlen and dice.random() < 1 / 300:
            yield told[0]
            continue
        road = "".join(dice.choice(list(SIGNS), 3).tolist())
        text = f"{road}路{said[int(dice.integers(len(said)))]}"
        letter = Letter(kind="matter", text=text, channel="telephone", phone=f"139{at:08d}",
                      area=towns[int(dice.integers(len(towns)))], place=f"{road}路")  # fmt: skip
        told.append(letter)
        yield letter


def _plain(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=round(value, 2), unit=unit, peer=None, goal="", holds=None)
