"""What a move asks of an officer, and which cases of the day are drawn to be looked at again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape

from starlette.datastructures import FormData

from mindu.base.records import Value
from mindu.brain.cases import TABLE
from mindu.brain.casework.dispatch import to_audit
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.pages import Look

TYPES = {"days": "number", "satisfied": "number", "into": "number", "from": "number"}
YES_NO = frozenset({"right"})
NUMBERS = frozenset(TYPES)


def inputs(look: Look, needs: Iterable[str], draft: str = "") -> str:
    """Return a field for each thing that a move needs; words that were begun stand in the note."""
    return "".join(
        f"<label>{escape(need)}<textarea name='note' rows='6' required>{escape(draft)}</textarea>"
        "</label>"
        if need == "note" and draft
        else f"<label>{escape(need)}<select name='{need}' required><option value=''></option>"
        f"<option value='yes'>{look.say('yes')}</option>"
        f"<option value='no'>{look.say('no')}</option></select></label>"
        if need in YES_NO
        else f"<label>{escape(need)}<input name='{need}' type='{TYPES.get(need, 'text')}' "
        "required></label>"
        for need in needs
    )


def drawn(look: Look, officer: Officer, now: datetime) -> list[int]:
    """Return the cases that went by themselves and are drawn for this officer to judge."""
    office = look.counter.office
    if not TABLE["audit"].roles.intersection(officer.roles):
        return []
    return to_audit(office, now)


def wish(told: FormData) -> Wish:
    """Return the move that a form of the desk asks for."""
    name = str(told.get("move", ""))
    step = TABLE.get(name)
    needs = step.needs if step is not None else ()
    args: Mapping[str, Value] = {
        need: _value(need, str(told.get(need, "")))
        for need in needs
        if need not in {"note", "unit"}
    }
    seen = str(told.get("seen", ""))
    return Wish(
        name=name,
        seen=int(seen) if seen.isdigit() else -1,
        unit=str(told.get("unit", "")) if "unit" in needs else "",
        note=str(told.get("note", "")),
        args=args,
    )


def _value(name: str, text: str) -> Value:
    if name in YES_NO:
        return text == "yes"
    if name not in NUMBERS:
        return text[:500]
    try:
        return float(text)
    except ValueError:
        return -1.0
