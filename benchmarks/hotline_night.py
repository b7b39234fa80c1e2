"""A city's full volume: the hour's scan of space and time, and a night's sorting of its cases.

A year of cases of a pretend city (`DAILY` a day, over topics, districts and roads) is scanned by
town and by road; the newest 12,000 are sorted into issues. Their words are halves of the messages
in DATA (`messages*.csv`), or of our own samples. Times are of processor seconds.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import process_time

import msgspec
import numpy as np

from benchmarks.figure import Figure
from mindu.apps.hotline import APP
from mindu.apps.hotline.tables import JURISDICTIONS, neighbours
from mindu.apps.hotline.topics import topics
from mindu.brain.case_rows import CODES, ROW
from mindu.brain.cases import State
from mindu.brain.casework.office import Office, Told
from mindu.brain.memory import Memory
from mindu.cli.counter.behind.watch import places, spots
from mindu.cli.hotline.files import messages
from mindu.data.log import Log
from mindu.edge.together.alike import grouped, night, same
from mindu.edge.together.bursts import bursts
from mindu.edge.together.heard import RECENT, YEAR, Heard
from mindu.edge.together.known import Known
from mindu.engines.text.burst import Burst, Scan
from mindu.engines.text.topics.codes import samples

NOW = datetime(2026, 9, 16, 4, tzinfo=UTC)
DAILY, ROADS, PLANTED = 3_000, 1_500, 25
SIGNS = "东西南北中金木水火土春夏秋冬山江湖海云雨"


def figures() -> Iterator[Figure]:
    """Measure a scan, the next one an hour later, and the night."""
    office = filled()
    rows, heard, lock = len(office.cases.rows), Heard(office, spots), Lock()
    how = Scan(neighbours=neighbours())
    found: tuple[Burst, ...] = ()
    for name in ("first scan", "scan an hour later"):
        began = process_time()
        found = bursts(heard, NOW, how, lock)
        yield _plain(f"{name}, {rows} cases of a year", process_time() - began, "CPU-s")
    yield _plain("bursts found; one was planted", len(found), "")
    known = Known(office, places)
    began = process_time()
    known.renew(NOW)
    yield _plain(f"read the newest {len(known)} cases", process_time() - began, "CPU-s")
    began = process_time()
    issues = night(known)
    spent = process_time() - began
    yield Figure(name="a night's sorting", value=round(spent, 1), unit="CPU-s", peer=None,
                 goal="< 300", holds=spent < 300)  # fmt: skip
    began = process_time()
    merge = same(known, grouped(known, issues).values())
    yield _plain("a minute's grouping by day", process_time() - began, "CPU-s")
    yield _plain("mergers suggested", len(merge), "")


def filled() -> Office:
    """Return an office whose recent cases stand in a log, and those of the year before as rows."""
    office = Office(
        Memory(Log.open(":memory:"), {}, seed=0), {kind.name: kind for kind in APP.cases}
    )
    dice, words = np.random.default_rng(1), _texts()
    roads = [f"{a}{b}{c}路" for a in SIGNS for b in SIGNS for c in SIGNS][:ROADS]
    busy = dice.zipf(1.3, 4 * DAILY * RECENT.days) % ROADS
    towns = [one.code for one in JURISDICTIONS[:14]]
    for at in range(DAILY * RECENT.days):
        ago = RECENT - timedelta(minutes=1) - at * RECENT / (DAILY * RECENT.days)
        told = Told(kind="matter", text=words(dice), caller=f"c{at}", area=towns[at % len(towns)],
                    place=roads[int(busy[at])])  # fmt: skip
        office.open(told, by="web", now=NOW - ago)
    for at in range(PLANTED):
        told = Told(
            kind="matter", text="路口积水", caller=f"p{at}", area=towns[1], place=roads[777]
        )
        office.open(told, by="web", now=NOW - timedelta(hours=at / 2))
    held = msgspec.msgpack.decode(office.cases.dump())
    recent = np.frombuffer(held["rows"], ROW).copy()
    every = sorted(topics())
    names = [*held["names"], *every]
    first = len(held["names"])
    recent["topic"] = first + dice.zipf(1.5, len(recent)) % len(every)
    recent["topic"][-PLANTED:] = first + every.index("water.flooding")
    recent["state"] = CODES[State.TRIAGE]
    old = recent[dice.integers(0, len(recent) - PLANTED, DAILY * (YEAR - RECENT).days)].copy()
    old["seq"] = 3_000_000_000 + np.arange(len(old))
    back = np.sort(dice.integers(int(RECENT.total_seconds()), int(YEAR.total_seconds()), len(old)))
    old["opened"] = int(NOW.timestamp()) - back[::-1]
    rows = np.concatenate([old, recent])
    office.cases.load(msgspec.msgpack.encode(held | {"names": names, "rows": rows.tobytes()}))
    return office


def _texts() -> Callable[[np.random.Generator], str]:
    """Return what says something new each time: the first half of one, the second of another."""
    folder = Path(os.environ.get("DATA", "") or "nowhere")
    told = [m.body for path in sorted(folder.glob("messages*.csv")) for m in messages(path)]
    told = told or [text for _, text in samples()]

    def say(dice: np.random.Generator) -> str:
        one, other = (str(told[at]) for at in dice.integers(0, len(told), 2).tolist())
        return one[: len(one) // 2] + other[len(other) // 2 :]

    return say


def _plain(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=round(value, 2), unit=unit, peer=None, goal="", holds=None)
