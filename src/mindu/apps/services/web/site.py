"""The site: its routes, who is asking, and in which language; every page is a plain form.

Applicants are known by a sealed cookie, until the identity provider stands in front. Bodies and
rates are bounded; what changes anything carries a token; nothing is loaded from anywhere else.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mindu.apps.services.counter import Counter
from mindu.apps.services.rating import Ratings
from mindu.apps.services.web.often import Often, Rate
from mindu.engines.forms import Say
from mindu.engines.forms.render import Ask, Note, Where, note

BODY = 64 << 10  # bytes of one page of answers
COOKIE, DAYS = "mindu_applicant", 30
HEAD = Say("One-stop services", "一网好办")
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What every page is made from."""

    counter: Counter
    ratings: Ratings
    now: Callable[[], datetime]
    fresh: Callable[[], str]  # a name for a new applicant that nobody can guess
    secret: bytes
    often: Often = field(default_factory=Often)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: who asks, in which language, and what was sent."""

    site: Site
    request: Request
    who: str
    lang: str
    large: bool
    sent: dict[str, list[str]]

    def say(self, en: str, zh: str) -> str:
        """Return a sentence in the visitor's language."""
        return zh if self.lang == "zh" else en

    def where(self, action: str, *, back: str = "", number: int = 1, total: int = 1) -> Where:
        """Return where the visitor is."""
        other = "en" if self.lang == "zh" else "zh"
        return Where(lang=self.lang, action=action, back=back, other=f"?lang={other}",
                     number=number, total=total, large=self.large, token=self.token())  # fmt: skip

    def token(self) -> str:
        """Return what proves that a form is ours."""
        return seal(self.site.secret, f"form|{self.who}")

    def one(self, name: str) -> str:
        """Return one value that was sent, or stands in the address."""
        found = self.sent.get(name)
        return (found[0] if found else self.request.query_params.get(name, "")).strip()

    def page(self, told: Note, status: int = 200) -> Response:
        """Return a page that tells."""
        home = self.where("/", back="/" if self.request.url.path != "/" else "")
        return HTMLResponse(note(told, HEAD, home), status)


Page = Callable[[Visit], Awaitable[Response] | Response]


def seal(secret: bytes, text: str) -> str:
    """Return the keyed digest of a text."""
    return hmac.new(secret, text.encode(), sha256).hexdigest()[:32]


def known(site: Site, cookie: str) -> str:
    """Return the applicant that a cookie names, empty where it was not sealed here."""
    who, _, mark = cookie.partition(".")
    good = hmac.compare_digest(mark.encode(), seal(site.secret, f"who|{who}").encode())
    return who if who and good else ""


def route(
    site: Site, path: str, page: Page, *, post: bool = False, rate: Rate | None = None
) -> Route:
    """Return a route whose page is given a visit, and to whom asks too often, 429."""

    async def answer(request: Request) -> Response:
        visit, refused = await _visit(site, request, rate)
        if refused is not None:
            refused.headers.update(SAFE)
            return refused
        response = page(visit)
        done = response if isinstance(response, Response) else await response
        done.headers.update(SAFE)
        sealed = f"{visit.who}.{seal(site.secret, f'who|{visit.who}')}"
        done.set_cookie(COOKIE, sealed, max_age=DAYS * 86_400, httponly=True, samesite="strict",
                        secure=request.url.scheme == "https")  # fmt: skip
        done.set_cookie("mindu_large", "1" if visit.large else "0", samesite="strict")
        return done

    return Route(path, answer, methods=["GET", "POST"] if post else ["GET"])


async def _visit(site: Site, request: Request, rate: Rate | None) -> tuple[Visit, Response | None]:
    who = known(site, request.cookies.get(COOKIE, "")) or site.fresh()
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "zh")
    lang = "en" if asked.startswith("en") else "zh"
    large = request.query_params.get("large", request.cookies.get("mindu_large")) == "1"
    if "lang" in request.query_params and "large" not in request.query_params:
        large = False
    sent: dict[str, list[str]] = {}
    visit = Visit(site, request, who, lang, large, sent)
    if (slow := _slow(visit, rate)) is not None:
        return visit, slow
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


def gone(visit: Visit) -> Response:
    """Return the page that there is nothing here."""
    title = visit.say("There is nothing here", "没有这个页面")
    return visit.page(Note(title=title), 404)


def to(path: str, visit: Visit) -> Response:
    """Send the visitor on, in the same language."""
    return RedirectResponse(f"{path}?lang={visit.lang}{'&large=1' if visit.large else ''}", 303)


def home(visit: Visit) -> Response:
    """Show what may be applied for."""
    packages = visit.site.counter.packages.values()
    rows = tuple(
        (visit.say(p.title.en, p.title.zh), visit.say(p.says.en, p.says.zh),
         f"/{p.id}/?lang={visit.lang}")
        for p in packages
    )  # fmt: skip
    ask = Ask(
        action="/progress",
        method="get",
        button=visit.say("Look it up", "查询"),
        fields=(("number", visit.say("Tracking number", "办件编号"), ""),),
    )
    return visit.page(Note(title=visit.say("One-stop services", "一网好办"), rows=rows, ask=ask))


def application(site: Site, routes: list[Route]) -> Starlette:
    """Return the site as an ASGI application."""
    return Starlette(routes=[route(site, "/", home), *routes])
