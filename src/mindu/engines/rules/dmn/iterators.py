"""Boxed conditional, filter, for, some and every."""

from mindu.engines.rules.dmn.place import Place, boxed_child, boxes, nothing
from mindu.engines.rules.dmn.xml import Element
from mindu.engines.rules.machine.core import Code, Frame, refuse
from mindu.engines.rules.machine.loops import items_of, unknown
from mindu.engines.rules.machine.paths import kept_by
from mindu.engines.rules.value.kinds import kind_of
from mindu.engines.rules.value.run import Refused


def _part(place: Place, element: Element, *tags: str) -> Code:
    found = element.first(*tags)
    return (boxed_child(place, found) if found is not None else None) or nothing


@boxes("conditional")
def conditional(place: Place, element: Element) -> Code:
    """Compile if, then and else."""
    condition = _part(place, element, "if")
    then, otherwise = _part(place, element, "then"), _part(place, element, "else")

    def choose(frame: Frame) -> object:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is False or value is None:
            return otherwise(frame)
        frame[0].warn(-1, "condition", kind_of(value))
        return None

    return choose


@boxes("filter")
def filter_(place: Place, element: Element) -> Code:
    """Compile a filter: a list, and what its items must match."""
    source = _part(place, element, "in")
    slot = place.slot()
    inner = Place(
        place.where,
        place.room,
        place.scope.inner({"item": slot}, slot),
        (*place.names, place.room.members, place.bind({"item": slot}).names[-1]),
    )
    match = _part(inner, element, "match")
    return lambda frame: kept_by(frame, source(frame), match, slot, -1)


def _iterated(place: Place, element: Element) -> tuple[Code, int, Place]:
    source = _part(place, element, "in")
    slot = place.slot()
    return source, slot, place.bind({element.get("iteratorVariable"): slot})


@boxes("for")
def for_(place: Place, element: Element) -> Code:
    """Compile for; `partial` holds what is there so far."""
    source, slot, inner = _iterated(place, element)
    partial = place.slot()
    body = _part(inner.bind({"partial": partial}), element, "return")

    def loop(frame: Frame) -> object:
        made: list[object] = []
        try:
            for item in items_of(frame[0], source(frame)):
                frame[slot], frame[partial] = item, made
                value = body(frame)
                made.append(list(made) if value is made else value)
        except Refused as why:
            return refuse(frame, -1, why)
        return made

    return loop


def _quantified(place: Place, element: Element, *, every: bool) -> Code:
    source, slot, inner = _iterated(place, element)
    body = _part(inner, element, "satisfies")

    def ask(frame: Frame) -> object:
        unsure = False
        try:
            for item in items_of(frame[0], source(frame)):
                frame[slot] = item
                value = body(frame)
                if value is (not every):
                    return value
                unsure = unsure or unknown(value)
        except Refused as why:
            return refuse(frame, -1, why)
        return None if unsure else every

    return ask


@boxes("some")
def some(place: Place, element: Element) -> Code:
    """Compile some … satisfies."""
    return _quantified(place, element, every=False)


@boxes("every")
def every(place: Place, element: Element) -> Code:
    """Compile every … satisfies."""
    return _quantified(place, element, every=True)
