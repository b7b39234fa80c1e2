"""A pretend office for tests: drawings, a shelf, and hands that do what is asked."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from mindu.engines.process import Definition, Engine, Moved, State, Wait, check, dump, load
from mindu.engines.process.core.threads import weight
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import AnyHappening, Complete, Start
from mindu.engines.process.walk import Shelf

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Office:
    """One instance under way; every step is written down and read back."""

    def __init__(self, *definitions: Definition, decisions: dict[str, Any] | None = None) -> None:
        self.shelf = Shelf(decisions)
        for definition in definitions:
            assert check(definition) == (), check(definition)
            self.key = self.shelf.add(definition)
        self.engine, self.now = Engine(self.shelf), NOW
        self.passed: list[str] = []
        self.moved: Moved | None = None

    def start(self, **variables: object) -> "Office":
        start = Start(vars=variables, applicant="applicant")
        return self._took(self.engine.start(self.key, start, self.now))

    def does(self, happening: AnyHappening) -> "Office":
        return self._took(self.engine.step(self.state, happening, self.now))

    def _took(self, moved: Moved) -> "Office":
        self.moved = moved
        self.passed += moved.passed
        assert load(dump(moved.state)) == moved.state, "a state is the same when read back"
        adds_up(moved.state)
        self.now += timedelta(minutes=1)
        return self

    @property
    def state(self) -> State:
        assert self.moved is not None, "start first"
        return self.moved.state

    @property
    def variables(self) -> dict[str, Any]:
        return self.state.frames[0].vars

    def wait(self, node: str, who: str | None = None) -> Wait:
        found = [w for w in self.state.waits if w.node == node and who in {None, w.who}]
        assert found, f"{node} is not open; open are {self.open()}"
        return found[0]

    def open(self) -> list[str]:
        return sorted(wait.node for wait in self.state.waits)

    def done(
        self, node: str, who: str | None = None, *, yes: bool | None = None, **told: object
    ) -> "Office":
        wait = self.wait(node, who)
        by = wait.who or who or "clerk"
        return self.does(Complete(wait=wait.id, by=by, yes=yes, vars=told))


def adds_up(state: State) -> None:
    """Hold the law of conservation: in every frame the threads add up to what was started."""
    for frame in state.frames:
        if frame.body[:1] in {"*", "~"}:
            held = [t for t in state.tokens if t.frame == frame.id]
            assert len(held) == 1, f"one turn of a loop is one token: {held}"
            continue
        there = [one for t in state.tokens if t.frame == frame.id for one in t.threads]
        assert len(set(there)) == len(there), f"a thread is there twice: {there}"
        total = weight(there) + weight(frame.ended)
        assert total == Fraction(frame.started), f"{frame.body}: {total} of {frame.started}"
    frames = {frame.id for frame in state.frames}
    tokens = {token.id for token in state.tokens}
    assert all(token.frame in frames for token in state.tokens)
    assert all(w.frame in frames and (not w.token or w.token in tokens) for w in state.waits)
    assert all(not f.host or f.host in tokens for f in state.frames)


def in_parallel(*departments: str) -> Definition:
    """Draw: start → split → one task a department → join → print → end."""
    draft = Draft("package", title="One thing 一件事")
    draft.node("start", "start")
    draft.node("accept", "user")
    draft.node("split", "parallel")
    draft.node("join", "parallel")
    draft.node("review", "user")
    draft.node("end", "end", name="done")
    draft.line("start", "accept", "split")
    for department in departments:
        draft.node(department, "user", groups=department)
        draft.line("split", department, "join")
    draft.line("join", "review", "end")
    return draft.definition()
