"""Requests at once share one flush of the disk, and no answer leaves before its own is durable."""

import asyncio
from pathlib import Path

import pytest
from services_desk import NOW
from starlette.types import Message, Receive, Scope, Send

from mindu.brain.memory import Memory
from mindu.brain.processes.ledger import deferred
from mindu.brain.processes.runs import Processes
from mindu.cli.services.shared import Flush, Shared
from mindu.data.log import Log
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Start

CLERKS = 32


class Counted(Log):
    """A log that counts its commits, and whose disk may be full."""

    commits, full = 0, False

    def commit(self) -> None:  # type: ignore[explicit-override]
        self.commits += 1
        if self.full:
            raise OSError("the disk is full; make room and commit again: nothing is lost")
        super().commit()


@pytest.fixture
def office(tmp_path: Path) -> Processes:
    processes = Processes(Memory(Counted.open(str(tmp_path / "log")), {}, seed=0))
    draft = Draft("thing")
    draft.node("start", "start")
    draft.node("task", "user", groups="window")
    draft.node("end", "end")
    draft.line("start", "task", "end")
    processes.publish(write(draft.definition()), by="modeller", now=NOW)
    return processes


def log_of(office: Processes) -> Counted:
    log = office.memory.log
    assert isinstance(log, Counted), "it is what was opened"
    return log


def begun(office: Processes) -> int:
    return office.start("thing", Start(), by="desk", now=NOW)[0]


def test_many_clerks_at_once_are_each_answered_durable_and_share_flushes(
    office: Processes,
) -> None:
    log, flush = log_of(office), Flush(office.memory.log)
    before = log.commits

    async def clerk() -> None:
        for _ in range(3):
            with deferred():
                case = begun(office)
            await flush.durable()
            assert log.durable > case, "whoever is answered is safe"
            await asyncio.sleep(0)

    async def every() -> None:
        await asyncio.gather(*(clerk() for _ in range(CLERKS)))

    asyncio.run(every())
    assert len(office.instances.states) == 3 * CLERKS
    assert log.commits - before < CLERKS, "far fewer flushes than steps"
    log.verify()


def test_a_step_outside_a_request_is_durable_at_once(office: Processes) -> None:
    with deferred():
        waits = begun(office)
    assert log_of(office).durable <= waits, "who answers waits for it"
    at_once = begun(office)
    assert log_of(office).durable > at_once


def test_no_answer_leaves_before_what_it_tells_is_durable(office: Processes) -> None:
    log, seen = log_of(office), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == (await receive())["type"]
        case = begun(office)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(case).encode()})

    async def browser(message: Message) -> None:
        seen.append((message["type"], log.durable == len(log)))

    async def quiet() -> Message:
        return {"type": "http"}

    told = Shared(app, Flush(log))
    asyncio.run(told({"type": "http"}, quiet, browser))
    assert seen == [("http.response.start", True), ("http.response.body", True)]
    log.full = True
    with pytest.raises(OSError, match="disk is full"):
        asyncio.run(told({"type": "http"}, quiet, browser))
    assert len(seen) == 2, "nobody was told what is not safe"
    log.full = False
    log.commit()
    assert log.durable == len(log), "nothing is lost"
