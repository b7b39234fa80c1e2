"""The store of people: what is refused, when a session and a key end, and no secret as it is."""

from datetime import timedelta
from pathlib import Path

import pytest
from visitor import GOOD, NOW

from mindu.console.people.accounts import Accounts, Wrong
from mindu.console.people.house import People
from mindu.console.people.password import Weak
from mindu.console.people.sessions import IDLE, WHOLE
from mindu.console.people.store import Store


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


def test_an_account_may_name_the_one_department_that_it_signs_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "people.db")
    accounts = Accounts(store)
    accounts.add("zhou", "steward", now=NOW)
    accounts.set_department("zhou", "350100-slj")
    held = accounts.person("zhou")
    assert held is not None
    assert held.department == "350100-slj"
    assert [one.department for one in accounts.everybody()] == ["350100-slj"]
    for name, code in (("nobody", "x"), ("zhou", "x" * 61), ("zhou", "a\nb")):
        with pytest.raises(Wrong):
            accounts.set_department(name, code)
    accounts.set_department("zhou", "")
    assert [one.department for one in accounts.everybody()] == [""]
    store.close()
