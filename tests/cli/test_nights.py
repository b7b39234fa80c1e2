"""Nights beside the log are listed and opened at rest; one is recorded where there is none."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Bell

import pytest

from mindu.base.records import Event
from mindu.cli.live.diary import FIRST
from mindu.cli.live.nights import Nights
from mindu.cli.live.store import LOG
from mindu.console.declared import City
from mindu.console.feed import NotDecided
from mindu.data.log import Log

START = datetime(2023, 9, 5, 12, tzinfo=UTC)
TITLE = {"city": "pond", "storm": "shower", "seed": "3", "since": "0.0"}


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    found = Nights(tmp_path, city=City())
    yield found
    found.close()


def lived(path: Path, *, entries: int = 4) -> None:
    path.parent.mkdir(exist_ok=True)
    with Log.open(str(path)) as log:
        log.append(Event(FIRST, dict(TITLE)), at=START, about="pond", by="mindu")
        for n in range(entries - 1):
            log.append(Event("tick", {"n": str(n)}), at=START, about="pond", by="mindu")
        log.commit()


def test_what_was_put_aside_is_listed_and_opened_and_the_living_log_is_not(
    nights: Nights, tmp_path: Path
) -> None:
    lived(tmp_path / LOG)
    lived(tmp_path / "city.1.mindu", entries=5)
    (tmp_path / "city.2.mindu").write_bytes(b"no log at all")
    assert [(n.name, n.entries, n.title.en) for n in nights.listed()] == [
        ("city.1", 5, "pond · shower · 3")
    ]
    opened = nights.open("city.1")
    assert opened.pulse().mode == "stored"
    assert opened.board.seq == 4
    with pytest.raises(NotDecided):
        opened.decide(1, by="Chen", confirmed=True, note="")
    for none in ("city", "city.2", "../city.1"):
        with pytest.raises(KeyError):
            nights.open(none)


RECORDER = """
import sys
from datetime import UTC, datetime
from mindu.base.records import Event
from mindu.data.log import Log
with Log.open(sys.argv[2] + "/city.mindu") as log:
    told = {"city": "pond", "storm": "shower", "seed": "3", "since": "0.0"}
    log.append(Event("night", told), at=datetime(2023, 9, 5, tzinfo=UTC), about="pond", by="mindu")
"""


def test_a_recording_gets_its_name_only_when_it_ended_well(nights: Nights, tmp_path: Path) -> None:
    (tmp_path / "nights" / "making" / "vault").mkdir(parents=True)  # left by one that was killed
    done = Bell()
    nights.record([sys.executable, "-c", RECORDER], hours=1.0, done=done.set)
    assert done.wait(timeout=170)
    (told,) = nights.listed()
    assert (told.ready, told.entries, told.title.en) == (True, 1, "pond · shower · 3")
    assert nights.open(told.name).board.seq == 0
    nights.record(["never", "asked"], hours=1.0)
    assert not list((tmp_path / "nights" / "making").iterdir())


HALF_WAY = """
import sys, threading
from datetime import UTC, datetime
from mindu.base.records import Event
from mindu.data.log import Log
with Log.open(sys.argv[2] + "/city.mindu") as log:
    for hour in (0, 3):
        at = datetime(2023, 9, 5, hour, tzinfo=UTC)
        log.append(Event("tick"), at=at, about="pond", by="mindu")
    log.commit()
    threading.Event().wait()
"""


def test_a_recording_tells_how_far_it_has_come_and_how_long_it_may_take(nights: Nights) -> None:
    nights.record([sys.executable, "-c", HALF_WAY], hours=6.0)
    (told,) = nights.listed()
    for _ in range(900):
        if told.share:
            break
        Bell().wait(0.2)
        (told,) = nights.listed()
    assert (told.ready, told.share, told.entries) == (False, 0.5, 2)
    assert told.left_s is not None
    assert told.left_s > 0.0


def test_a_recording_that_was_cut_short_is_no_night(nights: Nights) -> None:
    forever = "import threading; threading.Event().wait()"
    nights.record([sys.executable, "-c", forever], hours=1.0)
    (told,) = nights.listed()
    assert not told.ready
    nights.close()
    assert nights.listed() == []


BOUND_CHILD = """
import os, sys, threading
from pathlib import Path
from mindu.cli.live.ending import stopping
stopped = threading.Event()
with stopping(stopped):
    Path(sys.argv[2], "begun").write_text(str(os.getpid()))
    stopped.wait()
    Path(sys.argv[2]).parents[1].joinpath("ended").touch()
"""
CITY_CHILD = f"""
import sys, threading
from pathlib import Path
from mindu.cli.live.nights import Nights
from mindu.console.declared import City
nights = Nights(Path(sys.argv[1]), city=City())
nights.record([sys.executable, "-c", {BOUND_CHILD!r}], hours=1.0)
threading.Event().wait()
"""


def test_a_recording_ends_with_its_city_also_when_that_is_killed(tmp_path: Path) -> None:
    city = subprocess.Popen([sys.executable, "-c", CITY_CHILD, str(tmp_path)])
    try:
        _until((tmp_path / "nights" / "making" / "begun").exists)
        assert not (tmp_path / "ended").exists()
    finally:
        city.kill()
        city.wait()
    _until((tmp_path / "ended").exists)


def _until(held: Callable[[], bool]) -> None:
    for _ in range(900):
        if held():
            return
        Bell().wait(0.2)
    raise AssertionError("it never came to hold")
