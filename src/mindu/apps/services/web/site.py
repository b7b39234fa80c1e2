"""The site: its routes, who is asking, and in which language; every page is a plain form.

Applicants are known by a sealed cookie, or by the identity provider once they sign in. Bodies and
rates are bounded; what changes anything carries a token; nothing is loaded from anywhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mindu.apps.services.counter import Counter
from mindu.apps.services.licences.book import Licences
from mindu.apps.services.materials import Materials
from mindu.apps.services.own.corrections import Corrections
from mindu.apps.services.own.mine import Mine
from mindu.apps.services.own.refused import told
from mindu.apps.services.own.registers import Registers, nothing
from mindu.apps.services.rating import Ratings
from mindu.apps.services.web.often import Often
from mindu.apps.services.web.who import (
    Scope,
    Signed,
    SignsIn,
    seal,
)
from mindu.engines.forms import Say
from mindu.engines.forms.render import Note, Where, again, note

HEAD = Say("One-stop services", "一网好办")


@dataclass(frozen=True, slots=True)
class Site:
    """What every page is made from."""

    counter: Counter
    ratings: Ratings
    now: Callable[[], datetime]
    fresh: Callable[[], str]  # a name for a new applicant that nobody can guess
    secret: bytes
    signs_in: SignsIn | None = None
    base: str = ""  # the address that people use
    registers: Registers = nothing  # what departments know of a proved person
    often: Often = field(default_factory=Often)
    materials: Materials = field(init=False)
    licences: Licences = field(init=False)
    corrections: Corrections = field(init=False)
    mine: Mine = field(init=False)

    def __post_init__(self) -> None:
        """Open the library and the book of licences over the counter."""
        kept = Materials(self.counter.vault, self.counter.processes)
        object.__setattr__(self, "materials", kept)
        book = Licences(self.counter, kept, self.secret, self.base)
        object.__setattr__(self, "licences", book)
        object.__setattr__(self, "corrections", Corrections(self.counter, kept))
        object.__setattr__(self, "mine", Mine(self.counter))

    def look(self) -> None:
        """Issue what was approved, keep what was corrected, and let go of old drafts."""
        self.licences.look(self.now())
        self.corrections.look(self.now())
        self.counter.drafts.clear(self.now())


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: who asks, in which language, and what was sent."""

    site: Site
    request: Request
    who: str
    lang: str
    large: bool
    sent: dict[str, list[str]]
    signed: Signed | None = None
    cookies: dict[str, str] = field(default_factory=dict)  # to be set; empty: to be dropped

    def say(self, en: str, zh: str) -> str:
        """Return a sentence in the visitor's language."""
        return zh if self.lang == "zh" else en

    def why(self, no: Exception) -> str:
        """Return why something was refused, in the visitor's language."""
        said = told(no)
        return self.say(said.en, said.zh)

    def named(self, en: str, zh: str, value: str) -> str:
        """Return a value behind what it is, in the visitor's language."""
        return f"{zh}:{value}" if self.lang == "zh" else f"{en}: {value}"

    def where(self, action: str, *, back: str = "", number: int = 1, total: int = 1) -> Where:
        """Return where the visitor is."""
        other = "en" if self.lang == "zh" else "zh"
        query = {**dict(self.request.query_params), "lang": self.lang}
        size = "0" if self.large else "1"
        return Where(lang=self.lang, action=action, back=back, other=again(query, lang=other),
                     sized=again(query, large=size), number=number, total=total,
                     large=self.large, token=self.token())  # fmt: skip

    def token(self) -> str:
        """Return what proves that a form is ours."""
        return seal(self.site.secret, f"form|{self.who}|{self.by}")

    @property
    def by(self) -> str:
        """Who is at the browser: the applicant, or who acts for them."""
        return self.who if self.signed is None else self.signed.sub

    @property
    def scope(self) -> Scope | None:
        """What the delegation is for by which they act for another."""
        signed, way = self.signed, self.site.signs_in
        return None if signed is None or way is None else way.scope(signed.delegation)

    def reaches(self, what: str, matter: str) -> bool:
        """Say whether who is at the browser could do this; nothing is written down."""
        if self.signed is None or not self.signed.delegation:
            return True
        scope = self.scope
        return scope is not None and scope.reaches(what, matter)

    def may(self, what: str, matter: str) -> bool:
        """Say whether who is at the browser may do this; a delegation leaves a receipt."""
        signed, way = self.signed, self.site.signs_in
        if signed is None or not signed.delegation:
            return True
        told = {"what": what, "matter": matter, "by": signed.sub}
        return way is not None and way.acts(signed.delegation, **told)

    def one(self, name: str) -> str:
        """Return one value that was sent, or stands in the address."""
        found = self.sent.get(name)
        return (found[0] if found else self.request.query_params.get(name, "")).strip()

    def page(self, told: Note, status: int = 200) -> Response:
        """Return a page that tells."""
        home = self.where("/", back="/" if self.request.url.path != "/" else "")
        return HTMLResponse(note(told, HEAD, home), status)


def gone(visit: Visit) -> Response:
    """Return the page that there is nothing here."""
    title = visit.say("There is nothing here", "没有这个页面")
    return visit.page(Note(title=title), 404)


def to(path: str, visit: Visit) -> Response:
    """Send the visitor on, in the same language."""
    return RedirectResponse(f"{path}?lang={visit.lang}{'&large=1' if visit.large else ''}", 303)
