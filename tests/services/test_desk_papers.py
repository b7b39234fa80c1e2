"""An office suspends, revokes and restores its own licences on the desk, without script."""

from pathlib import Path

import pytest
from services_desk import SHOP
from services_office import at_desk, officer
from services_people import Hall, Person

from mindu.apps.services.licences.status import Status
from mindu.apps.services.numbers import instance_of


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    officer(hall, "Chief", "approver", "市场监管")
    officer(hall, "Lin", "operator", "市场监管")
    officer(hall, "Fire", "approver", "消防救援")
    return hall


@pytest.fixture
def number(hall: Hall) -> str:
    case = instance_of(hall.counter.hand_in("holder", "restaurant", SHOP, hall.time))
    hall.approve_all(case)
    return f"SP{case:08d}"


def token(hall: Hall, person: Person) -> str:
    """Return what the forms of somebody's sitting carry, also where no form is shown."""
    return hall.hall.steps._token(str(person.jar["mindu_steps"]))


def sends(person: Person, number: str, status: str, /, **told: str) -> Person:
    person.get(f"/desk/papers/{number}")
    was = next(w for w in ("valid", "suspended", "revoked")
               if f'name="was" value="{w}"' in person.body)  # fmt: skip
    return person.post(f"/desk/papers/{number}", status=status, was=was, **told)


def test_an_approver_of_the_office_suspends_and_restores_with_a_reason(
    hall: Hall, number: str
) -> None:
    chief, book = at_desk(hall, "Chief"), hall.site.licences
    assert "已发证照" in chief.body
    assert number in chief.get("/desk/papers").body
    assert number in chief.get(f"/desk/papers?number={number[4:]}").body
    assert "Papers issued" in chief.get("/desk/papers?lang=en").body
    assert "持证人可见" in sends(chief, number, "suspended", why=" ").body
    assert book.row(number).status is Status.VALID
    assert sends(chief, number, "suspended", why="后厨不洁").status == 200
    assert "后厨不洁" in chief.body
    row = book.row(number)
    assert (row.status, row.why) == (Status.SUSPENDED, "后厨不洁")
    entry = next(e for e, _ in hall.counter.processes.noted("licence_changed"))
    assert entry.by == "市场监管/Chief", "the log says who"
    sends(chief, number, "valid", why="已整改")
    assert book.row(number).status is Status.VALID


def test_what_is_revoked_stays_so_and_is_asked_for_twice(hall: Hall, number: str) -> None:
    chief = at_desk(hall, "Chief")
    assert "不可恢复" in sends(chief, number, "revoked", why="注销").body
    assert 'value="注销"' in chief.body, "what was typed is kept"
    assert hall.site.licences.row(number).status is Status.VALID
    sends(chief, number, "revoked", why="注销", sure="yes")
    assert hall.site.licences.row(number).status is Status.REVOKED
    assert "须重新申领" in chief.get(f"/desk/papers/{number}").body
    told = {"status": "valid", "was": "revoked", "why": "x"}
    again = chief.post(f"/desk/papers/{number}", **told, _token=token(hall, chief))
    assert again.status == 409


def test_other_offices_do_not_see_it_operators_only_look_and_a_stale_page_changes_nothing(
    hall: Hall, number: str
) -> None:
    fire = at_desk(hall, "Fire")
    assert number not in fire.get("/desk/papers").body
    assert f"XF{number[2:]}" in fire.body
    assert fire.get(f"/desk/papers/{number}").status == 404
    lin = at_desk(hall, "Lin")
    lin.get(f"/desk/papers/{number}")
    assert "须由发证部门审批人员办理" in lin.body
    told = {"status": "suspended", "was": "valid", "why": "x", "_token": token(hall, lin)}
    assert lin.post(f"/desk/papers/{number}", **told).status == 409
    chief = at_desk(hall, "Chief")
    told["_token"] = token(hall, chief)
    stale = chief.post(f"/desk/papers/{number}", **{**told, "was": "suspended"})
    assert stale.status == 409
    assert "已变动" in stale.body
    told["_token"] = ""
    assert chief.post(f"/desk/papers/{number}", **told).status == 403, "no token, no change"
    assert hall.site.licences.row(number).status is Status.VALID
