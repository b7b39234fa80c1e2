"""What forecasts that came due have taught of their width outlives a brain that is killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dying_watch import HOURS
from water_room import PondCity, Watch

from mindu.apps.water.ahead.fan import Calibration, Prior
from mindu.apps.water.params import HOUR_OFF
from mindu.base.records import Lesson
from mindu.data.log import Log

HERE = Path(__file__).parent
PATHS = [str(HERE), str(HERE.parent / "water_control"), *sys.path]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """Return the log of a brain that was killed without a chance to put anything away."""
    path = str(tmp_path_factory.mktemp("killed") / "city.mindu")
    command = [sys.executable, str(HERE / "dying_watch.py"), path]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": env}
    with subprocess.Popen(command, **pipes) as dying:  # type: ignore[call-overload]
        assert dying.stdout.readline() == "learned\n"
        dying.kill()
    kept = Log.open(path)
    yield kept
    kept.close()


def test_the_width_that_was_learned_is_there_after_kill_9(log: Log) -> None:
    log.verify()
    lessons = {e.record.param: e.record for e in log if isinstance(e.record, Lesson)}
    hour = lessons[HOUR_OFF.name]
    assert "forecasts that came due" in hour.says.en
    assert "标准差" in hour.says.zh

    again = Watch(PondCity(), log=log, since_h=HOURS).live(0.1)
    fresh = Watch(PondCity(), since_h=HOURS).live(0.1)
    assert again.room.calibration.prior.hour == hour.value
    assert fresh.room.calibration.prior == Prior()
    kept, first = (wide(watch) for watch in (again, fresh))
    assert (kept > first) == (hour.value > Prior().hour)
    assert kept != pytest.approx(first, rel=0.05)


def wide(watch: Watch) -> float:
    """Return how wide the interval an hour ahead is, m, all places together."""
    told = [watch.forecast(place) for place in watch.room.gauged]
    return sum(forecast.high[-1] - forecast.low[-1] for forecast in told)


def test_what_has_not_come_due_teaches_nothing() -> None:
    assert Calibration(3).taught() is None


def test_a_room_that_opens_with_what_was_learned_expects_as_much() -> None:
    prior = Prior(fades=30.0, soon=0.02, hour=0.2, below=2.0, above=3.0)
    opened = Calibration(2, prior)
    assert np.sqrt(opened.spread[-1]) == pytest.approx([0.2, 0.2])
    assert opened.left[-1, 0] / opened.left[-1, 1] == pytest.approx(np.exp(-2.0))
    assert opened._widths(0) == (2.0, 3.0)
