"""Ranges and functions as values, and what each kind of value is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeGuard

from mindu.engines.rules.value.calendar import Date, Days, Moment, Months, Time
from mindu.engines.rules.value.run import Refused, Run
from mindu.engines.rules.value.types import ANY, Type


@dataclass(frozen=True, slots=True)
class Range:
    """An interval of ordered values; an end that is None is open to infinity.

    `test` is the unary operator it was written with ("<", ">=", "=", "!="), or empty.
    """

    low: object
    high: object
    low_in: bool
    high_in: bool
    test: str = ""


class Callee(Protocol):
    """Anything that FEEL can call."""

    @property
    def name(self) -> str:
        """Return what it is called."""

    def call(self, run: Run, given: Sequence[object]) -> object:
        """Call with arguments in order."""

    def call_named(self, run: Run, given: Mapping[str, object]) -> object:
        """Call with arguments by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the model or of an expression: parameters with types, and a body."""

    name: str
    parameters: tuple[str, ...]
    types: tuple[Type, ...]
    body: Callable[[Run, list[object]], object]
    result: Type = ANY

    def call(self, run: Run, given: Sequence[object]) -> object:
        """Call with arguments in order, each coerced to its parameter's type."""
        if len(given) != len(self.parameters):
            takes = ", ".join(self.parameters)
            raise Refused("arguments", self.name or "function", f"({takes})")
        run.enter()
        try:
            taken = [self._taken(run, place, value) for place, value in enumerate(given)]
            return self.result.take(run, self.body(run, taken))
        finally:
            run.leave()

    def _taken(self, run: Run, place: int, value: object) -> object:
        taken = self.types[place].take(run, value)
        if taken is None and value is not None:
            name = self.parameters[place]
            raise Refused("arguments", self.name or "function", f"{name}: {kind_of(value)}")
        return taken

    def call_named(self, run: Run, given: Mapping[str, object]) -> object:
        """Call with arguments by name; every parameter must be there, and no other."""
        if set(given) != set(self.parameters):
            raise Refused("arguments", self.name or "function", ", ".join(given))
        return self.call(run, [given[name] for name in self.parameters])


def callable_(value: object) -> TypeGuard[Callee]:
    """Say whether FEEL can call a value."""
    return hasattr(value, "call_named")


def callee(value: object) -> Callee:
    """Return what can be called, or refuse."""
    if isinstance(value, Function):  # the usual case, asked quickly
        return value
    if callable_(value):
        return value
    raise Refused("call", kind_of(value))


NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    Moment: "date and time",
    Days: "days and time duration",
    Months: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}


def kind_of(value: object) -> str:
    """Return FEEL's word for what a value is."""
    return NAMES.get(type(value), "function")
