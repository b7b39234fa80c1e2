"""An office whose drawn processes are cases: what each step did to them is checked."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from mindu.base.records import Case, Move, Words
from mindu.brain.cases import DONE, TABLE, State
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.office import Office
from mindu.brain.folds.cases import Cases
from mindu.brain.folds.flow.courses import Courses
from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.brain.processes.tasks import tasks
from mindu.data.fold import rebuilt
from mindu.data.log import Log
from mindu.engines.process import Definition
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import AnyHappening, Complete, Start

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, nine in the morning in Fuzhou
TERMS = (("dispatch", "*", "*", "5wd", "test"), ("sign", "*", "*", "1wd", "test"),
         ("final", "*", "*", "10wd", "test"))  # fmt: skip
KIND = CaseKind(
    name="matter", title=Words("matter", "事项"), terms=TERMS, mask=str, mover="process",
    extend_days=10,
)  # fmt: skip


def processes(log: Log | None = None) -> Processes:
    memory = Memory(Log.open(":memory:") if log is None else log, {}, seed=0)
    return Processes(memory, Office(memory, {KIND.name: KIND}))


def drawn() -> Definition:
    """Draw: accept → health and police at once → deliver → end, as a case of ten days."""
    draft = Draft("thing", title="一件事", case="matter", term="10wd", unit="window")
    draft.node("start", "start")
    draft.node("accept", "user", groups="window", stage="accept")
    draft.node("split", "parallel")
    draft.node("health", "user", groups="health", term="3wd")
    draft.node("police", "user", groups="police", term="5wd")
    draft.node("join", "parallel")
    draft.node("deliver", "user", groups="window", stage="deliver")
    draft.node("end", "end", name="done")
    draft.line("start", "accept", "split")
    for one in ("health", "police"):
        draft.line("split", one, "join")
    draft.line("join", "deliver", "end")
    return draft.definition()


def as_case(definition: Definition) -> Definition:
    """Return a drawing whose instances are cases."""
    bodies = {
        name: replace(body, case="matter", term="10wd", unit="window") if body.root else body
        for name, body in definition.bodies.items()
    }
    return replace(definition, bodies=bodies)


class Matter:
    """One application under way."""

    def __init__(self, definition: Definition | None = None, log: Log | None = None) -> None:
        self.processes, self.now = processes(log), NOW
        text = write(drawn() if definition is None else definition)
        name = self.processes.publish(text, by="modeller", now=NOW).names[0]
        start = Start(applicant="applicant")
        self.instance, _ = self.processes.start(name, start, by="applicant", now=NOW)

    @property
    def office(self) -> Office:
        assert self.processes.course.office is not None
        return self.processes.course.office

    @property
    def number(self) -> int:
        return self.processes.course.courses.of[self.instance]

    def part(self, node: str) -> int:
        return self.processes.course.courses.parts[self.instance][node]

    def stands(self, node: str = "") -> State:
        return self.office.cases.state(self.part(node) if node else self.number)

    def wait(self, node: str) -> int:
        state = self.processes.state(self.instance)
        return next(w.id for w in state.waits if w.node == node and w.kind == "task")

    def does(self, happening: AnyHappening, by: str = "clerk", **later: float) -> "Matter":
        self.now += timedelta(**later)
        self.processes.step(self.instance, happening, by=by, now=self.now)
        return self

    def done(self, node: str, *, days: float = 0.0, hours: float = 0.0) -> "Matter":
        complete = Complete(wait=self.wait(node), by="clerk")
        return self.does(complete, days=days, hours=hours)

    def told(self, number: int) -> list[str]:
        """Return the moves of a case, oldest first."""
        log = self.processes.memory.log
        return [e.record.name for e in log
                if isinstance(e.record, Move) and e.about == f"case:{number}"]  # fmt: skip


def one_life(processes: Processes, instance: int) -> None:
    """Hold that the case stands where the tokens do, and so does each of its parts."""
    state, courses = processes.state(instance), processes.course.courses
    office = processes.course.office
    assert office is not None
    open_ = {t.node: t for t in tasks(state, processes.models)} if state.waits else {}
    stage = {task.stage for task in open_.values()}
    mends = any(task.mends for task in open_.values())
    whole = office.cases.state(courses.of[instance])
    if state.status != "running":
        assert whole in DONE, (state.status, whole)
    elif state.paused is not None or mends:
        assert whole is State.WAITING, whole
    elif "accept" in stage:
        assert whole is State.RECEIVED, whole
    else:
        assert whole in {State.RECEIVED, State.HANDLING, State.FINAL_REVIEW}, whole
    for node, number in courses.parts.get(instance, {}).items():
        here = office.cases.state(number)
        there = state.status == "running" and node in open_ and open_[node].part
        assert (here not in DONE) == there, (node, here)
        assert not there or (here is State.WAITING) == (state.paused is not None), (node, here)
    missing = {n for n, t in open_.items() if t.part} - set(courses.parts.get(instance, ()))
    assert state.status != "running" or not missing, missing


def by_the_table(processes: Processes) -> None:
    """Hold that every move was in the table, that a whole clock begins once, and the folds."""
    log, courses, office = processes.memory.log, processes.memory.courses, processes.course.office
    assert office is not None
    state: dict[str, str] = {}
    began: dict[str, int] = {}
    for entry in log:
        record = entry.record
        if isinstance(record, Case):
            state[entry.about], began[entry.about] = record.state, record.whole.began
        if isinstance(record, Move):
            assert State(state[entry.about]) in TABLE[record.name].of, entry
            state[entry.about] = record.to
            if record.whole is not None and record.whole.term:
                assert record.whole.began == began[entry.about], "a whole clock begins once"
    assert rebuilt(log, Cases).dump() == office.cases.dump(), "the fold is what the log says"
    again = Courses()
    again.load(rebuilt(log, Courses).dump())
    assert (again.of, again.parts) == (courses.of, courses.parts)
