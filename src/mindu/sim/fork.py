"""The fork: any past moment of a log, lived on twice, as it was and with something changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from mindu.base.records import Lesson, Words
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.app import App
from mindu.brain.brain import Brain
from mindu.brain.world import Hand, World
from mindu.data.log import Log
from mindu.data.twin import Entity
from mindu.sim.changes import PAST, Changes, Later, Seen, unseen
from mindu.sim.future import Future, Turns, live
from mindu.sim.past import WHAT_IF, answering, copied, relived

Channel = tuple[str, str]  # thing, property

__all__ = ["Changes", "Fork", "Future", "Later", "Setting", "fork"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a log's brain was wired: built anew for each future, from the same seed."""

    name: str
    world: World
    apps: Sequence[App]
    things: Sequence[Entity]
    start: datetime
    engines: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    step: timedelta = 5 * MINUTE
    hand: Hand | None = None  # None: the world's own
    people: Callable[[Brain, World, VirtualClock], Turns] | None = None  # who turns it with people


@dataclass(slots=True)
class Fork:
    """Both futures of one moment."""

    at: datetime
    until: datetime
    was: Future
    changed: Future

    def peaks(
        self, channels: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[float, float]]:
        """Return the highest value of each (thing, property) as it was and as changed."""
        told = {}
        for about, prop in channels:
            past = self.until - self.at
            rows = [future.level(about, prop, past)[1] for future in (self.was, self.changed)]
            if all(len(row) for row in rows):
                told[about, prop] = (float(rows[0].max()), float(rows[1].max()))
        return told

    def close(self) -> None:
        """End both brains and whatever their worlds hold open."""
        for future in (self.was, self.changed):
            future.turns.close()
            for held in (future.world, *future.brain.engines.values()):
                end = getattr(held, "close", None)
                if end is not None:
                    end()


def fork(
    log: Log,
    at: datetime,
    changes: Changes,
    build: Callable[[], Setting],
    horizon: timedelta,
    seen: Seen = unseen,
) -> Fork:
    """Live on from `at`, twice.

    Each world is built anew and lived up to `at` with what was sent in the log; each brain is
    folded from the log up to `at`. Engines are opened anew and find their state from what was
    heard. `seen` is told how far both are, 0 to 1.

    Raises:
        ValueError: `at` lies outside the log, the world does not come out as logged, or a
            parameter is not one that the apps declare.
    """
    half = partial(_half, seen, 0.0, Words("as it was", "原样"))
    other = partial(_half, seen, 0.5, Words("changed", "改变后"))
    was = _future(log, at, Changes(), build(), horizon, half)
    return Fork(at, at + horizon, was, _future(log, at, changes, build(), horizon, other))


def _half(seen: Seen, since: float, which: Words, share: float) -> None:
    """Tell how far one of the two futures is."""
    seen(since + share / 2.0, which)


def _future(
    log: Log,
    at: datetime,
    changes: Changes,
    setting: Setting,
    horizon: timedelta,
    told: Callable[[float], None],
) -> Future:
    told(0.0)
    past = copied(log, at)
    relived(setting.world, log, at, start=setting.start, step=setting.step)
    told(PAST)
    clock, world = VirtualClock(at), setting.world
    brain = Brain(
        setting.name,
        log=past,
        clock=clock,
        apps=setting.apps,
        sources=[world],
        hand=setting.hand or world,
        things=setting.things,
        engines=setting.engines,
        seed=setting.seed,
    )
    turns = brain if setting.people is None else setting.people(brain, world, clock)
    future = Future(brain, world, len(past), clock, turns)
    _change(brain, world, changes, setting, at)
    answers = answering(log, changes.answers)
    live(future, changes, answers=answers, step=setting.step, until=at + horizon, told=told)
    return future


def _change(brain: Brain, world: World, changes: Changes, setting: Setting, at: datetime) -> None:
    alter = getattr(world, "alter", None)
    if changes.world and alter is None:
        raise ValueError(f"{world.name} takes no changes: it has no `alter`")
    if changes.world and alter is not None:
        alter(changes.world)
    params = {param.name: param for app in setting.apps for param in app.params}
    for name, value in changes.params.items():
        if name not in params:
            raise ValueError(f"no app declares {name}; there are {', '.join(sorted(params))}")
        was = brain.view()[params[name]]
        lesson = Lesson(name, value, Words("what if", "假如"), was=was)
        brain.memory.write(lesson, at=at, about=name, by=WHAT_IF)
    for action in changes.actions:
        brain.force(action, by=WHAT_IF, note="what if")
