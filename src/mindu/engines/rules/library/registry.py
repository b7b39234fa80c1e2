"""The register of built-in functions: parameters declared once and checked at each call."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mindu.engines.rules.value.calendar import Date, Days, Moment, Months, Time
from mindu.engines.rules.value.kinds import Range, callable_, kind_of
from mindu.engines.rules.value.run import Refused, Run, weight

Body = Callable[..., object]
KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "moment": (Moment,),
    "days": (Days,),
    "months": (Months,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "any": (),
    "function": (),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the kinds it takes, and whether it may be null or left out."""

    name: str
    kinds: tuple[type, ...]
    word: str
    nullable: bool
    optional: bool
    many: bool

    def take(self, value: object) -> tuple[bool, object]:
        """Return whether the value fits, and the value as it is taken."""
        if type(value) in self.kinds or self._other(value):
            return True, value
        if isinstance(value, list) and len(value) == 1 and type(value[0]) in self.kinds:
            return True, value[0]
        if list in self.kinds and value is not None:
            return True, [value]
        return False, None

    def _other(self, value: object) -> bool:
        if value is None:
            return self.nullable or self.word == "any"
        return self.word == "any" or (self.word == "function" and callable_(value))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a built-in function."""

    parameters: tuple[Parameter, ...]
    body: Body
    with_run: bool
    least: int
    cost: int  # steps of one call, without the size of what is given

    def fit(self, given: Sequence[object]) -> list[object] | None:
        """Return the arguments as they are taken, or None when they do not fit."""
        count = len(given)
        many = bool(self.parameters) and self.parameters[-1].many
        if count < self.least or (count > len(self.parameters) and not many):
            return None
        taken: list[object] = []
        for place, value in enumerate(given):
            parameter = self.parameters[min(place, len(self.parameters) - 1)]
            fits, kept = parameter.take(value)
            if not fits:
                return None
            taken.append(kept)
        return taken


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A built-in function with all its forms."""

    name: str
    forms: list[Form]

    def call(self, run: Run, given: Sequence[object]) -> object:
        """Call with arguments in order."""
        for form in self.forms:
            taken = form.fit(given)
            if taken is not None:
                run.spend(form.cost + sum(weight(value) for value in taken))
                made = form.body(run, *taken) if form.with_run else form.body(*taken)
                if isinstance(made, str):
                    run.spend(weight(made))
                return made
        raise Refused("arguments", self.name, ", ".join(kind_of(value) for value in given))

    def call_named(self, run: Run, given: Mapping[str, object]) -> object:
        """Call with arguments by name."""
        for form in self.forms:
            names = [parameter.name for parameter in form.parameters]
            if not set(given) <= set(names):
                continue
            last = max((names.index(name) for name in given), default=-1)
            needed = form.parameters[: max(last + 1, form.least)]
            if all(p.name in given or p.nullable or p.optional for p in needed):
                ordered = [given.get(name) for name in names[: max(last + 1, form.least)]]
                if form.fit(ordered) is not None:
                    return self.call(run, ordered)
        raise Refused("arguments", self.name, ", ".join(f"{name}: …" for name in given))


REGISTER: dict[str, Builtin] = {}


def _parameter(text: str) -> Parameter:
    name, _, word = (part.strip() for part in text.partition(":"))
    many = word.endswith("...")
    word = word.removesuffix("...")
    nullable = word.endswith("?")
    word = word.removesuffix("?")
    kinds = tuple(kind for one in word.split("|") for kind in KINDS[one])
    optional = name.endswith("?")
    return Parameter(name.removesuffix("?"), kinds, word, nullable, optional, many)


def builtin(name: str, parameters: str = "", *, cost: int = 2) -> Callable[[Body], Body]:
    """Register a form of a built-in function.

    Parameters are written `name: kind, name?: kind`; a `?` behind the name is optional, behind
    the kind it may be null; `...` behind the last kind takes any number.
    """
    declared = tuple(_parameter(text) for text in parameters.split(",") if text.strip())
    least = sum(1 for parameter in declared if not parameter.optional)

    def register(body: Body) -> Body:
        with_run = next(iter(inspect.signature(body).parameters), "") == "run"
        found = REGISTER.setdefault(name, Builtin(name, []))
        found.forms.append(Form(declared, body, with_run, least, cost))
        return body

    return register
