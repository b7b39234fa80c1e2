"""A visitor: in which language, from where, with which key, and as which browser they come."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

COOKIE, YEAR_S = "mindu_open", 31_536_000
LANGS = ("zh", "en")
THEMES = ("auto", "light", "dark")
_HEADERS = ("x-api-key", "x-ckan-api-key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One request, as values."""

    lang: str
    theme: str
    address: str
    key: str  # as it was sent; empty: none
    browser: str  # a secret of this browser, made by us
    fresh: bool  # the browser has none yet
    token: str  # that forms of this browser carry
    base: str  # path under which the portal is mounted
    path: str  # below it
    root: str  # scheme and host, for addresses that are told to others
    query: Mapping[str, str]
    secure: bool = False
    said: str = ""  # language that the address itself asks for

    @property
    def start(self) -> int:
        """Where the list that they look at begins."""
        told = self.query.get("start", "")
        return int(told) if told.isascii() and told.isdigit() and len(told) < 8 else 0

    def to(self, path: str, **more: object) -> str:
        """Return a link to a page of ours."""
        query = {k: str(v) for k, v in more.items() if v not in {"", None}}
        return f"{self.base}{path}{'?' + urlencode(query) if query else ''}"

    def turned(self, **more: object) -> str:
        """Return a link to this page with something changed."""
        return self.to(self.path, **{**self.query, **more})


def visitor(request: Request, secret: bytes) -> Visitor:
    """Return who comes."""
    query, jar = dict(request.query_params), request.cookies
    said = query.get("lang", "")
    lang = next((told for told in (said, jar.get("lang", "")) if told in LANGS), "")
    if not lang:
        wants = request.headers.get("accept-language", "").lower()
        lang = "en" if wants.startswith("en") else "zh"
    theme = jar.get("theme", "auto")
    held = jar.get(COOKIE, "")
    fresh = not _ours(held, secret)
    browser = _made(secret) if fresh else held
    base = request.scope.get("root_path", "")
    return Visitor(
        lang=lang, theme=theme if theme in THEMES else "auto", address=_address(request),
        key=_key(request), browser=browser, fresh=fresh,
        token=_seal(secret, f"form {browser}")[:40], base=base,
        path=request.scope["path"].removeprefix(base) or "/",
        root=f"{request.url.scheme}://{request.headers.get('host', 'localhost')}", query=query,
        secure=request.headers.get("x-forwarded-proto") == "https" or request.url.scheme == "https",
        said=said if said in LANGS else "",
    )  # fmt: skip


def trusted(request: Request, who: Visitor, token: str) -> bool:
    """Say whether a form was sent by this browser, from a page of ours."""
    return (
        same_site(request)
        and not who.fresh
        and hmac.compare_digest(token.encode(), who.token.encode())
    )


def same_site(request: Request) -> bool:
    """Say whether a request came from a page of ours, as far as the browser tells."""
    origin = request.headers.get("origin", "")
    elsewhere = bool(origin) and urlsplit(origin).netloc != request.headers.get("host")
    return not elsewhere and request.headers.get("sec-fetch-site") != "cross-site"


def remember(answer: Response, who: Visitor) -> Response:
    """Let the browser know itself again, and its language."""
    if who.fresh:
        answer.set_cookie(COOKIE, who.browser, max_age=YEAR_S, httponly=True, samesite="strict",
                          secure=who.secure)  # fmt: skip
    if who.said:
        answer.set_cookie("lang", who.said, max_age=YEAR_S, samesite="strict", secure=who.secure)
    return answer


def _key(request: Request) -> str:
    told = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return told or next((request.headers[n].strip() for n in _HEADERS if n in request.headers), "")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _made(secret: bytes) -> str:
    name = secrets.token_hex(16)
    return f"{name}.{_seal(secret, name)[:32]}"


def _ours(told: str, secret: bytes) -> bool:
    name, _, seal = told.partition(".")
    return bool(seal) and hmac.compare_digest(seal.encode(), _seal(secret, name)[:32].encode())


def _seal(secret: bytes, told: str) -> str:
    return hmac.new(secret, told.encode(), sha256).hexdigest()
