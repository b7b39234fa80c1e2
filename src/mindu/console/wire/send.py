"""Sending a form: it is done, or comes back as it was typed; a sign-in between loses nothing."""

from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import msgspec

from mindu.base.records import Words
from mindu.console.ask import Bad, missing
from mindu.console.contract.common import Failed, SignIn, Trouble
from mindu.console.pages.loop import STOPS
from mindu.console.pages.page import Page
from mindu.console.pages.sheet import NOTHING, Said
from mindu.console.wire import account, entry
from mindu.console.wire.desk import Desk
from mindu.console.wire.doors import maps
from mindu.console.wire.form import Form
from mindu.console.wire.forms import CHANGES
from mindu.console.wire.pages import MODELS, PAGE, START, failure, read, show
from mindu.console.wire.reply import Reply, elsewhere, trouble_of
from mindu.console.wire.visit import Visit

SECRET = frozenset({"token", "password", "old", "key", "carried", "carried_to", "then"})
CARRIED = 60_000  # characters of a form carried over a sign-in
KEPT = frozenset({*CHANGES, *account.KEPT})  # forms that outlive a sign-in
SECRETIVE = (account.FIRST, account.PASSWORD)  # what they hold is never carried
SEVERAL = 10  # times that a field may come on average
SOME = Words("Not everything could be done.", "部分未能完成。")
EACH = Words("Each says why.", "逐项说明如下。")
WHY = Words("Look at the page again.", "请再看一遍页面。")


class Undone(Bad):
    """Part of a change was not done."""

    def __init__(self, failed: tuple[Failed, ...]) -> None:
        """Say of each part why."""
        alone = len(failed) == 1
        super().__init__(409, failed[0].why if alone else SOME, WHY if alone else EACH)
        self.failed = () if alone else failed


def send(desk: Desk, visit: Visit) -> Reply:
    """Take a form; what cannot be done comes back with what was typed."""
    if visit.path in maps.SAID:
        return _map(desk, visit)
    form = Form(_fields(visit.body, desk.limits.fields))
    try:
        if visit.path == "/sign-in":
            return _sign_in(desk, visit, form)
        own = account.FORMS.get(visit.path)
        if own is not None:
            visit.from_here()
            account.known(visit)
            visit.trusted(form.one("token"))
        return (own or _change)(desk, visit, form)
    except Bad as no:
        return _again(desk, visit, form, no)


def _map(desk: Desk, visit: Visit) -> Reply:
    """Take a map; where it cannot be, what was typed stays, and the file is chosen again."""
    form = Form({})
    try:
        told = maps.sent(visit)
        form = Form({name: [value] for name, value in told.fields.items()})
        done = maps.change(desk, visit, told)
    except Bad as no:
        return _again(desk, visit, form, no)
    return elsewhere(_with(form.one("back") or "/data", told=done))


def _change(desk: Desk, visit: Visit, form: Form) -> Reply:
    if visit.path not in CHANGES:
        raise missing(PAGE, START)
    least, change, told = CHANGES[visit.path]
    visit.must(least)
    visit.trusted(form.one("token"))
    assert visit.person is not None
    with desk.feed.lock:
        look = desk.looks.at("", visit.lang)
    done = change(look, form, visit.person.name)
    if done.failed:
        raise Undone(done.failed)
    return elsewhere(_with(form.one("back") or _home(visit.path), told=told))


def _sign_in(desk: Desk, visit: Visit, form: Form) -> Reply:
    visit.trusted(form.one("token"))
    told = SignIn(name=form.one("name"), password=form.one("password"))
    carried, to = form.one("carried"), form.one("carried_to")
    try:
        name = entry.by_password(desk, visit, told)
    except Bad as no:
        page = account.sign_in(then=form.one("then"), carried=carried, to=to)
        typed = {"name": [told.name]}
        said = Said(trouble=trouble_of(no), typed=typed)
        return show(desk, visit, replace(page, status=no.status), said)
    desk.let_in(visit, name)
    if carried:
        return _resume(desk, visit, carried, to)
    return elsewhere(form.one("then") or "/")


def _again(desk: Desk, visit: Visit, form: Form, no: Bad) -> Reply:
    """Show the page that the form came from once more, with what was typed and what is wrong."""
    if no.status == 401 or (no.field == "token" and visit.path not in SECRETIVE):
        return _carry(desk, visit, form, no)
    said = Said(
        trouble=_retyped(no, form),
        failed=no.failed if isinstance(no, Undone) else (),
        typed={k: v for k, v in form.typed.items() if k not in SECRET},
    )
    first = f"{account.FIRST}?{urlencode({'key': form.one('key')})}"
    home = first if visit.path == account.FIRST else _home(visit.path)
    where = urlsplit(form.one("back") or home)
    visit.path, lang = where.path or "/", visit.lang
    visit.query = dict(parse_qsl(where.query)) | {"lang": lang}
    try:
        return read(desk, visit, said=said, status=no.status)
    except Bad:
        return failure(desk, visit, no)


def _retyped(no: Bad, form: Form) -> Trouble:
    """Return what is wrong, and that a password which was typed is not kept."""
    told, more = trouble_of(no), account.RETYPE
    if not form.one("password"):
        return told
    mend = Words(f"{told.mend.en} {more.en}", f"{told.mend.zh}{more.zh}")
    return msgspec.structs.replace(told, mend=mend)


def _carry(desk: Desk, visit: Visit, form: Form, no: Bad) -> Reply:
    """Keep what was typed over a sign-in, or over a form that had grown stale."""
    kept = [(k, v) for k, values in form.typed.items() if k not in SECRET for v in values]
    text = msgspec.json.encode(kept).decode()
    if visit.path == account.PASSWORD:
        visit.path, visit.query = "/account", {"lang": visit.lang}
    if len(text) > CARRIED or visit.path not in KEPT:
        return failure(desk, visit, no)
    said = Said(trouble=trouble_of(no))
    if no.status == 401:
        page = account.sign_in(then=form.one("back"), carried=text, to=visit.path)
        return show(desk, visit, replace(page, status=401), said)
    return _resume(desk, visit, text, visit.path, said)


def _resume(desk: Desk, visit: Visit, text: str, action: str, said: Said = NOTHING) -> Reply:
    """Show a form that was carried over, to be read once more and sent with a fresh token."""
    try:
        fields = msgspec.json.decode(text, type=list[tuple[str, str]])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return elsewhere("/")
    if action not in KEPT:
        return elsewhere("/")
    visit.path, visit.query = _home(action), {"lang": visit.lang}
    page = Page(
        name="resume",
        template="resume.html",
        title="resume",
        shows={"fields": fields, "action": action},
        status=said.trouble.status if said.trouble else 200,
    )
    return show(desk, visit, page, said)


def _fields(body: bytes, most: int) -> dict[str, list[str]]:
    try:
        text = body.decode("utf-8")
        return parse_qs(text, keep_blank_values=True, max_num_fields=most * SEVERAL)
    except ValueError as no:
        says = Words("The form cannot be read.", "表单无法读取。")
        raise Bad(400, says, Words("Load the page again.", "请重新载入。")) from no


def _home(path: str) -> str:
    """Return the page that a form's address belongs to."""
    head = path.removeprefix("/").partition("/")[0]
    return (
        f"/{head}"
        if head in {*STOPS, MODELS}
        else "/account"
        if head in {"people", "account"}
        else "/"
    )


def _with(where: str, **told: str) -> str:
    parts = urlsplit(where)
    return f"{parts.path}?{urlencode(dict(parse_qsl(parts.query)) | told)}"
