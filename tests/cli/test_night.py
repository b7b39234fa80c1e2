"""The demo night: the brain takes over as the rain swells, knows what was, and can go on."""

from datetime import timedelta
from pathlib import Path

import pytest

from mindu.base.records import Segment
from mindu.base.time import HOUR
from mindu.cli.live.built import DEFAULT_STORM, STEP, Wanted, begun, city, rising
from mindu.cli.live.night import Night, wire
from mindu.cli.say import Trouble
from mindu.sim.fork import Changes, Setting, fork

SMALL = "fuzhou-small"
SINCE = rising(SMALL, DEFAULT_STORM)


def turn(night: Night) -> None:
    now = night.house.pulse().now
    night.house.live(until=now + STEP, step=STEP, move=night.world.step, seen=lambda _: None)


def test_rain_an_alert_and_a_waiting_plan_stand_on_the_page_after_the_first_turn(
    tmp_path: Path,
) -> None:
    wanted = Wanted(city=SMALL, since=SINCE, data=tmp_path)
    night = wire(wanted)
    turn(night)
    board, now = night.house.board, night.house.pulse().now
    assert now == night.start + STEP == night.end - timedelta(hours=12.0 - SINCE) + STEP
    told = board.last(SMALL, "rain")
    assert told is not None
    assert told[1] > 16.0  # mm/h: a downpour by the hour
    assert board.waiting(now)
    assert board.alerts(now)
    heard = [e.record for e in night.brain.log if isinstance(e.record, Segment)]
    assert now - heard[0].first == timedelta(hours=SINCE) + STEP  # the afternoon is not lost
    night.close()

    again = wire(wanted)
    assert again.house.pulse().now == now
    assert again.world.truth().t == timedelta(hours=SINCE, minutes=5).total_seconds()
    same = fork(again.brain.log, now, Changes(), lambda: built(wanted), STEP)
    assert same.was.brain.log.head == same.changed.brain.log.head
    same.close()
    again.close()


def built(wanted: Wanted) -> Setting:
    world, things, engines = city(wanted)
    start = begun(wanted, world)
    return Setting(name=SMALL, world=world, apps=(), things=things, start=start, engines=engines)


def test_a_dry_week_has_no_rain_to_wait_for() -> None:
    assert rising(SMALL, "dry-week") == 0.0
    assert rising("four-rivers", "own") * HOUR == 3 * HOUR
    assert round(SINCE * 12, 9).is_integer()


@pytest.mark.parametrize(("since", "hours"), [(5.0, 4.0), (-1.0, 4.0), (0.0, 999.0)])
def test_a_night_that_ends_before_it_begins_is_refused(since: float, hours: float) -> None:
    with pytest.raises(Trouble, match="No night runs"):
        wire(Wanted(city=SMALL, since=since, hours=hours))
