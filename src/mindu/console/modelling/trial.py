"""A trial: a process stepped through with a sample case, from its start, and nothing is written.

Every call begins anew and takes the same steps, so a trial is a value: it can be shared, kept with
the draft and run again. What the drawing calls or decides by comes from what is published.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.brain.folds.models import Models
from mindu.console.ask import wrong
from mindu.console.contract.models.modelling import Flaw
from mindu.console.contract.models.trying import (
    Awaits,
    Ruled,
    Tried,
    Try,
    TryChoice,
    TryStand,
    TryStep,
)
from mindu.engines.process import Engine, Moved, Program, Said, Stuck, Wait
from mindu.engines.process.happenings import (
    AnyHappening,
    Choose,
    Complete,
    Decided,
    Done,
    Got,
    Start,
)
from mindu.engines.process.model import Definition
from mindu.engines.process.walk import answer

STEPS = 400  # of one trial
HERE = "here"  # the key of the drawing that is tried
PERSON = "anybody"
MINUTE = timedelta(minutes=1)
WAITS = {
    "task": Words("a person's task", "人工任务"),
    "choose": Words("a person chooses the way", "由人选择去向"),
    "job": Words("a job for a worker", "系统作业"),
    "timer": Words("a timer", "定时器"),
    "message": Words("a message", "消息"),
    "signal": Words("a signal", "信号"),
    "conditional": Words("a condition", "条件"),
    "error": Words("an error", "错误"),
    "escalation": Words("an escalation", "升级"),
}


class Sandbox:
    """The drawing that is tried, before the library of what is published."""

    def __init__(self, models: Models, drawn: Definition, told: Mapping[str, Any]) -> None:
        """Try this drawing; `told` says what decisions say, where a sample wants so."""
        self._models, self._told = models, told
        self._here = Program(drawn, HERE)

    def program(self, key: str) -> Program:
        """Return a definition; KeyError where it is lost."""
        return self._here if key == HERE else self._models.program(key)

    def called(self, process: str) -> str:
        """Return the key of the definition with that process; the tried one comes first."""
        body = self._here.bodies.get(process)
        return HERE if body is not None and body.root else self._models.called(process)

    def decide(self, decision: str, inputs: Mapping[str, Any], now: datetime) -> Said:
        """Say what the sample tells, else what is published."""
        told = decision in self._told
        return Said(self._told[decision]) if told else self._models.decide(decision, inputs, now)

    def workday(self, since: datetime, days: int) -> datetime:
        """Count working days as the house does."""
        return self._models.workday(since, days)


def tried(models: Models, drawn: Definition, told: Try, now: datetime) -> Tried:
    """Take the steps of a trial and return how far it came; why it could not go on is told.

    Raises:
        Bad: there are too many steps.
    """
    if len(told.steps) > STEPS:
        raise wrong("steps", f"at most {STEPS} steps", f"至多 {STEPS} 步")
    engine = Engine(Sandbox(models, drawn, told.decisions))
    run = _Run(engine, now)
    try:
        run.took(engine.start(HERE, Start(process=told.process, vars=told.vars), now))
        for turn, step in enumerate(told.steps):
            run.step(step, turn)
    except Stuck as why:
        run.flaw = _flaw(drawn, why)
    except KeyError as why:
        said = str(why.args[0]) if why.args else ""
        run.flaw = Flaw(element="", where="", says=Words(said, f"找不到:{said}"))
    return run.told(drawn)


class _Run:
    """A trial under way."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now = engine, now
        self.moved: Moved | None = None
        self.passed: list[tuple[str, ...]] = []
        self.ruled: list[Ruled] = []
        self.flaw: Flaw | None = None

    def took(self, moved: Moved) -> None:
        self.moved, self.now = moved, self.now + MINUTE
        self.passed.append(moved.passed)
        for one in moved.effects:
            if isinstance(one, Decided):
                self.ruled.append(Ruled(node=one.node, decision=one.decision, value=one.value,
                                        basis=one.basis))  # fmt: skip

    def step(self, told: TryStep, turn: int) -> None:
        assert self.moved is not None, "a trial begins before it goes on"
        state = self.moved.state
        wait = next((w for w in state.waits if w.id == told.wait), None)
        if wait is None:
            raise Stuck(f"#{told.wait}", "this is waited for no more", "已不再等待此项")
        if wait.due is not None:
            self.now = max(self.now, wait.due)
        plain = not (told.flows or told.vars or told.by or told.yes is not None)
        does = answer(self.engine, state, wait, turn) if plain else _does(wait, told)
        self.took(self.engine.step(state, does, self.now))

    def told(self, drawn: Definition) -> Tried:
        state = None if self.moved is None else self.moved.state
        if state is None:
            return Tried(status="not begun", outcome="", passed=(), stands=(), waits=(), vars={},
                         ruled=(), flaw=self.flaw)  # fmt: skip
        counts: dict[str, int] = {}
        for token in state.tokens:
            counts[token.node] = counts.get(token.node, 0) + 1
        return Tried(
            status=state.status,
            outcome=state.outcome,
            passed=tuple(self.passed),
            stands=tuple(
                TryStand(node=node, name=_name(drawn, node), count=count)
                for node, count in counts.items()
            ),
            waits=tuple(_awaits(drawn, wait) for wait in state.waits),
            vars=_plain(state.frames[0].vars if state.frames else state.left),
            ruled=tuple(self.ruled),
            flaw=self.flaw,
        )


def _does(wait: Wait, told: TryStep) -> AnyHappening:
    """Return what somebody does about a wait, as the step tells it."""
    by = told.by or wait.who or PERSON
    if wait.kind == "task":
        return Complete(wait=wait.id, by=by, yes=told.yes, vars=told.vars)
    if wait.kind == "choose":
        return Choose(wait=wait.id, by=by, flows=told.flows)
    if wait.kind == "job":
        return Done(wait=wait.id, vars=told.vars)
    return Got(wait=wait.id, vars=told.vars)


def _awaits(drawn: Definition, wait: Wait) -> Awaits:
    node = drawn.nodes.get(wait.node)
    flows = [drawn.flows[one] for one in node.out] if node and wait.kind == "choose" else []
    return Awaits(
        id=wait.id,
        kind=wait.kind,
        node=wait.node,
        name=_name(drawn, wait.node),
        says=WAITS.get(wait.kind, Words(wait.kind, wait.kind)),
        who=wait.who or wait.groups or wait.name,
        due=wait.due,
        choices=tuple(
            TryChoice(flow=f.id, name=f.name or _name(drawn, f.target), to=f.target) for f in flows
        ),
    )


def _name(drawn: Definition, node: str) -> str:
    found = drawn.nodes.get(node)
    return (found.name or found.id) if found else node


def _flaw(drawn: Definition, why: Stuck) -> Flaw:
    named = {node.called(): node.id for node in drawn.nodes.values()}
    element = named.get(why.where) or (why.where if why.where in drawn.nodes else "")
    return Flaw(element=element, where=why.where, says=Words(why.en, why.zh))


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(dict(told))
    return plain
