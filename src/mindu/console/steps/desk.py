"""Whose steps: what waits for an officer or an office, and who may touch it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from mindu.base.records import Words
from mindu.brain.casework.calendar import CITY
from mindu.brain.processes.course import Clock
from mindu.brain.processes.runs import Processes
from mindu.console.contract.common import ROLES, Role
from mindu.engines.process import State, Wait
from mindu.engines.process.core.work import Work

SHOWN = 200  # steps on one page
FAR = datetime(9999, 1, 1, tzinfo=UTC)  # what has no deadline comes last
SOON = timedelta(days=1)  # due within so long is told in colour and word


Needed = tuple[Words, Words]  # what it is called, and what it says


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the staff, as they are now: their role and the offices they work for."""

    name: str
    role: Role
    offices: tuple[str, ...] = ()

    def may(self, least: Role) -> bool:
        """Say whether their role is at least that one."""
        return ROLES.index(self.role) >= ROLES.index(least)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One step on a list."""

    instance: int
    wait: int
    title: str
    number: str
    about: Words
    due: datetime | None = None
    level: str = "green"  # of the case's clock, where the step is part of a case
    late: bool = False  # over, or soon
    paused: bool = False
    stuck: str = ""
    mine: bool = False
    again: bool = False  # it was done before, and what it came to was undone


class NotYours(ValueError):  # noqa: N818 - an answer, not a fault
    """A step that is not there any more, or somebody else's."""


def signed_by_several(state: State, wait: Wait) -> bool:
    """Say whether a step is signed by several people."""
    return any(token.rounds for token in state.tokens if token.id == wait.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk of one brain's processes."""

    processes: Processes
    officers: Callable[[str], Officer | None]  # asked at each request: a role may be lost
    now: Callable[[], datetime]
    number: Callable[[int], str]  # of a case, as people know it
    given: Callable[[int, str, str, datetime], Sequence[Needed]]  # what a step needs; a receipt
    moved: Callable[[], None] = lambda: None  # told after each move
    about: Callable[[int], Words] = lambda _instance: Words("", "")  # what a case is about

    def rows(self, officer: Officer, page: int = 1) -> tuple[list[Row], int]:
        """Return a page of an officer's steps and those of their offices, and how many there are.

        Theirs come first, then what runs out first.
        """
        found = [
            (wait.who != officer.name, self.due(instance, wait), instance, wait)
            for (instance, _), wait in self.processes.instances.all_of("task")
            if self.theirs(officer, wait)
        ]
        found.sort(key=lambda one: (one[0], one[1] or FAR, one[2], one[3].id))
        shown = found[(page - 1) * SHOWN : page * SHOWN]
        return [self._row(officer, i, wait, due) for _, due, i, wait in shown], len(found)

    def due(self, instance: int, wait: Wait) -> datetime | None:
        """Return when a step runs out first: by its case's clocks, else by its own timer."""
        clock = self._clock(instance, wait)
        if clock is not None:
            return datetime.fromtimestamp(clock.next, CITY) if clock.next else None
        waits = self.processes.instances.of(instance)
        timers = [w.due for w in waits if w.kind == "timer" and w.token == wait.token and w.due]
        due = wait.due or min(timers, default=None)
        return None if due is None else due.astimezone(CITY)

    def _clock(self, instance: int, wait: Wait) -> Clock | None:
        course, now = self.processes.course, self.now()
        return course.clock(instance, now, wait.node) or course.clock(instance, now)

    def theirs(self, officer: Officer, wait: Wait) -> bool:
        """Say whether a step is an officer's, or open to one of their offices."""
        return wait.who == officer.name if wait.who else wait.groups in officer.offices

    def find(self, officer: Officer, instance: int, number: int) -> tuple[State, Wait]:
        """Return a step that an officer may look at.

        Raises:
            NotYours: it is none of theirs, or is done.
        """
        try:
            state = self.processes.state(instance)
        except KeyError:
            raise NotYours("there is no such case") from None
        wait = next((w for w in state.waits if w.id == number and w.kind == "task"), None)
        if wait is None or not self.theirs(officer, wait):
            raise NotYours("this step is done, or somebody else's")
        return state, wait

    def asks(self, state: State, wait: Wait) -> tuple[str, ...]:
        """Return what a step wants to be told, beside yes or no and the result."""
        node = Work(state, self.processes.models, self.now()).of(wait.frame).nodes[wait.node]
        names = (text for text, _ in node.work.outputs)
        return tuple(n for n in names if n.isidentifier() and n not in {"approved", "result"})

    def title(self, state: State, wait: Wait) -> str:
        """Return what a step is called."""
        node = Work(state, self.processes.models, self.now()).of(wait.frame).nodes[wait.node]
        return node.name or node.id

    def hands_over(self, state: State, wait: Wait) -> bool:
        """Say whether a step hands results over: there is nothing left to agree to."""
        node = Work(state, self.processes.models, self.now()).of(wait.frame).nodes[wait.node]
        return node.work.stage == "deliver" and not signed_by_several(state, wait)

    def back(self, state: State, wait: Wait) -> tuple[tuple[str, str], ...]:
        """Return the nodes that were done on the way, to which a step can be returned."""
        work = Work(state, self.processes.models, self.now())
        frame, body = work.frames[wait.frame], work.of(wait.frame)
        kinds = {"user", "manual"}
        return tuple((name, body.nodes[name].name or name) for name in frame.visits
                     if body.nodes[name].kind in kinds and name != wait.node)  # fmt: skip

    def _row(self, officer: Officer, instance: int, wait: Wait, due: datetime | None) -> Row:
        state, now, clock = self.processes.state(instance), self.now(), self._clock(instance, wait)
        return Row(
            instance=instance, wait=wait.id, title=self.title(state, wait), due=due,
            level="green" if clock is None else clock.level,
            number=self.number(instance), about=self.about(instance),
            late=due is not None and due <= now + SOON,
            paused=state.paused is not None, mine=wait.who == officer.name,
            stuck=self.processes.instances.stuck.get(instance, ""),
            again=wait.node in state.undone,
        )  # fmt: skip
