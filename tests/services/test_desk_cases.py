"""The desk over cases: deadlines are the case's, boards count units, nothing typed is lost."""

from datetime import timedelta

from services_desk import SHOP
from services_office import applied, at_desk, decides, hall, moves, officer, opened
from services_people import Hall

from mindu.apps.services.numbers import number_of
from mindu.brain.casework.rounds import sweep
from mindu.console.steps import desk as desks

__all__ = ["hall"]


def test_a_refused_move_gives_back_what_was_typed(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    decides(lin, hall, case, "accept")
    moves(lin, opened(lin, hall, case, "business_licence"), "claim")
    path = opened(lin, hall, case, "business_licence")
    moves(lin, path, "countersign", people="Lin nobody", rule="veto", why="重大事项需两人签字")
    assert lin.status == 409
    assert lin.body.count("重大事项需两人签字") == 1, "in its own form alone"
    assert 'value="Lin nobody"' in lin.body
    assert 'value="veto"' in lin.body


def test_a_step_shows_until_when_its_case_promises_it_and_more_time_is_an_approvers(
    hall: Hall,
) -> None:
    case = applied(hall)
    officer(hall, "Chen", "approver", "市场监管")
    lin, chen = at_desk(hall, "Lin"), at_desk(hall, "Chen")
    decides(lin, hall, case, "accept")
    assert 'value="extend"' not in lin.body
    moves(chen, opened(chen, hall, case, "business_licence"), "claim")
    path = opened(chen, hall, case, "business_licence")
    clock = hall.counter.processes.course.clock(case, hall.time, "business_licence")
    assert clock is not None
    assert "办理时限" in chen.body
    assert "请填写延长的工作日数" in moves(chen, path, "extend", days="many", why="专家评审").body
    opened(chen, hall, case, "business_licence")
    assert "1 至 10" in moves(chen, path, "extend", days="11", why="专家评审").body
    opened(chen, hall, case, "business_licence")
    assert moves(chen, path, "extend", days="10", why="专家评审").status == 200
    later = hall.counter.processes.course.clock(case, hall.time, "business_licence")
    assert later is not None
    assert later.due > clock.due + 10 * 86_400


def test_the_units_board_counts_each_departments_parts_down_to_the_case(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    decides(lin, hall, case, "accept")
    office = hall.counter.processes.course.office
    assert office is not None
    sweep(office, hall.later(days=10))
    lin = at_desk(hall, "Lin")
    lin.get("/desk/units?unit=市场监管")
    assert lin.status == 200
    assert "市场监管" in lin.body
    assert "超期" in lin.body
    assert lin.body.count(number_of(case)) == 1
    assert lin.get("/desk/units?unit=市场监管&measure=on_time").body.count("截止") == 1
    assert lin.get("/desk/units?unit=<b>&measure=%00").status == 200


def test_a_long_list_has_pages_and_what_runs_out_first_comes_first(hall: Hall) -> None:
    for _ in range(desks.SHOWN + 5):
        hall.counter.hand_in("applicant", "restaurant", SHOP, hall.time)
        hall.time += timedelta(minutes=1)
    lin = at_desk(hall, "Lin")
    assert "1/2" in lin.body
    assert lin.get("/desk/?page=2").body.count("受理") == 5
    assert lin.get("/desk/?page=99").status == 200
    assert lin.get("/desk/?page=x").body.count("<dt>") == desks.SHOWN
