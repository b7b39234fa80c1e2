"""Warnings climb once each, not at midnight; stopped clocks go on; merged cases are left alone."""

from datetime import UTC, datetime, timedelta

from street import ABOUT, ANNA, DAY, HOUR, LIN, NOON, office, told, walk

from mindu.base.records import Entry, Move
from mindu.brain.cases import State
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.rounds import sweep


def levels(entries: list[Entry], number: int) -> list[str]:
    found = []
    for entry in entries:
        if isinstance(entry.record, Move) and entry.record.name == "warn":
            args = entry.record.args
            found += [f"{args['dial']} {args['level']}"] if entry.about == f"case:{number}" else []
    return found


def rounds(desk: Office, since: datetime, until: datetime, step: timedelta = HOUR) -> list[Entry]:
    written, now = [], since
    while now <= until:
        written += sweep(desk, now)
        now += step
    return written


def test_a_forgotten_case_climbs_every_rung_once() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    said = levels(rounds(desk, NOON, NOON + 40 * DAY), number)
    assert [line for line in said if line.startswith("step")] == [
        "step yellow", "step orange", "step red", "step purple",
    ]  # fmt: skip
    # Its second clock is overdue in a case that was overdue before: straight to the top.
    assert [line for line in said if line.startswith("whole")] == [
        "whole yellow", "whole orange", "whole red", "whole purple",
    ]  # fmt: skip


def test_a_first_step_overdue_is_purple_only_when_its_own_mark_is_passed() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    dial = desk.cases.dial(number, "step")
    due, purple = (datetime.fromtimestamp(at, UTC) for at in (dial.due, dial.purple))
    assert purple - due > 2 * HOUR
    before = levels(rounds(desk, NOON, purple - HOUR, timedelta(minutes=10)), number)
    assert [line for line in before if line.startswith("step")][-1] == "step red"
    assert "step purple" in levels(rounds(desk, purple, purple + DAY), number)


def test_a_second_step_overdue_goes_straight_to_the_top() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    rounds(desk, NOON, NOON + 2 * DAY)
    late = NOON + 2 * DAY
    desk.act(number, Wish(name="sign"), LIN, now=late)
    said = levels(rounds(desk, late, late + 20 * DAY), number)
    assert "step red" not in said
    assert "step purple" in said


def test_nobody_is_woken_for_a_routine_matter() -> None:
    desk = office()
    walk(desk, told(desk), "forward")
    for entry in rounds(desk, NOON, NOON + 10 * DAY, timedelta(minutes=10)):
        hour = (entry.at + 8 * HOUR).hour
        assert 7 <= hour < 22, entry


def test_an_urgent_matter_is_told_at_any_hour() -> None:
    desk = office()
    midnight = datetime(2026, 9, 16, 16, tzinfo=UTC)
    number = told(desk, midnight)
    desk.act(number, Wish(name="accept"), ANNA, now=midnight)
    urgent = ABOUT | {"urgency": "urgent"}
    desk.act(number, Wish(name="classify", args=urgent), ANNA, now=midnight)
    said = levels(rounds(desk, midnight, midnight + 3 * HOUR, timedelta(minutes=5)), number)
    assert said[:2] == ["step yellow", "step orange"]
    assert "whole red" in said


def test_after_a_long_silence_only_the_gravest_level_is_told() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    said = levels(sweep(desk, NOON + 60 * DAY), number)
    assert sorted(said) == ["step purple", "whole purple"]
    assert not sweep(desk, NOON + 60 * DAY)


def test_a_merged_case_stops_escalating() -> None:
    desk = office()
    child, master = told(desk), told(desk)
    desk.act(child, Wish(name="merge", args={"into": float(master)}), ANNA, now=NOON)
    written = rounds(desk, NOON, NOON + 20 * DAY)
    assert not levels(written, child)
    assert levels(written, master)


def test_a_stopped_clock_does_not_warn_and_goes_on_by_itself() -> None:
    desk = office()
    number = walk(desk, told(desk), "handle")
    desk.act(number, Wish(name="wait", note="owner away", args={"days": 2.0}), LIN, now=NOON)
    assert not rounds(desk, NOON, NOON + DAY)
    rounds(desk, NOON + DAY, NOON + 3 * DAY)
    assert desk.cases.state(number) is State.HANDLING


def test_a_clock_that_is_put_back_warns_nobody_twice() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    said = levels(rounds(desk, NOON, NOON + 4 * DAY), number)
    assert not levels(rounds(desk, NOON, NOON + 4 * DAY), number)
    assert len(said) == len(set(said))
