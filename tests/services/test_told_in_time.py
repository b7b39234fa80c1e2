"""What an applicant reads of their case and of themselves: why, and by the city's clock."""

from services_desk import SHOP
from services_people import Hall, Person
from test_own_pages import hall, handed_in

from mindu.apps.services.numbers import instance_of
from mindu.engines.process.happenings import Void

__all__ = ["hall"]


def test_why_a_case_was_voided_is_its_applicants_to_read(hall: Hall) -> None:
    person = Person(hall).signs_in("son")
    case = instance_of(handed_in(hall, person, "restaurant", SHOP))
    number = hall.counter.number(case)
    hall.counter.processes.step(case, Void(by="Lin", why="重复申请"), by="Lin", now=hall.time)
    assert "作废原因:重复申请" in person.get(f"/progress?number={number}&lang=zh").body
    assert "Why it was voided: 重复申请" in person.get(f"/progress?number={number}&lang=en").body
    assert "重复申请" not in Person(hall).get(f"/progress?number={number}&lang=zh").body


def test_days_and_hours_of_ones_own_pages_are_the_citys(hall: Hall) -> None:
    hall.later(hours=8)  # 17:00 in Greenwich is the next day here
    person = Person(hall).signs_in("son").proves("son")
    assert "2026-03-03 01:00" in person.get("/id/").body
    assert "2026-03-02" not in person.body
    person.get("/sign-out")
    person.get("/sign-in?then=/mine").agrees()
    assert "网证模拟 simulator, 2026-03-03" in person.get("/materials").body
    assert '更新于<time datetime="2026-03-03">' in person.get("/allowance/person?lang=zh").body


def test_a_year_of_a_date_has_four_digits_however_it_is_typed(hall: Hall) -> None:
    person = Person(hall).get("/allowance/person")
    assert '<input type="date" max="9999-12-31" id="f-born"' in person.body
    assert person.body.count('max="9999-12-31"') == 1, "no other question is a date"


def test_a_number_stands_as_it_was_typed_when_the_form_is_opened_again(hall: Hall) -> None:
    person = Person(hall).get("/restaurant/situation")
    for typed in ("420", "420.5"):
        person.post("/restaurant/situation?lang=zh", _go="on", area=typed)
        assert f'name="area" value="{typed}"' in person.get("/restaurant/situation").body
