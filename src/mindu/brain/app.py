"""What an app declares. All of it is plain data and plain functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import (
    Action,
    Authority,
    Expect,
    Forecast,
    Judgement,
    Lesson,
    Option,
    Outcome,
    Trial,
    Weighing,
    Words,
)
from mindu.base.time import HOUR, MINUTE
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.manifest import Tier
from mindu.brain.view import Param, View
from mindu.brain.world import World
from mindu.data.twin import Entity

E = TypeVar("E", bound=Entity)
NAMELESS = Words("", "")
MOST_APPROVERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop(Generic[E]):
    """Judge every `every`, looking `horizon` ahead; act; then learn from what came of it.

    `screen` is an optional fast first look over all things at once (True = judge this one);
    it must be True wherever `judge` would speak. `check` is asked again just before sending:
    it returns the reason why the action no longer fits, or None. `event` gives the mark whose
    passing should have been foretold (else it is a miss); it is asked once a day and after each
    lesson, so it may read only what is fixed and parameters. `also` names what `judge` reads of
    other things, as "property" or "Kind.property". `approvers` is how many different people must
    say yes before a proposal is sent; any one of them may say no. `plans` names the findings of
    `judge` that say what the brain means to do, not how the city is: nobody is warned of them.
    """

    name: str
    of: type[E]
    needs: Mapping[str, timedelta]
    judge: Callable[[E, View], Judgement | None]
    act: Callable[[E, Judgement, View], Action | None] | None = None
    learn: Callable[[Sequence[Outcome], View], Lesson | None] | None = None
    check: Callable[[E, Action, View], Words | None] | None = None
    screen: Callable[[Sequence[E], View], NDArray[np.bool_]] | None = None
    event: Callable[[E, View], Expect | None] | None = None
    also: tuple[str, ...] = ()
    every: timedelta = 5 * MINUTE
    horizon: timedelta = HOUR
    authority: Authority = Authority.CONFIRM
    approvers: int = 1
    plans: tuple[str, ...] = ()
    title: Words = NAMELESS

    def __post_init__(self) -> None:
        """Refuse a loop that names a property its entity does not have."""
        if not 1 <= self.approvers <= MOST_APPROVERS:
            raise ValueError(f"{self.name}: approvers are 1 to {MOST_APPROVERS} people")
        unknown = set(self.needs) - set(self.of.__struct_fields__)
        if unknown:
            raise ValueError(f"{self.name}: {self.of.__name__} has no {sorted(unknown)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """One thing that a projection has to say: a forecast, a weighing or a model trial."""

    about: str
    record: Forecast | Weighing | Trial | Lesson


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Look `horizon` ahead every `every` with a real engine; what it says is written down.

    `engine` names the engine that the wiring hands in (live twin process, pool, ...), or is empty.
    The projection is the only place where an app meets an engine; verbs read what it wrote.
    """

    name: str
    engine: str
    project: Callable[[Any, View], Sequence[Projected]]
    every: timedelta = 5 * MINUTE
    horizon: timedelta = HOUR
    title: Words = NAMELESS


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One domain application: its kinds, its parameters, its loops and its small honest world."""

    name: str
    entities: tuple[type[Entity], ...]
    loops: tuple[Loop[Any], ...]
    params: tuple[Param, ...] = field(default=())
    projections: tuple[Projection, ...] = field(default=())
    world: Callable[[Any], World] | None = None  # given seeded dice (`Random` of the city door)
    things: Callable[[], Sequence[Entity]] | None = None  # what stands in the small world
    cases: tuple[CaseKind, ...] = field(default=())  # kinds of case that its doors take
    engines: Callable[[], Mapping[str, Any]] | None = None  # small engines for the small world
    tier: Tier | None = None  # None: as the app.toml beside its code claims

    def __post_init__(self) -> None:
        """Refuse a loop over a kind that the app does not declare."""
        strange = {loop.of.__name__ for loop in self.loops} - {k.__name__ for k in self.entities}
        if strange:
            raise ValueError(f"{self.name}: add {', '.join(sorted(strange))} to its entities")


__all__ = ["App", "Loop", "Option", "Projected", "Projection"]
