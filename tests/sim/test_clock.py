"""Days whose own clock leaps ahead or runs back: nothing unsafe is sent, and it is said."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from ponds.pond import APP

from mindu.base.records import Event
from mindu.base.time import HOUR, MINUTE
from mindu.brain.clockwork import GAP
from mindu.sim.day import STEP, Day, born
from mindu.sim.invariants import breaches

TURNS = 60
SPAN = (2 * HOUR, 30 * HOUR)  # of a leap ahead
BACK = (10 * MINUTE, 90 * MINUTE)


def lived(seed: int) -> Day:
    """Live a day whose clock leaps twice and runs back once; the world keeps its own time."""
    day, dice = born(APP, seed), Random(f"{seed}:clock")
    leaps = dict.fromkeys(dice.sample(range(10, TURNS - 30), 2), SPAN)
    backs = {dice.randrange(10, TURNS - 30) for _ in range(1)} - leaps.keys()
    for turn in range(TURNS):
        if turn == TURNS // 2:
            day.faulty.cease()
        day.faulty.step(STEP)
        day.clock.advance(STEP)
        if turn in leaps:
            day.clock.advance(timedelta(seconds=dice.uniform(*(s.total_seconds() for s in SPAN))))
        if turn in backs:
            day.clock._now -= timedelta(seconds=dice.uniform(*(s.total_seconds() for s in BACK)))
        day.brain.tick()
        day.officer.answer(day.brain, day.clock.now())
    return day


@pytest.mark.parametrize("seed", range(12))
def test_a_clock_that_jumps_sends_nothing_unsafe_and_loses_nothing(seed: int) -> None:
    day = lived(seed)
    expected = ("blindness_clears", "the clock ran back")  # the world's own time lags behind
    found = [it for it in breaches(day) if not any(word in it for word in expected)]
    assert found == []
    times = [entry.at for entry in day.brain.log]
    assert all(one <= other for one, other in pairwise(times))
    told = [e.record.name for e in day.brain.log if isinstance(e.record, Event)]
    assert GAP in told
