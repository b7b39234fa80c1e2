"""The course of a case: what an instance's step does to the kernel's case that the instance is.

An instance of a process that is drawn as a case is one case of the kernel, and each of its tasks is
a part of it, which lies with a unit. A step moves tokens; what the tokens then say moves the case,
by the one table and its two clocks, inside the same transaction.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from mindu.base.records import Value
from mindu.brain.case_rows import LEVELS, RED
from mindu.brain.cases import DONE, State
from mindu.brain.casework.bonds import bound
from mindu.brain.casework.office import Office, Told, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.folds.flow.courses import INSTANCE, Courses
from mindu.brain.folds.models import Models, Unfit
from mindu.brain.processes.follow import Hand, Step, officer
from mindu.engines.process import State as Process
from mindu.engines.process import Stuck
from mindu.engines.process.happenings import AnyHappening, Extend, Migrate, Start
from mindu.engines.process.model import Body
from mindu.engines.rules import Problem


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """How a case or a part of it stands in time."""

    number: int  # of the case
    state: State
    due: int  # epoch s, of the whole clock; 0: none
    next: int  # epoch s, of the clock that runs out first: the step's or the whole one
    level: str  # green, yellow, orange, red, purple
    late: bool
    unit: str


class Course:
    """Moves the cases that instances are; not safe for threads by itself."""

    def __init__(self, office: Office | None, courses: Courses, models: Models) -> None:
        """Move the cases of an office; without one no instance is a case."""
        self.office, self.courses, self._models = office, courses, models

    def knows(self, bodies: Iterable[Body]) -> None:
        """Refuse processes that would be cases of a kind that is none of this office's.

        Raises:
            Unfit: names the kinds that there are.
        """
        known = {} if self.office is None else self.office.kinds
        kinds = ", ".join(k for k, kind in known.items() if kind.mover == "process") or "-"
        wrong = tuple(
            Problem(
                body.name or body.id,
                f"there is no kind of case {body.case!r} here; there are: {kinds}",
                f"这里没有办件类型“{body.case}”,可用:{kinds}",
                body.id,
            )
            for body in bodies
            if body.case and body.case not in kinds.split(", ")
        )
        if wrong:
            raise Unfit(wrong)

    def fits(self, happening: AnyHappening, instance: int, before: Process, at: datetime) -> None:
        """Refuse what the case does not allow, before anything is written.

        Raises:
            Stuck: the instance is no case, or had all the time that there is.
        """
        if not isinstance(happening, Extend):
            return
        office, number = self.office, self._of_wait(instance, before, happening.wait)
        if office is None or number is None:
            raise Stuck("", "it is no case: it has no deadline", "该流程不是办件,没有时限")
        try:
            args = {"days": float(happening.days)}
            bound(office, number, "extend", args, officer(happening.by), at)
        except Refusal as no:
            raise Stuck("", no.says.en, no.says.zh) from None

    def follow(self, step: Step) -> None:
        """Bring the case that an instance is to where a step left the instance."""
        known = self.courses.of.get(step.instance)
        if known is None and not isinstance(step.happening, Start | Migrate):
            return
        number = self._opened(step) if known is None else known
        if number is not None:
            assert self.office is not None, "who has a case has an office"
            Hand(self.office, self.courses, self._models, step, number).moves()

    def clock(self, instance: int, now: datetime, node: str = "") -> Clock | None:
        """Return how a case, or its part at a node, stands; None where there is none."""
        office, number = self.office, self._number(instance, node)
        if office is None or number is None:
            return None
        row, cases = office.cases.row(number), office.cases
        state, due = cases.state(number), int(row["whole"]["due"])
        step = int(row["step"]["due"])
        second = int(now.timestamp())
        runs = state not in DONE and state is not State.WAITING and due > 0
        marks = ("yellow", "orange", "due", "purple")
        passed = sum(int(row["whole"][mark]) <= second for mark in marks) if runs else 0
        return Clock(
            number=number, state=state, due=due, next=min(filter(None, (due, step)), default=0),
            level=LEVELS[passed],
            late=bool(row["late"]) or passed >= RED, unit=cases.said(number, "unit"),
        )  # fmt: skip

    def note(
        self, instance: int, name: str, args: Mapping[str, Value], *, by: str, now: datetime
    ) -> None:
        """Make a move of the case that moves no token: a rating."""
        number = self.courses.of.get(instance)
        if self.office is not None and number is not None:
            self.office.act(number, Wish(name=name, args=args), officer(by), now=now)

    def _number(self, instance: int, node: str) -> int | None:
        whole = self.courses.of.get(instance)
        return self.courses.parts.get(instance, {}).get(node) if node else whole

    def _of_wait(self, instance: int, state: Process, wait: int) -> int | None:
        node = next((w.node for w in state.waits if w.id == wait), "")
        return self._number(instance, node) or self.courses.of.get(instance)

    def _opened(self, step: Step) -> int | None:
        """Open the case that an instance is, where its process is drawn as one."""
        start, state = step.happening, step.after
        name = start.process if isinstance(start, Start) else (
            state.frames[0].body if state.frames else "")  # fmt: skip
        body = self._models.program(state.definition).bodies.get(name)
        if body is None or not body.case or self.office is None:
            return None
        told = Told(
            kind=body.case, text=body.name or body.id, channel="process", service=body.id,
            caller=state.applicant, facts={INSTANCE: float(step.instance)}, unit=body.unit,
            term=body.term,
        )  # fmt: skip
        return self.office.open(told, by=step.by, now=step.at, because=(step.seq,)).seq
