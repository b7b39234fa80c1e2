"""A night that was cut short goes on; another night's log is put aside, never lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mindu.base.records import Action, Event, Sending, Words
from mindu.base.time import MINUTE
from mindu.cli.live.diary import Title, begin, open_for, title_of
from mindu.cli.say import Trouble
from mindu.data.log import Log
from mindu.perceive.source import Reading

START = datetime(2023, 9, 5, 4, tzinfo=UTC)
STEP = 5 * MINUTE
HAIKUI = Title("fuzhou", "haikui-2023-wushan", 1)


class Sluice:
    """A world of one gate that remembers when it was told what."""

    name = "sluice"

    def __init__(self) -> None:
        self.now = START
        self.told: list[tuple[datetime, float]] = []
        self.reads = 0

    def step(self, span: timedelta) -> None:
        self.now += span

    def read(self, now: datetime) -> Iterator[Reading]:
        self.reads += 1
        yield Reading(at=now, about="gate", prop="setting", value=0.0)

    def send(self, action: Action, now: datetime) -> None:
        assert now == self.now
        self.told.append((now, float(action.args["gate"])))


def a_night(log: Log, turns: int) -> None:
    """Write a night of so many turns, with one opening sent at the second."""
    begin(log, HAIKUI, Sluice(), start=START, step=STEP)
    for turn in range(1, turns + 1):
        now = START + turn * STEP
        if turn == 2:
            asked = Action("set", "gate", Words("open", "开"), args={"gate": 0.4})
            entry = log.append(asked, at=now, about="gate", by="water.dispatch")
            log.append(Sending(ok=True), at=now, about="gate", by="hand", because=(entry.seq,))
        log.append(Event("turn"), at=now, about="city", by="mindu")
    log.commit()


def test_a_new_night_opens_with_its_title() -> None:
    log = Log.open(":memory:")
    assert begin(log, HAIKUI, Sluice(), start=START, step=STEP) == START
    assert title_of(log) == HAIKUI


def test_a_night_cut_short_goes_on_where_it_was_with_the_gates_as_they_were_sent() -> None:
    log, sluice = Log.open(":memory:"), Sluice()
    a_night(log, turns=7)
    assert begin(log, HAIKUI, sluice, start=START, step=STEP) == START + 7 * STEP
    assert sluice.now == START + 7 * STEP
    assert sluice.told == [(START + 2 * STEP, 0.4)]
    assert sluice.reads == 7


def test_the_log_of_another_night_is_put_aside_whole(tmp_path: Path) -> None:
    log = open_for(HAIKUI, tmp_path)
    a_night(log, turns=3)
    count = len(log)
    log.close()
    other = open_for(Title("fuzhou", "design-20y", 1), tmp_path)
    assert len(other) == 0
    other.close()
    kept = Log.open(str(tmp_path / "city.1.mindu"))
    assert len(kept) == count
    kept.verify()
    kept.close()


def test_a_log_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "city.mindu").write_bytes(b"not a log at all" * 400)
    with pytest.raises(Trouble, match="cannot be opened"):
        open_for(HAIKUI, tmp_path)
