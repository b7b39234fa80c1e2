"""The doors: each request is read once, bounded, answered; who asks is known again by cookies."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from mindu.apps.services.web.entrusted import over
from mindu.apps.services.web.often import Rate
from mindu.apps.services.web.site import Site, Visit, gone
from mindu.apps.services.web.who import COOKIE, DAYS, SIGNED, Signed, opened, sealed, signed_in
from mindu.engines.forms.render import LARGE, Ask, Note, sized, style

BODY = 64 << 10  # bytes of one page of answers
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Page = Callable[[Visit], Awaitable[Response] | Response]


def route(
    site: Site, path: str, page: Page, *, post: bool = False, rate: Rate | None = None
) -> Route:
    """Return a route whose page is given a visit, and to whom asks too often, 429."""

    async def answer(request: Request) -> Response:
        visit, refused = await _visit(site, request, rate)
        if refused is not None:
            refused.headers.update(SAFE)
            _keep(visit, refused)
            return refused
        response = page(visit)
        done = response if isinstance(response, Response) else await response
        done.headers.update(SAFE)
        _keep(visit, done)
        size = "1" if visit.large else "0"
        done.set_cookie(LARGE, size, max_age=DAYS * 86_400, samesite="lax")
        return done

    return Route(path, answer, methods=["GET", "POST"] if post else ["GET"])


def _keep(visit: Visit, done: Response) -> None:
    """Set the cookies by which an applicant is known again."""
    site, secure = visit.site, visit.request.url.scheme == "https"
    told = dict(visit.cookies)
    if visit.signed is None:
        told[COOKIE] = sealed(site.secret, "who", visit.who)
    for name, value in told.items():
        days = DAYS if name == COOKIE else 1
        same: Literal["lax", "strict"] = "strict" if name == COOKIE else "lax"
        done.set_cookie(name, value, max_age=days * 86_400 if value else 0, httponly=True,
                        samesite=same, secure=secure)  # fmt: skip


async def _visit(site: Site, request: Request, rate: Rate | None) -> tuple[Visit, Response | None]:
    signed = _signed(site, request.cookies.get(SIGNED, ""))
    who = opened(site.secret, "who", request.cookies.get(COOKIE, ""))
    who = (signed.behalf or signed.sub) if signed is not None else who or site.fresh()
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "zh")
    lang = "en" if asked.startswith("en") else "zh"
    large = sized(request.query_params, request.cookies)
    sent: dict[str, list[str]] = {}
    visit = Visit(site, request, who, lang, large, sent, signed)
    if (shut := _slow(visit, rate) or _over(visit)) is not None:
        return visit, shut
    if request.method == "POST":
        if not _bounded(request):
            return visit, HTMLResponse("too much was sent 提交内容过大", 413)
        for name, value in (await request.form(max_fields=300, max_files=0)).multi_items():
            sent.setdefault(name, []).append(str(value))
        if not hmac.compare_digest(visit.one("_token").encode(), visit.token().encode()):
            return visit, HTMLResponse(
                "this page has grown old: load it again 页面已失效,请刷新后重试", 403
            )
    return visit, None


def _signed(site: Site, cookie: str) -> Signed | None:
    """Return who is signed in: until they sign out at the provider, or a delegation ends."""
    signed, way = signed_in(site.secret, cookie, site.now()), site.signs_in
    if signed is None or way is None:
        return None
    ended = bool(signed.sid) and not way.open(signed.sid)
    return None if ended or (signed.behalf and not way.holds(signed.delegation)) else signed


def _over(visit: Visit) -> Response | None:
    """Return the page that a delegation ended, to who acted by it until now and is still here."""
    site, way = visit.site, visit.site.signs_in
    before = signed_in(site.secret, visit.request.cookies.get(SIGNED, ""), site.now())
    if visit.signed is not None or before is None or way is None or not before.behalf:
        return None
    if before.sid and not way.open(before.sid):
        return None
    visit.cookies[SIGNED] = ""
    return over(visit, before.behalf_name)


def _slow(visit: Visit, rate: Rate | None) -> Response | None:
    """Return the page that asks for patience, where an address asked more often than it may."""
    request = visit.request
    if rate is None or (request.method in {"GET", "HEAD"} and not rate.reads):
        return None
    address = request.client.host if request.client else ""
    wait = visit.site.often.wait(rate, address, visit.site.now())
    if not wait:
        return None
    minutes = int(wait // 60) + 1
    text = visit.say(f"Try again in {minutes} min.", f"请 {minutes} 分钟后再试。")
    response = visit.page(
        Note(title=visit.say("That was a lot at once", "操作过于频繁"), texts=(text,)), 429
    )
    response.headers["Retry-After"] = str(int(wait) + 1)
    return response


def _bounded(request: Request) -> bool:
    """Say whether a body says how long it is, and is not too long; one in chunks does not."""
    told = request.headers.get("content-length", "")
    whole = told.isascii() and told.isdigit() and len(told) < 10
    return whole and int(told) <= BODY and "transfer-encoding" not in request.headers


def home(visit: Visit) -> Response:
    """Show what may be applied for."""
    packages = visit.site.counter.packages.values()
    far = visit.say(" (beyond the delegation)", "(超出委托范围)")
    rows = tuple(
        (visit.say(p.title.en, p.title.zh),
         visit.say(p.says.en, p.says.zh) + ("" if visit.reaches("apply", p.id) else far),
         f"/{p.id}/?lang={visit.lang}")
        for p in packages
    )  # fmt: skip
    ways: tuple[tuple[str, str, str], ...] = ()
    if visit.site.signs_in is not None:
        ways = ((visit.say("Mine", "我的"), visit.say("cases, licences, materials, who used them",
                 "办件、证照、材料与使用记录"), f"/mine?lang={visit.lang}"),
                (visit.say("Check a licence", "查验电子证照"), "", "/licences/check"))  # fmt: skip
    ask = Ask(
        action="/progress",
        method="get",
        button=visit.say("Look it up", "查询"),
        fields=(("number", visit.say("Tracking number", "办件编号"), ""),),
    )
    return visit.page(
        Note(title=visit.say("One-stop services", "一网好办"), rows=(*rows, *ways), ask=ask)
    )


def application(site: Site, routes: Sequence[BaseRoute]) -> Starlette:
    """Return the site as an ASGI application."""
    last = route(site, "/{rest:path}", gone)
    sheet = Route("/frame.css", _sheet)
    return Starlette(routes=[sheet, route(site, "/", home), *routes, last])


def _sheet(_request: Request) -> Response:
    """Give the style sheet of all pages."""
    return Response(style(), 200, {**SAFE, "Cache-Control": "max-age=3600"}, "text/css")
