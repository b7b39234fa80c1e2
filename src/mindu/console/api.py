"""The answers: what the face says to each request, worked out without touching a wire."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from mindu.console.facts import THEMES, Asked, Bad, data, whole
from mindu.console.feed import Feed, NotDecided
from mindu.console.page import asset, page, parts
from mindu.console.panels import Look
from mindu.console.report.report import report
from mindu.console.words import LANGS, pick, say

JSON, HTML = "application/json; charset=utf-8", "text/html; charset=utf-8"
ASSETS = {
    "/face.css": "text/css; charset=utf-8",
    "/face.js": "text/javascript; charset=utf-8",
    "/face.svg": "image/svg+xml",
}
LIMIT = 500  # entries a page of the log


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    kind: str
    body: bytes
    cookies: tuple[str, ...] = ()


def answer(feed: Feed, asked: Asked, token: str) -> Answer:
    """Answer a GET.

    Raises:
        Bad: no such page, place or entry, or a number that is none.
    """
    if asked.path in ASSETS:
        return Answer(200, ASSETS[asked.path], asset(asked.path[1:]))
    pages: dict[str, Callable[[], Answer]] = {
        "/": lambda: _page(feed, asked, token),
        "/report": lambda: Answer(200, HTML, report(feed, asked.lang).encode()),
        "/api/panels": lambda: _panels(feed, asked, token),
    }
    with feed.lock:
        return pages.get(asked.path, lambda: as_json(data(feed, asked)))()


def decide(feed: Feed, form: Mapping[str, str], lang: str) -> None:
    """Take a decision, or the undoing of what was sent, from a form.

    Raises:
        Bad: a field is missing or wrong (400), or somebody was faster (409).
    """
    by, note, said = (form.get(k, "").strip() for k in ("by", "note", "answer"))
    if not by or not note or len(by) > 60 or len(note) > 300:
        raise Bad(400, f"{say('name', lang)} / {say('reason', lang)}?")
    if said not in {"yes", "no", "undo"}:
        raise Bad(400, "answer: yes | no | undo")
    seq = whole(form, "seq", -1)
    try:
        if said == "undo":
            feed.undo(seq, by=by, note=note)
        else:
            feed.decide(seq, by=by, confirmed=said == "yes", note=note)
    except NotDecided as why:
        raise Bad(409, pick(why.says, lang)) from why


def as_json(data: object, status: int = 200) -> Answer:
    """Return data as a JSON answer."""
    return Answer(status, JSON, msgspec.json.encode(data))


def _look(feed: Feed, asked: Asked) -> Look:
    told = whole(asked.query, "why", -1)
    place = asked.query.get("place", "")
    return Look(
        feed=feed,
        pulse=feed.pulse(),
        lang=asked.lang,
        place=place if place in feed.board.places else "",
        why=told if told >= 0 else None,
    )


def _page(feed: Feed, asked: Asked, token: str) -> Answer:
    kept = tuple(
        f"{name}={asked.query[name]}; Path=/; SameSite=Strict; Max-Age=31536000"
        for name, known in (("lang", LANGS), ("theme", THEMES))
        if asked.query.get(name) in known
    )
    told = say("taken", asked.lang) if asked.query.get("taken") else ""
    body = page(_look(feed, asked), token, theme=asked.theme, told=told)
    return Answer(200, HTML, body.encode(), kept)


def _panels(feed: Feed, asked: Asked, token: str) -> Answer:
    panels = parts(_look(feed, asked), token)
    mark = sha256(repr(panels).encode()).hexdigest()[:16]
    if asked.query.get("mark") == mark:
        return Answer(204, JSON, b"")
    return as_json({"mark": mark, "panels": panels})
