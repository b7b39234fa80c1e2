"""A visit: one request as values, who makes it, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest, new
from secrets import token_urlsafe
from urllib.parse import urlsplit

from mindu.base.records import Words
from mindu.console.ask import Ask, Bad
from mindu.console.contract.common import ROLES, Role
from mindu.console.people.accounts import Person
from mindu.console.words import LANGS

COOKIE = "mindu"
THEMES = ("auto", "light", "dark")
VIEWS = ("desk", "wall")
YEAR_S = 31_536_000

PLEASE = Words("Please sign in.", "请先登录。")
NOTHING_LOST = Words("Sign in, then try again: nothing is lost.", "登录后重试,内容不会丢失。")
ELSEWHERE = Words("The form came from another site.", "表单来自其他站点。")
STALE = Words("The form is stale or not ours.", "表单已过期或并非本站所发。")
AGAIN = Words("Load the page again; what you typed is kept.", "请重新载入,所填内容仍在。")


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request, parsed once at the edge."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""
    sid: str = ""  # the secret of the session; also of a guest's
    person: Person | None = None
    open_to_guests: bool = False  # a guest sees what a viewer sees
    token: str = ""
    set_cookies: list[str] = field(default_factory=list)

    @property
    def ask(self) -> Ask:
        """Return the query as typed values."""
        return Ask(self.query)

    @property
    def lang(self) -> str:
        """Return the language: asked for, remembered, the browser's, then Chinese."""
        for told in (self.query.get("lang"), self.cookies.get("lang")):
            if told in LANGS:
                return told or LANGS[0]
        return "en" if self.headers.get("accept-language", "").lower().startswith("en") else "zh"

    @property
    def theme(self) -> str:
        """Return light, dark, or what the machine prefers."""
        told = self.query.get("theme") or self.cookies.get("theme") or "auto"
        return told if told in THEMES else "auto"

    @property
    def view(self) -> str:
        """Return desk, or wall: the same page for a big screen."""
        told = self.query.get("view", "desk")
        return told if told in VIEWS else "desk"

    @property
    def role(self) -> Role:
        """Return what this reader may do."""
        if self.person is not None:
            return self.person.role
        return "viewer" if self.open_to_guests else "guest"

    def may(self, least: Role) -> bool:
        """Say whether this reader's role is at least that one."""
        return ROLES.index(self.role) >= ROLES.index(least)

    def must(self, least: Role) -> None:
        """Let nobody on whose role is less.

        Raises:
            Bad: 401 for a guest, 403 for anybody else.
        """
        if self.may(least):
            return
        if self.person is None:
            raise Bad(401, PLEASE, NOTHING_LOST)
        en, zh = f"This takes the role {least}; yours is {self.role}.", f"需要角色 {least}。"
        raise Bad(403, Words(en, zh), Words("Ask an admin for the role.", "请联系管理员。"))

    def from_here(self) -> None:
        """Let nothing through that another site sent.

        Raises:
            Bad: the form came from elsewhere.
        """
        origin = self.headers.get("origin", "")
        elsewhere = origin and urlsplit(origin).netloc != self.headers.get("host")
        if elsewhere or self.headers.get("sec-fetch-site") == "cross-site":
            raise Bad(403, ELSEWHERE, AGAIN)

    def trusted(self, token: str) -> None:
        """Let no change through that another site could have made.

        Raises:
            Bad: the token is not this visitor's, or the form came from elsewhere.
        """
        self.from_here()
        if not compare_digest(token.encode(), self.token.encode()):
            raise Bad(403, STALE, AGAIN, field="token")

    def keep(self, name: str, value: str, *, seconds: int = YEAR_S, hidden: bool = False) -> None:
        """Let the browser remember a word; a hidden one is kept from scripts."""
        secure = "; Secure" if self.headers.get("x-forwarded-proto") == "https" else ""
        only = "; HttpOnly" if hidden else ""
        self.set_cookies.append(
            f"{name}={value}; Path=/; SameSite=Strict; Max-Age={seconds}{only}{secure}"
        )


def read_cookie(told: str, name: str) -> str:
    """Return one cookie of a header, empty where it is not there."""
    pairs = (part.strip().partition("=") for part in told.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def token_of(secret: str, sid: str) -> str:
    """Return the token that changes of one session must carry."""
    return new(secret.encode(), sid.encode(), sha256).hexdigest()[:40]


def new_sid() -> str:
    """Return a secret for a guest."""
    return f"g.{token_urlsafe(24)}"
