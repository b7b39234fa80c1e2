"""Cases set aside (waiting, objected to, merged) come back whole, and numbers are numbers."""

import pytest
from street import ANNA, DAY, FANG, HOUR, JUDGE, LIN, NOON, ROADS, office, told, walk

from mindu.base.records import Table
from mindu.brain.cases import State
from mindu.brain.casework.board import behind, boards
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import CALLER
from mindu.brain.casework.rounds import dissolve, feed_back, sweep
from mindu.brain.folds.cases import Cases
from mindu.data.fold import rebuilt

WAIT = Wish(name="wait", note="owner away", args={"days": 3.0})


def merged(desk: Office, number: int) -> None:
    master = told(desk)
    desk.act(number, Wish(name="merge", args={"into": float(master)}), ANNA, now=NOON + HOUR)
    desk.act(number, Wish(name="unmerge", note="another lamp"), ANNA, now=NOON + DAY)


def test_time_is_given_back_once_when_a_waiting_case_is_taken_from_a_desk() -> None:
    desk = office()
    number = walk(desk, told(desk), "handle")
    desk.act(number, WAIT, LIN, now=NOON)
    desk.act(number, Wish(name="reassign", note="x", unit="roads"), ANNA, now=NOON + HOUR)
    due = desk.cases.dial(number, "whole").due
    desk.act(number, Wish(name="sign"), ROADS, now=NOON + DAY)
    assert desk.cases.dial(number, "whole").due == due


def test_a_case_merged_while_it_waited_comes_back_to_be_handled() -> None:
    desk = office()
    number = walk(desk, told(desk), "handle")
    desk.act(number, WAIT, LIN, now=NOON)
    merged(desk, number)
    assert desk.cases.state(number) is State.HANDLING
    due = desk.cases.dial(number, "whole").due
    sweep(desk, NOON + 10 * DAY)
    assert desk.cases.dial(number, "whole").due == due


def test_a_case_merged_while_its_unit_objects_comes_back_to_where_it_stood_before() -> None:
    desk = office()
    number = walk(desk, told(desk), "sign")
    objection = Wish(name="ask_return", note="not ours", args={"basis": "duty table"})
    desk.act(number, objection, LIN, now=NOON)
    merged(desk, number)
    assert desk.cases.state(number) is State.SIGNED
    desk.act(number, objection, LIN, now=NOON + DAY)
    desk.act(number, Wish(name="deny_return", note="yours"), JUDGE, now=NOON + DAY)
    assert desk.cases.state(number) is State.SIGNED
    assert rebuilt(desk.memory.log, Cases).dump() == desk.cases.dump()


def test_a_unit_without_successor_leaves_no_waiting_case_behind() -> None:
    desk = office()
    numbers = [walk(desk, told(desk), "handle"), walk(desk, told(desk), "sign")]
    desk.act(numbers[0], WAIT, LIN, now=NOON)
    dissolve(desk, "lamps", "", ANNA, now=NOON + HOUR)
    assert [desk.cases.state(number) for number in numbers] == [State.TRIAGE, State.TRIAGE]


@pytest.mark.parametrize("number", [float("inf"), float("nan"), -1.0, 1.5, 1e300, "many"])
def test_a_number_that_is_none_is_refused_before_it_is_written(number: float | str) -> None:
    desk = office()
    fed, held = walk(desk, told(desk), "feed_back"), walk(desk, told(desk), "handle")
    before = len(desk.memory.log)
    rating = Wish(name="rate", args={"solved": True, "satisfied": number})
    for case, wish, officer in (
        (fed, rating, ANNA),
        (held, Wish(name="wait", note="x", args={"days": number}), LIN),
        (held, Wish(name="merge", args={"into": number}), ANNA),
    ):
        with pytest.raises(Refusal):
            desk.act(case, wish, officer, now=NOON)
    assert len(desk.memory.log) == before


def test_a_rating_at_the_desk_means_what_was_typed() -> None:
    desk = office()
    number = walk(desk, told(desk), "feed_back")
    desk.act(number, Wish(name="rate", args={"solved": "no", "satisfied": 2.0}), ANNA, now=NOON)
    assert desk.cases.row(number)["solved"] == 1, "not solved"


@pytest.mark.parametrize(("move", "term"), [("accept", "24h"), ("forward", "1wd"), ("sign", "5wd")])
def test_a_case_unmerged_runs_on_as_if_it_had_never_been_merged(move: str, term: str) -> None:
    desk = office()
    alone, number = (walk(desk, told(desk), move) for _ in range(2))
    before = desk.cases.state(number)
    merged(desk, number)
    assert desk.cases.state(number) is before
    assert desk.cases.dial(number, "step").term == term
    assert desk.cases.dial(number, "whole") == desk.cases.dial(alone, "whole")
    assert rebuilt(desk.memory.log, Cases).dump() == desk.cases.dump()


def test_a_caller_whose_case_was_merged_rates_the_answer_and_the_unit_hears_it() -> None:
    desk = office()
    master, child = walk(desk, told(desk), "pass"), told(desk)
    desk.act(child, Wish(name="merge", args={"into": float(master)}), ANNA, now=NOON)
    rating = Wish(name="rate", args={"solved": False, "satisfied": 2.0})
    with pytest.raises(Refusal, match="not answered"):
        desk.act(child, rating, CALLER, now=NOON)
    feed_back(desk, master, Wish(name="feed_back", note="repaired"), FANG, now=NOON)
    desk.act(child, rating, CALLER, now=NOON)
    board = next(told for told in boards(desk, NOON + HOUR) if told.unit == "lamps")
    assert (board.of["satisfied"], board.good["satisfied"], board.of["on_time"]) == (1, 0, 1)
    assert behind(desk, NOON + HOUR, unit="lamps", measure="solved", good=False) == [child]


def test_no_case_is_sent_to_a_unit_that_there_is_not_or_that_is_no_more() -> None:
    desk = office()
    rows = (
        ("lamps", "路灯", "lamps", "3501", ""),
        ("roads", "道路", "roads", "3501", "2026-09-15"),
    )
    table = Table(("id", "zh", "en", "area", "until"), rows, "the tests")
    number = walk(desk, told(desk), "triage")
    desk.lay("units", table, by="anna", now=NOON)
    for unit, why in (("lamp", "no unit"), ("roads", "ended on 2026-09-15")):
        with pytest.raises(Refusal, match=why):
            desk.act(number, Wish(name="forward", unit=unit), ANNA, now=NOON)
    desk.act(number, Wish(name="forward", unit="lamps"), ANNA, now=NOON)
    with pytest.raises(Refusal, match="no unit"):
        desk.act(number, Wish(name="reassign", note="x", unit="urban"), ANNA, now=NOON)
