"""A place in a model where FEEL is written: the names in scope there, and the model's types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mindu.engines.rules.dmn.problems import Problem
from mindu.engines.rules.dmn.xml import Element
from mindu.engines.rules.library.catalogue import builtins
from mindu.engines.rules.machine.core import Code, Frame, Scope, Types, build
from mindu.engines.rules.machine.tests import Check, build_tests, check_of
from mindu.engines.rules.syntax.names import Names
from mindu.engines.rules.syntax.parser import parse, parse_tests
from mindu.engines.rules.syntax.tokens import FeelError
from mindu.engines.rules.syntax.tree import Tests
from mindu.engines.rules.value.types import ANY, Type

OWN = Names(builtins())
FEEL = "FEEL"


@dataclass(slots=True)
class Room:
    """What all places of a model share."""

    members: Names
    types: Types
    type_of: Callable[[str], Type | None]
    problems: list[Problem] = field(default_factory=list)

    def typed(self, where: str, element: Element | None) -> Type:
        """Return the type that an element refers to, Any where it names none."""
        wanted = "" if element is None else element.get("typeRef") or element.text_of("typeRef")
        if not wanted:
            return ANY
        found = self.type_of(wanted)
        if found is None:
            self.problem(
                where,
                f"there is no type {wanted!r}: declare it as an item definition",
                f"没有类型“{wanted}”:请声明为 itemDefinition",
            )
        return found or ANY

    def problem(self, where: str, english: str, chinese: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(where, english, chinese))


@dataclass(frozen=True, slots=True)
class Place:
    """A place: whose logic it is, what is in scope, and where the values are."""

    where: str
    room: Room
    scope: Scope
    names: tuple[Names, ...]

    def bind(self, names: Mapping[str, int]) -> "Place":
        """Return a place inside this one where these names have slots."""
        return Place(self.where, self.room, self.scope.inner(names), (*self.names, Names(names)))

    def slot(self) -> int:
        """Return a new slot."""
        return self.scope.plan.slot()

    def literal(self, text: str) -> Code:
        """Compile an expression; one that cannot be read is a problem and evaluates to null."""
        try:
            node = parse(text, [OWN, *self.names], self.room.members)
            return build(node, self.scope)
        except FeelError as why:
            return self.broken(text, why)

    def _read_tests(self, text: str) -> Tests:
        return parse_tests(text, [OWN, *self.names], self.room.members)

    def tests(self, text: str, slot: int) -> Code:
        """Compile the unary tests of a cell."""
        try:
            return build_tests(self._read_tests(text), self.scope, slot)
        except FeelError as why:
            return self.broken(text, why)

    def checks(self, text: str, slot: int) -> list[Check]:
        """Compile unary tests one by one, for their order."""
        try:
            node = self._read_tests(text)
        except FeelError as why:
            self.broken(text, why)
            return []
        inner = self.scope.inner({"?": slot})
        return [_asking(check_of(one, inner, cell=True), slot) for one in node.tests]

    def cell(self, text: str) -> Tests | None:
        """Return the tests that a cell is made of, None where it is negated or cannot be read."""
        try:
            node = self._read_tests(text)
        except FeelError:
            return None
        return None if node.negated or not node.tests else node

    def broken(self, text: str, why: FeelError) -> Code:
        """Keep the problem of a text and return what warns of it at each evaluation."""
        shown = text if len(text) <= 60 else f"{text[:57]}…"
        self.room.problem(
            self.where,
            f"FEEL {shown!r} cannot be read, {why}",
            f"FEEL“{shown}”第{why.at + 1}个字符处无法读懂:{why.chinese}",
        )
        at, expected, chinese = why.at, why.expected, why.chinese

        def wrong(frame: Frame) -> object:
            frame[0].warn(at, "syntax", expected, chinese)
            return None

        return wrong


def _asking(check: Check, slot: int) -> Check:
    """Return a test that puts the value under test where `?` is read."""

    def ask(frame: Frame, value: object) -> bool | None:
        frame[slot] = value
        return check(frame, value)

    return ask


Box = Callable[[Place, Element], Code]
BOXES: dict[str, Box] = {}


def boxes(tag: str) -> Callable[[Box], Box]:
    """Register what compiles a boxed expression."""

    def register(body: Box) -> Box:
        BOXES[tag] = body
        return body

    return register


def box(place: Place, element: Element) -> Code:
    """Compile a boxed expression, its value taken into the type it declares."""
    code = BOXES[element.tag](place, element)
    type_ = place.room.typed(place.where, element) if element.get("typeRef") else ANY
    if type_ is ANY or element.tag == "functionDefinition":
        return code
    return taking(code, type_)


def taking(code: Code, type_: Type) -> Code:
    """Return code whose value is taken into a type."""
    return lambda frame: type_.take(frame[0], code(frame))


def boxed_child(place: Place, element: Element) -> Code | None:
    """Compile the one expression inside an element, None where there is none."""
    found = element.first(*BOXES)
    return None if found is None else box(place, found)


def nothing(_frame: Frame) -> object:
    """Return null: there is no expression."""
    return None
