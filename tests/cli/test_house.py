"""The house turns a brain, shows what it wrote, and lets one person win."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event as Bell
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from mindu.base.records import Action, AnyRecord, Decision, Event, Value, Words
from mindu.base.time import MINUTE, VirtualClock
from mindu.cli.live.house import House
from mindu.cli.live.store import Stored
from mindu.cli.say import Trouble
from mindu.console.feed import NotDecided
from mindu.data.log import Log
from mindu.perceive.source import Reading

START = datetime(2023, 9, 5, 12, tzinfo=UTC)


class Pond:
    """A brain of one idea: it asks for one opening, and writes a segment each turn."""

    def __init__(self, clock: VirtualClock, *, refused: int = 0) -> None:
        self.log = Log.open(":memory:")
        self.clock = clock
        self.refused = refused  # turns for which the disk has no room

    def write(self, record: AnyRecord, by: str = "pond", because: tuple[int, ...] = ()) -> None:
        self.log.append(record, at=self.clock.now(), about="gate", by=by, because=because)

    def tick(self) -> None:
        self.refused -= 1
        if self.refused >= 0:
            raise OSError("no room on the disk: free some, then it goes on")
        now = self.clock.now()
        shown = [
            Reading(at=now, about="gate", prop=prop, value=1.5)
            for prop in ("level", "flow", "rain")
        ]
        self.log.store(shown, now=now, by="gauge")
        if len(self.log) == 1:
            self.write(Action("open", "gate", Words("open", "开")), because=(0,))

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str = "") -> None:
        self.write(Decision(confirmed=confirmed, note=note), by=by, because=(seq,))

    def undo(self, seq: int, *, by: str, note: str = "") -> None:
        raise ValueError(f"#{seq} was never sent: {by} {note}")

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> None:
        self.write(Event(name, dict(args)), by=by, because=(seq,))

    def take_back(self, seq: int, *, by: str, note: str = "") -> None:
        raise ValueError(f"#{seq} is no lesson: {by} {note}")


@pytest.fixture
def house() -> House:
    clock = VirtualClock(START)
    zone = ZoneInfo("Asia/Shanghai")
    house = House(name=Words("Pond", "池"), zone=zone, clock=clock, mode="pretend")
    house.move_in(Pond(clock))
    return house


def live(house: House, turns: int) -> list[datetime]:
    seen: list[datetime] = []
    until = house.pulse().now + turns * 5 * MINUTE
    house.live(until=until, step=5 * MINUTE, move=lambda _: None, seen=seen.append)
    return seen


def test_city_time_stands_still_for_a_new_plan_until_somebody_decides(house: House) -> None:
    house.patience = 3600.0
    seen: list[datetime] = []
    with ThreadPoolExecutor(1) as other:
        lived = other.submit(lambda: seen.extend(live(house, 3)))
        while not house.board.actions:
            assert not lived.done()
        assert house.pulse().now == START + 5 * MINUTE
        seq = next(iter(house.board.actions))
        house.decide(seq, by="Chen", confirmed=True, note="read it")
        lived.result()
    assert len(seen) == 3
    assert house.board.decisions[seq].by == "Chen"


def test_a_city_that_is_stopped_waits_for_nobody(house: House) -> None:
    house.patience = 3600.0
    until = START + 15 * MINUTE
    house.live(
        until=until, step=5 * MINUTE, move=lambda _: None, seen=lambda _: house.stopped.set()
    )
    assert house.pulse().now == START + 5 * MINUTE


def test_the_board_shows_what_each_turn_wrote(house: House) -> None:
    seen = live(house, 3)
    assert seen == [START + n * 5 * MINUTE for n in (1, 2, 3)]
    assert house.board.count == 9
    assert [entry.seq for entry in house.board.waiting(house.pulse().now)] == [1]
    assert house.pulse().ended


def test_of_many_hands_at_once_exactly_one_decides(house: House) -> None:
    live(house, 1)
    lost: list[str] = []

    def press(name: str) -> None:
        try:
            house.decide(1, by=name, confirmed=True, note="tide")
        except NotDecided as why:
            lost.append(why.says.en)

    threads = [Thread(target=press, args=(f"person {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = house.board.decisions[1].by
    assert lost == [f"{winner} has already decided this."] * 7


def test_a_decision_after_its_time_is_not_taken(house: House) -> None:
    live(house, 5)
    with pytest.raises(NotDecided, match="run out"):
        house.decide(1, by="Chen", confirmed=True, note="late")


def test_what_was_never_sent_cannot_be_taken_back(house: House) -> None:
    live(house, 1)
    with pytest.raises(NotDecided, match="never sent"):
        house.undo(1, by="Chen", note="wrong gate")


def test_nobody_decides_what_was_never_asked(house: House) -> None:
    live(house, 1)
    with pytest.raises(NotDecided, match="No such action"):
        house.decide(0, by="Chen", confirmed=True, note="?")


def test_whoever_listens_is_told_of_every_turn_until_they_have_heard_enough(house: House) -> None:
    told: list[int] = []
    end = house.listen(lambda: told.append(house.board.seq))
    live(house, 2)
    assert len(told) == 2
    end()
    live(house, 1)
    assert len(told) == 2


def test_a_remark_is_written_and_shown_at_once(house: House) -> None:
    live(house, 1)
    house.remark(1, "alert_acked", {"reason": "seen"}, by="Chen")
    entry = house.board.entries[house.board.seq]
    assert (entry.by, entry.because) == ("Chen", (1,))
    with pytest.raises(NotDecided, match="no lesson"):
        house.take_back(1, by="Chen", note="?")


def test_an_entry_is_proved_by_the_houses_own_book(house: House) -> None:
    live(house, 2)
    assert house.book.root() == house.brain.log.root()


def test_a_house_that_was_stopped_takes_no_further_turn(house: House) -> None:
    house.stopped.set()
    assert live(house, 3) == []


def test_a_full_disk_is_said_on_the_page_and_the_city_goes_on_when_there_is_room() -> None:
    clock = VirtualClock(START)
    zone = ZoneInfo("Asia/Shanghai")
    house = House(name=Words("Pond", "池"), zone=zone, clock=clock, mode="pretend")
    house.move_in(Pond(clock, refused=2))
    live(house, 1)
    assert "no room on the disk" in house.pulse().trouble.en
    live(house, 2)
    assert house.pulse().trouble == Words("", "")
    assert house.board.count == 3


def test_every_reading_that_the_log_took_is_on_the_board(house: House) -> None:
    live(house, 2)
    assert house.board.last("gate", "level") == (START + 10 * MINUTE, 1.5)


def test_a_stored_log_answers_but_decides_nothing(house: House) -> None:
    live(house, 2)
    pond = Pond(VirtualClock(START + timedelta(hours=1)))
    pond.tick()
    stored = Stored(pond.log, name=Words("Pond", "池"))
    assert [entry.seq for entry in stored.board.why(1)] == [0, 1]
    assert stored.pulse().mode == "stored"
    with pytest.raises(NotDecided):
        stored.decide(1, by="Chen", confirmed=True, note="")


def test_an_empty_log_says_what_to_do() -> None:
    with pytest.raises(Trouble, match="mindu up"):
        Stored(Log.open(":memory:"), name=Words("Pond", "池"))


def test_a_person_comes_between_two_turns_however_fast_they_follow() -> None:
    clock = VirtualClock(START)
    house = House(
        name=Words("Pond", "池"), zone=ZoneInfo("Asia/Shanghai"), clock=clock, mode="live"
    )
    pond, thinking, go = Pond(clock), Bell(), Bell()
    house.move_in(pond)

    def move(_step: timedelta) -> None:
        thinking.set()
        assert go.wait(timeout=170)

    def turn_on() -> None:
        house.live(until=START + 50 * MINUTE, step=MINUTE, move=move, seen=lambda _now: None)

    turning = Thread(target=turn_on)
    turning.start()
    assert thinking.wait(timeout=170)  # the first turn has begun, and holds the brain
    asking = Thread(target=lambda: house.remark(0, "alert_acked", {"reason": "seen"}, by="Chen"))
    asking.start()
    while not house._line.people:
        pass
    go.set()
    asking.join()
    turning.join()
    remarked = next(e.seq for e in pond.log if e.by == "Chen")
    segments = [e.seq for e in pond.log if e.by == "gauge"]
    assert segments[0] < remarked < segments[1]
