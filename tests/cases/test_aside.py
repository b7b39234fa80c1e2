"""Cases set aside (waiting, objected to, merged) come back whole, and numbers are numbers."""

import pytest
from street import ANNA, DAY, HOUR, JUDGE, LIN, NOON, ROADS, office, told, walk

from mindu.brain.cases import State
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rounds import dissolve, sweep
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
