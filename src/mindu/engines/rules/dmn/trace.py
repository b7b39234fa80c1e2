"""The trace of a decision: which elements were decided, from what, by which rows and which law."""

from collections.abc import Sequence

import msgspec

from mindu.engines.rules.dmn.xml import Element
from mindu.engines.rules.value.run import Warned

MARKS = ("依据", "法律依据", "basis", "legal basis")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a decision table that matched."""

    table: str  # the element whose table it is
    number: int  # from 1, as the table shows it
    id: str
    inputs: dict[str, object]  # each input expression and its value
    outputs: dict[str, object]
    notes: dict[str, str]  # annotation entries by column
    basis: str  # the annotation that names the law, empty where none does


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One element that was decided or called."""

    name: str
    kind: str  # "decision", "service" or "input"
    value: object
    read: dict[str, object]  # what it read, by name
    rows: tuple[Row, ...]
    basis: tuple[str, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A decision: its value, how it came about, and what to be careful of."""

    value: object
    trace: tuple[Step, ...]
    warnings: tuple[Warned, ...]

    @property
    def basis(self) -> tuple[str, ...]:
        """Return every legal basis that the trace names, once, in order."""
        named = (one for step in self.trace for one in (*step.basis, *row_basis(step.rows)))
        return tuple(dict.fromkeys(named))


def row_basis(rows: Sequence[Row]) -> list[str]:
    """Return the legal basis of rows."""
    return [row.basis for row in rows if row.basis]


def marked(name: str) -> bool:
    """Say whether a column or line is by its name one that tells the legal basis."""
    return name.strip().rstrip(":\uff1a").strip().lower() in MARKS


def told(description: str) -> list[str]:
    """Return the legal basis that lines of a description tell: `依据:…` or `Basis: …`."""
    found: list[str] = []
    for line in description.splitlines():
        mark, colon, rest = line.replace("\uff1a", ":").partition(":")
        if colon and marked(mark) and rest.strip():
            found.append(rest.strip())
    return found


def source_basis(source: Element) -> str:
    """Return what a knowledge source says: its name, and where it can be read."""
    where = source.get("locationURI")
    return f"{source.get('name')}({where})" if where else source.get("name")
