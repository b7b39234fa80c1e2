"""Following: one step of an instance brings its case, part by part, to where the tokens stand."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

import msgspec

from mindu.base.records import Value
from mindu.brain.cases import DONE, SENT, STATES, Role, State
from mindu.brain.casework.office import Office, Told, Wish
from mindu.brain.casework.rights import Officer
from mindu.brain.folds.flow.courses import INSTANCE, NODE, WAS, Courses
from mindu.brain.folds.models import Models
from mindu.brain.processes.tasks import Task, tasks
from mindu.engines.process import State as Process
from mindu.engines.process.happenings import (
    AddSigners,
    AnyHappening,
    Complete,
    Countersign,
    Delegate,
    DropSigner,
    Extend,
    HandOver,
    Migrate,
    Urge,
    Void,
)

ENDS = {"ended": "conclude", "withdrawn": "withdraw"}  # anything else: void
MENDED, DONE_SO, OFF = "退回补正 to be mended", "办结 done", "撤下 taken off the desk"
COMPLETES = (Complete, DropSigner)
TAKES = (HandOver, Delegate, Countersign, AddSigners, *COMPLETES)  # who does it has read it
ACTS = (Role.MACHINE, Role.OFFICER, Role.SUPERVISOR, Role.CALLER)  # as its tasks allow


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an instance, as a case must know it."""

    instance: int
    seq: int  # its entry
    happening: AnyHappening
    before: Process | None
    after: Process
    at: datetime
    by: str

    @property
    def over(self) -> bool:
        """Say whether the instance ended with it."""
        return self.after.status != "running"


class Hand:
    """Brings one case from where it stands to where one step left its instance."""

    def __init__(
        self, office: Office, courses: Courses, models: Models, step: Step, whole: int
    ) -> None:
        """Lay out what the step left open, and what the case has of it."""
        self.office, self.step, self.whole = office, step, whole
        self.tasks = {one.node: one for one in tasks(step.after, models)}
        self.parts = courses.parts.get(step.instance, {})
        self._models = models

    def moves(self) -> None:
        """Make the moves."""
        if isinstance(self.step.happening, Migrate):
            self._redraw(self.step.happening.nodes)
        open_ = {node: task for node, task in self.tasks.items() if task.part}
        for node, number in list(self.parts.items()):
            if node not in open_ and self._state(number) not in DONE:
                self._part_over(node, number)
        self._main(open_)
        for node, task in open_.items():
            self._part(node, task)
        self._said()

    # the whole

    def _main(self, open_: Mapping[str, Task]) -> None:
        if self._state(self.whole) in DONE:
            return
        if self.step.over:
            name = ENDS.get(self.step.after.status, "void")
            self._end(self.whole, name, self.step.after.outcome or DONE_SO)
            return
        stops = self._stops()
        for name in self._way(open_):
            self._go_on(self.whole)
            self._act(self.whole, name)
        self._still(self.whole, stops)

    def _way(self, open_: Mapping[str, Task]) -> Iterator[str]:
        """Yield the moves that lead to where the open tasks say that the case stands."""
        at, stages = self._stands(self.whole), {task.stage for task in self.tasks.values()}
        to = State.RECEIVED if "accept" in stages else State.HANDLING
        if "deliver" in stages and not open_ and to is not State.RECEIVED:
            to = State.FINAL_REVIEW
        if at is to:
            return
        if at is State.RECEIVED and self._done_stage() == "accept":
            yield "accept"
        yield {State.RECEIVED: "take_up", State.HANDLING: "work"}.get(to, "deliver")

    def _done_stage(self) -> str:
        before = self.step.before
        done = () if before is None else tasks(before, self._models)
        return next((task.stage for task in done if task.node == self._node_of(COMPLETES)), "")

    def _stops(self) -> str:
        """Return why the clock of the whole stands; "" while it runs."""
        paused = self.step.after.paused
        if paused is not None:
            return paused.why
        return MENDED if any(task.mends for task in self.tasks.values()) else ""

    # its parts

    def _part(self, node: str, task: Task) -> None:
        number = self.parts.get(node)
        if number is None:
            number = self._open(node, task)
        elif self._state(number) in DONE:
            self._act(number, "route", unit=task.unit)
        elif node == self._node_of(TAKES) and self._state(number) in SENT:
            self._act(number, "sign")
        paused = self.step.after.paused
        self._still(number, "" if paused is None else paused.why)

    def _open(self, node: str, task: Task) -> int:
        cases = self.office.cases
        told = Told(
            kind=cases.said(self.whole, "kind"), text=task.name, channel="process",
            service=cases.said(self.whole, "service"), parent=self.whole,
            facts={INSTANCE: float(self.step.instance), NODE: node},
            unit=task.unit or cases.said(self.whole, "unit") or "-", term=task.term,
        )  # fmt: skip
        because = (self.step.seq,)
        return self.office.open(told, by=self.step.by, now=self.step.at, because=because).seq

    def _part_over(self, node: str, number: int) -> None:
        """End a part: done by whoever completed it, else taken off the desk."""
        if node == self._node_of(COMPLETES):
            self._end(number, "conclude", DONE_SO)
        elif isinstance(self.step.happening, Void):
            self._end(number, ENDS.get(self.step.after.status, "void"), self.step.happening.why)
        else:
            self._end(number, "void", OFF)

    def _node_of(self, kinds: tuple[type, ...]) -> str:
        """Return the node whose task this step was about, if it is of these kinds."""
        told, before = self.step.happening, self.step.before
        wait = getattr(told, "wait", None) if isinstance(told, kinds) else None
        known = () if before is None else before.waits
        return next((w.node for w in known if w.id == wait), "")

    def _redraw(self, nodes: Mapping[str, str]) -> None:
        for was, node in nodes.items():
            if was != node and was in self.parts:
                told: dict[str, Value] = {WAS: was, NODE: node}
                told[INSTANCE] = float(self.step.instance)
                self._act(self.parts[was], "redraw", args=told)

    # both

    def _said(self) -> None:
        """Pass on what was said of a case and moves no token: hurry, or more time."""
        told = self.step.happening
        if isinstance(told, Urge):
            held = [n for n in (*self.parts.values(), self.whole) if self._state(n) not in DONE]
            for number in held:
                self._act(number, "urge", note=told.why)
        elif isinstance(told, Extend):
            node = self._node_of((Extend,))
            args: dict[str, Value] = {"days": float(told.days)}
            if node in self.parts:
                self._act(self.parts[node], "extend", note=told.why, args=args)
                args["part"] = float(self.parts[node])
            self._act(self.whole, "extend", note=told.why, args=args)

    def _end(self, number: int, name: str, note: str) -> None:
        if name == "conclude":
            self._go_on(number)
        self._act(number, name, note=note)

    def _still(self, number: int, why: str) -> None:
        """Stop the clocks, or let them go on."""
        if not why:
            self._go_on(number)
        elif self._state(number) is not State.WAITING:
            self._act(number, "suspend", note=why)

    def _go_on(self, number: int) -> None:
        if self._state(number) is State.WAITING:
            self._act(number, "go_on")

    def _state(self, number: int) -> State:
        return self.office.cases.state(number)

    def _stands(self, number: int) -> State:
        """Return where a case stands, also while its clocks do not run."""
        state = self._state(number)
        before = STATES[int(self.office.cases.row(number)["before"])]
        return before if state is State.WAITING else state

    def _act(
        self, number: int, name: str, *, unit: str = "", note: str = "",
        args: Mapping[str, Value] | None = None,
    ) -> None:  # fmt: skip
        wish = Wish(name=name, unit=unit, note=note, args=args or {}, because=(self.step.seq,))
        self.office.act(number, wish, officer(self.step.by), now=self.step.at)


@lru_cache(1_000)
def officer(by: str) -> Officer:
    """Return whoever moved the process, as one who may: the process has settled that."""
    return Officer(by, roles=ACTS, areas=("*",))
