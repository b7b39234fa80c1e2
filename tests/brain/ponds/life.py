"""A pond brain wired up, and a day of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from mindu.base.records import AnyRecord, Entry
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.app import App, Loop, Projection
from mindu.brain.brain import Brain
from mindu.brain.world import Hand
from mindu.data.log import Log
from mindu.perceive.source import Source
from ponds.pond import APP
from ponds.pond.outlook import Line
from ponds.pond.world import Ponds

STEP = 5 * MINUTE
START = Ponds.start


@dataclass(slots=True)
class Life:
    """A brain, the ponds it lives by and the time it is."""

    brain: Brain
    world: Ponds
    clock: VirtualClock

    @property
    def log(self) -> Log:
        """The brain's log."""
        return self.brain.log

    def live(self, turns: int, after: Callable[["Life"], None] | None = None) -> "Life":
        """Let so many five minutes pass."""
        for _ in range(turns):
            self.world.step(STEP)
            self.clock.advance(STEP)
            self.brain.tick()
            if after is not None:
                after(self)
        return self

    def of(self, kind: type[AnyRecord], by: str = "") -> list[Entry]:
        """Return the entries of that kind, signed so if `by` is given."""
        return [e for e in self.log if isinstance(e.record, kind) and by in {"", e.by}]


def born(  # noqa: PLR0913 - a wiring names its parts
    seed: int = 1,
    *,
    app: App = APP,
    log: Log | None = None,
    world: Ponds | None = None,
    clock: VirtualClock | None = None,
    sources: Sequence[Source] | None = None,
    hand: Hand | None = None,
) -> Life:
    """Wire a brain over the ponds."""
    world = world or Ponds(Random(seed))
    clock = clock or VirtualClock(START)
    brain = Brain(
        "ponds",
        log=Log.open(":memory:") if log is None else log,
        clock=clock,
        apps=[app],
        sources=[world] if sources is None else sources,
        hand=hand or world,
        things=APP.things() if APP.things else [],
        engines={"line": Line()},
        seed=seed,
    )
    return Life(brain, world, clock)


def with_loop(name: str, **changed: Any) -> App:  # noqa: ANN401 - any field of a loop
    """Return the pond app with one loop changed and the others gone."""
    loop: Loop[Any] = next(loop for loop in APP.loops if loop.name == name)
    return replace(APP, loops=(replace(loop, **changed),), projections=())


def with_projection(project: Callable[..., Any]) -> App:
    """Return the pond app with that projection instead of its own."""
    return replace(APP, projections=(Projection(name="outlook", engine="line", project=project),))


def yes(life: Life) -> None:
    """Say yes to all that waits."""
    for entry in life.brain.waiting():
        life.brain.decide(entry.seq, by="Lin", confirmed=True)


def at(turns: int) -> datetime:
    """Return when that many turns have passed."""
    return START + turns * STEP


def within(span: timedelta, entry: Entry, other: Entry) -> bool:
    """Say whether the second came at most so long after the first."""
    return timedelta(0) <= other.at - entry.at <= span
