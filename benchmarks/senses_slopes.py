"""How the senses grow with readings, devices and groups: slopes between two sizes, not points.

Processor seconds and bytes only, so busy neighbours hardly matter. `mindu senses size` reckons with
what this prints (`mindu.sim.size`).
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from benchmarks.figure import Figure
from benchmarks.senses_node import filled
from mindu.data.senses.intake import Offer
from mindu.data.senses.memory.pieces import DAY_MS
from mindu.data.senses.senses import Senses
from mindu.perceive.said import Said

DAY0 = 20_600 * DAY_MS
FIVE = 300_000
SIZES = (20_000, 80_000)  # devices, each reports TICKS times
TICKS = 24
GROUP = 10_000


def figures() -> Iterator[Figure]:
    """Measure a small and a larger town, and tell what one more reading costs."""
    small, large = (_town(size) for size in SIZES)
    rows = (SIZES[1] - SIZES[0]) * TICKS
    for name, unit in (
        ("processor of sift, journal and account, a reading", "us"),
        ("processor of tables and rollups, a reading", "us"),
        ("journal, a reading", "B"),
        ("tables, a reading", "B"),
    ):
        grown = (large[name] - small[name]) / rows
        value = grown * 1e6 if unit == "us" else grown
        yield Figure(
            name=f"slope: {name}", value=round(value, 3), unit=unit, peer=None, goal="", holds=None
        )
    each = large["rollups"] / large["rolls"]
    yield Figure(name="slope: rollups, a roll", value=round(each, 1), unit="B", peer=None,
                 goal="", holds=None)  # fmt: skip


def _town(devices: int) -> dict[str, float]:
    """Return what a town of so many gauges came to."""
    rng = np.random.default_rng(devices)
    ids = [f"gauge-{i:06d}" for i in range(devices)]
    with TemporaryDirectory() as folder:
        senses = filled(Path(folder), devices)
        before, taking = senses.journal.end, 0.0
        level = 300 + np.cumsum(np.rint(rng.normal(0, 5, (TICKS, devices))), axis=0)
        for tick in range(TICKS):
            at = DAY0 + tick * FIVE + rng.integers(0, 2000, devices)
            for start in range(0, devices, GROUP):
                some = slice(start, start + GROUP)
                count = len(ids[some])
                offer = Offer("bench", Said(
                    device=ids[some], prop=["level"] * count, at=at[some],
                    value=np.round(level[tick, some] / 100, 2), seq=None,
                ))  # fmt: skip
                began = process_time()
                senses.accept([offer], DAY0 + tick * FIVE + 2000)
                taking += process_time() - began
        journal = senses.journal.end - before
        began = process_time()
        senses.tidy(DAY0 + 2 * DAY_MS)
        found = {
            "processor of sift, journal and account, a reading": taking,
            "processor of tables and rollups, a reading": process_time() - began,
            "journal, a reading": float(journal),
            "tables, a reading": float(senses.table.nbytes),
            **_rolls(senses),
        }
        senses.close()
    return found


def _rolls(senses: Senses) -> dict[str, float]:
    count = sum(len(senses.rolls.read(level, DAY0, DAY0 + DAY_MS).rows)
                for level in (FIVE, 12 * FIVE, DAY_MS))  # fmt: skip
    size = sum(int(add["size"]) for add in senses.rolls.delta.files.values())
    return {"rollups": float(size), "rolls": float(count)}
