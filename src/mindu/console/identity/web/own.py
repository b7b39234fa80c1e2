"""One's own page: what is known of me, who may know it, who did, and who acts for whom."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from mindu.base.records import Entry, Event, Words
from mindu.brain.casework.calendar import CITY
from mindu.console.identity.book import SUBJECT, WITHDRAWN
from mindu.console.identity.claims import CLAIMS, SCOPES
from mindu.console.identity.delegated import MAY, RELATIONS, Delegation, NotSo
from mindu.console.identity.levels import ACR, SAYS
from mindu.console.identity.web import asking, entering
from mindu.console.identity.web.site import Visit

EVENTS = {
    "identity_enrolled": Words("account made", "注册账号"),
    "identity_signed_in": Words("signed in", "登录"),
    "identity_signed_out": Words("signed out", "退出"),
    "identity_bound": Words("online identity bound", "绑定网证"),
    "identity_granted": Words("you let a client know", "您授权应用"),
    "identity_withdrawn": Words("taken back", "收回授权"),
    "identity_used": Words("a client was told of you", "应用使用了您的信息"),
    "identity_refused": Words("refused", "已拒绝"),
    "delegation_offered": Words("you offered a delegation", "您发出委托"),
    "delegation_accepted": Words("your delegation was accepted", "委托被接受"),
    "delegation_ended": Words("delegation ended", "委托终止"),
    "delegation_used": Words("somebody acted for you", "受托人代您办理"),
}
SHOWN = ("scope", "claims", "acr", "what", "matter", "why")  # of an entry, on one's own page


def own(visit: Visit) -> Response:
    """Show what is mine; who is not signed in does so first."""
    if visit.session is None:
        return entering.show(visit)
    return page_of(visit, None)


def take_back(visit: Visit) -> Response:
    """Take a consent back; the client's next use is refused."""
    if visit.session is None:
        return entering.show(visit)
    house, subject, client = visit.house, visit.session.subject.id, visit.one("client")
    if house.consents.take_back(subject, client):
        house.tickets.end_all("taken back", subject=subject, client=client)
        told = {"client": client, "what": "consent"}
        house.book.write(WITHDRAWN, told, about=f"{SUBJECT}{subject}", by=subject, now=house.now())
    return visit.to("/")


def accept(visit: Visit) -> Response:
    """Accept to act for somebody."""
    if visit.session is None:
        return entering.show(visit)
    try:
        visit.house.delegations.accept(visit.session, visit.one("id"), visit.house.now())
    except NotSo as no:
        return page_of(visit, no.says, 422)
    return visit.to("/")


def end(visit: Visit) -> Response:
    """End a delegation, or turn an offer down; tokens that rest on it end with it."""
    if visit.session is None:
        return entering.show(visit)
    house, name = visit.house, visit.one("id")
    try:
        told = house.delegations.end(visit.session.subject.id, name, house.now())
    except NotSo as no:
        return page_of(visit, no.says, 422)
    house.tickets.end_all("delegation ended", subject=told.delegate, acting=told.id)
    return visit.to("/")


def credential(visit: Visit) -> Response:
    """Show a delegation as a credential that a counter can check."""
    if visit.session is None:
        return entering.show(visit)
    told = visit.house.delegations.find(visit.one("id"))
    me, now = visit.session.subject.id, visit.house.now()
    if told is None or me not in {told.principal, told.delegate} or not told.holds(now):
        return visit.trouble(
            Words("There is no such delegation in force.", "没有有效的委托。"), 404
        )
    signed = visit.house.delegations.credential(told, _names(visit, told), visit.house.issuer, now)
    return visit.page("credential", told=_row(visit, told), signed=signed)


def check(visit: Visit) -> Response:
    """Check a credential that somebody shows at a counter, and write the use down."""
    if visit.request.method != "POST":
        return visit.page("check", error=None, told=None, may=MAY)
    if visit.session is None or visit.session.subject.kind != "staff":
        return entering.show(visit)
    house, now = visit.house, visit.house.now()
    try:
        told = house.delegations.shown(visit.one("credential"), now)
        house.delegations.use(told, what=visit.one("what"), matter=visit.one("matter"),
                              by=visit.session.subject.id, now=now)  # fmt: skip
    except NotSo as no:
        return visit.page("check", 422, error=no.says, told=None, may=MAY)
    return visit.page("check", error=None, told=_row(visit, told), may=MAY)


def page_of(visit: Visit, error: Words | None, status: int = 200) -> Response:
    """Return one's own page; what was typed into a refused form stands there still."""
    session, house = visit.session, visit.house
    assert session is not None, "one's own page is somebody's"
    me, now = session.subject.id, house.now()
    clients = {client.id: client.name for client in house.clients.every()}
    consents = [(one, clients.get(one.client), f"{one.until.astimezone(CITY):%Y-%m-%d}")
                for one in house.consents.every(me, now)]  # fmt: skip
    given = [_row(visit, one) for one in house.delegations.given(me)]
    held = [_row(visit, one) for one in house.delegations.held(me)]
    return visit.page(
        "own", status, error=error, facts=house.citizens.facts(me), consents=consents,
        given=given, held=held, levels=SAYS, scopes=SCOPES, relations=RELATIONS, may=MAY,
        proof=house.proof, events=[_event(visit, entry, clients) for entry in house.book.of(me)],
        keys=house.citizens.keys.passkeys(session.subject.name),
        soon=f"{now.astimezone(CITY) + timedelta(days=90):%Y-%m-%d}", matters=house.matters,
        typed=visit.sent if error else {},
    )  # fmt: skip


def _row(visit: Visit, told: Delegation) -> dict[str, Any]:
    """Return a delegation as a page shows it."""
    now, names = visit.house.now(), _names(visit, told)
    state = Words("over", "已终止")
    if told.holds(now):
        state = Words("in force", "生效中")
    elif told.ended is None and now >= told.until:
        state = Words("ran out", "已到期")
    elif told.accepted is None and told.ended is None:
        state = Words("waits for a yes", "待接受")
    return {
        "id": told.id, "principal": names[0], "delegate": names[1], "state": state,
        "relation": RELATIONS[told.relation], "may": [MAY[one] for one in told.may],
        "matters": asking.matters(visit, told.matters), "until": told.last,
        "open": told.accepted is None and told.ended is None, "holds": told.holds(now),
        "ended": told.ended is not None,
    }  # fmt: skip


def _names(visit: Visit, told: Delegation) -> tuple[str, str]:
    facts = visit.house.citizens.facts
    first, second = (str(facts(one).get("name", "")) for one in (told.principal, told.delegate))
    return first, second


def _event(visit: Visit, entry: Entry, clients: dict[str, Words]) -> tuple[str, Words, str]:
    record = entry.record
    assert isinstance(record, Event), "the book of identities holds events"
    args = dict(record.args)
    client = clients.get(str(args.pop("client", "")))
    told = [visit.say(client)] if client else []
    told += [_said(visit, k, str(args[k])) for k in SHOWN if args.get(k)]
    at = f"{entry.at.astimezone(CITY):%Y-%m-%d %H:%M}"
    return at, EVENTS.get(record.name, Words(record.name, record.name)), " · ".join(told)


def _said(visit: Visit, name: str, value: str) -> str:
    """Return an argument as people read it: by what it means, not by its name."""
    known: Mapping[str, Words] = {
        "acr": {acr: SAYS[level] for level, acr in ACR.items()}, "matter": visit.house.matters,
        "scope": {one: scope.says for one, scope in SCOPES.items()}, "claims": CLAIMS,
    }.get(name, {})  # fmt: skip
    parts = value.replace(",", " ").split() if name in {"scope", "claims"} else [value]
    said = (visit.say(known.get(one, Words(one, one))) for one in parts)
    return visit.say(Words(", ", "、")).join(said)
