"""Twins: what we believe of every thing, whatever order the news comes in."""

from datetime import timedelta
from random import Random

import numpy as np
import pytest
from gauges import KINDS, START, STEP, Gauge, Watched, level, placed
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.base.records import Observation, Placed
from mindu.base.time import MINUTE
from mindu.data.log import Log
from mindu.data.twin import Twins
from mindu.perceive.source import Reading

NAMES = ["a", "b", "c"]
readings = st.tuples(st.sampled_from(NAMES), st.integers(0, 40), st.floats(-5, 5))


def city(*names: str) -> tuple[Log, Twins]:
    log, twins = Log.open(":memory:"), Twins(KINDS)
    placed(twins, log, names or NAMES)
    return log, twins


def tell(log: Log, twins: Twins, said: list[Reading]) -> None:
    entry = log.store(said, now=START + timedelta(days=1), by="gauges")
    if entry is not None:
        twins.fold(entry, log.block(entry.seq))


@given(
    st.lists(readings, max_size=30, unique_by=lambda r: (r[0], r[1])),
    st.randoms(use_true_random=False),
    st.integers(1, 6),
)
@settings(max_examples=80, deadline=None)
def test_the_order_in_which_news_comes_does_not_matter(
    said: list[tuple[str, int, float]], rng: Random, size: int
) -> None:
    told = [level(name, value, minutes) for name, minutes, value in said]
    shuffled = rng.sample(told, len(told))
    (log, one), (log2, other) = city(), city()
    tell(log, one, told)
    for since in range(0, len(told), size):
        tell(log2, other, shuffled[since : since + size])
    assert one.of(Gauge) == other.of(Gauge)
    for name in NAMES:
        newest = max((r for r in told if r.about == name), key=lambda r: r.at, default=None)
        expected = (newest.at, newest.value) if newest else None
        assert one.last(name, "level") == other.last(name, "level") == expected


def test_a_twin_never_goes_back_in_time() -> None:
    log, twins = city()
    tell(log, twins, [level("a", 2.0, minutes=10)])
    tell(log, twins, [level("a", 1.0, minutes=5), level("b", 3.0, minutes=5)])
    tell(log, twins, [level("a", 9.0, minutes=10)])
    assert [twin.level for twin in twins.of(Gauge)] == [2.0, 3.0, None]
    log.verify()


def test_facts_become_the_fixed_fields_and_strangers_are_kept_out() -> None:
    log, twins = Log.open(":memory:"), Twins(KINDS)
    facts = {"bank": 5, "at": [119.3, 26.1], "colour": "red", "id": "another"}
    twins.fold(log.append(Placed("Gauge", facts), at=START, about="g", by="w"))  # type: ignore[arg-type]
    assert twins.get("g") == Gauge(id="g", bank=5.0, at=(119.3, 26.1))
    assert type(twins.of(Gauge)[0].at) is tuple


def test_facts_that_make_no_thing_are_said_and_harm_nobody() -> None:
    log, twins = city("a")
    twins.fold(log.append(Placed("Gauge", {"bank": "high"}), at=START, about="x", by="w"))
    twins.fold(log.append(Placed("Gauge", {}), at=START, about="y", by="w"))
    twins.fold(log.append(Placed("Tram", {}), at=START, about="z", by="w"))
    assert len(twins) == 1
    assert "x makes no Gauge" in twins.unfit["x"]
    assert "bank" in twins.unfit["y"]
    with pytest.raises(KeyError, match="nothing named 'z'"):
        twins.get("z")


def test_a_thing_placed_again_takes_new_facts_and_keeps_what_was_heard() -> None:
    log, twins = city("a", "b")
    tell(log, twins, [level("a", 2.0)])
    twins.fold(log.append(Placed("Gauge", {"bank": 7.5}), at=START, about="a", by="w"))
    assert twins.get("a") == Gauge(id="a", bank=7.5, level=2.0)
    assert twins.ids(Gauge) == ["a", "b"]


def test_a_thing_that_becomes_another_kind_forgets_what_was_heard() -> None:
    log, twins = city("a", "b")
    tell(log, twins, [level("a", 2.0)])
    twins.fold(log.append(Placed("Watched", {}), at=START, about="a", by="w"))
    assert twins.ids(Gauge) == ["b"]
    assert twins.get("a") == Watched(id="a")
    tell(log, twins, [level("a", 3.0, minutes=1)])
    assert twins.of(Watched) == [Watched(id="a", level=3.0)]
    again = Twins(KINDS)
    again.load(twins.dump())
    assert (again.of(Gauge), again.of(Watched)) == (twins.of(Gauge), twins.of(Watched))
    assert again.dump() == twins.dump()


def test_words_and_truths_come_as_observations() -> None:
    log, twins = city("a")
    for prop, value, minutes in (
        ("state", "open", 5),
        ("state", "shut", 3),
        ("wet", True, 5),
        ("level", 4.5, 5),
        ("colour", "red", 5),
        ("bank", "nonsense", 5),
    ):
        told = Observation(prop, value)
        twins.fold(log.append(told, at=START + minutes * MINUTE, about="a", by="t"))
    twins.fold(log.append(Observation("level", 1.0), at=START, about="nobody", by="t"))
    assert twins.get("a") == Gauge(id="a", bank=5.0, state="open", wet=True, level=4.5)
    assert twins.fresh("a", "state", START + 10 * MINUTE, 5 * MINUTE)
    assert not twins.fresh("a", "state", START + 11 * MINUTE, 5 * MINUTE)


def test_columns_stand_in_the_order_of_the_twins() -> None:
    names = [f"g{k}" for k in range(200, 0, -1)]
    log, twins = city(*names)
    tell(log, twins, [level(name, float(name[1:])) for name in sorted(names)[50:]])
    of = twins.of(Gauge)
    assert [twin.id for twin in of] == twins.ids(Gauge) == names
    column, heard = twins.column(Gauge, "level"), twins.heard(Gauge, "level")
    for twin, number, at in zip(of, column, heard, strict=True):
        assert (twin.level if twin.level is not None else np.nan) == pytest.approx(
            number, nan_ok=True
        )
        assert at == (START.timestamp() if twin.level is not None else -np.inf)
    assert twins.column(Gauge, "bank").tolist() == [5.0] * 200
    with pytest.raises(KeyError, match="no number 'state'"):
        twins.column(Gauge, "state")


def test_freshness_is_counted_from_when_it_was_so_not_from_when_it_came() -> None:
    log, twins = city("a")
    assert not twins.fresh("a", "level", START, 5 * MINUTE)
    tell(log, twins, [level("a", 1.0, minutes=10)])
    assert twins.fresh("a", "level", START + 15 * MINUTE, 5 * MINUTE)
    assert not twins.fresh("a", "level", START + 16 * MINUTE, 5 * MINUTE)
    assert not twins.fresh("nobody", "level", START, STEP)


def test_a_twin_is_built_anew_only_when_something_was_heard() -> None:
    log, twins = city("a", "b")
    before = twins.of(Gauge)
    tell(log, twins, [level("a", 1.0)])
    after = twins.of(Gauge)
    assert after[0] is not before[0]
    assert after[1] is before[1]
