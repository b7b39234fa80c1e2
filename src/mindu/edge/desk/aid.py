"""Aid on a case: pictures, tied cases, answers before, what is known, replies begun, what lacks."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from mindu.brain.cases import DONE, TITLES, State
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.rights import Officer
from mindu.edge.aid.checks import faults
from mindu.edge.aid.drafts import draft, templates
from mindu.edge.aid.library import Library
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.queues import sees
from mindu.engines.text.assist import TemplateError

ANSWERS = frozenset({State.SIGNED, State.HANDLING, State.WAITING})
REVIEWS = frozenset({State.REPLIED, State.REPLY_REVIEW, State.FINAL_REVIEW})
EXCERPT = 160  # characters of an answer or article


def aid(look: Look, officer: Officer, library: Library | None, number: int, now: datetime) -> str:
    """Return what helps with a case as it stands; "" where nothing does, or nobody may look."""
    cases = look.counter.office.cases
    state, own = cases.state(number), cases.said(number, "unit") == officer.unit != ""
    at_line = bool({"operator", "dispatcher", "final_reviewer", "reviewer"} & set(officer.roles))
    if library is None or not (own or at_line):
        return ""
    if state in REVIEWS:
        return _checked(look, library, number)
    parts = [_same(look, officer, library, number)] if state not in DONE else []
    parts += [_back(look, officer, library, number), _similar(look, officer, library, number)]
    parts.append(_articles(look, library, number, now))
    if state in ANSWERS and own:
        parts.append(_templates(look, number))
    told = "".join(part for part in parts if part)
    return f"<section class='aid'><h2>{look.say('aid')}</h2>{told}</section>" if told else ""


def begun(look: Look, number: int, template: str, now: datetime) -> tuple[str, str]:
    """Return the reply that a template begins, and what is wrong where it cannot be filled."""
    if not template:
        return "", ""
    try:
        return draft(look.counter, number, template, now), ""
    except TemplateError as wrong:
        return "", f"{look.say('not_filled')} {wrong}"


def _same(look: Look, officer: Officer, library: Library, number: int) -> str:
    items = [
        f"<a href='{look.to(f'/desk/case/{other}')}'>{other}</a> "
        f"{escape(look.counter.opening(other).text[:EXCERPT])} <small>({alike:.2f})</small>"
        for other, alike in library.maybe_same(number, officer.areas)
    ]
    return _list(look, "may_be_same", items)


def _similar(look: Look, officer: Officer, library: Library, number: int) -> str:
    items = [
        f"<a href='{look.to(f'/desk/case/{one.name}')}'>{one.name}</a> "
        f"{escape(look.counter.office.answer(int(one.name))[:EXCERPT])} {_why(one.because)}"
        for one in library.similar(number, officer.areas)
    ]
    return _list(look, "similar", items)


def _articles(look: Look, library: Library, number: int, now: datetime) -> str:
    today = now.astimezone(CITY).date().isoformat()
    items = [
        f"<b>{escape(one.title)}</b> {escape(one.text[:EXCERPT])} "
        f"<small>{escape(one.source)}</small> {_why(because)}"
        for one, because in library.articles(number, today)
    ]
    return _list(look, "articles", items)


def _back(look: Look, officer: Officer, library: Library, number: int) -> str:
    """Return answers that did not help: this case's own first, then those of alike cases."""
    own = library.failed(number)
    told = [(number, own)] if own else []
    items = [
        f"<a href='{look.to(f'/desk/case/{other}')}'>{other}</a> {escape(said[:EXCERPT])}"
        for other, said in [*told, *library.came_back(number, officer.areas)]
    ]
    return _list(look, "came_back", items)


def _templates(look: Look, number: int) -> str:
    items = [
        f"<a href='{look.to(f'/desk/case/{number}', template=one.id)}'>{escape(one.title)}</a>"
        for one in templates(look.counter.office, number)
    ]
    return _list(look, "templates", items)


def _checked(look: Look, library: Library, number: int) -> str:
    """Return what a reviewer should look at in the reply that lies before him."""
    said = look.counter.office.replied(number)
    found = faults(look.counter, library, number, said) if said else []
    items = [escape(one.zh if look.lang == "zh" else one.en) for one in found]
    head = f"<h2>{look.say('aid')}</h2><blockquote>{escape(said)}</blockquote>"
    return head + (_list(look, "to_mend", items) or f"<p>{look.say('nothing_found')}</p>")


def _why(because: Iterable[str]) -> str:
    return f"<small>({escape('、'.join(because))})</small>"


def _list(look: Look, key: str, items: list[str]) -> str:
    told = "".join(f"<li>{item}</li>" for item in items)
    return f"<h3>{look.say(key)}</h3><ul>{told}</ul>" if items else ""


def beside(look: Look, officer: Officer, number: int) -> str:
    """Return the pictures, the point and the tied cases of a case; "" where it has none."""
    told, cases = look.counter.opening(number), look.counter.office.cases
    link, row = cases.link(number), cases.row(number)
    above = [int(row[name]) for name in ("parent", "master") if int(row[name]) >= 0]
    tied = [("into", above), ("parts", link.children), ("merged", link.merged)]
    point = ""
    if told.where is not None:
        x, y = told.where
        point = f"<p>{look.say('position')}: {y:.5f}, {x:.5f}</p>"
    return f"{point}{_pictures(look, number, told.media)}" + "".join(
        _tied(look, officer, name, numbers) for name, numbers in tied if numbers
    )


def picture(look: Look, officer: Officer, number: int, digest: str) -> bytes | None:
    """Return a picture of a case that lies in an officer's jurisdiction, as JPEG; else None."""
    if number not in look.counter.office.cases or not sees(look, officer, number):
        return None
    known = digest in look.counter.opening(number).media
    return look.counter.photos.read(digest) if known else None


def _pictures(look: Look, number: int, media: tuple[str, ...]) -> str:
    shown = "".join(
        f"<a href='{where}'><img src='{where}' alt='{look.say('picture')} {at}'></a>"
        for at, digest in enumerate(media, start=1)
        for where in (look.to(f"/desk/case/{number}/{digest}.jpg"),)
    )
    return f"<p class='pictures'>{shown}</p>" if shown else ""


def _tied(look: Look, officer: Officer, name: str, numbers: list[int]) -> str:
    cases = look.counter.office.cases
    items = "".join(
        f"<li><a href='{look.to(f'/desk/case/{one}')}'>{one}</a> "
        f"{escape(pick(TITLES[cases.state(one)], look.lang))} "
        f"{escape(look.unit(cases.said(one, 'unit')))} "
        f"{escape(look.counter.opening(one).text[:60])}</li>"
        for one in numbers
        if one in cases and sees(look, officer, one)
    )
    return f"<h2>{look.say(f'tied_{name}')}</h2><ul>{items}</ul>" if items else ""
