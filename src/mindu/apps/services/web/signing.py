"""Signing in: out to the provider of identities and back, with the drafts of before."""

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mindu.apps.services.own.prefill import learned
from mindu.apps.services.own.registers import looked_up
from mindu.apps.services.web.doors import route
from mindu.apps.services.web.often import LOOKS
from mindu.apps.services.web.site import Site, Visit, gone
from mindu.apps.services.web.who import ASKED, COOKIE, SIGNED, Asked, asked, opened, packed, told_of
from mindu.engines.forms.render import Note


def routes(site: Site) -> list[Route]:
    """Return the routes of signing in."""
    return [
        route(site, "/sign-in", begin, rate=LOOKS),
        route(site, "/signed-in", finish, rate=LOOKS),
        route(site, "/sign-out", out),
    ]


def begin(visit: Visit) -> Response:
    """Send the browser to the provider."""
    way = visit.site.signs_in
    if way is None:
        return gone(visit)
    begun, then = way.begin(acr=visit.one("acr"), lang=visit.lang), visit.one("then")
    local = then.startswith("/") and not then.startswith(("//", "/\\"))
    told = Asked(state=begun.state, nonce=begun.nonce, verifier=begun.verifier,
                 then=then if local else "/", lang=visit.lang)  # fmt: skip
    visit.cookies[ASKED] = packed(visit.site.secret, ASKED, told)
    return RedirectResponse(begun.address, 303)


def finish(visit: Visit) -> Response:
    """Take the browser back; what it brings must be what it was sent for."""
    way, kept = visit.site.signs_in, visit.request.cookies.get(ASKED, "")
    told = asked(visit.site.secret, kept)
    visit.cookies[ASKED] = ""
    claims = None
    if way is not None and told is not None and visit.one("state") == told.state:
        claims = way.finish(visit.one("code"), told)
    if told is None or claims is None:
        title = visit.say("You were not signed in", "登录未完成")
        link = (visit.say("Try again", "重试"), "", "/sign-in")
        return visit.page(Note(title=title, rows=(link,)), 403)
    signed = told_of(claims, visit.site.now())
    _carried(visit, signed.behalf or signed.sub)
    if not signed.behalf:
        site, now = visit.site, visit.site.now()
        learned(site.materials, signed.sub, claims, now)
        looked_up(site.materials, site.registers, signed.sub, claims, now)
    visit.cookies[SIGNED] = packed(visit.site.secret, SIGNED, signed)
    return RedirectResponse(f"{told.then}{_tongue(told)}", 303)


def out(visit: Visit) -> Response:
    """Forget who signed in, on this site."""
    visit.cookies[SIGNED] = ""
    link = (visit.say("One's identity", "我的身份"), "", "/id/")
    title = visit.say("You are signed out here", "已退出本网站")
    return visit.page(Note(title=title, rows=(link,)))


def needed(visit: Visit, *, acr: str = "") -> Response | None:
    """Return the way to the provider where somebody must sign in first; None where they did."""
    if visit.signed is not None:
        return None
    query = urlencode({"then": visit.request.url.path, "acr": acr, "lang": visit.lang})
    return RedirectResponse(f"/sign-in?{query}", 303)


def _tongue(told: Asked) -> str:
    """Return what keeps the language of before on the page that follows."""
    return f"{'&' if '?' in told.then else '?'}lang={told.lang}" if told.lang else ""


def _carried(visit: Visit, to: str) -> None:
    """Take the drafts of an applicant without a name along."""
    counter = visit.site.counter
    before = opened(visit.site.secret, "who", visit.request.cookies.get(COOKIE, ""))
    for package in counter.packages if before else ():
        draft = counter.draft(before, package)
        if draft and not counter.draft(to, package):
            counter.save(to, package, draft)
            counter.save(before, package, {})
