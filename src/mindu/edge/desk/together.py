"""The screen of what many cases say together: bursts, issues that never end, what may be one."""

from dataclasses import dataclass
from html import escape

from starlette.datastructures import FormData

from mindu.brain.case_rows import IS_DONE
from mindu.brain.cases import TITLES
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.queues import sees
from mindu.edge.desk.tools import Tools
from mindu.edge.together.alike import Same
from mindu.edge.together.lookout import Seen
from mindu.engines.text.burst import Burst, Slow

SHOWN = 30  # bursts, issues and suggestions on the page
LISTED = 20  # cases listed of each
MOVES = {"merge": "into", "keep_apart": "from"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What an officer said of a suggestion: the move, the first case, the others as seen."""

    move: str
    into: int
    others: tuple[tuple[int, int], ...]  # number, and how often it had moved on the screen


def told(form: FormData) -> Confirmed:
    """Read the form; what is no number is left out."""
    marked = [str(value).partition(":") for value in form.getlist("case")]
    pairs = [(n, seen) for n, _, seen in marked if n.isdigit() and seen.isdigit()]
    into = str(form.get("into", ""))
    return Confirmed(
        move=str(form.get("move", "")),
        into=int(into) if into.isdigit() else -1,
        others=tuple((int(number), int(seen)) for number, seen in pairs),
    )


def confirm(look: Look, officer: Officer, said: Confirmed) -> str:
    """Make the move for each case that was marked; return what was done and what was not."""
    arg, done, wrong = MOVES.get(said.move), 0, list[str]()
    if arg is None or not said.others:
        return look.say("mark_some")
    for number, seen in said.others:
        wish = Wish(name=said.move, seen=seen, args={arg: float(said.into)})
        try:
            look.counter.act(number, wish, officer)
            done += 1
        except Refusal as refused:
            wrong.append(f"{number}: {pick(refused.says, look.lang)}")
    return " ".join([f"{look.say('done')} ({done})", *(escape(one) for one in wrong)])


def page(look: Look, officer: Officer, tools: Tools, token: str, said: str) -> str:
    """Return the screen; each number stands above its cases."""
    seen = Seen() if tools.looks is None else tools.looks.seen
    heard = [] if tools.repeats is None else tools.repeats.same(seen.same)
    note = f'<p role="status">{said}</p>' if said else ""
    bursts = "".join(_burst(look, officer, one) for one in seen.bursts[:SHOWN])
    lasting = "".join(_lasting(look, *one) for one in seen.slow[:SHOWN])
    told = sorted((*seen.same, *heard), key=lambda one: -one.heat)
    shown = (one for one in told if _still(look, one) and sees(look, officer, one.into))
    same = "".join(_same(look, officer, one, token) for one in list(shown)[:SHOWN])
    none = f"<p>{look.say('nothing_yet')}</p>"
    return look.page(
        f"<p><a href='{look.to('/desk')}' accesskey='d'>{look.say('desk')}</a></p>{note}"
        f"<h1>{look.say('together')}</h1><h2>{look.say('bursts')}</h2>{bursts or none}"
        f"<h2>{look.say('lasting')}</h2>{lasting or none}"
        f"<h2>{look.say('may_be_one')}</h2>{same or none}",
        wide=True,
    )


def repeated(look: Look, officer: Officer, tools: Tools, number: int) -> str:
    """Return the earlier cases that one just taken in may repeat, for who took it; "" for none."""
    found = () if tools.repeats is None else tools.repeats.of(number)
    mine = [(n, look.counter.office.cases.state(n)) for n in found if sees(look, officer, n)]
    items = "".join(
        f"<li>{_words(look, n)} <small>{pick(TITLES[state], look.lang)}</small></li>"
        for n, state in mine
    )
    return f"<h2>{look.say('may_repeat')}</h2><ul>{items}</ul>" if items else ""


def _burst(look: Look, officer: Officer, one: Burst) -> str:
    towns = "、".join(_town(look, code) for code in one.towns)
    towns += f" · {escape(one.place)}" if one.place else ""
    head = (
        f"{escape(look.topic(one.topic))} · {towns} · {one.since:%m-%d}–{one.until:%m-%d} · "
        f"{one.people} {look.say('people')} / {one.expected:.1f} {look.say('usual')}"
    )
    return _listed(look, officer, head, [int(name) for name in one.calls])


def _lasting(look: Look, one: Slow, topic: str, town: str) -> str:
    link = f"<a href='{look.to(f'/desk/case/{one.issue}')}'>{look.say('case')} {one.issue}</a>"
    return (
        f"<p>{escape(look.topic(topic))} · {_town(look, town)} · {one.people} "
        f"{look.say('people')} · "
        f"{one.first:%Y-%m-%d}–{one.last:%Y-%m-%d} · {link}</p>"
    )


def _same(look: Look, officer: Officer, one: Same, token: str) -> str:
    """Return one suggestion as a form: the officer takes out what is another matter."""
    cases, rows = look.counter.office.cases, []
    for number in [n for n in one.others if sees(look, officer, n)][:LISTED]:
        moved = int(cases.row(number)["moves"])
        rows.append(
            f"<li><label><input type='checkbox' name='case' value='{number}:{moved}' checked> "
            f"{_words(look, number)}</label></li>"
        )
    if not rows:
        return ""
    head = f"{one.people} {look.say('people')} · {one.first:%m-%d}–{one.last:%m-%d}"
    return (
        f"<section><h3>{head} · {look.say('urge')} {one.urged}</h3>"
        f"<form method='post' action='{look.to('/desk/together')}'>"
        f"<input type='hidden' name='token' value='{escape(token)}'>"
        f"<input type='hidden' name='into' value='{one.into}'><p>{_words(look, one.into)}</p>"
        f"<ul>{''.join(rows)}</ul><button name='move' value='merge'>{look.say('merge_all')}"
        f"</button> <button class='plain' name='move' value='keep_apart'>{look.say('not_one')}"
        "</button></form></section>"
    )


def _still(look: Look, one: Same) -> bool:
    """Say whether the case to merge into is still open: the suggestion is a minute old."""
    row = look.counter.office.cases.row(one.into)
    return not IS_DONE[row["state"]]


def _listed(look: Look, officer: Officer, head: str, numbers: list[int]) -> str:
    mine = [n for n in numbers if sees(look, officer, n)]
    items = "".join(f"<li>{_words(look, n)}</li>" for n in mine[:LISTED])
    return f"<details><summary>{head} ({len(numbers)})</summary><ul>{items}</ul></details>"


def _words(look: Look, number: int) -> str:
    text = escape(look.counter.opening(number).text[:80])
    return f"<a href='{look.to(f'/desk/case/{number}')}'>{number}</a> {text}"


def _town(look: Look, code: str) -> str:
    named = (pick(j.name, look.lang) for j in look.kind.jurisdictions if j.code == code)
    return escape(next(named, code))
