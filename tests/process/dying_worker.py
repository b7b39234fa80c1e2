"""A worker's office that dies by SIGKILL at a given commit: leases, failures and keyed answers."""

from datetime import datetime, timedelta
from pathlib import Path

from casework import NOW, processes
from dying_office import Dying, told

from mindu.brain.processes.runs import Processes
from mindu.data.log import Log
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Start
from mindu.engines.process.model import Trigger

HOUR = timedelta(hours=1)


def drawn() -> bytes:
    """Draw: print → wait for the message that it was fetched → end."""
    draft = Draft("paper")
    draft.node("start", "start")
    draft.node("print", "service", topic="print")
    draft.event("fetched", "catch", Trigger(kind="message", name="fetched", key="slip"))
    draft.node("end", "end")
    draft.line("start", "print", "fetched", "end")
    return write(draft.definition())


def work(log: Log, folder: Path) -> Processes:
    """Work two papers to their end: each print fails once before it is done."""
    office, now = processes(log), NOW
    if "bpmn:paper" not in office.models.newest:
        office.publish(drawn(), by="modeller", now=now)
    while len(office.instances.last) < 2:
        slip = f"slip{len(office.instances.last)}"
        office.start("paper", Start(vars={"slip": slip}), by="desk", now=now)
    while office.instances.states:
        now += HOUR
        turn(office, folder, now)
    return office


def turn(office: Processes, folder: Path, now: datetime) -> None:
    for job in office.work.lease("print", "worker", now):
        told(folder / "calls", f"{job.key} {job.left}")
        if job.left == 3:
            office.work.fail(job, "worker", now, why="no paper")
            told(folder / "failed", job.key)
        else:
            office.work.finish(job, "worker", {"printed": True}, now)
    for wait in [w for _, w in office.instances.all_of("message")]:
        office.message("fetched", wait.key, {}, by="worker", now=now)


def commits(folder: Path) -> int:
    """Return how many commits the whole work takes."""
    log = Dying.open(":memory:")
    work(log, folder)
    assert isinstance(log, Dying)
    log.close()
    return log.count
