"""Pieces of the table are merged a few times only, and nobody waits for it or counts twice."""

import asyncio
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from town import DAY, FIVE, T0, levels, town

from mindu.data.senses.memory import pieces, reads, table
from mindu.data.senses.senses import Senses
from mindu.edge.parcel import Full
from mindu.edge.porch import Porch

HOUR = 12 * FIVE


def hours(senses: Senses, count: int, *, first: int = 0) -> None:
    """Take in so many hours of four gauges, and move each to the tables."""
    for hour in range(first, first + count):
        start = T0 + hour * 60_000
        senses.take([levels(f"g{k}", [3.0] * 12, start=start, every=5000) for k in range(4)],
                    start + HOUR)  # fmt: skip
        senses.flush(start + HOUR)


def counted(senses: Senses) -> int:
    """Return how many readings a question over all of the day counts."""
    everyone = np.ones(8, bool)
    return int(reads.aggregate(senses, everyone, T0, T0 + DAY, DAY, how="count").rows.sum())


def test_a_reading_is_written_anew_once_for_each_power_of_eight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "SLICE", 48)
    senses = town(tmp_path)
    hours(senses, 128)
    files = (senses.folder / "readings").rglob("day=*/*.parquet")
    written = sum(pq.read_metadata(path).num_rows for path in files)
    assert len(senses.table) == 128 * 48
    assert written <= 3 * 128 * 48  # as it came, and merged by 8 and by 64
    assert len(senses.table.of_day(T0 // DAY)) == 2
    assert counted(senses) == 128 * 48


def test_what_comes_in_a_long_merge_goes_to_the_tables_meanwhile(tmp_path: Path) -> None:
    senses = town(tmp_path, flush_rows=48)
    hours(senses, 7)
    relieve, tails, found = senses.table.pause, list[int](), list[int]()

    def meanwhile(now: int) -> None:
        start = T0 + 7_000_000 + len(tails) * 60_000
        for k in range(4):
            offer = levels(f"g{k}", [3.0] * 12, start=start, every=5000)
            senses.accept([offer], start + HOUR)
        relieve(now)
        tails.append(len(senses.intake.tail))
        found.append(counted(senses))

    senses.table.pause = meanwhile
    flushed: list[int] = []
    senses.flushed = lambda: flushed.append(len(senses.table))
    hours(senses, 1, first=7)
    assert flushed == [9 * 48], "memory is given back once all of it is done"
    assert tails == [0]
    assert found == [9 * 48], "what is on its way is counted once, also while pieces are merged"
    assert counted(senses) == len(senses.table) == 9 * 48
    again = town(tmp_path / "copy")
    assert len(again.table) == 0
    senses.close()
    assert len(town(tmp_path).table) == 9 * 48


def test_footers_are_read_anew_where_too_many_are_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "FOOTERS", 2)
    senses = town(tmp_path)
    for day in range(5):
        start = T0 + day * DAY
        senses.take([levels("g0", [1.0, 2.0], start=start)], start + HOUR)
        senses.flush(start + HOUR)
    series = senses.registry.one("g0", "level")
    for _ in range(2):
        rows = reads.window(senses, series, T0, T0 + 5 * DAY)
        assert rows.value.tolist() == [1.0, 2.0] * 5
    held = senses.table.of_day(T0 // DAY)[0].footers
    assert len(held) == 2


def test_senders_are_held_up_where_the_tables_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    senses = town(tmp_path, flush_rows=10)

    def full(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(senses.table, "written", full)

    async def told() -> None:
        porch = Porch(senses, lambda: T0 + HOUR)
        for turn in range(4):
            offer = levels("g0", [3.0] * 12, start=T0 + turn * 60_000, every=5000)
            assert (await porch.offer(offer)).stored == 12
            await asyncio.to_thread(senses.tend, T0 + HOUR)
        with pytest.raises(Full, match="the tables cannot be written: no space"):
            await porch.offer(levels("g1", [3.0]))
        monkeypatch.undo()
        await asyncio.to_thread(senses.tend, T0 + 2 * HOUR)
        assert (await porch.offer(levels("g1", [3.0]))).stored == 1
        await porch.close()

    asyncio.run(told())
    assert len(senses.table) == 48
