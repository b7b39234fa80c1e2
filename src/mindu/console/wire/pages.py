"""The pages over the wire: which page an address shows, and what is shown when it cannot be."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from mindu.base.records import Words
from mindu.console.ask import Ask, Bad, missing
from mindu.console.look import Look
from mindu.console.modelling.modelling import need
from mindu.console.pages.detail import story, thing
from mindu.console.pages.loop import STOPS
from mindu.console.pages.models import room
from mindu.console.pages.page import Page, Reader
from mindu.console.pages.public import PUBLIC
from mindu.console.pages.sheet import NOTHING, Said, sheet
from mindu.console.wire import account
from mindu.console.wire.desk import Desk
from mindu.console.wire.doors import maps
from mindu.console.wire.forms import CHANGES
from mindu.console.wire.reply import Reply, trouble_of
from mindu.console.wire.visit import Visit
from mindu.console.words import LANGS, say

MODELS = "models"  # the head of the modeller's pages
PAGE = Words("page", "页面")
START = Words("Start at `/`.", "请从首页开始。")

Make = Callable[[Look], Page]


def read(desk: Desk, visit: Visit, *, said: Said = NOTHING, status: int = 200) -> Reply:
    """Show the page of an address.

    Raises:
        Bad: there is none, or the reader must sign in for it.
    """
    if visit.query.get("key") and visit.path == "/":
        return account.by_link(desk, visit)
    make = _maker(desk, visit)
    told = Said(told=_told(visit)) if said is NOTHING else said
    region = visit.headers.get("x-mindu-part", "")
    cursor, looks = visit.query.get("at", ""), desk.looks
    if visit.may("viewer"):  # what only the log remembers costs work
        looks = desk.looks_of(visit.query.get("night", ""))
        looks.reach(cursor)
    with looks.feed.lock:
        look = looks.at(cursor, visit.lang)
        page = make(look)
        text = sheet(page, look, reader(desk, visit), told, region=region)
    if visit.query.get("lang") in LANGS:
        visit.keep("lang", visit.lang)
    if visit.query.get("theme"):
        visit.keep("theme", visit.theme)
    return Reply(status=max(status, page.status), body=text.encode())


def show(desk: Desk, visit: Visit, page: Page, said: Said = NOTHING) -> Reply:
    """Show a page that stands at no address of its own."""
    with desk.feed.lock:
        look = desk.looks.at("", visit.lang)
        text = sheet(page, look, reader(desk, visit), said)
    return Reply(status=page.status, body=text.encode())


def failure(desk: Desk, visit: Visit, no: Bad) -> Reply:
    """Show that a page cannot be shown, and why."""
    said = Said(trouble=trouble_of(no))
    if no.status == 401:
        here = f"{visit.path}?{urlencode(visit.query)}" if visit.query else visit.path
        return show(desk, visit, replace(account.sign_in(then=here), status=401), said)
    name = no.error.zh if visit.lang == "zh" else no.error.en
    page = Page(name="trouble", template="trouble.html", title=name, status=no.status)
    return show(desk, visit, page, said)


def reader(desk: Desk, visit: Visit) -> Reader:
    """Return who reads, for the templates."""
    return Reader(
        person=visit.person,
        role=visit.role,
        token=visit.token,
        theme=visit.theme,
        view=visit.view,
        demo=desk.demo,
        query={k: v for k, v in visit.query.items() if k != "told"},
        path=visit.path,
        beside=tuple((room.path, room.title) for room in desk.beside if room.path),
    )


def _maker(desk: Desk, visit: Visit) -> Make:
    path, ask = visit.path.rstrip("/") or "/", visit.ask
    head, _, rest = path.removeprefix("/").partition("/")
    if path == "/":
        head = "situation" if visit.may("viewer") else "status"
    own = account.page(desk, visit, head)
    if own is not None:
        return lambda _look: own
    if head in PUBLIC and not rest:
        return lambda look: PUBLIC[head](look, ask)
    if head == MODELS:
        return _models(desk, visit, rest)
    found = _console(head, rest, ask)
    if found is None:
        raise missing(PAGE, START)
    visit.must("viewer")
    return found


def _models(desk: Desk, visit: Visit, rest: str) -> Make:
    """Make a page of the modeller before anybody waits for the board: it may take long."""
    visit.must("viewer")
    office = need(desk.feed.modelling)
    least, make = room(rest)
    visit.must(least)
    with desk.feed.lock:
        seen = desk.looks.at("", visit.lang).seen
    page = make(office, visit.ask, seen)
    return lambda _look: page


def _console(head: str, rest: str, ask: Ask) -> Make | None:
    if head in STOPS and not rest:
        return lambda look: STOPS[head](look, ask)
    if head == "thing" and rest:
        return lambda look: thing(look, rest)
    if head == "why" and rest:
        return lambda look: story(look, Ask({"seq": rest}).whole("seq", -1))
    return None


def _told(visit: Visit) -> str:
    """Return what is said of the last thing done, if the address brings such a word."""
    known = {done for _, _, done in CHANGES.values()} | {"done_saved", *maps.SAID.values()}
    told = visit.query.get("told", "")
    return say(told, visit.lang) if told in known else ""
