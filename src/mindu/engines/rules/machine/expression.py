"""An expression: FEEL text, compiled once, evaluated often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mindu.engines.rules.library.catalogue import builtins
from mindu.engines.rules.machine import basic, calls, loops, paths
from mindu.engines.rules.machine.core import Code, Frame, Plan, Scope, build
from mindu.engines.rules.machine.tests import build_tests
from mindu.engines.rules.machine.types import no_types, types_from
from mindu.engines.rules.syntax.names import Names
from mindu.engines.rules.syntax.parser import parse, parse_tests
from mindu.engines.rules.syntax.tokens import FeelError
from mindu.engines.rules.value.exchange import taken
from mindu.engines.rules.value.run import Exhausted, Limits, Refused, Run, Warned
from mindu.engines.rules.value.words import said

ROOMS = (basic, calls, loops, paths)
OWN = Names(builtins())


@dataclass(frozen=True, slots=True)
class Answer:
    """What an evaluation gave, and what it warns of."""

    value: object
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """Code with the frame it needs."""

    code: Code
    size: int
    inputs: tuple[tuple[str, int], ...]

    def frame(self, run: Run, values: Mapping[str, object]) -> Frame:
        """Return a frame with what the code reads from outside."""
        frame: Frame = [None] * self.size
        frame[0] = run
        for name, slot in self.inputs:
            frame[slot] = values.get(name)
        return frame

    def run(self, run: Run, values: Mapping[str, object]) -> object:
        """Evaluate with values by name."""
        return self.code(self.frame(run, values))


def compiled(text: str, names: tuple[str, ...]) -> Compiled:
    """Compile a lone expression; FeelError says what is wrong and where."""
    known = Names(names)
    plan = Plan(frozenset(names), types_from(no_types))
    code = build(parse(text, [OWN, known], known), Scope(plan))
    return Compiled(code, plan.slots, tuple(plan.inputs.items()))


def compiled_tests(text: str, names: tuple[str, ...]) -> Compiled:
    """Compile lone unary tests; the value under test is read as `?`."""
    known = Names(names)
    plan = Plan(frozenset(names), types_from(no_types))
    value = plan.input("?")
    code = build_tests(parse_tests(text, [OWN, known], known), Scope(plan), value)
    return Compiled(code, plan.slots, tuple(plan.inputs.items()))


def stopped(run: Run, why: Refused) -> Warned:
    """Return the warning of a run that reached a limit."""
    english, chinese = said(why.code, *why.about)
    return Warned(where=run.where, position=-1, code=why.code, en=english, zh=chinese)


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression or a compiled test."""

    text: str
    compiled: Compiled

    def eval(
        self,
        context: Mapping[str, object] | None = None,
        *,
        now: datetime | None = None,
        limits: Limits | None = None,
    ) -> Answer:
        """Evaluate; errors are null and a warning, and a run beyond its limits is stopped."""
        run = Run(limits or Limits(), now)
        values = {name: taken(value) for name, value in (context or {}).items()}
        try:
            return Answer(self.compiled.run(run, values), tuple(run.warnings))
        except Exhausted as why:
            last = stopped(run, why)
        except RecursionError:
            last = stopped(run, Exhausted("depth", run.limits.depth))
        return Answer(None, (*run.warnings, last))


def compile_feel(text: str, names: Iterable[str] = ()) -> Expression:
    """Compile FEEL text that may read these names; FeelError says what is wrong and where."""
    given = tuple(names)
    return Expression(text, compiled(text, given))


def compile_tests(text: str, names: Iterable[str] = ()) -> Expression:
    """Compile unary tests; `eval` is given the value under test as `?`."""
    given = tuple(names)
    return Expression(text, compiled_tests(text, given))


__all__ = ["Answer", "Expression", "FeelError", "compile_feel", "compile_tests"]
