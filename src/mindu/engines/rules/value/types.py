"""Types of FEEL: which values conform, and how a value is taken into a type."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from mindu.engines.rules.value.calendar import Date, Days, Moment, Months, Time
from mindu.engines.rules.value.run import Run

SIMPLE: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (Moment,),
    "days and time duration": (Days,),
    "years and months duration": (Months,),
    "duration": (Days, Months),
}
ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "integer": "number",
    "double": "number",
    "long": "number",
    "any": "Any",
}

Allowed = Callable[[Run, object], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Type:
    """A type: simple, list, context, range, function, Any or Null, with allowed values if any."""

    kind: str
    name: str
    element: "Type | None" = None
    fields: tuple[tuple[str, "Type"], ...] = ()
    parameters: tuple["Type", ...] = ()
    allowed: Allowed | None = None

    def holds(self, run: Run, value: object, *, limits: bool = True) -> bool:
        """Say whether a value conforms to the type, with its allowed values; null always does."""
        if value is None or (self.kind == "Any" and self.allowed is None):
            return True
        if not HOLDS.get(self.kind, _simple)(self, run, value, limits):
            return False
        return self.allowed is None or not limits or self.allowed(run, value)

    def take(self, run: Run, value: object) -> object:
        """Return the value as this type has it, or null and a warning where it does not conform."""
        if self.holds(run, value):
            return value
        for other in self._others(value):
            if self.holds(run, other):
                return other
        run.warn(-1, "type", shown(value), self.name)
        return None

    def _others(self, value: object) -> list[object]:
        """Return what FEEL converts the value to where a type asks for it."""
        if isinstance(value, list):
            return value if len(value) == 1 else []
        if self.kind == "list":
            return [[value]]
        return [Moment(value, 0, 0)] if isinstance(value, Date) else []


def shown(value: object) -> str:
    """Return a short sight of a value for a warning, never all of a large one."""
    if isinstance(value, list | dict):
        return f"{'list' if isinstance(value, list) else 'context'} of {len(value)}"
    text = value if isinstance(value, str) else str(getattr(value, "name", value))
    return text if len(text) <= 60 else f"{text[:57]}…"


def _simple(type_: Type, _run: Run, value: object, _limits: object) -> bool:
    return type(value) in SIMPLE.get(type_.kind, ())


def _any(_type: Type, _run: Run, _value: object, _limits: object) -> bool:
    return True


def _list(type_: Type, run: Run, value: object, limits: object) -> bool:
    if not isinstance(value, list):
        return False
    element = type_.element
    run.spend(len(value))
    return element is None or all(element.holds(run, item, limits=limits is True) for item in value)


def _context(type_: Type, run: Run, value: object, limits: object) -> bool:
    if not isinstance(value, dict):
        return False
    return all(
        key in value and kind.holds(run, value[key], limits=limits is True)
        for key, kind in type_.fields
    )


def _range(type_: Type, run: Run, value: object, limits: object) -> bool:
    if not hasattr(value, "low_in"):
        return False
    element = type_.element
    ends = (getattr(value, "low", None), getattr(value, "high", None))
    return element is None or all(element.holds(run, end, limits=limits is True) for end in ends)


def _function(type_: Type, _run: Run, value: object, _limits: object) -> bool:
    if not hasattr(value, "call_named"):
        return False
    own = getattr(value, "types", None)
    if own is None or type_.element is None:
        return True
    result = getattr(value, "result", ANY)
    takes = zip(type_.parameters, own, strict=False)
    return (
        len(own) == len(type_.parameters)
        and (result is ANY or conforms(result, type_.element))
        and all(conforms(given, wanted) for given, wanted in takes)
    )


def _null(_type: Type, _run: Run, _value: object, _limits: object) -> bool:
    return False


HOLDS: dict[str, Callable[[Type, Run, object, object], bool]] = {
    "Any": _any,
    "Null": _null,
    "list": _list,
    "context": _context,
    "range": _range,
    "function": _function,
}

ANY = Type("Any", "Any")
NULL = Type("Null", "Null")
BUILTIN: dict[str, Type] = {
    **{name: Type(name, name) for name in SIMPLE},
    "Any": ANY,
    "Null": NULL,
    "list": Type("list", "list"),
    "context": Type("context", "context"),
    "function": Type("function", "function"),
    "range": Type("range", "range"),
}


def builtin(name: str) -> Type | None:
    """Return the type that FEEL itself has under a name."""
    return BUILTIN.get(ALIASES.get(name, name))


def conforms(given: Type, wanted: Type) -> bool:
    """Say whether every value of one type is a value of another."""
    if wanted.kind == "Any" or given is wanted or given.kind == "Null":
        return True
    if given.kind != wanted.kind:
        return False
    return PARTS.get(wanted.kind, _same_element)(given, wanted)


def _same_element(given: Type, wanted: Type) -> bool:
    return conforms(given.element or ANY, wanted.element or ANY)


def _same_fields(given: Type, wanted: Type) -> bool:
    own = dict(given.fields)
    return all(key in own and conforms(own[key], kind) for key, kind in wanted.fields)


def _same_function(given: Type, wanted: Type) -> bool:
    return (
        len(given.parameters) == len(wanted.parameters)
        and conforms(given.element or ANY, wanted.element or ANY)
        and all(
            conforms(theirs, ours)
            for ours, theirs in zip(given.parameters, wanted.parameters, strict=True)
        )
    )


PARTS: dict[str, Callable[[Type, Type], bool]] = {
    "context": _same_fields,
    "function": _same_function,
}


def list_of(element: Type, name: str = "") -> Type:
    """Return the type of lists of an element type."""
    return Type("list", name or f"list<{element.name}>", element=element)
