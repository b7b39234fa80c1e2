"""A model of decisions: loaded once from XML, decided often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mindu.engines.rules.dmn.parts import Deciding, Part
from mindu.engines.rules.dmn.problems import Problem
from mindu.engines.rules.dmn.trace import Result
from mindu.engines.rules.machine.expression import stopped
from mindu.engines.rules.value.exchange import fitted, taken
from mindu.engines.rules.value.run import Exhausted, Limits, Run
from mindu.engines.rules.value.types import ANY, Type


@dataclass(frozen=True, slots=True)
class Model:
    """What a DMN file says, ready to decide."""

    name: str
    space: str
    parts: Mapping[str, Part]  # by id
    types: Mapping[str, Type]
    members: frozenset[str]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()  # what runs, and may be otherwise than it was meant

    def names(self, kind: str = "decision") -> tuple[str, ...]:
        """Return the names of all parts of a kind: decision, input, bkm or service."""
        return tuple(part.name for part in self.parts.values() if part.kind == kind)

    def part(self, name: str, *kinds: str) -> Part:
        """Return a part by name; KeyError names those that there are."""
        for part in self.parts.values():
            if part.name == name and part.kind in kinds:
                return part
        there = ", ".join(n for kind in kinds for n in self.names(kind)) or "none"
        raise KeyError(f"the model has no {' or '.join(kinds)} {name!r}; there are: {there}")

    def from_json(self, inputs: Mapping[str, object]) -> dict[str, object]:
        """Return inputs that came as JSON, texts read as the dates and times they stand for."""
        kinds = {part.name: part.type for part in self.parts.values() if part.kind == "input"}
        return {name: fitted(value, kinds.get(name, ANY)) for name, value in inputs.items()}

    def decide(
        self,
        name: str,
        inputs: Mapping[str, object],
        *,
        now: datetime | None = None,
        limits: Limits | None = None,
    ) -> Result:
        """Decide a decision or run a decision service; errors are null and a warning."""
        part = self.part(name, "decision", "service")
        run = Run(limits or Limits(), now)
        deciding = Deciding(run, {key: taken(value) for key, value in inputs.items()})
        value: object = None
        warnings = run.warnings
        try:
            value = deciding.serve(part) if part.kind == "service" else deciding.value(part)
        except Exhausted as why:
            warnings = [*warnings, stopped(run, why)]
        except RecursionError:
            warnings = [*warnings, stopped(run, Exhausted("depth", run.limits.depth))]
        return Result(value=value, trace=tuple(deciding.steps), warnings=tuple(warnings))
