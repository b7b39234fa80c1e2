"""The demo night: the brain takes over as the rain swells, knows what was, and can go on."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from mindu.base.records import Segment
from mindu.base.time import HOUR
from mindu.cli.live.built import DEFAULT_STORM, STEP, Wanted, begun, city, rising
from mindu.cli.live.night import Night, wire
from mindu.cli.say import GOOD, USAGE, Trouble
from mindu.cli.verbs import run
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


TIGHT = """
import resource, sys
from mindu.cli.verbs import run
resource.setrlimit(resource.RLIMIT_FSIZE, (260_000, resource.RLIM_INFINITY))
asked = "replay storm --city fuzhou-small --hours 0.25 --json --lang zh --data"
sys.exit(run([*asked.split(), sys.argv[1]]))
"""


def test_a_disk_that_fills_up_ends_the_night_in_words_and_what_was_kept_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", TIGHT, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == USAGE, done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["mend"].startswith("请腾出空间")
    assert run(["verify", "--data", str(tmp_path), "--json"]) == GOOD
    assert json.loads(capsys.readouterr().out)["whole"]
