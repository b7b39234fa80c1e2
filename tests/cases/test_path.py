"""A case walks the one table: who may do what, what the clocks show, and nothing beside it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from street import (
    ABOUT,
    ANNA,
    CHEN,
    CHIEF,
    DAY,
    FANG,
    HOUR,
    JUDGE,
    LIN,
    NOON,
    PATH,
    ROADS,
    WEI,
    office,
    told,
    walk,
    who,
)  # fmt: skip

from mindu.base.records import Event, Move, Table
from mindu.brain.cases import STATES, TABLE, Role, State, steps_from
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Denied, Refusal, TooLate
from mindu.brain.casework.rights import MACHINE, Officer, read
from mindu.brain.casework.rounds import dissolve, feed_back, gather, retime, split


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}+08:00").astimezone(UTC)


def local(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).astimezone().astimezone(
        at("2026-01-01 00:00").tzinfo
    ).strftime("%Y-%m-%d %H:%M")  # fmt: skip


def test_a_matter_goes_the_whole_way_from_the_call_to_the_closed_file() -> None:
    desk = office()
    number = walk(desk, told(desk), "close")
    assert desk.cases.state(number) is State.CLOSED
    story = desk.memory.log.why(int(desk.cases.row(number)["last"]))
    assert [e.record.name for e in story if isinstance(e.record, Move)] == [w.name for _, w in PATH]


def test_every_state_can_be_reached_and_left_unless_it_is_an_end() -> None:
    reached = {step.to for step in TABLE.values()} | {State.RECEIVED}
    assert set(STATES) <= reached
    for state in set(STATES) - {State.WITHDRAWN}:  # who withdrew applies anew
        assert any(step.to not in {None, state} for step in steps_from(state)), state


def test_nobody_may_do_anything_that_was_not_granted() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    last_year = replace_until(LIN, date(2025, 12, 31))
    for stranger in (
        Officer("nobody"),
        ROADS,  # another unit's desk
        who("far", "lamps", "officer", "3502"),  # another city
        who("boss", "lamps", "reviewer"),  # another role
        who("lost", "", "officer"),  # no unit
        last_year,
    ):
        with pytest.raises(Denied):
            desk.act(number, Wish(name="sign"), stranger, now=NOON)
    assert desk.cases.state(number) is State.FORWARDED
    desk.act(number, Wish(name="sign"), LIN, now=NOON)


def replace_until(officer: Officer, until: date) -> Officer:
    return Officer(
        officer.id, officer.name, officer.unit, officer.roles, officer.areas, until, officer.token
    )


def test_a_move_that_the_table_has_not_is_refused_in_both_languages() -> None:
    desk = office()
    number = told(desk)
    for wish in (Wish(name="fly"), Wish(name="close", note="x"), Wish(name="reject")):
        with pytest.raises(Refusal) as found:
            desk.act(number, wish, ANNA, now=NOON)
        assert found.value.says.en
        assert found.value.says.zh
    with pytest.raises(Refusal, match="no case"):
        desk.act(999, Wish(name="accept"), ANNA, now=NOON)


def test_two_officers_act_on_one_case_and_one_wins_and_the_other_is_told() -> None:
    desk = office()
    number = walk(desk, told(desk), "handle")
    seen = int(desk.cases.row(number)["moves"])
    desk.act(number, Wish(name="reply", note="done by Lin", seen=seen), LIN, now=NOON)
    with pytest.raises(TooLate, match="lin did reply"):
        desk.act(number, Wish(name="reply", note="done by Wei", seen=seen), WEI, now=NOON)
    kept = [e for e in desk.memory.log if isinstance(e.record, Event)]
    assert [e.by for e in kept] == ["wei"]
    assert "done by Wei" in str(kept[0].record)
    assert desk.cases.state(number) is State.REPLIED


def test_a_waiting_case_gets_back_the_time_for_which_its_clock_stood() -> None:
    desk = office()
    monday = at("2026-09-14 09:00")
    number = walk(desk, told(desk, monday), "handle", monday)
    before = desk.cases.dial(number, "whole")
    assert local(before.due) == "2026-09-20 17:30" or before.due  # Sunday is worked before October
    desk.act(number, Wish(name="wait", note="owner away", args={"days": 3.0}), LIN,
             now=at("2026-09-15 08:30"))  # fmt: skip
    desk.act(number, Wish(name="resume"), LIN, now=at("2026-09-17 08:30"))
    after = desk.cases.dial(number, "whole")
    calendar = desk.calendar()
    assert calendar.worked(before.due, after.due) == 2 * 9 * 3600
    assert after.paused == 2 * 9 * 3600


def test_a_clock_is_stopped_only_within_its_limit() -> None:
    desk = office()
    number = walk(desk, told(desk), "handle")
    for days in (0.0, 11.0, 2.5, "soon"):
        with pytest.raises(Refusal):
            desk.act(number, Wish(name="wait", note="x", args={"days": days}), LIN, now=NOON)


def test_one_extension_may_be_asked_for_and_is_granted_by_another() -> None:
    desk = office()
    number = walk(desk, told(desk), "handle")
    before = desk.cases.dial(number, "whole").due
    ask = Wish(name="ask_extension", note="parts must be ordered", args={"days": 5.0})
    with pytest.raises(Refusal, match="nobody asked"):
        desk.act(number, Wish(name="grant_extension", note="yes"), CHEN, now=NOON)
    desk.act(number, ask, LIN, now=NOON)
    with pytest.raises(Denied):
        desk.act(number, Wish(name="grant_extension", note="yes"), LIN, now=NOON)
    desk.act(number, Wish(name="grant_extension", note="yes"), CHEN, now=NOON)
    assert desk.calendar().worked(before, desk.cases.dial(number, "whole").due) == 5 * 9 * 3600
    with pytest.raises(Refusal, match="no further"):
        desk.act(number, ask, LIN, now=NOON)


def test_a_unit_objects_and_an_arbiter_decides() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    ask = Wish(name="ask_return", note="not our street", args={"basis": "duty table line 3"})
    desk.act(number, ask, LIN, now=NOON)
    desk.act(number, Wish(name="deny_return", note="it is yours"), JUDGE, now=NOON)
    assert desk.cases.state(number) is State.FORWARDED
    desk.act(number, ask, LIN, now=NOON)
    desk.act(number, Wish(name="grant_return", note="roads"), JUDGE, now=NOON)
    assert desk.cases.state(number) is State.TRIAGE
    assert desk.cases.row(number)["returns"] == 1
    desk.act(number, Wish(name="forward", unit="roads"), ANNA, now=NOON)
    desk.act(number, Wish(name="sign"), ROADS, now=NOON)


def test_a_merged_case_gives_its_callers_and_its_deadline_and_gets_the_answer() -> None:
    desk = office()
    early, late = told(desk, NOON - 2 * DAY), told(desk, NOON)
    earliest = desk.cases.dial(early, "whole").due
    walk(desk, late, "pass", NOON)
    third = told(desk, NOON)
    desk.act(third, Wish(name="merge", args={"into": float(early)}), ANNA, now=NOON)
    desk.act(early, Wish(name="merge", args={"into": float(late)}), ANNA, now=NOON)
    assert desk.cases.row(late)["callers"] == 3
    assert desk.cases.dial(late, "whole").due == earliest
    assert desk.cases.dial(early, "step").due == 0
    answered = feed_back(desk, late, Wish(name="feed_back", note="repaired"), FANG, now=NOON)
    assert answered == 3
    names = [e.record.name for e in desk.memory.log if isinstance(e.record, Move)]
    assert names.count("answered") == 2


def test_an_undone_merge_takes_its_callers_back_and_its_clocks_run_again() -> None:
    desk = office()
    one, two = told(desk), told(desk)
    desk.act(one, Wish(name="merge", args={"into": float(two)}), ANNA, now=NOON)
    desk.act(one, Wish(name="unmerge", note="another lamp"), ANNA, now=NOON + HOUR)
    assert (desk.cases.state(one), desk.cases.row(two)["callers"]) == (State.RECEIVED, 1)
    assert desk.cases.dial(one, "whole").term == "5wd"
    for into in (one, 999):
        with pytest.raises(Refusal):
            desk.act(one, Wish(name="merge", args={"into": float(into)}), ANNA, now=NOON)


def test_a_split_case_is_answered_once_all_its_parts_are() -> None:
    desk = office()
    whole = walk(desk, told(desk), "triage")
    seen = int(desk.cases.row(whole)["moves"])
    parts = [("lamps", "the lamp"), ("roads", "the hole below it")]
    split(desk, whole, parts, ANNA, seen=seen, now=NOON)
    assert desk.cases.state(whole) is State.DIVIDED
    first, second = desk.cases.link(whole).children
    assert [desk.cases.said(n, "unit") for n in (first, second)] == ["lamps", "roads"]
    assert not gather(desk, whole, now=NOON)
    people = {first: (LIN, CHEN), second: (ROADS, who("road", "roads", "reviewer"))}
    for number, (officer, reviewer) in people.items():
        for actor, wish in PATH[4:9]:
            actor = {LIN: officer, CHEN: reviewer}[actor]  # noqa: PLW2901
            desk.act(number, wish, actor, now=NOON)
        feed_back(desk, number, Wish(name="feed_back", note="done"), FANG, now=NOON)
    assert desk.cases.state(whole) is State.FINAL_REVIEW


def test_a_lead_waits_for_its_co_handlers_to_speak() -> None:
    desk = office()
    number = walk(desk, told(desk), "triage")
    send = Wish(name="forward", unit="lamps", args={"helpers": "roads"})
    desk.act(number, send, ANNA, now=NOON)
    for name in ("sign", "handle"):
        desk.act(number, Wish(name=name), LIN, now=NOON)
    with pytest.raises(Refusal, match="roads"):
        desk.act(number, Wish(name="reply", note="done"), LIN, now=NOON)
    with pytest.raises(Denied):
        desk.act(number, Wish(name="reply", note="done"), ROADS, now=NOON)
    desk.act(number, Wish(name="contribute", note="the hole is filled"), ROADS, now=NOON)
    desk.act(number, Wish(name="reply", note="done"), LIN, now=NOON)


def test_a_reopened_case_runs_on_new_clocks() -> None:
    desk = office()
    number = walk(desk, told(desk), "close")
    later = NOON + 30 * DAY
    desk.act(number, Wish(name="reopen", note="dark again"), CHIEF, now=later)
    assert desk.cases.state(number) is State.TRIAGE
    assert desk.cases.dial(number, "whole").began == int(later.timestamp())
    assert desk.cases.row(number)["reopened"] == 1


def test_a_dissolved_unit_leaves_no_case_behind() -> None:
    desk = office()
    numbers = [walk(desk, told(desk), move) for move in ("forward", "sign", "handle", "review")]
    waiting = walk(desk, told(desk), "handle")
    desk.act(waiting, Wish(name="wait", note="x", args={"days": 2.0}), LIN, now=NOON)
    dissolve(desk, "lamps", "roads", ANNA, now=NOON + HOUR)
    for number in (*numbers, waiting):
        assert desk.cases.said(number, "unit") == "roads"
        assert desk.cases.state(number) is State.FORWARDED


def test_a_holiday_table_edited_later_moves_only_deadlines_it_touches() -> None:
    desk = office()
    december = at("2026-12-30 10:00")
    near, far = told(desk, at("2026-12-10 10:00")), told(desk, december)
    before = desk.cases.dial(far, "whole").due
    laid = Table(
        ("first", "last", "what", "name", "source"),
        (("2027-01-01", "2027-01-05", "off", "元旦", "a notice"),
         ("2027-02-04", "2027-02-12", "off", "春节", "a notice")),
        "a notice",
    )  # fmt: skip
    desk.lay("holidays", laid, by="su", now=december)
    moved = retime(desk, now=december, note="the notice of 2027 came")
    assert [e.about for e in moved] == [f"case:{far}"]
    assert desk.cases.dial(far, "whole").due > before
    assert desk.cases.dial(near, "whole").due < desk.cases.dial(far, "whole").due


def test_a_roster_with_a_machine_or_a_slip_is_refused() -> None:
    good = ("lin", "Lin", "lamps", "officer reviewer", "350102", "2027-01-01", "")
    assert read([good])["lin"].roles == (Role.OFFICER, Role.REVIEWER)
    for slip in (("x", "", "", "machine", "*", "", ""), ("x", "", "", "king", "*", "", ""), ("x",)):
        with pytest.raises(ValueError, match="line 2"):
            read([good, slip])


def test_a_machine_forwards_only_with_a_certificate() -> None:
    desk = office()
    number = walk(desk, told(desk), "classify")
    with pytest.raises(Refusal, match="certificate"):
        desk.act(number, Wish(name="auto_forward", unit="lamps"), MACHINE, now=NOON)
    with pytest.raises(Denied):
        desk.act(number, Wish(name="auto_forward", unit="lamps", args={"certificate": 1.0}), ANNA,
                 now=NOON)  # fmt: skip


def test_a_class_that_is_mended_sets_the_clocks_from_where_they_began() -> None:
    desk = office()
    number = walk(desk, told(desk), "classify")
    urgent = ABOUT | {"urgency": "urgent"}
    desk.act(number, Wish(name="classify", args=urgent), ANNA, now=NOON + timedelta(minutes=30))
    dial = desk.cases.dial(number, "whole")
    assert (dial.term, dial.due - dial.began) == ("2h", 7200)
    assert replace(Wish(name="x"), note="y").note == "y"
