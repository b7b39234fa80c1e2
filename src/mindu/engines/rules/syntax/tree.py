"""The tree of an expression: one node for each form that FEEL has."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """Any form; `at` is the character of the text where it begins."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, a string, true, false or null."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class At(Node):
    """A date, time or duration written after an @."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name in scope."""

    name: str


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """Minus something."""

    of: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic, comparison, `and` and `or`."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """A value between two others, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """A value that passes any of some tests."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary comparison: an operator and what to compare with."""

    sign: str
    of: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests of a cell: any of them, or none of them; no tests pass everything."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """An interval with its two ends."""

    low: Node
    high: Node
    low_in: bool
    high_in: bool


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """A list of expressions."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """A context: names and expressions, each seen by those that follow."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A member of a value."""

    of: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """The items of a list that pass, or the item at a place."""

    of: Node
    by: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function called with arguments in order or by name."""

    function: Node
    given: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...] | None


@dataclass(frozen=True, slots=True)
class If(Node):
    """One of two, by a condition."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Domain(Node):
    """A variable and what it runs over: a list, or a range when `end` is there."""

    name: str
    over: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """A list made by running over domains."""

    domains: tuple[Domain, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """Whether some, or every, combination of the domains satisfies."""

    every: bool
    domains: tuple[Domain, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class TypeOf:
    """A type as it is written: its name and its parts."""

    name: str
    parts: tuple["TypeOf", ...] = ()
    fields: tuple[tuple[str, "TypeOf"], ...] = ()
    result: "TypeOf | None" = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """Whether a value is of a type."""

    of: Node
    type: TypeOf


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """A function written in place."""

    parameters: tuple[tuple[str, TypeOf | None], ...]
    body: Node
    external: bool
