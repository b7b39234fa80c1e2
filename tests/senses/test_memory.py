"""Memory: every past moment comes back, as it was and as it was known."""

from pathlib import Path
from random import Random
from typing import Any

import deltalake
import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from town import DAY, FIVE, T0, held, levels, town

from mindu.data.senses.memory import reads, sketch
from mindu.data.senses.memory.delta import EVERY, GRACE
from mindu.data.senses.memory.places import Places
from mindu.data.senses.senses import Senses

HOUR = 12 * FIVE


@pytest.fixture
def senses(tmp_path: Path) -> Senses:
    """A town whose past is half in the tables, half not yet, with late readings in both."""
    senses = town(tmp_path)
    for hour in range(30):
        start = T0 + hour * HOUR
        values = [round(3 + (hour * 12 + i) / 100, 2) for i in range(11)]
        senses.take([levels(f"g{k}", values, start=start) for k in range(4)], start + HOUR)
        if hour % 3 == 0:
            senses.flush(start + HOUR)
        late = levels("g0", [round(3 + (hour * 12 + 11) / 100, 2)], start=start + 11 * FIVE)
        senses.take([late], start + 2 * HOUR)
    return senses


def g0(senses: Senses) -> int:
    return senses.registry.one("g0", "level")


def test_a_window_is_whole_wherever_its_readings_lie(senses: Senses) -> None:
    rows = reads.window(senses, g0(senses), T0 + HOUR, T0 + 20 * HOUR - 1)
    assert rows.at.tolist() == [T0 + HOUR + i * FIVE for i in range(19 * 12)]
    assert rows.value.tolist() == [round(3 + (12 + i) / 100, 2) for i in range(19 * 12)]


def test_the_last_n_and_the_value_as_of_a_moment(senses: Senses) -> None:
    rows = reads.last(senses, g0(senses), 300)
    assert len(rows.at) == 300
    assert rows.at[-1] == T0 + 30 * HOUR - FIVE
    assert reads.as_of(senses, g0(senses), T0 + FIVE + 1) == (T0 + FIVE, 3.01)
    assert reads.as_of(senses, g0(senses), T0 - 1) is None


def test_what_was_known_then_is_not_what_is_known_now(senses: Senses) -> None:
    moment = T0 + 11 * FIVE  # its reading came an hour and more later
    assert reads.as_of(senses, g0(senses), moment) == (moment, 3.11)
    assert reads.as_of(senses, g0(senses), moment, known=T0 + HOUR) == (moment - FIVE, 3.1)


def test_a_grid_marks_where_a_series_was_silent(tmp_path: Path) -> None:
    senses = town(tmp_path)
    senses.take([levels("g0", [3.0, 3.2, 3.4]), levels("g0", [4.0], start=T0 + 3 * HOUR)], T0 + DAY)
    grid = reads.resample(senses, g0(senses), T0, T0 + 4 * HOUR, 2 * FIVE)
    assert grid.value[:2].tolist() == pytest.approx([3.1, 3.4])
    assert grid.gap.tolist()[:5] == [False] * 5  # what is declared silent is 1,800 s
    assert grid.gap.tolist()[5:18] == [True] * 13
    assert grid.value[18] == 4.0


@pytest.mark.parametrize("how", ["mean", "sum", "min", "max", "count"])
def test_an_aggregate_of_all_is_what_a_slow_hand_counts(senses: Senses, how: str) -> None:
    chosen = np.array([True, False] * 4)
    found = reads.aggregate(senses, chosen, T0, T0 + DAY, HOUR, how=how)
    every = [held(senses, f"g{k}") for k in range(4)]
    for bucket, value in zip(found.bucket.tolist(), found.value.tolist(), strict=True):
        numbers = np.concatenate(
            [r.value[(r.at >= bucket) & (r.at < bucket + HOUR)] for r in every]
        )
        slow: Any = {"mean": np.mean, "sum": np.sum, "min": np.min, "max": np.max, "count": len}[
            how
        ]
        assert value == pytest.approx(slow(numbers))


def test_rollups_agree_with_the_readings_late_ones_too(senses: Senses) -> None:
    senses.flush(T0 + 40 * HOUR)
    rolls = senses.rolls.read(3_600_000, T0, T0 + DAY)
    assert int(rolls.rows.sum()) == sum(
        int((held(senses, f"g{k}").at < T0 + DAY).sum()) for k in range(4)
    )
    group = senses.registry.groups["district-0"]
    one = senses.rolls.read(86_400_000, T0, T0 + DAY, group=group)
    numbers = np.concatenate(
        [r.value[r.at < T0 + DAY] for r in (held(senses, "g0"), held(senses, "g2"))]
    )
    assert one.sum[0] == pytest.approx(numbers.sum())
    assert (one.min[0], one.max[0]) == (numbers.min(), numbers.max())
    for share in (0.05, 0.5, 0.95):
        assert one.quantile(share)[0] == pytest.approx(np.quantile(numbers, share), rel=0.02)


def test_other_engines_read_the_same_files_in_place(senses: Senses) -> None:
    for round_ in range(EVERY):  # enough commits for a checkpoint of the log
        senses.take([levels("g1", [5.0], start=T0 + 31 * HOUR + round_)], T0 + 32 * HOUR)
        senses.flush(T0 + 32 * HOUR)
    senses.tidy(T0 + 32 * HOUR + 2 * GRACE)
    count = len(senses.table)
    table: Any = deltalake.DeltaTable(senses.folder / "readings")
    rows = pq.read_table([uri.removeprefix("file://") for uri in table.file_uris()])
    assert rows.num_rows == count == senses.total().stored + senses.total().late
    mean = duckdb.execute(
        "SELECT avg(coalesce(exact, scaled / pow(10, decimals))) FROM read_parquet(?) "
        "WHERE series = ? AND bucket >= ?",
        [table.file_uris(), g0(senses), T0 // FIVE],
    ).fetchone()
    assert mean is not None
    assert mean[0] == pytest.approx(held(senses, "g0").value.mean())
    back = town(senses.folder.parent / "copy")  # nothing here is another table's
    assert len(back.table) == 0


def test_days_that_are_over_become_one_sorted_file(senses: Senses) -> None:
    senses.tidy(T0 + 40 * HOUR)
    days = [list(senses.table.pieces(day * DAY, day * DAY)) for day in senses.table.days()]
    assert len(days[0]) == 1
    told = pq.read_table(days[0][0].path)
    keys = np.stack([told["series"].to_numpy(), told["at"].to_numpy()])
    assert (np.lexsort(keys[::-1]) == np.arange(keys.shape[1])).all()


def test_numbers_come_back_bit_for_bit(tmp_path: Path) -> None:
    senses, rng = town(tmp_path), Random(1)
    values = [3.14159265, 0.1, -0.0, 1e300, 5e-324, 21474836.48, 2.675, *(
        rng.choice((rng.uniform(-9, 9), round(rng.uniform(-9, 9), 2))) for _ in range(200)
    )]  # fmt: skip
    senses.take([levels("g0", values, every=1000)], T0 + DAY)
    senses.flush(T0 + DAY)
    assert held(senses, "g0").value.tobytes() == np.array(values).tobytes()


def test_the_nearest_and_those_inside_an_area(senses: Senses) -> None:
    places = Places(senses.registry)
    found = places.nearest(119.3099, 26.1, 2)
    assert [name for name, _ in found] == ["g1", "g0"]
    assert found[0][1] == pytest.approx(9.99, abs=0.1)
    assert places.nearest(0, 0, 3, within=1000) == []
    box = [(119.305, 26.0), (119.325, 26.0), (119.325, 26.2), (119.305, 26.2)]
    hole = [(119.315, 26.0), (119.324, 26.0), (119.324, 26.2), (119.315, 26.2)]
    assert [senses.registry.ids[i] for i in places.inside([box])] == ["g1", "g2"]
    assert [senses.registry.ids[i] for i in places.inside([box, hole])] == ["g1"]


@settings(deadline=None)
@given(st.lists(st.floats(-1e15, 1e15).filter(lambda x: x == 0 or abs(x) > 1e-15), min_size=1))
def test_a_sketch_gives_quantiles_within_a_hundredth(numbers: list[float]) -> None:
    bins, counts = np.unique(sketch.bins(np.array(numbers)), return_counts=True)
    told = sketch.packed(bins, counts)
    for share in (0.0, 0.3, 0.5, 1.0):
        exact = sorted(numbers)[int(share * (len(numbers) - 1))]
        assert sketch.quantile(told, share) == pytest.approx(exact, rel=0.0101)
