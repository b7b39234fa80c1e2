"""The facts: the board as data, for machines that ask the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mindu.base.records import Entry
from mindu.console.feed import Feed
from mindu.console.words import LANGS

LIMIT = 500  # entries a page of the log
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as values."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    language: str = ""

    @property
    def lang(self) -> str:
        """Return the language: asked for, remembered, the browser's, then Chinese."""
        for told in (self.query.get("lang"), self.cookies.get("lang")):
            if told in LANGS:
                return told or LANGS[0]
        return "en" if self.language.lower().startswith("en") else "zh"

    @property
    def theme(self) -> str:
        """Return light, dark, or what the machine prefers."""
        told = self.query.get("theme") or self.cookies.get("theme") or "auto"
        return told if told in THEMES else "auto"


class Bad(ValueError):  # noqa: N818 - an answer to a reader
    """The request cannot be answered as it was asked."""

    def __init__(self, status: int, says: str) -> None:
        """Carry the HTTP status and the reason."""
        super().__init__(says)
        self.status = status


def whole(query: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number of the query, refusing anything else with a 400."""
    told = query.get(name) or str(default)
    if not told.lstrip("-").isdigit() or len(told) > 12:
        raise Bad(400, f"{name} is a whole number, not {told[:40]!r}")
    return int(told)


def data(feed: Feed, asked: Asked) -> object:
    """Return what one address of the API holds."""
    board = feed.board
    head, _, rest = asked.path.removeprefix("/api/").partition("/")
    now = feed.pulse().now
    tables: dict[str, Any] = {
        "state": lambda: {
            "name": feed.name, "pulse": feed.pulse(), "seq": board.seq, "readings": board.count,
            "refused": board.refused, "places": len(board.places), "alerts": len(board.alerts(now)),
            "waiting": len(board.waiting(now)), "weighings": len(board.weighings),
        },
        "places": lambda: [
            {"id": p.id, "kind": p.kind, "facts": p.facts} for p in board.places.values()
        ],
        "alerts": lambda: board.alerts(now),
        "waiting": lambda: board.waiting(now),
        "plan": lambda: list(board.weighings.values()),
        "score": lambda: {by: t.figures() for by, t in board.tally.items() if t.speaks},
        "log": lambda: _log(feed, asked),
        "why": lambda: _why(feed, rest),
        "place": lambda: _place(feed, rest),
    }  # fmt: skip
    if not asked.path.startswith("/api/") or head not in tables:
        raise Bad(404, f"nothing here; the API has: {', '.join(f'/api/{k}' for k in tables)}")
    return tables[head]()


def _log(feed: Feed, asked: Asked) -> list[Entry]:
    since, limit = whole(asked.query, "since", 0), whole(asked.query, "limit", 100)
    if not 1 <= limit <= LIMIT or since < 0:
        raise Bad(400, f"since is 0 or more, limit is 1..{LIMIT}")
    known = feed.board.entries
    return [known[s] for s in range(since, min(since + limit, feed.board.seq + 1)) if s in known]


def _why(feed: Feed, told: str) -> object:
    seq = _seq(feed, told)
    return {"chain": feed.board.why(seq), "then": feed.board.after(seq)}


def _seq(feed: Feed, told: str) -> int:
    seq = whole({"entry": told}, "entry", -1)
    if seq not in feed.board.entries:
        raise Bad(404, f"no entry {told[:20]!r}; the last is {feed.board.seq}")
    return seq


def _place(feed: Feed, name: str) -> object:
    board = feed.board
    place = board.places.get(name)
    if place is None:
        raise Bad(404, f"no place {name[:60]!r}; /api/places lists them")
    mine = [e for e in board.alerts(feed.pulse().now) if e.about == name]
    return {
        "id": name,
        "kind": place.kind,
        "facts": place.facts,
        "readings": {p: list(v)[-288:] for (a, p), v in board.readings.items() if a == name},
        "forecasts": [e for (a, _), e in board.forecasts.items() if a == name],
        "alerts": mine,
    }
