"""A kind of thing: which of its fields are numbers, words or truths, and what bounds they have."""

from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

import msgspec

from mindu.base.units import Unit
from mindu.perceive.quality import Bounds


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every declared kind. An instance is a twin: never written, only folded."""

    id: str


class Kind:
    """One declared kind, taken apart once."""

    def __init__(self, of: type[Entity]) -> None:
        """Read the fields of the struct."""
        self.of = of
        self.numbers: list[str] = []
        self.units: list[str] = []
        self.bounds: list[Bounds] = []
        self.props: dict[str, int] = {}  # property -> place among the numbers, -1 for words
        self.casts: list[Callable[[float], object]] = []
        for prop, hint in get_type_hints(of, include_extras=True).items():
            cast, marks = _number(hint)
            if cast is not None:
                self.props[prop] = len(self.numbers)
                self.numbers.append(prop)
                self.casts.append(cast)
                self.units.append(next((m.symbol for m in marks if isinstance(m, Unit)), ""))
                self.bounds.append(next((m for m in marks if isinstance(m, Bounds)), Bounds()))
            elif prop != "id":
                self.props[prop] = -1

    def base(self, about: str, facts: Mapping[str, object]) -> Entity:
        """Return the thing with its facts alone, before anything was heard.

        Raises:
            ValueError: a fact is missing or of another type.
        """
        try:
            return msgspec.convert({**self.known(facts), "id": about}, self.of)
        except msgspec.ValidationError as wrong:
            raise ValueError(f"{about} makes no {self.of.__name__}: {wrong}") from wrong

    def known(self, facts: Mapping[str, object]) -> dict[str, object]:
        """Return the facts that are fields of this kind; others are kept out."""
        fields = self.of.__struct_fields__
        return {name: value for name, value in facts.items() if name in fields and name != "id"}


def _whole(number: float) -> int:
    return round(number)


def _true(number: float) -> bool:
    return number > 0.5


_CASTS: dict[type, Callable[[float], object]] = {float: float, int: _whole, bool: _true}


def _number(hint: Any) -> tuple[Callable[[float], object] | None, tuple[Any, ...]]:  # noqa: ANN401
    """Return how a field is made from a number, if it is one, and the marks on its type."""
    marks: tuple[Any, ...] = getattr(hint, "__metadata__", ())
    if marks:
        hint = hint.__origin__
    if hint in _CASTS:
        return _CASTS[hint], marks
    for part in get_args(hint):  # float | None, in either order and annotated or not
        cast, inner = _number(part) if part is not type(None) else (None, ())
        if cast is not None and set(get_args(hint)) - {part} == {type(None)}:
            return cast, marks + inner
    return None, ()
