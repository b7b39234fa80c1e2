"""A page: its name, its template, what it shows, and the context that every page shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from mindu.base.records import Judgement, Words
from mindu.console.contract.common import Role
from mindu.console.look import Look
from mindu.console.pages.measure import measure, total
from mindu.console.people.accounts import Person
from mindu.console.words import NAV, clock, lasted, moment, number, span, term

KEPT = ("night", "at", "view")  # of an address, carried from page to page


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and how."""

    person: Person | None
    role: Role
    token: str
    theme: str
    view: str
    demo: bool
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"
    beside: tuple[tuple[str, Words], ...] = ()  # other rooms: where, and what they are called

    @property
    def signed_in(self) -> bool:
        """Say whether somebody signed in."""
        return self.person is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page shows."""

    name: str
    template: str
    title: str
    shows: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


def context(page: Page, look: Look, reader: Reader) -> dict[str, Any]:
    """Return all that a template may use."""
    held = look.board.alerts(look.pulse.now)
    first = held[0].record if held else None
    return {
        "page": page,
        "look": look,
        "reader": reader,
        "lang": look.lang,
        "tongue": "zh-CN" if look.lang == "zh" else "en",
        "other": "en" if look.lang == "zh" else "zh",
        "nav": NAV if look.feed.modelling is None else (*NAV, "models"),
        "open_alerts": len(held),
        "waiting": len(look.board.waiting(look.pulse.now)),
        "worst": int(first.severity) if isinstance(first, Judgement) else 0,
        "told": "",
        "trouble": None,
        **_words(look),
        **_addresses(reader),
        **page.shows,
    }


def _words(look: Look) -> dict[str, Any]:
    """Return how a template says things in the reader's language and the city's time."""
    zone = look.feed.zone
    return {
        "t": look.say,
        "pick": look.pick,
        "term": lambda name: term(name, look.lang),
        "clock": lambda at: clock(at, zone),
        "moment": lambda at: moment(at, zone),
        "span": lambda length: span(length, look.lang),
        "number": number,
        "measure": measure,
        "total": total,
        "lasted": lambda seconds: lasted(seconds, look.lang),
        "title_of": look.title,
        "loop_of": lambda by: look.pick(look.loop_name(by)),
    }


def _addresses(reader: Reader) -> dict[str, Any]:
    """Return how a template names other pages, and this one turned."""

    def href(path: str, **told: object) -> str:
        kept = {k: reader.query[k] for k in KEPT if reader.query.get(k)}
        query = {k: v for k, v in (kept | told).items() if v not in {"", None}}
        return f"{path}?{urlencode(query)}" if query else path

    def turned(**told: object) -> str:
        query = {k: v for k, v in {**reader.query, **told}.items() if v not in {"", None}}
        return f"{reader.path}?{urlencode(query)}"

    return {"href": href, "turned": turned}
