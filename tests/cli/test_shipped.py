"""The night that ships: whole, ours, small, ready at once, and laid only where no night lies."""

import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from mindu.base.records import Action, Outcome
from mindu.cli.keeping.shipped import NIGHT, OF, laid, packed
from mindu.cli.live.built import Wanted
from mindu.cli.live.nights import Nights
from mindu.cli.live.store import LOG
from mindu.console.declared import City
from mindu.data.log import Log

MOST = 1_500_000  # bytes that it may add to the wheel
ASKED = Wanted(city=OF.city, storm=OF.storm, seed=OF.seed)


def test_a_replay_is_ready_in_a_folder_that_is_new(tmp_path: Path) -> None:
    assert len(files("mindu.cli.keeping").joinpath(NIGHT).read_bytes()) < MOST
    assert laid(tmp_path, ASKED)
    nights = Nights(tmp_path, city=City())
    nights.record(["never", "asked"], hours=1.0)
    (told,) = nights.listed()
    assert told.ready
    assert told.first is not None
    assert told.last is not None
    assert (told.last - told.first).total_seconds() >= 3 * 3600
    night = nights.open(told.name)
    entries = list(night.board.entries.values())
    assert sum(isinstance(entry.record, Action) for entry in entries) > 10
    assert any(isinstance(entry.record, Outcome) and entry.record.kept for entry in entries)
    nights.close()
    with Log.read(str(tmp_path / "nights" / "recorded.mindu")) as log:
        log.verify()


def test_it_is_laid_for_the_same_storm_alone_and_over_no_other_night(tmp_path: Path) -> None:
    assert not laid(tmp_path, replace(ASKED, storm="another"))
    assert not (tmp_path / "nights").exists()
    (tmp_path / "city.1.mindu").touch()
    assert not laid(tmp_path, ASKED)
    (tmp_path / "city.1.mindu").unlink()
    assert laid(tmp_path, ASKED)
    assert not laid(tmp_path, ASKED)


def test_only_that_very_night_is_packed(tmp_path: Path) -> None:
    laid(tmp_path, ASKED)
    room = tmp_path / "again"
    room.mkdir()
    shutil.copy(tmp_path / "nights" / "recorded.mindu", room / LOG)
    assert packed(room, tmp_path / "new.xz") < MOST
    with Log.open(str(tmp_path / LOG)):
        pass
    with pytest.raises(ValueError, match="is not the night"):
        packed(tmp_path, tmp_path / "other.xz")
