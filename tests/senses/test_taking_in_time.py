"""Time as readings come in: late ones, clocks that run ahead or jump, and what is doubted."""

import numpy as np
import pytest
from taking import HOUR, quality, senses
from town import DAY, FIVE, T0, held, levels, said, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.perceive.quality import Quality
from mindu.perceive.said import NOW

__all__ = ["senses"]


def test_late_readings_enter_at_their_time_and_never_turn_the_present_back(senses: Senses) -> None:
    senses.take([levels("g0", [3.1], start=T0 + FIVE)], T0 + HOUR)
    (receipt,) = senses.take([levels("g0", [2.9])], T0 + HOUR)
    assert receipt.late == 1
    series = senses.registry.one("g0", "level")
    assert senses.now.columns["value"][series] == 3.1
    assert [bool(q & Quality.LATE) for q in quality(senses)] == [True, False]
    (again,) = senses.take([levels("g0", [2.9])], T0 + HOUR)
    assert again.duplicate == 1


def test_late_readings_are_known_again_after_they_went_to_the_tables(senses: Senses) -> None:
    senses.take([levels("g0", [3.0 + i / 100 for i in range(50)])], T0 + DAY)
    senses.flush(T0 + DAY)
    mixed = levels("g0", [3.0 + i / 100 for i in range(50)], start=T0 + FIVE // 2, every=FIVE // 2)
    (receipt,) = senses.take([mixed], T0 + DAY)
    assert (receipt.duplicate, receipt.late) == (25, 25)


@pytest.mark.parametrize(
    ("values", "every", "flag"),
    [
        ([3.0, 11.0], HOUR, Quality.RANGE),
        ([3.0, 3.9], FIVE, Quality.RATE),
        ([3.0] * 14, FIVE, Quality.STUCK),
        ([3.0, 3.1, 4.6], HOUR, Quality.SPIKE),
        ([3.0, 3.1], HOUR, Quality.GAP),
    ],
)
def test_a_doubtful_reading_is_stored_and_marked(
    senses: Senses, values: list[float], every: int, flag: Quality
) -> None:
    together = town(senses.folder.parent / "together")
    together.take([levels("g0", values, every=every)], T0 + DAY)
    for i, value in enumerate(values):
        senses.take([levels("g0", [value], start=T0 + i * every)], T0 + DAY)
    assert quality(senses)[-1] & flag
    assert not quality(senses)[0]
    assert quality(senses) == quality(together), "marks hang on how readings were grouped"


def test_readings_without_a_time_are_each_kept(senses: Senses) -> None:
    rows = [("g0", "level", NOW, 3.0 + i / 100) for i in range(3)]
    senses.take([Offer("line", said(rows)), Offer("line", said(rows[:1]))], T0)
    senses.take([Offer("line", said(rows[:1]))], T0)
    assert held(senses, "g0").at.tolist() == [T0 + i for i in range(5)]


def test_a_clock_that_runs_ahead_is_marked_and_one_far_ahead_is_refused(senses: Senses) -> None:
    offers = [levels("g0", [3.0], start=T0 + 30_000), levels("g1", [3.0], start=T0 + DAY)]
    marked, refused = senses.take(offers, T0)
    assert marked.stored == 1
    assert quality(senses)[0] & Quality.SKEW
    assert refused.refused == {"from the future": 1}


def test_our_own_clock_may_jump_both_ways(senses: Senses) -> None:
    for i, arrived in enumerate((T0, T0 + 20 * DAY, T0 - DAY, T0 + FIVE)):
        senses.take([levels("g0", [3.0 + i / 10], start=T0 + i * 1000)], arrived)
    rows = held(senses, "g0")
    assert rows.at.tolist() == [T0, T0 + 1000, T0 + 2000, T0 + 3000]
    assert (np.diff(rows.arrived) >= 0).all(), "what was known when must never run back"


def test_one_wrong_clock_far_ahead_makes_nothing_old(senses: Senses) -> None:
    far = T0 + 5000 * DAY
    untold = Offer("line", said([("g0", "level", NOW, 9.0)]))
    senses.take([untold, levels("g1", [9.0], start=far)], far)
    for name in ("g0", "g1"):
        (receipt,) = senses.take([levels(name, [3.1])], T0 + HOUR)
        assert receipt.stored == 1
        assert senses.now.columns["value"][senses.registry.one(name, "level")] == 3.1
    (receipt,) = senses.take([untold], T0 + HOUR)
    assert receipt.stored == 1
    assert held(senses, "g0").at.tolist()[:2] == [T0, T0 + HOUR]
    (receipt,) = senses.take([levels("g1", [3.1], start=T0 + DAY)], T0 + HOUR)
    assert receipt.refused == {"from the future": 1}
    senses.journal.close()
    again = town(senses.folder.parent)
    np.testing.assert_array_equal(again.now.columns["value"], senses.now.columns["value"])
