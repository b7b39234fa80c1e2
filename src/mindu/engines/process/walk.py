"""A walk: an instance taken to its end by an untiring pretend office, for checks and reports."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mindu.engines.process.core.machine import Engine
from mindu.engines.process.core.program import Program, Said
from mindu.engines.process.core.times import weekdays
from mindu.engines.process.core.work import Work
from mindu.engines.process.happenings import (
    AnyHappening,
    Choose,
    Complete,
    Done,
    Got,
    Moved,
    Rang,
    Start,
)
from mindu.engines.process.model import Definition
from mindu.engines.process.state import State, Wait

MOST = 400  # steps of one walk
ORDER = ("task", "job", "choose", "message", "signal", "timer")


class Shelf:
    """A library in memory."""

    def __init__(self, decisions: Mapping[str, Any] | None = None, *, said: object = True) -> None:
        """Begin empty; `decisions` gives what each says; without them all say the same."""
        self.programs: dict[str, Program] = {}
        self.decisions, self.said = decisions, said

    def add(self, definition: Definition, key: str = "") -> str:
        """Put a definition on the shelf; return its key."""
        key = key or definition.id or definition.name
        self.programs[key] = Program(definition, key)
        return key

    def program(self, key: str) -> Program:
        """Return a definition."""
        return self.programs[key]

    def called(self, process: str) -> str:
        """Return the newest definition with that process."""
        for key in reversed(self.programs):
            body = self.programs[key].bodies.get(process)
            if body is not None and body.root:
                return key
        raise KeyError(f"there is no process {process!r}")

    def decide(self, decision: str, inputs: Mapping[str, Any], now: datetime) -> Said:  # noqa: ARG002
        """Say what was told."""
        if self.decisions is None:
            return Said(self.said)
        if decision not in self.decisions:
            raise KeyError(f"there is no decision {decision!r}")
        return Said(self.decisions[decision])

    def workday(self, since: datetime, days: int) -> datetime:
        """Count Monday to Friday."""
        return weekdays(since, days)


def answer(engine: Engine, state: State, wait: Wait, turn: int) -> AnyHappening:
    """Return what the pretend office does about a wait."""
    simple: dict[str, AnyHappening] = {
        "task": Complete(wait=wait.id, by=wait.who or "anybody", yes=True),
        "job": Done(wait=wait.id),
        "timer": Rang(wait=wait.id),
    }
    if wait.kind == "choose":
        work = Work(state, engine.library, datetime.min.replace(tzinfo=UTC))
        out = work.of(wait.frame).nodes[wait.node].out
        return Choose(wait=wait.id, by="anybody", flows=(out[turn % len(out)],))
    return simple.get(wait.kind) or Got(wait=wait.id)


def walk(engine: Engine, key: str, start: Start, now: datetime) -> tuple[Moved, list[str]]:
    """Take an instance to its end; Stuck says where it cannot go on. Returns the nodes passed.

    At every choice the office takes another way than the last time, so that loops come to an end;
    events at edges happen only when nothing else does.
    """
    moved = engine.start(key, start, now)
    passed = list(moved.passed)
    turns: dict[str, int] = {}
    for _ in range(MOST):
        if moved.state.status != "running":
            break
        wait = min(moved.state.waits, key=lambda w: (w.kind not in ORDER[:3], _late(w), w.id))
        turn = turns[wait.node] = turns.get(wait.node, -1) + 1
        if wait.due is not None:
            now = max(now, wait.due)
        moved = engine.step(moved.state, answer(engine, moved.state, wait, turn), now)
        passed += moved.passed
        now += timedelta(minutes=1)
    return moved, passed


def _late(wait: Wait) -> int:
    return ORDER.index(wait.kind) if wait.kind in ORDER else len(ORDER)
