"""Columns go to Arrow and back as they are, and rows that wait lie in blocks that come back."""

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from town import T0, levels, town

from mindu.data.senses import tail
from mindu.data.senses.memory import rolls, sketch
from mindu.data.senses.memory.plain import column, nested, numbers
from mindu.data.senses.quick.find import Lookup
from mindu.data.senses.tail import Room, Rows
from mindu.perceive.names import Spans, Text

KINDS = st.sampled_from([np.int8, np.int16, np.int32, np.int64, np.float64])
FILL = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from town import T0, levels, town
from mindu.data.senses.memory import delta
delta.EVERY = 4
senses = town(Path(sys.argv[1]))
for k in range(30):
    senses.take([levels("g0", [3.0, 4.0], start=T0 + k * 60_000, every=1000)], T0 + k * 60_000)
    senses.tidy(T0 + k * 60_000)
assert senses.table.delta.version > 30 and len(senses.table) == 60
assert len(senses.rolls.read(300_000, T0, T0 + 3_600_000).rows)
senses.close()
assert len(town(Path(sys.argv[1])).table) == 60
print("pandas" in sys.modules)
"""


@given(st.lists(st.integers(-100, 100) | st.none()), KINDS, st.integers(0, 9))
def test_numbers_go_to_arrow_and_come_back(
    told: list[int | None], kind: type[np.float64], first: int
) -> None:
    missing = np.array([it is None for it in told], bool)
    values = np.array([0 if it is None else it for it in told], kind)
    array = column(values, missing if missing.any() else None)
    array.validate(full=True)
    assert array.to_pylist() == told
    back = numbers(pa.chunked_array([array[first:], array[:first]], array.type))
    expected = [np.nan if it is None else it for it in told[first:] + told[:first]]
    assert np.array_equal(back, np.array(expected, float), equal_nan=True)


INNER = st.fixed_dictionaries({
    "name": st.text() | st.none(), "size": st.integers(-(1 << 60), 1 << 60) | st.none(),
    "good": st.booleans() | st.none(), "parts": st.lists(st.text()) | st.none(),
    "facts": st.lists(st.tuples(st.text(), st.text())) | st.none(), "body": st.binary(),
})  # fmt: skip
SHAPE = pa.struct({
    "name": pa.string(), "size": pa.int64(), "good": pa.bool_(), "parts": pa.list_(pa.string()),
    "facts": pa.map_(pa.string(), pa.string()), "body": pa.binary(),
})  # fmt: skip


@given(st.lists(INNER | st.none()))
def test_what_a_commit_says_goes_to_arrow_and_comes_back(told: list[Any]) -> None:
    array = nested(told, SHAPE)
    array.validate(full=True)
    assert array.to_pylist() == told


def test_a_node_fills_and_reads_its_tables_without_loading_pandas(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILL, str(tmp_path), str(Path(__file__).parent)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"


def rows(count: int, first: int) -> Rows:
    whole = np.arange(first, first + count)
    return Rows(
        whole, whole + 1, whole.astype(np.float64), (whole % 256).astype(np.uint8), whole + 2
    )


def test_rows_stay_as_they_are_while_somebody_holds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "BLOCK", 4096)
    room = Room()
    kept = [room.keep(rows(30, 30 * i)) for i in range(40)]
    for i, run in enumerate(kept):
        pairs: Any = zip(run, rows(30, 30 * i), strict=True)
        assert all(mine.dtype == told.dtype and (mine == told).all() for mine, told in pairs)
    blocks = {id(run.at.base) for run in kept}
    assert 9 <= len(blocks) <= 14


def test_blocks_are_used_again_once_nobody_holds_rows_in_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tail, "BLOCK", 4096)
    room, places = Room(), set[int]()
    for turn in range(50):
        held = [room.keep(rows(30, i)) for i in range(8)]
        places |= {run.series.ctypes.data // 4096 for run in held}
        assert (held[turn % 8].at == rows(30, turn % 8).at).all()
        held.clear()
        room.leave()
        gc.collect()
    assert len(places) <= 16


@settings(deadline=None)  # the first one loads kernels
@given(st.lists(st.integers(0, 40), min_size=1, max_size=200), st.integers(0, 2))
def test_names_are_found_in_whatever_order_they_come(order: list[int], long: int) -> None:
    names = [f"gauge-{i}" + "x" * 30 * (long * i % 3) for i in range(41)]
    index = {names[i]: number for number, i in enumerate(i for i in range(41) if i % 5)}
    lookup = Lookup(index)
    for _ in range(2):  # the second time each knows who follows
        text = Text([names[i].encode() for i in order])
        ends = np.cumsum([len(names[i]) + 1 for i in order]).astype(np.int32) - 1
        starts = np.append(0, ends[:-1] + 1).astype(np.int32)
        found = lookup(Spans(text, starts, ends)).tolist()
        assert found == [index.get(names[i], -1) for i in order]
        index["gauge-0" + "y" * long] = len(index)


@given(st.lists(st.floats(-1e30, 1e30), min_size=1))
def test_a_number_is_in_the_bin_whose_edges_hold_it(told: list[float]) -> None:
    value = np.array(told)
    bins = sketch.bins(value)
    assert (np.sign(bins - sketch.HALF) * np.sign(value) >= 0).all()
    near = (np.abs(value) > 1e-17) & (np.abs(value) < 1e17)
    off = np.abs(sketch.middle(bins)[near] - value[near])
    assert (off <= 0.0101 * np.abs(value[near])).all()
    assert (np.diff(sketch.bins(np.sort(value))) >= 0).all()


def test_rolls_of_far_apart_keys_are_what_those_of_near_ones_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    senses = town(tmp_path)
    senses.take([levels(f"g{k}", [3.0, 1.0, 2.0], start=T0, every=200_000) for k in range(4)], T0)
    run = senses.waiting()[0]
    group, prop = run.series % 2, run.series // 2
    near = rolls.rolled(run, group, prop, 300_000)
    monkeypatch.setattr(rolls, "DENSE", 0)
    far = rolls.rolled(run, group, prop, 300_000)
    pairs: Any = zip(near, far, strict=True)
    assert all(list(one) == list(other) for one, other in pairs)
    assert near.rows.sum() == len(run.at)
