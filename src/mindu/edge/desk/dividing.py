"""A case is divided at the desk: which units answer which part, the first of them in the lead."""

from collections.abc import Sequence

from starlette.datastructures import FormData

from mindu.base.records import Words
from mindu.brain.casework.dispatch import Suggested
from mindu.brain.casework.office import MOST_TEXT
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.casework.rounds import split
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.pages import Look
from mindu.edge.counter.plain import plain
from mindu.edge.desk.fields import units_of

ROWS = 4  # parts that the form offers; two are needed, the others may stay empty
Parts = list[tuple[str, str]]


def rows(look: Look, units: Sequence[Suggested]) -> str:
    """Return the form's rows: a unit and what is asked of it."""
    told = "".join(
        f"<fieldset><legend>{look.say('leads' if at == 0 else 'helps')}</legend><div class='pair'>"
        f"<label>{look.say('unit')}{units_of(look, units, f'unit{at}', chosen=at)}</label>"
        f"<label>{look.say('part')}<textarea name='part{at}' rows='2' maxlength='{MOST_TEXT}'>"
        "</textarea></label></div></fieldset>"
        for at in range(ROWS)
    )
    return f"<p class='hint'>{look.say('split_hint')}</p>{told}"


def shown(look: Look, name: str, fields: str, units: Sequence[Suggested]) -> str:
    """Return the fields of a move as its form shows them."""
    if name == "split":
        return rows(look, units)
    hint = f"<p class='hint'>{look.say('undo_hint')}</p>" if name == "undo_split" else ""
    return f"{hint}{fields}"


def parts(told: FormData) -> Parts:
    """Return the parts that were filled in.

    Raises:
        Refusal: a row has a unit or words, not both.
    """
    found = []
    for at in range(ROWS):
        unit, text = str(told.get(f"unit{at}", "")), plain(str(told.get(f"part{at}", "")))
        if text and unit:
            found.append((unit, text))
        elif text:
            raise Refusal(Words("name a unit for each part", "每个拆分项都要选择单位"))
    return found


def divide(
    counter: Counter, number: int, told: Parts, officer: Officer, *, seen: int | None
) -> None:
    """Divide a case, words masked; durable when this returns.

    Raises:
        Refusal: as the office says; nothing is divided then.
    """
    with counter.lock:
        if number not in counter.office.cases:
            raise Refusal(Words(f"there is no case {number}", f"没有编号 {number} 的件"))
        kind = counter.office.kinds[counter.office.cases.said(number, "kind")]
        safe = [(unit, kind.mask(text)[:MOST_TEXT]) for unit, text in told]
        try:
            split(
                counter.office,
                number,
                safe,
                officer,
                seen=-1 if seen is None else seen,
                now=counter.clock.now(),
            )
        finally:
            counter.office.memory.log.commit()
