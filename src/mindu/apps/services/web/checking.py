"""Checking a licence that somebody shows: online here, or offline with the keys and lists."""

import msgspec
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mindu.apps.services.licences.kinds import KINDS
from mindu.apps.services.licences.tokens import Forged
from mindu.apps.services.web.doors import route
from mindu.apps.services.web.often import LOOKS
from mindu.apps.services.web.read import STATUS, lines
from mindu.apps.services.web.site import Site, Visit, gone
from mindu.engines.forms.render import Ask, Note


def routes(site: Site) -> list[Route]:
    """Return the routes of whoever checks; they stand before those of single licences."""
    return [
        route(site, "/licences/check", check, post=True, rate=LOOKS),
        route(site, "/licences/keys", keys),
        route(site, "/licences/list/{kid}", status_list),
    ]


def check(visit: Visit) -> Response:
    """Check what somebody shows, and say what holds or what is wrong, in words."""
    title = visit.say("Check a licence", "查验电子证照")
    ask = Ask(action=f"/licences/check?lang={visit.lang}", button=visit.say("Check it", "查验"),
              fields=(("code", visit.say("What the code says", "二维码内容"), ""),
                      ("by", visit.say("Who checks", "查验人(单位)"), "")))  # fmt: skip
    if visit.request.method != "POST":
        return visit.page(Note(title=title, ask=ask))
    visit.site.licences.look(visit.site.now())
    try:
        told = visit.site.licences.check(visit.one("code"), visit.site.now(),
                                         by=visit.one("by")[:60] or "somebody")  # fmt: skip
    except Forged as no:
        refused = visit.say("REFUSED: ", "不予认可:") + visit.say(no.en, no.zh)
        return visit.page(Note(title=title, texts=(refused,), ask=ask), 422)
    shown = told.shown
    item = next(one.item for one in KINDS.values() if one.vct == shown.kind)
    assert shown.status is not None, "every licence of ours has a place in a list"
    assert shown.as_of is not None, "a list says as of when"
    stands = visit.say(STATUS[shown.status].en, STATUS[shown.status].zh)
    texts = (visit.named("Status", "状态", f"{stands} ({shown.as_of:%Y-%m-%d %H:%M} UTC)"),
             visit.named("Issued by", "签发机关", shown.issuer),
             visit.named("Shown to", "出示给", told.to))  # fmt: skip
    rows = lines(visit.site.counter, item, shown.claims, visit.lang)
    return visit.page(Note(title=title, texts=texts, rows=rows, ask=ask))


def keys(visit: Visit) -> Response:
    """Tell the public keys, whose they are, and where each issuer's list is."""
    seals = visit.site.licences.seals
    told = [{**msgspec.to_builtins(key), "issuers": [key.holder], "list": seals.address(key.holder)}
            for key in seals.keys.values()]  # fmt: skip
    return JSONResponse(told)


def status_list(visit: Visit) -> Response:
    """Send an issuer's status list."""
    book = visit.site.licences
    book.look(visit.site.now())
    key = book.seals.keys.get(visit.request.path_params["kid"])
    if key is None:
        return gone(visit)
    token = book.lists(visit.site.now())[book.seals.address(key.holder)]
    return Response(token, media_type="application/statuslist+jwt")
