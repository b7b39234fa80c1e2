"""Item definitions: the types that a model declares, with their allowed values."""

from collections.abc import Callable, Mapping

from mindu.engines.rules.dmn.place import OWN, Place, Room
from mindu.engines.rules.dmn.xml import Element
from mindu.engines.rules.machine.core import Frame, Plan, Scope
from mindu.engines.rules.syntax.names import Names
from mindu.engines.rules.syntax.parser import expression
from mindu.engines.rules.syntax.stream import stream
from mindu.engines.rules.syntax.tokens import FeelError
from mindu.engines.rules.syntax.types import parse_type
from mindu.engines.rules.value.run import Run
from mindu.engines.rules.value.types import ANY, Allowed, Type, builtin

Outside = Callable[[str], Type | None]


class Definitions:
    """The item definitions of one model, made into types when first asked for."""

    def __init__(self, elements: Mapping[str, Element], outside: Outside) -> None:
        self._elements = elements
        self._outside = outside
        self._made: dict[str, Type] = {}
        self._open: set[str] = set()
        self.room: Room | None = None

    def find(self, name: str) -> Type | None:
        """Return the type of that name: declared here, FEEL's own, imported, or written out."""
        name = name.strip().removeprefix("feel:")
        if name in self._made:
            return self._made[name]
        if name in self._elements:
            return self._declared(name)
        return builtin(name) or self._outside(name) or self._written(name)

    def _written(self, name: str) -> Type | None:
        if "<" not in name or self.room is None:
            return None
        try:
            return self.room.types(parse_type(stream(name, [], Names(), expression)))
        except FeelError:
            return None

    def _declared(self, name: str) -> Type | None:
        if name in self._open:
            assert self.room is not None, "types are asked for when the room is there"
            self.room.problem(
                name,
                "the type is made of itself: take the circle out",
                "类型由自身构成:请去掉循环",
            )
            return ANY
        self._open.add(name)
        try:
            made = self._made[name] = self.make(self._elements[name], name)
        finally:
            self._open.discard(name)
        return made

    def make(self, element: Element, name: str) -> Type:
        """Return the type that an item definition or component declares."""
        base = self._base(element, name)
        allowed = element.first("allowedValues")
        if allowed is not None:
            base = self._limited(base, allowed, name)
        if element.get("isCollection") == "true":
            base = Type("list", name, element=base)
        limit = element.first("typeConstraint")
        return base if limit is None else self._limited(base, limit, name)

    def _base(self, element: Element, name: str) -> Type:
        parts = list(element.all("itemComponent"))
        if parts:
            fields = tuple((p.get("name"), self.make(p, p.get("name"))) for p in parts)
            return Type("context", name, fields=fields)
        called = element.first("functionItem")
        if called is not None:
            takes = tuple(self._ref(p.get("typeRef"), name) for p in called.all("parameters"))
            result = self._ref(called.get("outputTypeRef"), name)
            return Type("function", name, element=result, parameters=takes)
        return self._ref(element.text_of("typeRef") or element.get("typeRef"), name)

    def _ref(self, wanted: str, name: str) -> Type:
        if not wanted:
            return ANY
        found = self.find(wanted)
        if found is None and self.room is not None:
            self.room.problem(
                name,
                f"there is no type {wanted!r}: declare it or mend its name",
                f"没有类型“{wanted}”:请声明或改正名称",
            )
        return found or ANY

    def _limited(self, base: Type, limit: Element, name: str) -> Type:
        allowed = self._allowed(limit.text_of("text"), name)
        if base.allowed is not None:
            first, second = base.allowed, allowed
            allowed = lambda run, value: first(run, value) and second(run, value)  # noqa: E731
        return Type(base.kind, name, base.element, base.fields, base.parameters, allowed)

    def _allowed(self, text: str, name: str) -> Allowed:
        assert self.room is not None, "types are asked for when the room is there"
        plan = Plan(frozenset(), self.room.types)
        slot = plan.slot()
        place = Place(name, self.room, Scope(plan), (OWN,))
        code = place.tests(text, slot)

        def allows(run: Run, value: object) -> bool:
            frame: Frame = [None] * plan.slots
            frame[0], frame[slot] = run, value
            return code(frame) is True

        return allows
