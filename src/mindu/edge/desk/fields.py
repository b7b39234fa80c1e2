"""The fields of a move's form: units, topics and lines by their names, suggested units first."""

from collections.abc import Iterable, Sequence
from html import escape

from mindu.base.records import Entry, Move, Words
from mindu.brain.casework.dispatch import Suggested, suggested
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.moves import need as called

TYPES = {"days": "number", "satisfied": "number", "into": "number", "from": "number"}
YES_NO = {"yes": Words("yes", "是"), "no": Words("no", "否")}
LINES = ("110", "119", "120", "122", "12315", "12333", "12329", "12366", "12393", "12348")
LEAST, MOST = 1, 365  # days


def inputs(
    look: Look, needs: Iterable[str], *, draft: str = "", units: Sequence[Suggested] = ()
) -> str:
    """Return a field for each thing that a move needs; words that were begun stand in the note."""
    return "".join(
        f"<label>{escape(called(need, look.lang))}{_field(look, need, draft, units)}</label>"
        for need in needs
    )


def _field(look: Look, need: str, draft: str, units: Sequence[Suggested]) -> str:
    choices = {"right": YES_NO, "nature": look.kind.natures, "urgency": look.kind.urgencies}
    bounds = f" min='{LEAST}' max='{MOST}'" if need == "days" else ""
    field = f"<input name='{need}' type='{TYPES.get(need, 'text')}'{bounds} required>"
    if need == "note":
        rows = 6 if draft else 2
        field = f"<textarea name='note' rows='{rows}' required>{escape(draft)}</textarea>"
    elif need == "unit":
        field = units_of(look, units)
    elif need in {"agency", "topic"}:
        told = _topics(look) if need == "topic" else [(one, "") for one in LINES]
        field = _listed(need, told)
    elif told := [(code, pick(name, look.lang)) for code, name in choices.get(need, {}).items()]:
        field = _select(need, told)
    return field


def units_of(look: Look, units: Sequence[Suggested], name: str = "unit", *, chosen: int = 0) -> str:
    """Return the units by name: first those that are suggested, one of them chosen."""
    rows = look.counter.office.rows("units", look.kind.name)
    first = [one.unit for one in units]
    others = [row[0] for row in rows if row[0] not in first]
    told = [(code, look.unit(code)) for code in (*first, *others)]
    return _select(name, told, first[chosen : chosen + 1], required=chosen == 0)


def _topics(look: Look) -> list[tuple[str, str]]:
    names = {s.topic: pick(s.name, look.lang) for s in look.kind.services if s.topic}
    return list(names.items())


def _select(
    name: str, told: Iterable[tuple[str, str]], chosen: Sequence[str] = (), *, required: bool = True
) -> str:
    options = "".join(
        f"<option value='{escape(code)}'{' selected' if code in chosen else ''}>{escape(says)}"
        "</option>"
        for code, says in told
    )
    need = " required" if required else ""
    return f"<select name='{name}'{need}><option value=''></option>{options}</select>"


def _listed(name: str, told: Iterable[tuple[str, str]]) -> str:
    """Return a field to type in, with what it usually is offered below."""
    options = "".join(
        f"<option value='{escape(code)}'>{escape(says)}</option>" for code, says in told
    )
    return (
        f"<input name='{name}' list='of-{name}' required autocomplete='off'>"
        f"<datalist id='of-{name}'>{options}</datalist>"
    )


def reasons(look: Look, story: Sequence[Entry]) -> tuple[str, list[Suggested]]:
    """Return the units that were suggested for a case, as a piece of the page and as they are."""
    moves = [entry.record for entry in story if isinstance(entry.record, Move)]
    found = next((suggested(one) for one in reversed(moves) if one.name == "triage"), [])
    items = "".join(
        f"<li><b>{escape(look.unit(one.unit))}</b> {escape(pick(one.why, look.lang))}</li>"
        for one in found
    )
    told = f"<h3>{look.say('suggested')}</h3><ol>{items}</ol>" if items else ""
    return told, found
