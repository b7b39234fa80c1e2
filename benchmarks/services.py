"""How fast cases run with every step durable, beside SpiffWorkflow on SQLite; and coming back.

One case: start → three departments at once → join → script → end; the state is stored after the
start and after each department, and read again before each: four durable steps, and the end in the
last. CPU seconds of this process, so that a busy machine changes little.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.figure import Figure
from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.data.log import Log
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Complete, Start

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SPEND_S = 4.0  # CPU seconds of each measurement
GROUP = 64  # cases whose steps share one flush
OPEN = 20_000  # cases left open, of which each holds three tasks
DEPARTMENTS = ("health", "police", "insurance")


def figures() -> Iterator[Figure]:
    """Measure cases a CPU second, state bytes, and the time to come back."""
    peer = rate(_spiff())
    yield Figure(name="SpiffWorkflow, cases a CPU second, every step in SQLite", value=peer,
                 unit="1/s", peer=None, goal="", holds=None)  # fmt: skip
    for group in (1, GROUP):
        with TemporaryDirectory() as folder:
            ours = rate(_ours(Path(folder), group), unit=group)
        how = "each step its own flush" if group == 1 else f"{GROUP} cases share a flush"
        beside, holds = f"SpiffWorkflow {peer:.0f}", ours >= 10 * peer
        name = f"cases a CPU second, {how}"
        yield Figure(name=name, value=ours, unit="1/s", peer=beside, goal=">= 10 x", holds=holds)
    yield from _back()


def rate(work: Callable[[], object], unit: int = 1) -> float:
    """Return how many cases a CPU second are worked."""
    work()
    count, began = 0, process_time()
    while process_time() - began < SPEND_S:
        work()
        count += unit
    return count / (process_time() - began)


def drawn() -> bytes:
    """Draw the case."""
    draft = Draft("bench")
    draft.node("start", "start")
    draft.node("split", "parallel")
    draft.node("join", "parallel")
    draft.node("script", "script", script="1 + 1", result="two")
    draft.node("end", "end")
    draft.line("start", "split")
    for name in DEPARTMENTS:
        draft.node(name, "user")
        draft.line("split", name, "join")
    draft.line("join", "script", "end")
    return write(draft.definition())


def office(path: str) -> Processes:
    """Return an office over a log."""
    return Processes(Memory(Log.open(path), {}, seed=0))


def _ours(folder: Path, group: int) -> Callable[[], object]:
    processes = office(str(folder / "log.db"))
    processes.publish(drawn(), by="bench", now=NOW)

    def work() -> None:
        with processes.together() if group > 1 else _alone():
            cases = [
                processes.start("bench", Start(), by="bench", now=NOW)[0] for _ in range(group)
            ]
        for _ in DEPARTMENTS:
            with processes.together() if group > 1 else _alone():
                for case in cases:
                    wait = processes.state(case).waits[0]
                    processes.step(case, Complete(wait=wait.id, by="clerk"), by="clerk", now=NOW)

    return work


class _alone:  # noqa: N801 - a mere context
    def __enter__(self) -> None:
        """Let every step be durable by itself."""

    def __exit__(self, *_: object) -> None:
        """Do nothing."""


def _back() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "log.db")
        processes = office(path)
        processes.publish(drawn(), by="bench", now=NOW)
        with processes.together():
            for _ in range(OPEN):
                processes.start("bench", Start(), by="bench", now=NOW)
        states = processes.instances.states.values()
        size = sum(map(len, states)) / OPEN
        processes.memory.log.commit()
        processes.memory.log.close()
        began = process_time()
        again = office(path)
        spent = process_time() - began
        assert len(again.instances.states) == OPEN, "every case is there"
        again.memory.log.close()
    yield Figure(name="state of a case with three open tasks", value=size, unit="bytes",
                 peer="SpiffWorkflow 12,401 (research)", goal="", holds=None)  # fmt: skip
    yield Figure(name=f"coming back with {OPEN:,} open cases", value=spent, unit="CPU s",
                 peer=None, goal="", holds=None)  # fmt: skip


def _database() -> tuple[TemporaryDirectory[str], sqlite3.Connection]:
    folder = TemporaryDirectory()
    db = sqlite3.connect(str(Path(folder.name) / "spiff.db"))
    db.executescript(
        "PRAGMA journal_mode=wal; PRAGMA synchronous=full;"
        "CREATE TABLE state(id INTEGER PRIMARY KEY, body TEXT)"
    )
    return folder, db


def _spiff() -> Callable[[], object]:
    """Return the same case on SpiffWorkflow, its state in SQLite after every step."""
    from SpiffWorkflow.bpmn.parser import BpmnParser  # noqa: PLC0415 - the peer is no part of us
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # noqa: PLC0415
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # noqa: PLC0415
    from SpiffWorkflow.util.task import TaskState  # noqa: PLC0415

    python = b"<bpmn:script>two = 1 + 1</bpmn:script></bpmn:scriptTask>"  # its language
    text = drawn().replace(b"</bpmn:scriptTask>", python)
    parser = BpmnParser()
    parser.add_bpmn_str(text)
    spec = parser.get_spec("bench")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    folder, db = _database()

    def keep(workflow: BpmnWorkflow, case: int | None) -> int:
        body = serializer.serialize_json(workflow)
        if case is None:
            case = db.execute("INSERT INTO state(body) VALUES(?)", (body,)).lastrowid
        else:
            db.execute("UPDATE state SET body=? WHERE id=?", (body, case))
        db.commit()
        return int(case or 0)

    def work() -> TemporaryDirectory[str]:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        case = keep(workflow, None)
        for _ in DEPARTMENTS:
            (body,) = db.execute("SELECT body FROM state WHERE id=?", (case,)).fetchone()
            workflow = serializer.deserialize_json(body)
            tasks = workflow.get_tasks(state=TaskState.READY, manual=True)
            tasks[0].run()
            workflow.do_engine_steps()
            keep(workflow, case)
        assert workflow.is_completed(), "the case is over"
        return folder

    return work
