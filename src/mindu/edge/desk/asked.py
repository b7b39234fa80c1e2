"""The move that an officer asks for, and which cases of the day are drawn to be looked at again."""

from collections.abc import Mapping
from datetime import datetime

from starlette.datastructures import FormData

from mindu.base.records import Value
from mindu.brain.cases import TABLE
from mindu.brain.casework.dispatch import to_audit
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.pages import Look

YES_NO = frozenset({"right"})
NUMBERS = frozenset({"days", "satisfied", "into", "from"})


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
