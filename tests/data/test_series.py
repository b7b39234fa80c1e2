"""Series: every number over the last days, against a plain dictionary that keeps everything."""

from datetime import timedelta

import numpy as np
import pytest
from gauges import START, STEP, level
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.base.records import Observation
from mindu.base.time import DAY, HOUR, MINUTE
from mindu.data.log import Log
from mindu.data.series import Series

NAMES = ["a", "b", "c"]
blocks = st.lists(
    st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 400), st.floats(-5, 5)), max_size=9),
    max_size=40,
)


def folded(series: Series, said: list[list[tuple[str, int, float]]]) -> Log:
    log = Log.open(":memory:")
    for told in said:
        entry = log.store([level(n, v, m) for n, m, v in told], now=START, by="t")
        if entry is not None:
            series.fold(entry, log.block(entry.seq))
    return log


@given(blocks, st.integers(30, 500), st.integers(3, 200))
@settings(max_examples=100, deadline=None)
def test_a_series_is_what_a_plain_dictionary_would_hold(
    said: list[list[tuple[str, int, float]]], span: int, most: int
) -> None:
    series = Series(span=span * MINUTE, most=most)
    folded(series, said)
    plain: dict[str, dict[int, float]] = {name: {} for name in NAMES}
    for told in said:
        for name, minutes, number in sorted(told, key=lambda t: t[1]):
            newest = max(plain[name], default=minutes)
            if minutes >= newest - span:
                plain[name][minutes] = number
                newest = max(plain[name])
                kept = sorted(m for m in plain[name] if m >= newest - span)[-most:]
                plain[name] = {m: plain[name][m] for m in kept}
    for name in NAMES:
        at, value = series.window(name, "level", START + 400 * MINUTE, 400 * MINUTE)
        expected = dict(sorted(plain[name].items()))
        assert ((at - START.timestamp()) / 60).round().astype(int).tolist() == list(expected)
        assert value.tolist() == list(expected.values())
        last = series.last(name, "level")
        assert (last is None) == (not expected)
        if last and expected:
            assert last == (START + max(expected) * MINUTE, expected[max(expected)])


@given(blocks, st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_a_series_loaded_from_a_snapshot_goes_on_bit_for_bit(
    said: list[list[tuple[str, int, float]]], cut: int
) -> None:
    straight, first = Series(span=3 * HOUR, most=50), Series(span=3 * HOUR, most=50)
    folded(straight, said)
    folded(first, said[:cut])
    second = Series(span=3 * HOUR, most=50)
    second.load(first.dump())
    assert second.dump() == first.dump()
    folded(second, said[cut:])
    assert second.dump() == straight.dump()


def test_a_window_holds_both_its_ends() -> None:
    series = Series()
    folded(series, [[("a", m, float(m))] for m in range(0, 60, 5)])
    _, value = series.window("a", "level", START + 20 * MINUTE, 10 * MINUTE)
    assert value.tolist() == [10.0, 15.0, 20.0]
    assert [len(part) for part in series.window("x", "level", START, HOUR)] == [0, 0]


def test_a_window_that_was_handed_out_does_not_change_later() -> None:
    series = Series()
    folded(series, [[("a", 5, 1.0)]])
    _, value = series.window("a", "level", START + DAY, DAY)
    folded(series, [[("a", 5, 7.0)], [("a", 1, 3.0)]])
    assert value.tolist() == [1.0]


def test_forty_eight_hours_of_every_channel_are_kept_at_any_rate() -> None:
    series, log = Series(), Log.open(":memory:")
    for i in range(3 * 288):
        said = [level(f"slow{k}", i, minutes=5 * i) for k in range(3)]
        said += [level("fast", i, minutes=5 * i + j) for j in range(5)]
        entry = log.store(said, now=START + i * STEP, by="t")
        assert entry is not None
        series.fold(entry, log.block(entry.seq))
    now = START + 3 * DAY
    assert len(series.window("fast", "level", now, 2 * DAY)[0]) == 2880
    for k in range(3):
        at, value = series.window(f"slow{k}", "level", now, 2 * DAY)
        assert len(at) == 576
        assert np.array_equal(value, np.arange(288, 864))
    assert series.last("slow1", "level") == (START + 863 * STEP, 863.0)


def test_observations_enter_too_but_words_do_not() -> None:
    series, log = Series(), Log.open(":memory:")
    for value in (1.0, "open", True):
        told = Observation("level", value)
        series.fold(log.append(told, at=START, about="a", by="t"))
    assert series.last("a", "level") == (START, 1.0)
    assert series.holds("a", "level", START.timestamp())
    assert not series.holds("a", "level", START.timestamp() + 1)


@pytest.mark.parametrize("late", [1, 47 * 60])
def test_late_news_takes_its_place_in_time(late: int) -> None:
    series = Series()
    now = START + 3 * DAY
    folded(series, [[("a", m, float(m))] for m in range(0, 3 * 1440, 60)])
    folded(series, [[("a", 3 * 1440 - 60 - late, -1.0)]])
    at, value = series.window("a", "level", now, 2 * DAY)
    assert (np.diff(at) > 0).all()
    assert value[np.searchsorted(at, (now - timedelta(minutes=60 + late)).timestamp())] == -1.0
