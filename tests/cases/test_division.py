"""A division is undone while no part was answered: nobody is lost, no time is won or lost."""

import msgspec
import pytest
from street import (
    ANNA,
    CHEN,
    DAY,
    FANG,
    HOUR,
    JUDGE,
    LIN,
    NOON,
    ROADS,
    office,
    told,
    walk,
    who,
)  # fmt: skip

from mindu.base.records import Entry, Event, Move, Table
from mindu.brain.cases import STATES, State
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.refusals import Denied, Refusal, TooLate
from mindu.brain.casework.rights import MACHINE
from mindu.brain.casework.rounds import dissolve, feed_back, gather, split, sweep, undo_split
from mindu.brain.folds.cases import Cases
from mindu.data.fold import rebuilt

BEI = who("bei", "centre", "dispatcher")
RAN = who("ran", "roads", "reviewer")
HANDS = {"lamps": (LIN, CHEN), "roads": (ROADS, RAN)}
PARTS = [("lamps", "the lamp"), ("roads", "the hole below it")]
UNDO = Wish(name="undo_split", note="one unit can do both 一家即可")
UNITS = (("lamps", "路灯", "lamps", "3501", ""), ("roads", "道路", "roads", "3501", ""))


def divided(desk: Office, number: int, parts: list[tuple[str, str]] = PARTS) -> list[int]:
    seen, had = int(desk.cases.row(number)["moves"]), len(desk.cases.link(number).children)
    split(desk, number, parts, ANNA, seen=seen, now=NOON)
    return desk.cases.link(number).children[had:]


def replied(desk: Office, part: int) -> None:
    officer, _ = HANDS[desk.cases.said(part, "unit")]
    for wish in (Wish(name="sign"), Wish(name="handle"), Wish(name="reply", note="done")):
        desk.act(part, wish, officer, now=NOON)


def stand(desk: Office, number: int) -> tuple[object, ...]:
    cases = desk.cases
    clocks = (cases.dial(number, "step"), cases.dial(number, "whole"))
    return (cases.state(number), cases.said(number, "unit"), *clocks)


@pytest.mark.parametrize("move", ["accept", "classify", "triage", "forward"])
def test_a_case_goes_on_as_if_it_had_never_been_divided(move: str) -> None:
    desk = office()
    number = walk(desk, told(desk), move)
    before = stand(desk, number)
    lamp, hole = divided(desk, number)
    for name in ("sign", "handle"):
        desk.act(lamp, Wish(name=name), LIN, now=NOON + HOUR)
    desk.act(lamp, Wish(name="wait", note="x", args={"days": 2.0}), LIN, now=NOON + HOUR)
    desk.act(hole, Wish(name="ask_return", note="no", args={"basis": "x"}), ROADS, now=NOON + HOUR)
    undo_split(desk, number, UNDO, BEI, now=NOON + DAY)
    assert stand(desk, number) == before
    for part in (lamp, hole):
        assert desk.cases.state(part) is State.VOID
        assert (desk.cases.dial(part, "step").due, desk.cases.dial(part, "whole").due) == (0, 0)
        last = desk.memory.log[int(desk.cases.row(part)["last"])]
        assert (last.by, last.record.note) == ("bei", UNDO.note)  # type: ignore[union-attr]
    story = desk.memory.log.why(int(desk.cases.row(number)["last"]))
    assert {"split", "drop", "undo_split"} <= {did(entry) for entry in story}
    assert rebuilt(desk.memory.log, Cases).dump() == desk.cases.dump()
    ended = {f"case:{part}" for part in (lamp, hole)}
    assert not [e for e in sweep(desk, NOON + 60 * DAY) if e.about in ended]


def did(entry: Entry) -> str:
    return entry.record.name if isinstance(entry.record, Move) else ""


def test_a_case_divided_anew_waits_for_its_new_parts_alone() -> None:
    desk = office()
    number = walk(desk, told(desk), "triage")
    divided(desk, number)
    undo_split(desk, number, UNDO, ANNA, now=NOON)
    with pytest.raises(Refusal, match="name them"):
        desk.act(number, Wish(name="split", args={"parts": 2.0}), ANNA, now=NOON)
    for part in divided(desk, number):
        assert not gather(desk, number, now=NOON)
        replied(desk, part)
        for wish in (Wish(name="review"), Wish(name="pass")):
            desk.act(part, wish, HANDS[desk.cases.said(part, "unit")][1], now=NOON)
        feed_back(desk, part, Wish(name="feed_back", note="done"), FANG, now=NOON)
    assert desk.cases.state(number) is State.FINAL_REVIEW
    assert "2 parts" in desk.memory.log[int(desk.cases.row(number)["last"])].record.note  # type: ignore[union-attr]


def test_no_division_is_undone_that_was_answered_or_would_take_others_along() -> None:
    desk = office()
    number, other = (walk(desk, told(desk), "triage") for _ in range(2))
    lamp, hole = divided(desk, number)
    into = Wish(name="merge", args={"into": float(other)})
    take_out = Wish(name="unmerge", note="another matter")

    def refused(why: str) -> None:
        before = len(desk.memory.log)
        with pytest.raises(Refusal, match=why) as found:
            undo_split(desk, number, UNDO, ANNA, now=NOON)
        assert found.value.says.zh != found.value.says.en
        assert len(desk.memory.log) == before, "nothing is half undone"

    desk.act(hole, into, ANNA, now=NOON)
    refused(f"merged into case {other}")
    desk.act(hole, take_out, ANNA, now=NOON)
    desk.act(other, Wish(name="merge", args={"into": float(hole)}), ANNA, now=NOON)
    refused("were merged into part")
    desk.act(other, take_out, ANNA, now=NOON)
    divided(desk, hole)
    refused("divided itself")
    undo_split(desk, hole, UNDO, ANNA, now=NOON)
    replied(desk, lamp)
    refused(f"part {lamp} was answered")
    desk.act(lamp, Wish(name="review"), CHEN, now=NOON)
    desk.act(lamp, Wish(name="send_back", note="says nothing"), CHEN, now=NOON)
    undo_split(desk, number, UNDO, ANNA, now=NOON)
    assert desk.cases.state(number) is State.TRIAGE


def test_only_who_may_divide_may_undo_it_with_a_reason_and_no_part_ends_by_itself() -> None:
    desk = office()
    number = walk(desk, told(desk), "triage")
    part = divided(desk, number)[0]
    for stranger in (LIN, CHEN, FANG, JUDGE, who("far", "centre", "dispatcher", "3502")):
        with pytest.raises(Denied):
            undo_split(desk, number, UNDO, stranger, now=NOON)
    with pytest.raises(Refusal, match="lacks note"):
        undo_split(desk, number, Wish(name="undo_split", note=" "), ANNA, now=NOON)
    with pytest.raises(Refusal, match="go on: end them"):
        desk.act(number, UNDO, ANNA, now=NOON)
    with pytest.raises(Denied):
        desk.act(part, Wish(name="drop", note="x"), ANNA, now=NOON)
    with pytest.raises(Refusal, match="no part of a divided"):
        desk.act(told(desk), Wish(name="drop", note="x"), MACHINE, now=NOON)


def test_two_officers_undo_one_division_and_one_wins_and_a_late_unit_is_told() -> None:
    desk = office()
    number = walk(desk, told(desk), "triage")
    lamp = divided(desk, number)[0]
    whole, part = (int(desk.cases.row(n)["moves"]) for n in (number, lamp))
    undo_split(desk, number, Wish(name="undo_split", note="a", seen=whole), ANNA, now=NOON)
    with pytest.raises(TooLate, match="anna did undo_split"):
        undo_split(desk, number, Wish(name="undo_split", note="b", seen=whole), BEI, now=NOON)
    with pytest.raises(TooLate, match="anna did drop"):
        desk.act(lamp, Wish(name="sign", seen=part), LIN, now=NOON)
    assert [e.by for e in desk.memory.log if isinstance(e.record, Event)] == ["bei", "lin"]


def test_a_case_whose_unit_was_dissolved_while_it_was_divided_goes_to_people() -> None:
    desk = office()
    number = walk(desk, told(desk), "forward")
    divided(desk, number)
    gone = (("lamps", "路灯", "lamps", "3501", "2026-09-15"), UNITS[1])
    desk.lay("units", Table(("id", "zh", "en", "area", "until"), gone, "x"), by="anna", now=NOON)
    dissolve(desk, "lamps", "", ANNA, now=NOON)
    undo_split(desk, number, UNDO, ANNA, now=NOON)
    assert desk.cases.state(number) is State.TRIAGE


def test_a_division_with_a_unit_that_there_is_not_leaves_nothing_behind() -> None:
    desk = office()
    number = walk(desk, told(desk), "triage")
    desk.lay("units", Table(("id", "zh", "en", "area", "until"), UNITS, "x"), by="anna", now=NOON)
    for parts in ([PARTS[0], ("urban", "x")], [PARTS[0], ("roads", " ")]):
        before = len(desk.memory.log)
        with pytest.raises(Refusal):
            divided(desk, number, parts)
        assert len(desk.memory.log) == before


def test_a_state_kept_before_divisions_could_be_undone_is_folded_anew_from_the_log() -> None:
    kept = Cases()
    told = msgspec.msgpack.decode(kept.dump())
    told["states"] = [str(state) for state in STATES]  # as it was kept until then
    with pytest.raises(ValueError, match="have changed"):
        kept.load(msgspec.msgpack.encode(told))
