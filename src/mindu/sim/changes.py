"""What is other in a changed future, and who is told how far both are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mindu.base.records import Action, Words
from mindu.sim.past import Answers

Seen = Callable[[float, Words], None]  # share done, which future
PAST = 0.2  # share of a future's work that is told for living its past again


def unseen(_share: float, _which: Words) -> None:
    """Watch nothing."""


@dataclass(frozen=True, slots=True)
class Later:
    """An action that a changed future sends some time after the fork."""

    after: timedelta
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is other in the changed future.

    `world` is handed to `World.alter` (rain factor, tide offset in m, as the world names them);
    `actions` are sent at the moment of the fork, `later` each at its time; `answers` says who
    decides: people as logged where the same was proposed, else yes; always yes; or nobody.
    """

    world: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, float] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    later: tuple[Later, ...] = ()
    answers: Answers = "logged"
