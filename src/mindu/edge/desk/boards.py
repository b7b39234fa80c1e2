"""The boards of the desk: every unit's numbers, and the cases behind each of them."""

from datetime import datetime
from html import escape

from mindu.brain.casework.board import MEASURES, STANDS, behind, boards, standing
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.queues import sees, table


def board(look: Look, now: datetime) -> str:
    """Return every unit's board; each number leads to its cases."""
    head = "".join(f"<th>{escape(pick(m.title, look.lang))}</th>" for m in MEASURES.values())
    rows = []
    for of in boards(look.counter.office, now):
        cells = "".join(_cell(look, of.unit, name, of.good[name], of.of[name])
                        for name in MEASURES)  # fmt: skip
        score = "–" if of.score is None else f"{of.score:.1f}"
        rows.append(
            f"<tr><th>{escape(look.unit(of.unit))}</th>"
            f"<td>{_to(look, of.unit, 'open', of.open)}</td>"
            f"<td class='{'late' if of.overdue else ''}'>"
            f"{_to(look, of.unit, 'overdue', of.overdue)}</td>{cells}"
            f"<td>{score}</td></tr>"
        )
    names = "".join(f"<th>{look.say(key)}</th>" for key in ("unit", "open", "late"))
    told = f"<thead><tr>{names}{head}<th>0–100</th></tr></thead><tbody>{''.join(rows)}</tbody>"
    return look.page(
        f"{_back(look)}<h1>{look.say('board')}</h1>" + look.across("board", told),
        wide=True,
    )


def explained(look: Look, officer: Officer, now: datetime, unit: str, measure: str) -> str:
    """Return the cases behind a number, the bad ones first; words only where an officer may look.

    Raises:
        ValueError: there is no such measure.
    """
    if measure in STANDS:
        return _standing(look, officer, now, unit, measure)
    parts = []
    for good, mark, name in ((False, "✗", "missed"), (True, "✓", "held")):
        numbers = behind(look.counter.office, now, unit=unit, measure=measure, good=good)
        mine = [number for number in numbers if sees(look, officer, number)]
        parts.append(f"<h2>{mark} {len(numbers)}</h2>{table(look, name, mine, now)}")
    title = escape(f"{look.unit(unit)} · {pick(MEASURES[measure].title, look.lang)}")
    return look.page(f"{_back(look)}<h1>{title}</h1>{''.join(parts)}", wide=True)


def _standing(look: Look, officer: Officer, now: datetime, unit: str, what: str) -> str:
    numbers = standing(look.counter.office, now, unit=unit, what=what)
    mine = [number for number in numbers if sees(look, officer, number)]
    named = look.say("open" if what == "open" else "late")
    told = f"<h1>{escape(look.unit(unit))} · {named} {len(numbers)}</h1>"
    return look.page(f"{_back(look)}{told}{table(look, 'mine', mine, now)}", wide=True)


def _back(look: Look) -> str:
    desk, board = look.to("/desk"), look.to("/desk/board")
    return (
        f"<p class='ways'><a href='{desk}' accesskey='d'>{look.say('desk')}</a>"
        f"<a href='{board}'>{look.say('board')}</a></p>"
    )


def _to(look: Look, unit: str, measure: str, number: int) -> str:
    link = look.to("/desk/board", unit=unit, measure=measure)
    return f"<a href='{link}'>{number}</a>" if number else "0"


def _cell(look: Look, unit: str, measure: str, good: int, of: int) -> str:
    link = look.to("/desk/board", unit=unit, measure=measure)
    return f"<td><a href='{link}'>{good / of:.0%} ({good}/{of})</a></td>" if of else "<td>–</td>"
