"""The site of the provider: who is at the door, what they sent, and in which language; bounded."""

import hmac
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mindu.base.records import Words
from mindu.console.identity.oidc.server import Server
from mindu.console.identity.provider import Provider
from mindu.console.identity.signed import Session
from mindu.console.wire.limits import Buckets, Rate
from mindu.engines.forms import Filled, Say
from mindu.engines.forms.render import Where, again, sized

BROWSER, SESSION = "mindu_browser", "mindu_id"
HEAD = Say("City identity", "城市统一身份认证")
READS, TRIES = Rate(5.0, 200.0), Rate(0.2, 10.0)  # per address; sign-ins also per name


@dataclass(frozen=True, slots=True)
class Site:
    """What every page is made from."""

    house: Provider
    server: Server
    reads: Buckets = field(default_factory=lambda: Buckets(READS))
    tries: Buckets = field(default_factory=lambda: Buckets(TRIES))

    @property
    def root(self) -> str:
        """The path under which the provider lies."""
        return urlsplit(self.house.issuer).path

    @property
    def secure(self) -> bool:
        """Whether cookies go over TLS alone."""
        return self.house.issuer.startswith("https:")


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request: who asks, from which browser, and what was sent."""

    site: Site
    request: Request
    lang: str
    browser: str
    sid: str
    session: Session | None
    sent: dict[str, list[str]] = field(default_factory=dict)
    posts_to: tuple[str, ...] = ()  # where else a form of this page may lead

    @property
    def house(self) -> Provider:
        """The provider."""
        return self.site.house

    @property
    def large(self) -> bool:
        """Say whether the visitor reads large letters, here or on the pages of the services."""
        return sized(self.request.query_params, self.request.cookies)

    @property
    def address(self) -> str:
        """Whence the request came."""
        return self.request.client.host if self.request.client else ""

    def one(self, name: str) -> str:
        """Return one value that was sent, or stands in the address."""
        found = self.sent.get(name)
        return (found[0] if found else self.request.query_params.get(name, "")).strip()

    def token(self) -> str:
        """Return what proves that a form is ours, of this browser and this session."""
        told = f"form|{self.browser}|{self.sid}".encode()
        return hmac.new(self.house.secret.encode(), told, sha256).hexdigest()[:40]

    def say(self, words: Words) -> str:
        """Return a sentence in the visitor's language."""
        return words.zh if self.lang == "zh" else words.en

    def to(self, path: str) -> Response:
        """Send the browser on, inside the provider."""
        return RedirectResponse(f"{self.site.root}{path}", 303)

    def signed(self, sid: str) -> None:
        """Go on under a new session."""
        self.sid, self.session = sid, self.house.signed.session(sid, self.house.now())

    def slow(self, name: str = "") -> bool:
        """Say whether this address, or this name, tries too often."""
        now = self.house.now().timestamp()
        keys = (f"from {self.address}", *((f"as {name.casefold()}",) if name else ()))
        return max(self.site.tries.take(key, now) for key in keys) > 0

    def page(self, name: str, status: int = 200, **told: Any) -> Response:  # noqa: ANN401
        """Return a page."""
        root, other = self.site.root, "en" if self.lang == "zh" else "zh"
        query = {**dict(self.request.query_params), "lang": other}
        kept = {k: v for k, v in query.items() if k in {"r", "lang"}}
        size = "0" if self.large else "1"
        where = Where(lang=self.lang, action="", other=again(kept), token=self.token(),
                      sized=again(kept, lang=self.lang, large=size), large=self.large,
                      style=f"{root}/frame.css")  # fmt: skip
        text = _pages().get_template(f"{name}.html").render(
            zh=self.lang == "zh", root=root, where=where, form={"title": HEAD},
            filled=Filled({}, {}), session=self.session, say=self.say, **told,
        )  # fmt: skip
        return HTMLResponse(text, status)

    def trouble(self, words: Words, status: int = 400) -> Response:
        """Return a page that says what is wrong."""
        return self.page("told", status, title=words, texts=())


@cache
def _pages() -> Environment:
    loaders = [PackageLoader("mindu.console.identity.web", "pages"),
               PackageLoader("mindu.engines.forms", "pages")]  # fmt: skip
    return Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)  # fmt: skip
