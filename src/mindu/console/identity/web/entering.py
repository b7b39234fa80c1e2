"""Entering: by password or 网证; each proof opens a new session, and is written down."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from mindu.base.records import Words
from mindu.brain.casework.calendar import CITY
from mindu.console.identity.book import BOUND, ENROLLED, REFUSED, SIGNED_IN, SUBJECT
from mindu.console.identity.citizens import Subject
from mindu.console.identity.levels import PASSWORD, acr_of
from mindu.console.identity.proof import Proven, Simulator
from mindu.console.identity.web import asking
from mindu.console.identity.web.site import Visit
from mindu.console.people.accounts import Wrong
from mindu.console.people.password import Weak

NOT_YOU = Words("The name or the password is wrong.", "账号或口令有误。")
SLOW = Words("Too many attempts: wait a minute.", "尝试次数过多,请一分钟后再试。")
NOBODY = Words("Nobody here is bound to this identity: sign in once and bind it.",
               "该网证尚未绑定账号:请先登录后绑定。")  # fmt: skip
SCRIPT = "passkey.js"
FIELDS = {"person": ("name", "phone"), "firm": ("name", "phone", "org_name", "credit_code")}


def show(visit: Visit) -> Response:
    """Show the sign-in page."""
    return visit.page("sign_in", r=visit.one("r"), client=None, wanted=1, says=None,
                      proof=visit.house.proof, error=None)  # fmt: skip


async def by_password(visit: Visit) -> Response:
    """Sign somebody in by name and password."""
    name, now = visit.one("name"), visit.house.now()
    if visit.slow(name):
        return visit.trouble(SLOW, 429)
    told = (visit.one("kind") or "person", name, visit.sent.get("password", [""])[0], now)
    subject = await run_in_threadpool(visit.house.citizens.check, *told)
    if subject is None:
        about = f"name:{len(name)}"  # what was typed may be a password
        visit.house.book.write(REFUSED, {"why": "password"}, about=about, by="nobody", now=now)
        return visit.page("sign_in", 403, r=visit.one("r"), client=None, wanted=1, says=None,
                          proof=visit.house.proof, error=NOT_YOU)  # fmt: skip
    return entered(visit, subject, PASSWORD)


def entered(visit: Visit, subject: Subject, amr: Collection[str]) -> Response:
    """Go on under a new session."""
    let_in(visit, subject, amr)
    name = visit.one("r")
    return visit.to(f"/go?r={name}" if name else "/")


def let_in(visit: Visit, subject: Subject, amr: Collection[str]) -> None:
    """Open a session, or a stronger one, and write down how it was proved."""
    house, now = visit.house, visit.house.now()
    visit.signed(house.signed.open(subject, amr, now, old=visit.sid))
    assert visit.session is not None, "a session that was just opened holds"
    told = {"amr": " ".join(amr), "acr": acr_of(visit.session.amr)}
    house.book.write(SIGNED_IN, told, about=f"{SUBJECT}{subject.id}", by=subject.id, now=now)


def enrol(visit: Visit) -> Response:
    """Make an account for a person or a firm."""
    kind = "firm" if visit.one("kind") == "firm" else "person"
    if visit.request.method != "POST":
        return visit.page("enrol", kind=kind, r=visit.one("r"), error=None, values={})
    if visit.slow():
        return visit.trouble(SLOW, 429)
    values = {field: visit.one(field)[:120] for field in FIELDS[kind]}
    try:
        made = _made(visit, kind, values)
    except Weak as no:
        error = no.says
    except Wrong as no:
        error = Words(str(no), "账号名已被使用或不符合要求")
    else:
        return entered(visit, made, PASSWORD)
    return visit.page("enrol", 422, kind=kind, r=visit.one("r"), error=error, values=values)


def _day(now: datetime) -> str:
    """Return the day that it is in the city."""
    return f"{now.astimezone(CITY):%Y-%m-%d}"


def _made(visit: Visit, kind: str, values: dict[str, str]) -> Subject:
    now, password = visit.house.now(), visit.sent.get("password", [""])[0]
    facts = {**values, "source": "本人填报 told by themselves", "as_of": _day(now)}
    made = visit.house.citizens.enrol(visit.one("account"), kind, password, facts, now=now)
    about = f"{SUBJECT}{made.id}"
    visit.house.book.write(ENROLLED, {"kind": kind}, about=about, by=made.id, now=now)
    return made


# 网证


def prove(visit: Visit) -> Response:
    """Begin a proof by 网证: to sign in, to be stronger, or to bind it."""
    if visit.house.proof is None:
        return visit.trouble(Words("No such proof here.", "本平台未接入网证。"), 404)
    to = visit.house.proof.begin(_back(visit), visit.house.now())
    return RedirectResponse(to, 303)


def proved(visit: Visit) -> Response:
    """Take the browser back from a proof."""
    house, now = visit.house, visit.house.now()
    found = None
    if house.proof is not None:
        found = house.proof.finish(visit.one("proof"), _back(visit), now)
    if found is None:
        return visit.trouble(Words("The proof was not completed.", "网证验证未完成。"), 403)
    subject = house.citizens.bound(found.bid)
    if visit.one("bind") and visit.session is not None:
        return _bind(visit, visit.session.subject, found)
    if subject is None or (visit.session is not None and visit.session.subject.id != subject.id):
        return visit.trouble(NOBODY, 403)
    return entered(visit, subject, found.amr)


def _bind(visit: Visit, subject: Subject, found: Proven) -> Response:
    house, now = visit.house, visit.house.now()
    try:
        house.citizens.bind(subject, found.bid, found.source, now)
    except Wrong:
        other = Words("This identity is bound to another account.", "该网证已绑定其他账号。")
        return visit.trouble(other, 409)
    facts = {**found.facts, "proved_by": found.source, "proved_on": _day(now)}
    house.citizens.learn(subject.id, facts)
    told = {"how": found.source}
    house.book.write(BOUND, told, about=f"{SUBJECT}{subject.id}", by=subject.id, now=now)
    return entered(visit, subject, found.amr)


def pretend(visit: Visit) -> Response:
    """Show the simulator's page, or take who was chosen; it is there in a pretend city alone."""
    proof = visit.house.proof
    if not isinstance(proof, Simulator):
        return visit.trouble(Words("No simulator here.", "此处没有模拟器。"), 404)
    if visit.request.method == "POST":
        back = proof.choose(visit.one("proof"), visit.one("who"), visit.house.now())
        if back is not None:
            return RedirectResponse(back, 303)
    query = parse_qs(urlsplit(proof.back(visit.one("proof"))).query)
    visit.posts_to = asking.leads(visit, query.get("r", [""])[0])
    return visit.page("pretend", says=proof.says, proof=visit.one("proof"), people=proof.people)


def _back(visit: Visit) -> str:
    """Return where a proof comes back to: of this browser, for this request."""
    bind = "&bind=1" if visit.one("bind") else ""
    r = f"&r={visit.one('r')}" if visit.one("r") else ""
    return f"{visit.house.issuer}/proved?k={visit.token()[:16]}{bind}{r}"
