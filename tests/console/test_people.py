"""People: first owner, passwords, passkeys, sessions that end, forms that survive, and floods."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from re import search

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from night import Night, stormy
from visitor import Visitor

from mindu.console.contract.common import ROLES, Role
from mindu.console.people.accounts import Wrong
from mindu.console.people.house import People
from mindu.console.people.password import Weak
from mindu.console.people.sessions import IDLE, WHOLE
from mindu.console.server import Serving, serving
from mindu.console.wire.limits import Buckets, Limits, Rate

pytest_plugins = ("served",)
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
GOOD = "kelp-orbit-quartz"


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


# -- the store --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password", ["short", "password-of-mine", "linlinlinlin", "aaaaaaaaaaaa", "x" * 201]
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(Weak):
        People().accounts.add("lin", "viewer", password=password, now=NOW)


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb", "a\x00b"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(Wrong):
        People().accounts.add(name, "viewer", now=NOW)


def test_a_session_ends_when_idle_and_in_any_case_after_a_week() -> None:
    people = People()
    people.accounts.add("Lin", "viewer", now=NOW)
    sid = people.sessions.open("Lin", NOW)
    assert people.sessions.who(sid, NOW + IDLE / 2) is not None
    assert people.sessions.who(sid, NOW + IDLE * 2) is None
    awake, now = people.sessions.open("Lin", NOW), NOW
    while now < NOW + WHOLE:
        assert people.sessions.who(awake, now) is not None
        now += IDLE / 2
    assert people.sessions.who(awake, now + timedelta(minutes=1)) is None


def test_a_new_password_ends_the_other_sessions() -> None:
    people = People()
    people.accounts.add("Lin", "viewer", password=GOOD, now=NOW)
    sid = people.sessions.open("Lin", NOW)
    people.accounts.set_password("Lin", "another-orbit-77")
    assert people.sessions.who(sid, NOW) is None
    assert people.accounts.check("Lin", GOOD) is None
    assert people.accounts.check("Lin", "another-orbit-77") is not None


def test_secrets_are_not_stored_as_they_are(tmp_path: Path) -> None:
    people = People(tmp_path)
    people.accounts.add("Lin", "admin", password=GOOD, now=NOW)
    sid, key = people.sessions.open("Lin", NOW), people.keys.key_for("Lin", "admin", NOW)
    people.close()
    file = tmp_path / "people.db"
    assert file.stat().st_mode & 0o077 == 0
    kept = file.read_bytes()
    for secret in (GOOD, sid, key):
        assert secret.encode() not in kept
    again = People(tmp_path)
    assert again.sessions.who(sid, NOW) is not None, "a restart under open pages signs nobody out"
    again.close()


def test_a_key_opens_once_and_not_after_its_day() -> None:
    people = People()
    key = people.keys.key_for("Lin", "admin", NOW)
    assert people.keys.use(key, NOW) == ("Lin", "admin")
    assert people.keys.use(key, NOW) is None
    late = people.keys.key_for("Lin", "admin", NOW)
    assert people.keys.use(late, NOW + timedelta(days=2)) is None


# -- passkeys ---------------------------------------------------------------------------------


class Authenticator:
    """A security key in software: it makes one credential and signs what it is asked."""

    def __init__(self, site: str, origin: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"credential-of-a-test"
        self.site, self.origin, self.count = site, origin, 0

    def create(self, asked: dict[str, str]) -> dict[str, object]:
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(0x45) + held
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told({"attestationObject": _b64(made)}, asked, "webauthn.create")

    def sign(self, asked: dict[str, str]) -> dict[str, object]:
        self.count += 1
        data = self._data(0x05)
        client = self._client(asked, "webauthn.get")
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": _b64(data), "signature": _b64(signature)}
        return self._told(parts, asked, "webauthn.get")

    def _data(self, flags: int) -> bytes:
        return sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, asked: dict[str, str], kind: str) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _told(self, parts: dict[str, str], asked: dict[str, str], kind: str) -> dict[str, object]:
        parts["clientDataJSON"] = _b64(self._client(asked, kind))
        return {
            "id": _b64(self.id),
            "rawId": _b64(self.id),
            "type": "public-key",
            "response": parts,
        }


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_passkey_is_made_once_and_signs_in(desk: Serving) -> None:
    host = f"localhost:{desk.port}"
    key = Authenticator("localhost", f"http://{host}")
    owner, guest = Visitor(desk).as_("operator", "Lin"), Visitor(desk)
    asked = owner.send("/api/v1/passkey/begin-enrol", Host=host).json
    made = owner.send("/api/v1/passkey/finish-enrol", key.create(asked), Host=host)
    assert made.status == 200, made.text
    asked = guest.send("/api/v1/passkey/begin-enter", Host=host).json
    entered = guest.send("/api/v1/passkey/finish-enter", key.sign(asked), Host=host)
    assert (entered.status, entered.json["name"]) == (200, "Lin")


def test_a_passkey_for_another_challenge_or_site_is_refused(desk: Serving) -> None:
    host = f"localhost:{desk.port}"
    key = Authenticator("localhost", f"http://{host}")
    owner, guest = Visitor(desk).as_("operator", "Lin"), Visitor(desk)
    asked = owner.send("/api/v1/passkey/begin-enrol", Host=host).json
    owner.send("/api/v1/passkey/finish-enrol", key.create(asked), Host=host)
    asked = guest.send("/api/v1/passkey/begin-enter", Host=host).json
    answer = key.sign(asked)
    assert guest.send("/api/v1/passkey/finish-enter", answer, Host=host).status == 200
    again = Visitor(desk).send("/api/v1/passkey/finish-enter", answer, Host=host)
    assert again.status == 403, "a challenge is answered once"
    stranger = Visitor(desk)
    asked = stranger.send("/api/v1/passkey/begin-enter", Host=host).json
    key.origin = "http://elsewhere.example"
    assert stranger.send("/api/v1/passkey/finish-enter", key.sign(asked), Host=host).status == 403
