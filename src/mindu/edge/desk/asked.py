"""What a move asks of an officer, and which cases of the day are drawn to be looked at again."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from mindu.brain.cases import TABLE
from mindu.brain.casework.dispatch import to_audit
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.pages import Look

TYPES = {"days": "number", "satisfied": "number", "into": "number"}
YES_NO = frozenset({"right"})


def inputs(look: Look, needs: Iterable[str]) -> str:
    """Return a field for each thing that a move needs."""
    return "".join(
        f"<label>{escape(need)}<select name='{need}' required><option value=''></option>"
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
