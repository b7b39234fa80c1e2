"""One evaluation under way: what it may spend, what time it is, and what it has to warn of."""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from mindu.engines.rules.value.words import said

CALL = 5  # steps of one call of a function
HARD = 20  # steps of a power, a root, a logarithm


def weight(value: object) -> int:
    """Return how many steps the size of a value is worth to whoever walks through it once."""
    if isinstance(value, list | dict):
        return len(value)
    return len(value) >> 8 if isinstance(value, str) else 0


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """A warning: what became null, where, and why."""

    where: str  # the element of the model, empty for a lone expression
    position: int  # character of the FEEL text, from 0; -1 where no text is at fault
    code: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one evaluation may spend before it is stopped with a null and a warning."""

    steps: int = 1_000_000  # loop turns, filter tests, calls, list items handled
    depth: int = 60  # function calls inside each other
    length: int = 1_000_000  # characters of one text
    matching: int = 200_000  # steps of one regular expression
    warnings: int = 100  # more are counted as one step each, not kept


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """An operation that FEEL answers with null, and why."""

    def __init__(self, code: str, *about: object) -> None:
        super().__init__(code, *about)
        self.code = code
        self.about = about


class Exhausted(Refused):
    """A limit was reached: the whole evaluation stops."""


@dataclass(slots=True)
class Run:
    """The only thing that changes during an evaluation."""

    limits: Limits = field(default_factory=Limits)
    now: datetime | None = None
    where: str = ""
    steps: int = 0
    depth: int = 0
    warnings: list[Warned] = field(default_factory=list)
    rows: list[object] = field(default_factory=list)  # rows of tables that matched, for the trace

    def spend(self, steps: int) -> None:
        """Count steps and stop when there are too many."""
        self.steps += steps
        if self.steps > self.limits.steps:
            raise Exhausted("steps", self.limits.steps)

    def warn(self, position: int, code: str, *about: object) -> None:
        """Keep a warning; the value at fault is null."""
        self.spend(1)
        if len(self.warnings) < self.limits.warnings:
            english, chinese = said(code, *about)
            self.warnings.append(
                Warned(where=self.where, position=position, code=code, en=english, zh=chinese)
            )

    def enter(self) -> None:
        """Go one call deeper; `leave` must follow."""
        self.spend(CALL)
        self.depth += 1
        if self.depth > self.limits.depth:
            self.depth = 0
            raise Exhausted("depth", self.limits.depth)

    def leave(self) -> None:
        """Come back from a call."""
        self.depth -= 1
