"""The input columns of a decision table: each sifts the rows by the value of its input."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import Decimal

from mindu.engines.rules.dmn.intervals import Interval, Intervals, indexed, interval
from mindu.engines.rules.dmn.place import Place, nothing
from mindu.engines.rules.dmn.xml import Element
from mindu.engines.rules.machine.core import Code, Frame
from mindu.engines.rules.syntax.tree import Literal, Tests
from mindu.engines.rules.value.run import Refused
from mindu.engines.rules.value.types import Type, shown

CONSTANT = (str, Decimal, bool)


@dataclass(frozen=True, slots=True)
class Column:
    """An input column. Rows are bits: `always` those with a dash, `equal` those by a literal."""

    label: str
    slot: int
    value: Code
    type: Type
    allowed: Code | None
    always: int
    equal: dict[Hashable, int]
    index: Intervals | None
    ranged: tuple[tuple[Code, int], ...]  # the cells that the index speaks for, if it does
    tests: tuple[tuple[Code, int], ...]

    def read(self, frame: Frame) -> object:
        """Return the value of the input, refused where the table does not allow it."""
        value = self.type.take(frame[0], self.value(frame))
        frame[self.slot] = value
        if value is not None and self.allowed is not None and self.allowed(frame) is not True:
            raise Refused("allowed", shown(value), self.label)
        return value

    def sift(self, frame: Frame, value: object, rows: int) -> int:
        """Return the rows that this column lets pass."""
        kept = self.always & rows
        if self.equal and isinstance(value, CONSTANT):
            kept |= self.equal.get((type(value), value), 0) & rows
        tests = self.tests
        if self.index is not None and isinstance(value, Decimal):
            kept |= self.index.at(value) & rows
        else:
            tests += self.ranged
        for code, bits in tests:
            if bits & rows and code(frame) is True:
                kept |= bits & rows
        return kept


def column(place: Place, element: Element, number: int, entries: list[str]) -> Column:
    """Compile an input column with the cells of its rows."""
    asked = element.first("inputExpression")
    text = "" if asked is None else asked.text_of("text")
    slot = place.slot()
    limits = element.first("inputValues")
    sorted_ = _sorted(place, slot, entries)
    return Column(
        label=element.get("label") or text or f"input {number}",
        slot=slot,
        value=place.literal(text) if text else nothing,
        type=place.room.typed(place.where, asked),
        allowed=None if limits is None else place.tests(limits.text_of("text"), slot),
        always=sorted_.always,
        equal=sorted_.equal,
        index=indexed(sorted_.intervals, len(entries)),
        ranged=tuple(sorted_.ranged),
        tests=tuple(sorted_.tests),
    )


@dataclass(slots=True)
class _Sorted:
    """The cells of a column by what they are, equal cells once."""

    always: int = 0
    equal: dict[Hashable, int] = field(default_factory=dict)
    intervals: list[Interval] = field(default_factory=list)
    ranged: list[tuple[Code, int]] = field(default_factory=list)
    tests: list[tuple[Code, int]] = field(default_factory=list)

    def literals(self, node: Tests, bits: int) -> bool:
        """Take a cell of nothing but literals."""
        found = [one.value for one in node.tests if isinstance(one, Literal)]
        if len(found) < len(node.tests) or None in found:
            return False
        for constant in found:
            key = (type(constant), constant)
            self.equal[key] = self.equal.get(key, 0) | bits
        return True

    def numbers(self, node: Tests, bits: int, code: Code) -> bool:
        """Take a cell of nothing but intervals of numbers."""
        found = [one for test in node.tests if (one := interval(test, bits)) is not None]
        if len(found) < len(node.tests):
            return False
        self.intervals += found
        self.ranged.append((code, bits))
        return True


def _sorted(place: Place, slot: int, entries: list[str]) -> _Sorted:
    by_text: dict[str, int] = {}
    for number, text in enumerate(entries):
        by_text[text] = by_text.get(text, 0) | 1 << number
    found = _Sorted(always=by_text.pop("-", 0) | by_text.pop("", 0))
    for text, bits in by_text.items():
        node = place.cell(text)
        if node is not None and found.literals(node, bits):
            continue
        code = place.tests(text, slot)
        if node is None or not found.numbers(node, bits, code):
            found.tests.append((code, bits))
    return found
