"""A future: a brain and a world of its own, lived on from the moment of a fork."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Entry, Judgement
from mindu.base.time import VirtualClock
from mindu.brain.app import MOST_APPROVERS
from mindu.brain.brain import Brain
from mindu.brain.folds.scores import Score
from mindu.brain.world import World
from mindu.sim.changes import PAST, Changes
from mindu.sim.past import WHAT_IF, Answer


class Turns(Protocol):
    """Whoever takes the turns of a brain."""

    def tick(self) -> object:
        """Take one."""
        ...

    def close(self) -> object:
        """End the brain."""
        ...


@dataclass(slots=True)
class Future:
    """One future, with its own brain and log."""

    brain: Brain
    world: World
    since: int  # the first entry that is the future's own
    clock: VirtualClock
    turns: Turns  # the brain itself, or whoever turns it with people at its telephones

    @property
    def entries(self) -> list[Entry]:
        """Return what this future wrote."""
        return [self.brain.log[seq] for seq in range(self.since, len(self.brain.log))]

    @property
    def judgements(self) -> list[Entry]:
        """Return what was judged in this future."""
        return [e for e in self.entries if isinstance(e.record, Judgement)]

    @property
    def scores(self) -> Mapping[str, Score]:
        """Return the score cards at its end."""
        return self.brain.scores.cards

    def level(
        self, about: str, prop: str, past: timedelta
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return (epoch seconds, values) of one property over the last while."""
        see = self.brain.view()
        return see.series.window(about, prop, see.now, past)


def live(
    future: Future,
    changes: Changes,
    *,
    answers: Callable[[Entry], Answer | None],
    step: timedelta,
    until: datetime,
    told: Callable[[float], None],
) -> None:
    """Live a future to its end, with the answers of people and what is sent later."""
    brain, world, clock = future.brain, future.world, future.clock
    at = clock.now()
    while clock.now() < until:
        world.step(step)
        clock.advance(step)
        future.turns.tick()
        _answer(brain, answers, clock.now())
        for late in changes.later:
            if clock.now() - step < at + late.after <= clock.now():
                brain.force(late.action, by=WHAT_IF, note="what if")
        told(PAST + (1.0 - PAST) * min((clock.now() - at) / (until - at), 1.0))


def _answer(brain: Brain, answers: Callable[[Entry], Answer | None], now: datetime) -> None:
    for entry in brain.waiting():
        answer = answers(entry)
        if answer is not None and now >= answer[0]:
            with suppress(ValueError):  # a late answer is no answer in this future either
                for nth in range(1, MOST_APPROVERS + 1):  # as many yeses as the loop asks for
                    by = answer[1] if nth == 1 else f"{answer[1]} ({nth})"
                    brain.decide(entry.seq, by=by, confirmed=answer[2], note=answer[3])
