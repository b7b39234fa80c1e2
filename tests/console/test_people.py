"""People: the first owner, guests, what each role may do, and who may be taken away."""

from collections.abc import Iterator
from re import search

import pytest
from night import stormy
from visitor import GOOD, NOW, Visitor

from mindu.console.contract.common import ROLES, Role
from mindu.console.server import Serving, serving

pytest_plugins = ("served",)


@pytest.fixture
def real() -> Iterator[Serving]:
    """The same city, no pretence: a guest sees the public pages alone."""
    night = stormy()
    night.mode = "live"
    with serving(night) as desk:
        yield desk


def test_the_demo_lets_its_first_reader_in_by_the_printed_link_once(desk: Serving) -> None:
    path = "/" + desk.enter.removeprefix(desk.url)
    first, second = Visitor(desk), Visitor(desk)
    assert first.get(path).headers["location"] == "/situation"
    assert first.get("/api/v1/session").json["role"] == "admin"
    assert second.get(path).status == 403
    assert second.get("/api/v1/session").json["role"] == "viewer"


def test_a_real_city_makes_its_owner_by_a_link_and_a_password(real: Serving) -> None:
    visitor = Visitor(real)
    path = "/" + real.enter.removeprefix(real.url)
    where = visitor.get(path).headers["location"]
    assert where.startswith("/first?key=")
    key = where.partition("key=")[2]
    weak = visitor.form("/first", {"key": key, "name": "Lin", "password": "password123"})
    assert weak.status == 422
    made = visitor.form("/first", {"key": key, "name": "Lin", "password": GOOD})
    assert made.status == 303
    assert visitor.get("/api/v1/session").json["role"] == "admin"
    assert Visitor(real).get(where).status == 403
    assert real.enter == "", "an owner who can sign in again needs no further key"


def test_a_guest_of_a_real_city_sees_the_public_pages_alone(real: Serving) -> None:
    guest = Visitor(real)
    for page in ("/", "/status", "/warnings", "/decisions", "/score-cards", "/accessibility"):
        assert guest.get(page).status == 200, page
    for page in ("/situation", "/alerts", "/approvals", "/data", "/why/14", "/thing/J2", "/report"):
        assert guest.get(page).status == 401, page
    for path in ("alerts", "entities", "why/14", "log", "stream", "points"):
        assert guest.get(f"/api/v1/{path}").status == 401, path


@pytest.mark.parametrize("role", ROLES[1:])
def test_each_role_may_do_what_those_before_it_may(desk: Serving, role: Role) -> None:
    visitor = Visitor(desk).as_(role)
    held = visitor.get("/api/v1/alerts").json["items"][0]["seq"]
    asked = visitor.get("/api/v1/approvals?state=waiting").json["items"][0]["seq"]
    reach = ROLES.index(role)
    ack = {"verb": "ack", "seqs": [held], "reason": "x"}
    yes = {"seqs": [asked], "yes": True, "reason": "x"}
    back = {"seq": 1, "reason": "x"}
    wanted = (("alerts/act", ack, 2), ("approvals/decide", yes, 3), ("lessons/take-back", back, 4))
    for path, told, least in wanted:
        assert (visitor.send(f"/api/v1/{path}", told).status == 200) == (reach >= least), path
    added = visitor.form("/people/add", {"name": "Wang", "role": "viewer"}).status
    assert (added == 303) == (role == "admin")


def test_the_last_admin_cannot_be_taken_away_and_a_removal_is_typed(desk: Serving) -> None:
    admin = Visitor(desk).as_("admin", "Lin")
    desk.desk.people.accounts.add("Wang", "viewer", now=NOW)
    gone = {"name": "Wang", "typed": "Wan"}
    assert admin.form("/people/remove", gone).status == 422
    assert admin.form("/people/remove", gone | {"typed": "Wang"}).status == 303
    assert desk.desk.people.accounts.person("Wang") is None
    last = admin.form("/people/remove?lang=en", {"name": "Lin", "typed": "Lin"})
    assert last.status == 409
    assert "last admin" in last.text


def test_an_invitation_makes_an_account_with_its_role(desk: Serving) -> None:
    admin = Visitor(desk).as_("admin", "Lin")
    where = admin.form("/people/add", {"name": "Wang", "role": "operator"}).headers["location"]
    link = search(r"key%3D([\w-]+)", where)
    assert link is not None
    guest = Visitor(desk)
    made = guest.form("/first", {"key": link[1], "name": "ignored", "password": GOOD})
    assert made.status == 303
    session = guest.get("/api/v1/session").json
    assert (session["name"], session["role"]) == ("Wang", "operator")
