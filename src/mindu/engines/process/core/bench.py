"""The bench of one step: what is laid out, and what each frame sees of variables."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from mindu.engines.process.core.program import Library, Program
from mindu.engines.process.core.written import packed, path_of
from mindu.engines.process.happenings import AnyEffect, Stuck, Vars
from mindu.engines.process.model import Node
from mindu.engines.process.state import Frame, State, Token, Write

PACKED_AT = 64  # writes, and each so many more: those that only fall together become one


class Bench:
    """What a step has laid out, and what it sees of variables."""

    def __init__(self, state: State, library: Library, now: datetime) -> None:
        """Lay the state out."""
        self.state, self.library, self.now = state, library, now
        self.program = library.program(state.definition)
        self.step = state.step + 1
        self.count = state.next
        self.frames = {frame.id: frame for frame in state.frames}
        self.tokens = {token.id: token for token in state.tokens}
        self.waits = {wait.id: wait for wait in state.waits}
        self.status, self.outcome = state.status, state.outcome
        self.paused = state.paused
        self.applicant = state.applicant
        self.left: Vars = {}
        self.writes, self.undone, self.turn = [*state.writes], state.undone, 0
        self.queue: list[int] = []
        self.passed: list[str] = []
        self.effects: list[AnyEffect] = []
        self.moves = 0

    # numbers and places

    def number(self) -> int:
        """Return a number that nothing here has had."""
        self.count += 1
        return self.count - 1

    def of(self, frame: int) -> Program:
        """Return the definition that a frame runs."""
        at = self.frames[frame]
        while not at.definition:
            if at.parent not in self.frames:
                return self.program
            at = self.frames[at.parent]
        return self.library.program(at.definition)

    def node(self, token: Token) -> Node:
        """Return the node where a token is."""
        return self.of(token.frame).nodes[token.node]

    def stuck(self, node: Node | str, en: str, zh: str) -> Stuck:
        """Return the refusal of a step, naming the element."""
        return Stuck(node if isinstance(node, str) else node.called(), en, zh)

    # variables

    def look(self, frame: int, name: str) -> Any:  # noqa: ANN401 - a variable holds any plain value
        """Return a variable as a frame sees it."""
        at: Frame | None = self.frames[frame]
        while at is not None:
            if name in at.vars:
                return at.vars[name]
            at = None if at.definition else self.frames.get(at.parent)
        return None

    def seen(self, frame: int) -> Vars:
        """Return all variables that a frame sees."""
        chain: list[Frame] = []
        at: Frame | None = self.frames[frame]
        while at is not None:
            chain.append(at)
            at = None if at.definition else self.frames.get(at.parent)
        found: Vars = {}
        for one in reversed(chain):
            found.update(one.vars)
        return found

    def note(self, frame: int, values: Vars, by: Token | None = None) -> None:
        """Set variables where they are known, else in the process; what nobody wrote stays so."""
        before: dict[int, dict[str, tuple[Any, ...]]] = {}
        for name, value in values.items():
            at = self.frames[frame]
            while name not in at.vars and not at.definition and at.parent in self.frames:
                at = self.frames[at.parent]
            before.setdefault(at.id, {})[name] = (at.vars[name],) if name in at.vars else ()
            self.frames[at.id] = replace(at, vars={**at.vars, name: value})
        for home, was in before.items():
            self._write(home, was, by)

    def _write(self, home: int, was: dict[str, tuple[Any, ...]], by: Token | None) -> None:
        """Note what variables were; what no activity wrote matters only above what one did."""
        self.turn += 1
        path = () if by is None else path_of(self.frames, self.tokens, by)
        if not path:
            known = {name for one in self.writes if one.home == home for name in one.was}
            was = {name: old for name, old in was.items() if name in known}
        if was:
            self.writes.append(Write(self.step, self.turn, home, was, path))
            if len(self.writes) % PACKED_AT == 0:
                self.writes = packed(self.frames, self.writes)

    def eval(self, frame: int, text: str, more: Vars | None = None) -> tuple[Any, str]:
        """Return what FEEL says in a frame, and its first warning."""
        program = self.of(frame)
        extra = more or {}
        values = {
            name: extra[name] if name in extra else self.look(frame, name)
            for name in program.names(text)
        }
        return program.eval(text, values, self.now)

    def holds(self, frame: int, text: str, node: Node, more: Vars | None = None) -> bool:
        """Say whether a condition holds; one that says neither is an error."""
        value, told = self.eval(frame, text, more)
        if not isinstance(value, bool):
            raise self.stuck(
                node,
                f"the condition {text!r} gives {value!r}, not true or false ({told}): "
                "set the variables it reads",
                f"条件“{text}”的结果是{value!r}而不是真或假({told}):请补充它读取的变量",
            )
        return value

    def text(self, frame: int, told: str) -> str:
        """Return a text that is FEEL after an equals sign, or just what it says."""
        if not told.startswith("="):
            return told
        value, _ = self.eval(frame, told[1:])
        if isinstance(value, list):
            return ",".join(str(one) for one in value)
        return "" if value is None else str(value)
