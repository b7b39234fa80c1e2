"""Signing in: what a wrong word is told, forms that outlive a session, guesses and floods."""

from html import unescape
from re import search

from night import Night
from visitor import GOOD, NOW, Visitor

from mindu.console.contract.common import Role
from mindu.console.server import Serving, serving
from mindu.console.wire.limits import Buckets, Limits, Rate

pytest_plugins = ("served",)


def test_a_password_signs_in_and_a_wrong_one_does_not_say_what_was_wrong(desk: Serving) -> None:
    desk.desk.people.accounts.add("Lin", "operator", password=GOOD, now=NOW)
    visitor = Visitor(desk)
    said = {
        visitor.send("/api/v1/sign-in", {"name": name, "password": word}).text
        for name, word in (("Lin", "wrong-wrong"), ("Nobody", GOOD))
    }
    assert len(said) == 1
    before = visitor.jar["mindu"]
    good = visitor.send("/api/v1/sign-in", {"name": "Lin", "password": GOOD})
    assert (good.status, good.json["name"]) == (200, "Lin")
    assert visitor.jar["mindu"] != before
    assert "HttpOnly" in good.cookies[0]
    assert "SameSite=Strict" in good.cookies[0]
    assert visitor.send("/api/v1/sign-out").json["signed_in"] is False
    assert visitor.get("/api/v1/session").json["role"] == "viewer"


def test_guessing_is_slowed_down(night: Night) -> None:
    limits = Limits(sign_ins=Rate(0.01, 3))
    with serving(night, limits=limits) as desk:
        visitor = Visitor(desk)
        told = {"name": "Lin", "password": "guess-guess"}
        statuses = [visitor.send("/api/v1/sign-in", told).status for _ in range(5)]
    assert statuses == [403, 403, 403, 429, 429]


def test_a_flood_is_told_to_come_again(night: Night) -> None:
    with serving(night, limits=Limits(reads=Rate(0.5, 5))) as desk:
        answers = [Visitor(desk).get("/api/v1/session") for _ in range(8)]
    assert [got.status for got in answers].count(200) == 5
    late = answers[-1]
    assert late.status == 429
    assert int(late.headers["retry-after"]) >= 1


def test_a_bucket_fills_up_again_with_time() -> None:
    bucket = Buckets(Rate(2.0, 3.0))
    assert [bucket.take("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert bucket.take("a", 0.0) == 0.5
    assert bucket.take("b", 0.0) == 0.0
    assert bucket.take("a", 0.6) == 0.0


def test_a_form_sent_after_the_session_ended_is_carried_over_the_sign_in(
    desk: Serving, night: Night
) -> None:
    people = desk.desk.people
    people.accounts.add("Lin", "approver", password=GOOD, now=NOW)
    visitor = Visitor(desk).as_("approver", "Lin")
    people.sessions.shut(visitor.jar["mindu"])
    seq = night.board.waiting(night.now)[0].seq
    typed = "the tide turns at two, <b>hold</b> the gate"
    form = {"seq": seq, "answer": "yes", "reason": typed, "back": "/approvals"}
    page = visitor.form("/approvals/decide", form)
    assert page.status == 401
    carried = search(r'name="carried" value="([^"]*)"', page.text)
    assert carried is not None
    told = {"name": "Lin", "password": GOOD, "then": "/approvals"}
    told |= {"carried": unescape(carried[1]), "carried_to": "/approvals/decide"}
    review = visitor.form("/sign-in", told)
    assert review.status == 200
    assert "the tide turns at two" in review.text
    assert "<b>hold</b>" not in review.text
    assert night.board.waiting(night.now), "nothing is sent before it was read once more"
    assert visitor.form("/approvals/decide", form).status == 303
    assert getattr(night.board.decisions[seq].record, "note", "") == typed


def test_a_stale_form_comes_back_whole_with_a_fresh_token(officer: Visitor, night: Night) -> None:
    seq = night.board.waiting(night.now)[0].seq
    form = {"seq": seq, "answer": "yes", "reason": "typed long ago", "token": "old"}
    page = officer.form("/approvals/decide", form)
    assert page.status == 403
    assert "typed long ago" in page.text
    assert officer.token in page.text


def test_nobody_is_sent_to_another_site(desk: Serving) -> None:
    desk.desk.people.accounts.add("Lin", "viewer", password=GOOD, now=NOW)
    for then in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        told = {"name": "Lin", "password": GOOD, "then": then}
        assert Visitor(desk).form("/sign-in", told).headers["location"] == "/"


def ended(desk: Serving, role: Role) -> Visitor:
    """Return somebody whose session has just ended."""
    desk.desk.people.accounts.add("Lin", role, password=GOOD, now=NOW)
    visitor = Visitor(desk).as_(role, "Lin")
    desk.desk.people.sessions.shut(visitor.jar["mindu"])
    return visitor


def test_an_account_form_outlives_the_session_and_is_sent_once_it_was_read_again(
    desk: Serving,
) -> None:
    visitor = ended(desk, "admin")
    form = {"name": "Wang Xiaomei", "role": "operator"}
    page = visitor.form("/people/add?lang=en", form)
    assert page.status == 401
    assert "nothing is lost" in page.text
    carried = search(r'name="carried" value="([^"]*)"', page.text)
    assert carried is not None
    told = {"name": "Lin", "password": GOOD, "then": "/account"}
    told |= {"carried": unescape(carried[1]), "carried_to": "/people/add"}
    assert "Wang Xiaomei" in visitor.form("/sign-in", told).text
    assert visitor.form("/people/add", form).status == 303


def test_a_new_password_is_not_kept_over_a_sign_in_and_the_page_says_so(desk: Serving) -> None:
    visitor = ended(desk, "viewer")
    new = "another-orbit-77"
    page = visitor.form("/account/password?lang=en", {"old": GOOD, "password": new})
    assert page.status == 401
    assert "A password is never kept: type it again." in page.text
    assert new not in page.text
    assert GOOD not in page.text
    assert 'name="then" value="/account?lang=en"' in page.text
    assert desk.desk.people.accounts.check("Lin", GOOD) is not None, "nothing was changed"


def test_a_first_account_that_cannot_be_made_so_comes_back_with_the_name_that_was_typed(
    night: Night,
) -> None:
    night.mode = "live"
    with serving(night) as desk:
        visitor, key = Visitor(desk), desk.enter.partition("key=")[2]
        typed = {"key": key, "name": "Lin Zexu", "password": "short"}
        for more, status in (({}, 422), ({"token": "grown old"}, 403)):
            page = visitor.form("/first?lang=en", typed | more)
            assert page.status == status
            assert 'value="Lin Zexu"' in page.text
            assert f'name="key" value="{key}"' in page.text
            assert "A password is never kept: type it again." in page.text


def test_who_signs_out_after_the_session_ended_is_out(desk: Serving) -> None:
    assert ended(desk, "viewer").form("/sign-out", {}).headers["location"] == "/"
