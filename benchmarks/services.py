"""How fast cases run with every step durable, beside SpiffWorkflow on SQLite.

One case: start → three departments at once → join → script → end; the state is stored after the
start and after each department, and read again before each: four durable steps, and the end in the
last. CPU seconds of this process, so that a busy machine changes little.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.figure import Figure
from mindu.apps.services.kind import KIND
from mindu.base.records import Stepped
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.brain.processes.ledger import deferred
from mindu.brain.processes.runs import Processes
from mindu.cli.services.shared import Flush
from mindu.data.log import Log
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Complete, Start

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SPEND_S = 4.0  # CPU seconds of each measurement
GROUP = 64  # cases whose steps share one flush
DEPARTMENTS = ("health", "police", "insurance")


def figures() -> Iterator[Figure]:
    """Measure cases a CPU second."""
    alone, grouped = rate(_spiff(1)), rate(_spiff(GROUP), unit=GROUP)
    yield _rate("SpiffWorkflow, each step its own commit in SQLite", alone, None)
    yield _rate(f"SpiffWorkflow, {GROUP} cases share a commit", grouped, None)
    ways = (("the log alone, no engine: four entries, each its own flush", 1, _bare, alone),
            ("each step its own flush", 1, _lone, alone),
            (f"{GROUP} clerks at once, as the hall serves them", GROUP, _clerks, alone),
            (f"{GROUP} cases share a flush", GROUP, _together, grouped),
            ("each step its own flush, each a case of the kernel", 1, _kernel, alone),
            (f"{GROUP} share a flush, each a case of the kernel", GROUP, _kernels, grouped),
    )  # fmt: skip
    for how, group, way, peer in ways:
        with TemporaryDirectory() as folder:
            yield _rate(how, rate(way(Path(folder)), unit=group), peer)


def _rate(how: str, ours: float, peer: float | None) -> Figure:
    beside = None if peer is None else f"SpiffWorkflow {peer:.0f}: {ours / peer:.1f} x"
    holds = None if peer is None else ours >= 10 * peer
    return Figure(name=f"cases a CPU second, {how}", value=round(ours), unit="1/s", peer=beside,
                  goal="" if peer is None else ">= 10 x", holds=holds)  # fmt: skip


def rate(work: Callable[[], object], unit: int = 1) -> float:
    """Return how many cases a CPU second are worked."""
    work()
    count, began = 0, process_time()
    while process_time() - began < SPEND_S:
        work()
        count += unit
    return count / (process_time() - began)


def drawn(case: str = "") -> bytes:
    """Draw the case; as a case of the kernel, each department with a term of its own."""
    draft = Draft("bench", case=case, term="10wd" if case else "")
    draft.node("start", "start")
    draft.node("split", "parallel")
    draft.node("join", "parallel")
    draft.node("script", "script", script="1 + 1", result="two")
    draft.node("end", "end")
    draft.line("start", "split")
    for name in DEPARTMENTS:
        draft.node(name, "user", groups=name, term="5wd" if case else "")
        draft.line("split", name, "join")
    draft.line("join", "script", "end")
    return write(draft.definition())


def office(path: str) -> Processes:
    """Return an office over a log."""
    memory = Memory(Log.open(path), {}, seed=0)
    return Processes(memory, Office(memory, {KIND.name: KIND}))


def _opened(folder: Path, case: str = "") -> Processes:
    processes = office(str(folder / "log.db"))
    processes.publish(drawn(case), by="bench", now=NOW)
    return processes


def begin(processes: Processes) -> int:
    """Begin a case."""
    return processes.start("bench", Start(), by="bench", now=NOW)[0]


def complete(processes: Processes, case: int) -> None:
    """Let a department complete its task."""
    wait = processes.state(case).waits[0]
    processes.step(case, Complete(wait=wait.id, by="clerk"), by="clerk", now=NOW)


def _bare(folder: Path) -> Callable[[], object]:
    """Write what a case's four steps write and step nothing: what no engine over it can pass."""
    log = Log.open(str(folder / "log.db"))
    record = Stepped("Complete", bytes(40), bytes(590), ("join", "script", "end"))

    def work() -> None:
        for _ in range(1 + len(DEPARTMENTS)):
            log.append(record, at=NOW, about="process:1", by="clerk")
            log.commit()

    return work


def _kernel(folder: Path) -> Callable[[], object]:
    return _lone(folder, KIND.name)


def _kernels(folder: Path) -> Callable[[], object]:
    return _together(folder, KIND.name)


def _lone(folder: Path, kind: str = "") -> Callable[[], object]:
    processes = _opened(folder, kind)

    def work() -> None:
        case = begin(processes)
        for _ in DEPARTMENTS:
            complete(processes, case)

    return work


def _together(folder: Path, kind: str = "") -> Callable[[], object]:
    processes = _opened(folder, kind)

    def work() -> None:
        with processes.together():
            cases = [begin(processes) for _ in range(GROUP)]
        for _ in DEPARTMENTS:
            with processes.together():
                for case in cases:
                    complete(processes, case)

    return work


def _clerks(folder: Path) -> Callable[[], object]:
    """Let clerks work at once on one loop: each goes on when their own step is durable."""
    processes = _opened(folder)
    flush, runner = Flush(processes.memory.log), asyncio.Runner()

    async def one() -> None:
        with deferred():
            case = begin(processes)
        await flush.durable()
        for _ in DEPARTMENTS:
            with deferred():
                complete(processes, case)
            await flush.durable()

    async def every() -> None:
        await asyncio.gather(*(one() for _ in range(GROUP)))

    return lambda: runner.run(every())


def _database() -> tuple[TemporaryDirectory[str], sqlite3.Connection]:
    folder = TemporaryDirectory()
    db = sqlite3.connect(str(Path(folder.name) / "spiff.db"))
    db.executescript(
        "PRAGMA journal_mode=wal; PRAGMA synchronous=full;"
        "CREATE TABLE state(id INTEGER PRIMARY KEY, body TEXT)"
    )
    return folder, db


def _spiff(group: int) -> Callable[[], object]:
    """Return the same cases on SpiffWorkflow, their state in SQLite after every step."""
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

    def begun() -> int:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        body = serializer.serialize_json(workflow)
        return int(db.execute("INSERT INTO state(body) VALUES(?)", (body,)).lastrowid or 0)

    def completed(case: int) -> None:
        (body,) = db.execute("SELECT body FROM state WHERE id=?", (case,)).fetchone()
        workflow = serializer.deserialize_json(body)
        workflow.get_tasks(state=TaskState.READY, manual=True)[0].run()
        workflow.do_engine_steps()
        body = serializer.serialize_json(workflow)
        db.execute("UPDATE state SET body=? WHERE id=?", (body, case))

    def work() -> TemporaryDirectory[str]:
        cases = [begun() for _ in range(group)]
        db.commit()
        for _ in DEPARTMENTS:
            for case in cases:
                completed(case)
            db.commit()
        return folder

    return work
