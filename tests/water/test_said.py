"""What people say of a street moves its forecast: a crew's eyes much, one wild call little."""

import numpy as np
import pytest

from mindu.apps.water.ahead.fan import LEADS
from mindu.apps.water.ahead.said.streets import ALIKE_MIN, EYES_SD, Own, Said, mended, shifted

DRY = Own(np.zeros(13), 0.15, gauged=False)
WET = Own(np.full(13, 0.4), 0.31, gauged=False)
BESIDE = Own(np.zeros(13), 0.05, gauged=True)


def told(deep: float, sd: float = 0.2) -> Said:
    return Said(7, deep, sd)


def test_without_a_word_the_twin_stands() -> None:
    mid, sd = mended(WET, None)
    assert np.array_equal(mid, WET.over[1:])
    assert sd[-1] > sd[0] >= WET.sd


def test_a_crew_that_looked_is_believed_at_once_and_less_for_what_comes() -> None:
    mid, _ = mended(DRY, told(0.5, EYES_SD))
    assert mid[0] == pytest.approx(0.5 * np.exp(-5.0 / ALIKE_MIN), rel=0.1)
    assert mid[-1] < 0.2 * mid[0]
    lower, _ = mended(WET, told(0.0, EYES_SD))
    assert lower[0] < 0.15, "eyes on the spot may also say that it is dry"


def test_callers_never_lower_a_level_and_change_nothing_where_a_gauge_speaks() -> None:
    lowered, _ = mended(WET, told(0.05))
    assert np.array_equal(lowered, WET.over[1:])
    beside, alone = (mended(own, told(0.3))[0][0] for own in (BESIDE, DRY))
    assert beside == 0.0
    assert 0.05 < alone < 0.3


def test_what_was_gained_in_sureness_fades_as_well() -> None:
    _, sd = mended(DRY, told(0.02, EYES_SD))
    assert sd[0] < 0.7 * DRY.sd
    assert sd[-1] > 0.9 * DRY.sd


def test_one_wild_call_moves_little_and_leaves_more_doubt() -> None:
    _, sd = shifted(DRY, told(0.3))
    wild, unsure = shifted(DRY, told(1.5, 0.68))
    assert wild < 0.5
    assert unsure > sd > 0.0
    assert len(LEADS) == len(mended(DRY, told(0.3))[0])
