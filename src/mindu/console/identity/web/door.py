"""The door: each request is read once, held against its limits, and answered under one policy."""

import hmac
from collections.abc import Awaitable, Callable, Collection
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.console.identity.web import asking
from mindu.console.identity.web.site import BROWSER, SESSION, Site, Visit
from mindu.engines.forms.render import LARGE

BODY, FIELDS, YEAR_S = 32 << 10, 60, 31_536_000
OLD = Words("This page has grown old: load it again.", "页面已失效,请刷新后重试。")
SAFE = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store", "X-Frame-Options": "DENY",
}  # fmt: skip
Page = Callable[[Visit], Awaitable[Response] | Response]


def door(
    site: Site, path: str, page: Page, methods: Collection[str] = ("GET",), *, ours: bool = True
) -> Route:
    """Return the route of a page; with `ours` what changes anything carries our form's token."""

    async def answer(request: Request) -> Response:
        visit = _visit(site, request)
        refused = await _read(visit, ours=ours)
        if refused is None:
            made = page(visit)
            refused = made if isinstance(made, Response) else await made
        return _sealed(visit, refused)

    return Route(path, answer, methods=list(methods))


def _visit(site: Site, request: Request) -> Visit:
    told = request.query_params.get("lang") or request.query_params.get("ui_locales")
    told = told or request.cookies.get("mindu_lang") or request.headers.get("accept-language")
    sid = request.cookies.get(SESSION, "")[:128]
    browser = request.cookies.get(BROWSER, "")[:64]
    return Visit(
        site=site, request=request, lang="en" if (told or "").startswith("en") else "zh",
        browser=browser if len(browser) >= 32 else token_urlsafe(24), sid=sid,
        session=site.house.signed.session(sid, site.house.now()),
    )  # fmt: skip


async def _read(visit: Visit, *, ours: bool) -> Response | None:
    """Take what was sent in; return a refusal where there is too much, too often, or not ours."""
    refused = _bounds(visit)
    if refused is not None or visit.request.method != "POST" or _is_json(visit.request):
        return refused
    for name, value in (await visit.request.form(max_fields=FIELDS, max_files=0)).multi_items():
        visit.sent.setdefault(name, []).append(str(value))
    if ours and not hmac.compare_digest(visit.one("_token").encode(), visit.token().encode()):
        return visit.trouble(OLD, 403)
    return None


def _bounds(visit: Visit) -> Response | None:
    """Return a refusal where an address asks too often, or sends too much."""
    request = visit.request
    if wait := visit.site.reads.take(visit.address, visit.house.now().timestamp()):
        slow = JSONResponse({"error": "slow_down"}, 429)
        slow.headers["Retry-After"] = str(max(1, round(wait)))
        return slow
    told = request.headers.get("content-length", "" if request.method == "POST" else "0")
    if not told.isdigit() or int(told) > BODY or "transfer-encoding" in request.headers:
        return JSONResponse({"error": "invalid_request", "error_description": "too big"}, 413)
    return None


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _sealed(visit: Visit, response: Response) -> Response:
    proof = visit.house.proof
    far = (proof.origin,) if proof is not None and proof.origin else ()
    leads = asking.leads(visit, visit.one("r"))
    to = " ".join(dict.fromkeys(("'self'", *visit.posts_to, *leads, *far)))
    policy = (
        "default-src 'none'; style-src 'self'; img-src data:; script-src 'self'; "
        f"connect-src 'self'; form-action {to}; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers.update({**SAFE, "Content-Security-Policy": policy})
    kept = {BROWSER: visit.browser, SESSION: visit.sid, "mindu_lang": visit.lang}
    path, cookies = visit.site.root or "/", visit.request.cookies
    for name, value in kept.items():
        if value and value != cookies.get(name):
            held = f"Path={path}; Max-Age={YEAR_S}; HttpOnly; SameSite=Lax"
            secure = "; Secure" if visit.site.secure else ""
            response.headers.append("set-cookie", f"{name}={value}; {held}{secure}")
    if "large" in visit.request.query_params:
        size = "1" if visit.large else "0"
        response.set_cookie(LARGE, size, max_age=YEAR_S, secure=visit.site.secure)
    if not visit.sid and SESSION in cookies:
        response.delete_cookie(SESSION, path=path)
    return response
