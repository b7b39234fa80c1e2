"""The pages for callers: the receipt and the state of a matter; whole without script."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from mindu.brain.cases import STATES, TITLES, State
from mindu.brain.casework.kinds import CaseKind
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Receipt
from mindu.edge.counter.words import pick, say

RATED = frozenset({State.FED_BACK, State.CALL_BACK, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Look:
    """How one reader looks at the counter."""

    counter: Counter
    kind: CaseKind
    lang: str
    base: str  # path under which the counter is mounted
    here: str = ""  # path of this page where it can be asked for again; "" leads to the form
    asked: tuple[tuple[str, str], ...] = ()  # what the page was asked for, but for the language

    def say(self, key: str) -> str:
        """Return a sentence, safe for HTML."""
        return escape(say(key, self.lang))

    def to(self, path: str, **more: str) -> str:
        """Return a link to one of our pages in the reader's language."""
        return escape(f"{self.base}{path}?{urlencode({'lang': self.lang, **more})}")

    def unit(self, code: str) -> str:
        """Return what a unit is called; one that no table names keeps its code."""
        for known, zh, en, *_ in self.counter.office.rows("units", self.kind.name):
            if known == code:
                return zh if self.lang == "zh" else en
        return code

    def topic(self, code: str) -> str:
        """Return what a topic is called: as the service about it, else as the group above."""
        exact = (s.name for s in self.kind.services if s.topic == code)
        above = (s.group for s in self.kind.services if s.topic.startswith(f"{code}."))
        named = next(exact, None) or next(above, None)
        return code if named is None or not code else pick(named, self.lang)

    def across(self, name: str, table: str) -> str:
        """Return a table that a narrow screen moves sideways by itself, by touch or by key."""
        return (
            f"<div class='across' tabindex='0' role='region' aria-label='{self.say(name)}'>"
            f"<table>{table}</table></div>"
        )

    def home(self) -> str:
        """Return a link to the city's own page, if the line lies behind one."""
        if self.counter.home is None:
            return ""
        title, path = self.counter.home
        where = escape(f"{path}?{urlencode({'lang': self.lang})}")
        return f'<a href="{where}">{escape(pick(title, self.lang))}</a>'

    def page(self, body: str, *, wide: bool = False) -> str:
        """Return a whole page."""
        other = "en" if self.lang == "zh" else "zh"
        asked = urlencode([*self.asked, ("lang", other)])
        swap = escape(f"{self.here or f'{self.base}/'}?{asked}")
        code, tongue = ("zh-CN", "en") if self.lang == "zh" else ("en", "zh-CN")
        return (
            f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{self.say('title')}</title>"
            f'<link rel="icon" href="{escape(self.base)}/counter.svg">'
            f'<link rel="stylesheet" href="{escape(self.base)}/counter.css">'
            f'<script src="{escape(self.base)}/counter.js" defer></script></head><body>'
            f'<main class="{"wide" if wide else ""}"><nav>{self.home()}<a href="{self.to("/")}">'
            f'{self.say("title")}</a><a href="{self.to("/status")}">{self.say("follow")}</a>'
            f'<a href="{swap}" lang="{tongue}">{self.say("other_lang")}</a></nav>'
            f"{body}</main></body></html>"
        )


def thanks(look: Look, got: Receipt, more: str = "") -> str:
    """Return the receipt, with the words of another line first if it belongs there.

    `more` is a piece of the page for whoever took the matter in at the desk.
    """
    over = ""
    if got.hand_over is not None:
        number = escape(got.hand_over.agency)
        over = (
            f'<div class="alarm" role="alert"><p>{look.say("over")}</p>'
            f'<p><a href="tel:{number}"><strong>{number}</strong></a></p>'
            f"<p>{escape(pick(got.hand_over.says, look.lang))}</p></div>"
        )
    code = f'<p class="code">{escape(got.code)}</p><p>{look.say("keep")}</p>' if got.code else ""
    link = look.to("/status", code=got.code)
    follow = f'<p><a href="{link}">{look.say("follow")}</a></p>' if got.code else ""
    head = look.say("again" if got.again else "thanks")
    return look.page(f"{over}<h1>{head}</h1><p>{look.say('code')}</p>{code}{follow}{more}")


def status(look: Look, code: str, number: int | None, *, said: str = "") -> str:
    """Return where a matter stands, with what its caller may do."""
    ask = (
        f'<h1>{look.say("follow")}</h1><form method="get" action="{escape(look.base)}/status">'
        f'<input type="hidden" name="lang" value="{look.lang}">'
        f'<label for="code">{look.say("code")}</label><input id="code" name="code" required '
        f'autocomplete="off" value="{escape(code)}"><button>{look.say("look")}</button></form>'
    )
    note = f'<p role="status">{escape(said)}</p>' if said else ""
    if not code:
        return look.page(note + ask)
    if number is None:
        return look.page(f"<p role='alert'>{look.say('unknown')}</p>{ask}")
    return look.page(note + _standing(look, number) + _may(look, code, number))


def _standing(look: Look, number: int) -> str:
    counter, cases = look.counter, look.counter.office.cases
    about = number if cases.row(number)["master"] < 0 else int(cases.row(number)["master"])
    row, told = cases.row(about), counter.opening(number)
    state, due = STATES[int(row["state"])], int(row["whole"]["due"])
    lines = [("state", pick(TITLES[state], look.lang)), ("told", told.text)]
    if row["unit"]:
        lines.append(("with", look.unit(cases.said(about, "unit"))))
    if due:
        calendar = counter.office.calendar()
        day = calendar.at(due)
        known = "" if calendar.known(day.date()) else f" {say('not_announced', look.lang)}"
        lines.append(("due", f"{day:%Y-%m-%d %H:%M}{known}"))
    if answer := counter.office.answer(number) or counter.office.answer(about):
        lines.append(("answer", answer))
    items = "".join(f"<dt>{look.say(key)}</dt><dd>{escape(text)}</dd>" for key, text in lines)
    return f"<h1>{look.say('case')} {number}</h1><dl>{items}</dl>"


def rated(look: Look, path: str, number: int, said: str) -> str:
    """Return an answered matter with forms to rate it or open it again, for who has a link."""
    note = f'<p role="status">{escape(said)}</p>' if said else ""
    return look.page(note + _standing(look, number) + _rating(look, look.to(path), ""))


def _may(look: Look, code: str, number: int) -> str:
    """Return the forms by which a caller urges, rates or reopens."""
    cases = look.counter.office.cases
    state, answered = cases.state(number), bool(cases.row(number)["answer"])
    hidden = f'<input type="hidden" name="code" value="{escape(code)}">'
    if state in RATED or (state is State.MERGED and answered):
        return _rating(look, look.to("/say"), hidden)
    return (
        f'<form method="post" action="{look.to("/say")}">{hidden}{_why(look)}'
        f'<button name="move" value="urge">{look.say("urge")}</button></form>'
    )


def _rating(look: Look, action: str, hidden: str) -> str:
    start = f'<form method="post" action="{action}">{hidden}'
    marks = "".join(f"<option>{n}</option>" for n in range(5, 0, -1))
    return (
        f"<h2>{look.say('rate')}</h2>{start}<fieldset><legend>{look.say('solved')}</legend>"
        f'<label><input type="radio" name="solved" value="yes" required>{look.say("yes")}</label>'
        f'<label><input type="radio" name="solved" value="no">{look.say("no")}</label></fieldset>'
        f'<label>{look.say("satisfied")}<select name="satisfied">{marks}</select></label>'
        f'<button name="move" value="rate">{look.say("rate_send")}</button></form>'
        f'{start}{_why(look)}<button class="plain" name="move" value="reopen">{look.say("reopen")}'
        "</button></form>"
    )


def _why(look: Look) -> str:
    return f'<label>{look.say("why")}<input name="note" maxlength="500" required></label>'
