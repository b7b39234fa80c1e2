"""The screens of the desk: sign-in, call taking with the queue, one case with its moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from mindu.base.records import Entry, Move
from mindu.brain.cases import STATES, TITLES, State, steps_from
from mindu.brain.casework import rights
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.dispatch import Suggested
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.form import areas, services
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.aid import beside
from mindu.edge.desk.asked import drawn
from mindu.edge.desk.dividing import shown
from mindu.edge.desk.fields import inputs, reasons
from mindu.edge.desk.moves import move, noted
from mindu.edge.desk.queues import WAITS, clock, queues, sees

LINES = 40
NOT_BY_HAND = frozenset({"rate", "warn", "answered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a case's page holds beside the case: the form's token, what is said, a reply begun."""

    token: str
    said: str = ""  # an alarm
    move: str = ""  # the move whose words are begun
    draft: str = ""
    aid: str = ""  # similar cases, articles and templates, as a piece of the page
    units: Sequence[Suggested] = ()  # units that may answer, the likeliest first


def sign_in(look: Look, *, wrong: str = "") -> str:
    """Return the page on which an officer signs in; `wrong` names what kept them out."""
    alarm = f'<p class="alarm" role="alert">{look.say(wrong)}</p>' if wrong else ""
    return look.page(
        f"<h1>{look.say('desk')}</h1>{alarm}<form method='post' action='{look.to('/desk/in')}'>"
        f"<label>{look.say('officer')}<input name='officer' required autofocus></label>"
        f"<label>{look.say('secret')}<input name='secret' type='password' required></label>"
        f"<button>{look.say('login')}</button></form>"
    )


def desk(look: Look, officer: Officer, now: datetime, token: str) -> str:
    """Return the call screen: words left, hints right, the queue below; all by keyboard."""
    call = (
        f"<form method='post' action='{look.to('/desk/call')}'>{_token(token)}"
        f"<label for='call-text'>{look.say('text')} <small>Alt+T</small></label>"
        f"<textarea id='call-text' name='text' accesskey='t' required autofocus maxlength='4000' "
        f"data-hints='{look.to('/desk/hints')}'></textarea>"
        f"<label>{look.say('what')} <small>Alt+1…5</small><select id='service' name='service' "
        f"accesskey='w'>{services(look, '')}</select></label>"
        f"<div class='pair'><label>{look.say('place')}<input name='place' accesskey='p'></label>"
        f"<label>{look.say('area')}<select name='area'>{areas(look)}</select></label></div>"
        f"<div class='pair'><label>{look.say('phone')}<input name='phone' accesskey='f'></label>"
        f"<label>{look.say('name')}<input name='name'></label></div>"
        f"<button accesskey='s'>{look.say('send')} (Alt+S)</button></form>"
    )
    links = " ".join(
        f"<a href='{look.to(f'/desk/{page}')}'>{look.say(page)}</a>"
        for page in ("board", "together", "month", "opinion")
    )
    return look.page(
        f"<h1>{look.say('desk')} · {escape(officer.name or officer.id)}</h1>"
        f"<p class='ways'>{links}</p><div class='desk'><section><h2>{look.say('new_call')}</h2>"
        f"{call}</section><section aria-live='polite'><h2>{look.say('suggest')}</h2>"
        f"<div id='hints'></div></section></div>{queues(look, officer, now)}",
        wide=True,
    )


def onward(look: Look, number: int) -> str:
    """Return where an agent goes on from the receipt of a call: the next call, or its case."""
    return (
        f"<p class='ways'><a href='{look.to('/desk')}' accesskey='d' autofocus>{look.say('desk')} "
        f"(Alt+D)</a><a href='{look.to(f'/desk/case/{number}')}'>{look.say('case')} {number}</a>"
        "</p>"
    )


def case(look: Look, officer: Officer, number: int, now: datetime, page: Page) -> str:
    """Return one case: what was told, who told it, what may be done, and what happened."""
    counter, cases = look.counter, look.counter.office.cases
    row, told = cases.row(number), counter.opening(number)
    state = STATES[int(row["state"])]
    who = counter.vault.get(told.caller, "who") if _handles(look, officer, number) else None
    lines = [
        ("state", pick(TITLES[state], look.lang)),
        ("told", told.text),
        ("what", look.topic(cases.said(number, "topic"))),
        ("place", told.place),
        ("with", look.unit(cases.said(number, "unit"))),
        ("due", clock(look, int(row["whole"]["due"]))),
        ("caller", " ".join(str(v) for v in who.values() if v) if isinstance(who, dict) else "＊"),
    ]
    items = "".join(f"<dt>{look.say(k)}</dt><dd>{escape(v)}</dd>" for k, v in lines if v)
    story = counter.office.memory.log.why(int(row["last"]))[-LINES:]
    happened = "".join(_line(look, entry) for entry in story)
    why, units = reasons(look, story) if state in WAITS else ("", [])
    alarm = f'<p class="alarm" role="alert">{escape(page.said)}</p>' if page.said else ""
    return look.page(
        f"<p><a href='{look.to('/desk')}' accesskey='d'>{look.say('desk')}</a></p>{alarm}"
        f"<h1>{look.say('case')} {number}</h1><dl>{items}</dl>{beside(look, officer, number)}"
        f"<h2>{look.say('moves')}</h2>"
        f"{why}{_moves(look, officer, number, now, replace(page, units=units))}{page.aid}"
        f"<h2>{look.say('history')}</h2>"
        f"<ol>{happened}</ol>",
        wide=True,
    )


def _moves(look: Look, officer: Officer, number: int, now: datetime, page: Page) -> str:
    """Return a form for every move that this officer may make now."""
    cases, forms = look.counter.office.cases, []
    seen = int(cases.row(number)["moves"])
    for step in steps_from(cases.state(number)):
        barred = rights.refusal(
            officer, step, unit=cases.said(number, "unit"), helpers=cases.link(number).helpers,
            area=cases.said(number, "area"), today=now.astimezone(CITY).date(),
        )  # fmt: skip
        lot = step.name != "audit" or number in drawn(look, officer, now)
        if barred is not None or step.name in NOT_BY_HAND or not lot:
            continue
        title = escape(move(step.name, look.lang))
        draft = page.draft if step.name == page.move else ""
        needs = step.needs
        if step.name == "feed_back":  # the unit's reply goes out, unless other words are put here
            needs, draft = ("note",), draft or look.counter.office.replied(number)
        fields = inputs(look, needs, draft=draft, units=page.units)
        fields = shown(look, step.name, fields, page.units)
        opened = " open" if draft and step.name == page.move else ""
        forms.append(
            f"<details{opened}><summary>{title}</summary>"
            f"<form method='post' action='{look.to(f'/desk/case/{number}')}'>{_token(page.token)}"
            f"<input type='hidden' name='seen' value='{seen}'>"
            f"{fields}"
            f"<button name='move' value='{escape(step.name)}'>{title}</button>"
            "</form></details>"
        )
    return "".join(forms)


def _line(look: Look, entry: Entry) -> str:
    at = entry.at.astimezone(CITY)
    record = entry.record
    what = move(record.name if isinstance(record, Move) else "told", look.lang)
    note = escape(noted(record, look.lang, look.kind.ladder))
    title = pick(TITLES[State(record.to)], look.lang) if isinstance(record, Move) else ""
    return (
        f"<li>{at:%m-%d %H:%M} {escape(entry.by)} <b>{escape(what)}</b> {escape(title)} {note}</li>"
    )


def _handles(look: Look, officer: Officer, number: int) -> bool:
    """Say whether this officer may know who the caller is: who answers the call or the case."""
    unit = look.counter.office.cases.said(number, "unit")
    at_line = bool({"operator", "dispatcher"} & set(officer.roles))
    return sees(look, officer, number) and (at_line or (bool(unit) and unit == officer.unit))


def _token(token: str) -> str:
    return f"<input type='hidden' name='token' value='{escape(token)}'>"
