"""A process office that dies by SIGKILL at a given commit, in a child process of the test."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework import processes

from mindu.brain.processes.runs import Processes
from mindu.data.log import Log
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Complete, Start
from mindu.engines.process.model import Timer, Trigger

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASES = 2


class Dying(Log):
    """A log whose writer dies at one of its commits."""

    at, before, count = 0, False, 0

    def commit(self) -> None:  # type: ignore[explicit-override]
        self.count += 1
        if self.count == self.at and self.before:
            os.kill(os.getpid(), signal.SIGKILL)
        super().commit()
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def drawn() -> bytes:
    """Draw: accept → two departments and a machine at once → wait a day → end; it is a case."""
    draft = Draft("thing", case="matter", term="10wd", unit="window")
    draft.node("start", "start")
    draft.node("accept", "user", groups="window", stage="accept")
    draft.node("split", "parallel")
    for department in ("health", "police"):
        draft.node(department, "user", groups=department, term="5wd")
    draft.node("print", "service", topic="print")
    draft.node("join", "parallel")
    draft.event("wait", "catch", Trigger(kind="timer", timer=Timer("duration", "P1D")))
    draft.node("end", "end")
    draft.line("start", "accept", "split")
    for one in ("health", "police", "print"):
        draft.line("split", one, "join")
    draft.line("join", "wait", "end")
    return write(draft.definition())


def work(log: Log, calls: Path, acknowledged: Path) -> Processes:
    """Work until nothing is left to do; what is acknowledged is told."""
    office = processes(log)
    if "bpmn:thing" not in office.models.newest:
        office.publish(drawn(), by="modeller", now=NOW)
    while len(office.instances.last) < CASES:
        told(acknowledged, f"started {office.start('thing', Start(), by='desk', now=NOW)[0]}")
    while office.instances.states:
        for (instance, number), wait in list(office.instances.all_of("task")):
            done = Complete(wait=number, by="clerk")
            office.step(instance, done, by="clerk", now=NOW)
            told(acknowledged, f"{instance} {wait.node}")
        for job in office.work.lease("print", "worker", NOW):
            with calls.open("a", encoding="utf-8") as out:
                out.write(f"{job.key}\n")
            office.work.finish(job, "worker", {"printed": True}, NOW)
            told(acknowledged, f"{job.instance} print")
        office.ring(NOW + timedelta(days=2))
    return office


def both(log: Log, folder: Path) -> Processes:
    """Work, with calls and acknowledgements in a folder."""
    return work(log, folder / "calls", folder / "acknowledged")


def told(acknowledged: Path, line: str) -> None:
    with acknowledged.open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")


def dies(
    place: str, folder: Path, at: int, *, before: bool,
    does: Callable[[Log, Path], object] = both,
) -> int:  # fmt: skip
    """Work in a child that dies before or after a commit; return the signal that ended it."""
    child = os.fork()
    if child == 0:
        log = Dying.open(place)
        assert isinstance(log, Dying), "it is what was opened"
        log.at, log.before = at, before
        does(log, folder)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])
