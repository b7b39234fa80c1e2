"""The parts of a requirement graph, and how they are decided in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mindu.engines.rules.dmn.trace import Row, Step
from mindu.engines.rules.machine.expression import Compiled
from mindu.engines.rules.value.kinds import Callee, Function, callable_
from mindu.engines.rules.value.run import Refused, Run
from mindu.engines.rules.value.types import ANY, Type


@dataclass(slots=True, eq=False)
class Part:
    """A decision, an input, a business knowledge model or a decision service."""

    kind: str
    name: str
    id: str
    space: str
    type: Type = ANY
    needs: list[tuple[str, "Part"]] = field(default_factory=list)  # import name, what
    logic: Compiled | None = None
    basis: tuple[str, ...] = ()
    parameters: list["Part"] = field(default_factory=list)  # of a service
    outputs: list["Part"] = field(default_factory=list)  # of a service
    order: list["Part"] | None = None

    def path(self) -> list["Part"]:
        """Return all that is decided before this part, and this part last; a circle is cut."""
        if self.order is None:
            self.order = _ordered(self)
        return self.order


def _ordered(last: Part) -> list[Part]:
    order: list[Part] = []
    seen: set[int] = {id(last)}
    ahead: list[tuple[Part, int]] = [(last, 0)]
    while ahead:
        part, place = ahead.pop()
        if place == len(part.needs):
            order.append(part)
            continue
        ahead.append((part, place + 1))
        need = part.needs[place][1]
        if id(need) not in seen:
            seen.add(id(need))
            ahead.append((need, 0))
    return order


@dataclass(slots=True)
class Deciding:
    """One walk through the graph: what is given, what is made so far, and the steps taken."""

    run: Run
    given: Mapping[str, object]
    made: dict[int, object] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def value(self, part: Part) -> object:
        """Return the value of a part, deciding all that it requires first."""
        for one in part.path():
            if id(one) not in self.made:
                self.made[id(one)] = self._make(one)
        return self.made[id(part)]

    def _make(self, part: Part) -> object:
        self.run.spend(1)
        where, self.run.where = self.run.where, part.name
        try:
            if part.kind == "input":
                return self._input(part)
            if part.kind == "service":
                return self._service(part)
            values = self._needed(part)
            if part.kind == "bkm":
                return None if part.logic is None else part.logic.run(self.run, values)
            return self._decision(part, values)
        finally:
            self.run.where = where

    def _input(self, part: Part) -> object:
        for name in (f"{part.space}#{part.name}", part.name):
            if name in self.given:
                return part.type.take(self.run, self.given[name])
        self.run.warn(-1, "input", part.name)
        return None

    def _needed(self, part: Part) -> dict[str, object]:
        values: dict[str, object] = {}
        for under, need in part.needs:
            value = self.made.get(id(need))
            if id(need) not in self.made:
                value = self._later(need)
            if not under:
                values[need.name] = value
                continue
            inside = values.setdefault(under, {})
            assert isinstance(inside, dict), "an import is a context"
            inside[need.name] = value
        return values

    def _later(self, part: Part) -> object:
        """Return a function that is still being made; a decision in a circle is null."""
        if part.kind != "bkm":
            self.run.warn(-1, "circle", part.name)
            return None
        return Later(self, part)

    def _decision(self, part: Part, values: Mapping[str, object]) -> object:
        before = len(self.run.rows)
        if part.logic is None:
            self.run.warn(-1, "empty", part.name)
            value = None
        else:
            value = part.type.take(self.run, part.logic.run(self.run, values))
        self._told(part, value, values, self.run.rows[before:])
        return value

    def _told(
        self, part: Part, value: object, read: Mapping[str, object], rows: Sequence[object]
    ) -> None:
        knowledge = [b for _, need in part.needs if need.kind == "bkm" for b in need.basis]
        self.steps.append(
            Step(
                name=part.name,
                kind=part.kind,
                value=value,
                read={name: one for name, one in read.items() if not callable_(one)},
                rows=tuple(row for row in rows if isinstance(row, Row)),
                basis=tuple(dict.fromkeys((*part.basis, *knowledge))),
            )
        )

    def _service(self, part: Part) -> object:
        names = tuple(parameter.name for parameter in part.parameters)
        types = tuple(parameter.type for parameter in part.parameters)

        def serve(run: Run, arguments: list[object]) -> object:
            made = {id(p): v for p, v in zip(part.parameters, arguments, strict=True)}
            return Deciding(run, {}, made, self.steps).served(part)

        result = served_type(part)
        return Function(part.name, names, types, serve, result)

    def served(self, part: Part) -> object:
        """Return what a service gives: its one output, or a context of its outputs."""
        if len(part.outputs) == 1:
            return self.value(part.outputs[0])
        return {output.name: self.value(output) for output in part.outputs}

    def serve(self, part: Part) -> object:
        """Run a service with what is given by name; what is not given is null."""
        for parameter in part.parameters:
            given = self.given.get(parameter.name)
            self.made[id(parameter)] = parameter.type.take(self.run, given)
        value = served_type(part).take(self.run, self.served(part))
        self._told(part, value, {p.name: self.made[id(p)] for p in part.parameters}, ())
        return value


def served_type(part: Part) -> Type:
    """Return the type of what a service gives."""
    return (part.type.element or ANY) if part.type.kind == "function" else part.type


@dataclass(frozen=True, slots=True, eq=False)
class Later:
    """A business knowledge model that calls itself: found when it is called."""

    deciding: Deciding
    part: Part

    @property
    def name(self) -> str:
        """Return its name."""
        return self.part.name

    def _function(self) -> Callee:
        found = self.deciding.made.get(id(self.part))
        if not isinstance(found, Function):
            raise Refused("circle", self.part.name)
        return found

    def call(self, run: Run, given: Sequence[object]) -> object:
        """Call with arguments in order."""
        return self._function().call(run, given)

    def call_named(self, run: Run, given: Mapping[str, object]) -> object:
        """Call with arguments by name."""
        return self._function().call_named(run, given)
