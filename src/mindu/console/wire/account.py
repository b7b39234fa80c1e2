"""Accounts over the wire: signing in and out, one-time links, passwords, and who has which role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from mindu.base.records import Words
from mindu.console.ask import Bad, wrong
from mindu.console.contract.common import ROLES, Role
from mindu.console.pages.page import Page
from mindu.console.people.accounts import Wrong
from mindu.console.people.password import Weak
from mindu.console.wire import entry
from mindu.console.wire.desk import Desk
from mindu.console.wire.form import Form
from mindu.console.wire.reply import Reply, elsewhere
from mindu.console.wire.visit import NOTHING_LOST, PLEASE, Visit

TAKEN = Words("Change it and try again.", "请修改后重试。")
RETYPE = Words("A password is never kept: type it again.", "口令不作保留,请重新输入。")
SAVED = "/account?told=done_saved"
FIRST, OUT, PASSWORD = "/first", "/sign-out", "/account/password"


def page(desk: Desk, visit: Visit, name: str) -> Page | None:
    """Return the page of that name, if it is one of ours.

    Raises:
        Bad: it is for somebody who signed in.
    """
    if name == "sign-in":
        return sign_in(then=visit.query.get("then", "/"))
    if name == "first":
        return first(desk, visit)
    if name != "account":
        return None
    if visit.person is None:
        raise Bad(401, PLEASE, NOTHING_LOST)
    return Page(
        name="account",
        template="account.html",
        title="account",
        shows={
            "passkeys": desk.people.keys.passkeys(visit.person.name),
            "people": desk.people.accounts.everybody(),
            "roles": ROLES[1:],
            "link": visit.query.get("link", "") if visit.role == "admin" else "",
        },
    )


def sign_in(*, then: str, carried: str = "", to: str = "") -> Page:
    """Return the sign-in page; `carried` is a form that waits to be sent afterwards."""
    shows = {"then": then, "carried": carried, "carried_to": to}
    return Page(name="sign-in", template="sign_in.html", title="sign_in", shows=shows)


def first(desk: Desk, visit: Visit) -> Page:
    """Return the page that makes an account with a one-time key.

    Raises:
        Bad: the key was used, or is too old.
    """
    key = visit.query.get("key", "")
    offered = desk.people.keys.offered(key, desk.now)
    if offered is None:
        raise Bad(403, entry.NO_KEY, entry.NEW_KEY)
    shows = {"key": key, "offered": offered[0]}
    return Page(name="first", template="first.html", title="first", shows=shows)


def by_link(desk: Desk, visit: Visit) -> Reply:
    """Let in whoever holds a one-time link: at once in the demo, else by way of a first account."""
    if visit.person is not None:
        return elsewhere("/situation")
    key = visit.query["key"]
    offered = desk.people.keys.offered(key, desk.now)
    if offered is not None and not (desk.demo and offered[0]):
        return elsewhere(f"/first?key={quote(key)}")
    desk.let_in(visit, entry.by_key(desk, visit, key))
    return elsewhere("/situation")


def known(visit: Visit) -> None:
    """Let nobody change an account whose session ended meanwhile.

    Raises:
        Bad: somebody must sign in first; says what is kept of the form.
    """
    if visit.person is None and visit.path not in {FIRST, OUT}:
        raise Bad(401, PLEASE, RETYPE if visit.path == PASSWORD else NOTHING_LOST)


def _make_first(desk: Desk, visit: Visit, form: Form) -> Reply:
    key = form.one("key")
    name = entry.first(desk, visit, key, name=form.one("name"), password=form.one("password"))
    desk.let_in(visit, name)
    return elsewhere("/situation")


def _sign_out(desk: Desk, visit: Visit, _form: Form) -> Reply:
    desk.let_out(visit)
    return elsewhere("/")


def _password(desk: Desk, visit: Visit, form: Form) -> Reply:
    person = visit.person
    assert person is not None, "whoever is unknown was asked to sign in"
    accounts = desk.people.accounts
    if person.password and accounts.check(person.name, form.one("old")) is None:
        raise Bad(403, entry.NOT_YOU, entry.TRY, field="old")
    try:
        accounts.set_password(person.name, form.one("password"))
    except Weak as no:
        raise Bad(422, no.says, TAKEN, field="password") from no
    desk.let_in(visit, person.name)
    return elsewhere(SAVED)


def _add(desk: Desk, visit: Visit, form: Form) -> Reply:
    visit.must("admin")
    name = form.one("name")
    if not name or desk.people.accounts.person(name):
        raise wrong("name", "a name that nobody has yet", "尚未使用的姓名")
    return _offer(desk, name, _role(form))


def _link(desk: Desk, visit: Visit, form: Form) -> Reply:
    visit.must("admin")
    person = desk.people.accounts.person(form.one("name"))
    if person is None:
        raise wrong("name", "somebody's name", "已有人员的姓名")
    return _offer(desk, person.name, person.role)


def _set_role(desk: Desk, visit: Visit, form: Form) -> Reply:
    visit.must("admin")
    with _told():
        desk.people.accounts.set_role(form.one("name"), _role(form))
    return elsewhere(SAVED)


def _set_department(desk: Desk, visit: Visit, form: Form) -> Reply:
    visit.must("admin")
    with _told():
        desk.people.accounts.set_department(form.one("name"), form.one("department"))
    return elsewhere(SAVED)


def _remove(desk: Desk, visit: Visit, form: Form) -> Reply:
    visit.must("admin")
    name = form.one("name")
    if form.one("typed") != name:
        raise wrong("typed", f"the name {name!r}", f"姓名“{name}”")
    with _told():
        desk.people.accounts.remove(name)
    return elsewhere(SAVED)


def _offer(desk: Desk, name: str, role: Role) -> Reply:
    key = desk.people.keys.key_for(name, role, desk.now)
    return elsewhere(f"/account?link={quote(f'/first?key={key}')}")


def _role(form: Form) -> Role:
    told = form.one("role")
    if told not in ROLES[1:]:
        raise wrong("role", " | ".join(ROLES[1:]), " | ".join(ROLES[1:]))
    return told


@contextmanager
def _told() -> Iterator[None]:
    """Tell a person why an account cannot be changed so."""
    try:
        yield
    except Wrong as no:
        raise Bad(409, Words(str(no), str(no)), TAKEN) from no


# Forms that outlive a sign-in in between: they hold no secret.
KEPT = ("/people/add", "/people/link", "/people/role", "/people/department", "/people/remove")
FORMS: dict[str, Callable[[Desk, Visit, Form], Reply]] = {
    FIRST: _make_first,
    OUT: _sign_out,
    PASSWORD: _password,
    "/people/add": _add,
    "/people/link": _link,
    "/people/role": _set_role,
    "/people/department": _set_department,
    "/people/remove": _remove,
}
