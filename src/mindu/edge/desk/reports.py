"""The reports of the desk: the month's weightiest topics, one to be taken up, and opinion."""

from datetime import datetime, timedelta
from html import escape

from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.month import Dossier, dossiers
from mindu.brain.casework.rights import Officer
from mindu.edge.aid.library import Library
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.queues import sees
from mindu.edge.together.opinion import By, Opinion, Opinions

DAYS = 30
EXCERPT = 120  # characters of an answer that did not help


def month(look: Look, officer: Officer, library: Library | None, now: datetime, asked: str) -> str:
    """Return the dossiers of a month, the topic to be taken up first; this month if none is told.

    Raises:
        ValueError: it is no month.
    """
    since = _month(asked, now)
    until = (since + timedelta(days=32)).replace(day=1)
    found = dossiers(look.counter.office, since, until, now=now)
    parts = [_dossier(look, officer, library, one, first=at == 0) for at, one in enumerate(found)]
    before = (since - timedelta(days=1)).strftime("%Y-%m")
    return look.page(
        f"<p><a href='{look.to('/desk')}' accesskey='d'>{look.say('desk')}</a> "
        f"<a href='{look.to('/desk/month', month=before)}'>{before}</a></p>"
        f"<h1>{look.say('month')} {since:%Y-%m}</h1>"
        + ("".join(parts) or f"<p>{look.say('nothing_yet')}</p>"),
        wide=True,
    )


def opinion(look: Look, officer: Officer, opinions: Opinions, now: datetime, by: By) -> str:
    """Return how people feel by topic or town, as far as this officer's jurisdiction goes."""
    found = opinions.report(now, days=DAYS, by=by, areas=officer.areas)
    names = ("topic", "people", "before", "complaint", "plain", "praise", "anger", "spoke")
    head = "".join(f"<th>{look.say(name)}</th>" for name in names)
    rows = "".join(_opinion(look, officer, one) for one in found)
    other: By = "area" if by == "topic" else "topic"
    return look.page(
        f"<p><a href='{look.to('/desk')}' accesskey='d'>{look.say('desk')}</a> "
        f"<a href='{look.to('/desk/opinion', by=other)}'>{look.say(f'by_{other}')}</a></p>"
        f"<h1>{look.say('opinion')}</h1><p class='hint'>{look.say('opinion_hint')}</p>"
        + look.across("opinion", f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"),
        wide=True,
    )


def _dossier(
    look: Look, officer: Officer, library: Library | None, one: Dossier, *, first: bool
) -> str:
    """Return one topic with what a leader must know before taking it up."""
    numbers = [
        ("people", f"{one.people} ({look.say('before')} {one.before})"),
        ("weeks", one.weeks), ("late", one.late), ("reopened", one.reopened),
        ("unsolved", one.unsolved), ("unhappy", one.unhappy),
        ("area", _tally(look, one.areas)), ("unit", _tally(look, one.units)),
    ]  # fmt: skip
    told = "".join(f"<dt>{look.say(key)}</dt><dd>{value}</dd>" for key, value in numbers)
    mine = [n for n in one.named if sees(look, officer, n)]
    cases = "".join(f"<li>{_case(look, library, n)}</li>" for n in mine)
    mark = f" · {look.say('take_up')}" if first else ""
    return (
        f"<section><h2>{escape(look.topic(one.topic))}{mark}</h2><dl>{told}</dl>"
        f"<details{' open' if first else ''}><summary>{look.say('cases')} ({len(one.named)})"
        f"</summary><ul>{cases}</ul></details></section>"
    )


def _case(look: Look, library: Library | None, number: int) -> str:
    text = escape(look.counter.opening(number).text[:80])
    failed = library.failed(number) if library is not None else ""
    back = f"<br><small>{look.say('came_back')}: {escape(failed[:EXCERPT])}</small>"
    link = f"<a href='{look.to(f'/desk/case/{number}')}'>{number}</a> {text}"
    return link + (back if failed else "")


def _opinion(look: Look, officer: Officer, one: Opinion) -> str:
    links = " ".join(
        f"<a href='{look.to(f'/desk/case/{n}')}'>{n}</a>"
        for n in one.named if sees(look, officer, n)
    )  # fmt: skip
    numbers = (one.people, one.before, one.complaint, one.plain, one.praise, f"{one.anger:.2f}")
    cells = "".join(f"<td>{number}</td>" for number in numbers)
    return (
        f"<tr><th>{_named(look, one.about)}</th>{cells}<td>{escape('、'.join(one.words))}"
        f"<details><summary>{look.say('cases')}</summary>{links}</details></td></tr>"
    )


def _tally(look: Look, counts: dict[str, int]) -> str:
    return escape("、".join(f"{_named(look, name)} {count}" for name, count in counts.items()))


def _named(look: Look, code: str) -> str:
    named = (pick(j.name, look.lang) for j in look.kind.jurisdictions if j.code == code)
    return escape(next(named, look.unit(look.topic(code))))


def _month(asked: str, now: datetime) -> datetime:
    told = asked or now.astimezone(CITY).strftime("%Y-%m")
    try:
        return datetime.strptime(told, "%Y-%m").replace(tzinfo=CITY)
    except ValueError as wrong:
        raise ValueError("a month is told like 2026-09 月份写作 2026-09") from wrong
