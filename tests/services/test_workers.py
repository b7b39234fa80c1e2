"""The door for workers: leases outlive a crash, a key does a thing once, tokens reach so far."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from services_office import hall
from services_people import BASE, Hall, Person

from mindu.cli.services import hall as halls
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Start
from mindu.engines.process.model import Trigger

__all__ = ["hall"]

YEAR = timedelta(days=365)


def drawn() -> bytes:
    """Draw: print (a jam goes to a person) → wait for what the printer says → end."""
    draft = Draft("paper")
    draft.node("start", "start")
    draft.node("print", "service", topic="print")
    draft.event("jam", "boundary", Trigger(kind="error", name="JAM"), attached="print")
    draft.node("by_hand", "user", groups="window")
    draft.event("said", "catch", Trigger(kind="message", name="printed", key="slip"))
    draft.node("end", "end")
    draft.line("start", "print", "said", "end")
    draft.line("jam", "by_hand", "end")
    return write(draft.definition())


class Worker:
    """A program at the door."""

    def __init__(self, hall: Hall, *topics: str, scopes: tuple[str, ...] = ("jobs", "messages"),
                 name: str = "printer") -> None:  # fmt: skip
        self.hall = hall
        self.token = hall.hall.workers.admit(
            name, scopes, topics or ("print",), now=hall.time, until=hall.time + YEAR
        )
        self.status, self.told = 0, dict[str, Any]()

    def asks(self, path: str, once: str = "", raw: bytes | None = None, **told: object) -> "Worker":
        headers = {"authorization": f"Bearer {self.token}"}
        headers |= {"idempotency-key": once} if once else {}
        body = json.dumps(told).encode() if raw is None else raw
        answer = asyncio.run(self._post(f"/worker/v1/{path}", body, headers))
        self.status, self.told = answer.status_code, answer.json()
        return self

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        way = httpx.ASGITransport(self.hall.app, client=("192.0.2.1", 4000))
        async with httpx.AsyncClient(transport=way, base_url=BASE) as line:
            return await line.post(path, content=body, headers=headers)

    def leases(self, seconds: int = 300) -> list[dict[str, Any]]:
        assert self.asks("jobs/lease", topic="print", seconds=seconds).status == 200, self.told
        jobs: list[dict[str, Any]] = self.told["jobs"]
        return jobs


def begun(hall: Hall, number: str = "7") -> int:
    processes = hall.counter.processes
    processes.publish(drawn(), by="modeller", now=hall.time)
    start = Start(vars={"slip": number})
    return processes.start("paper", start, by="desk", now=hall.time)[0]


def test_a_job_is_leased_kept_finished_and_the_message_ends_it(hall: Hall) -> None:
    case, printer = begun(hall), Worker(hall)
    (job,) = printer.leases(seconds=60)
    assert job["vars"] == {"slip": "7"}
    assert job["left"] == 3
    hall.later(seconds=50)
    assert printer.asks(f"jobs/{job['id']}/extend", seconds=60).status == 200
    hall.later(seconds=50)
    other = Worker(hall, name="other")
    assert other.leases() == [], "it is held"
    assert other.asks(f"jobs/{job['id']}/finish").status == 409
    assert "printer" in other.told["error"]["en"]
    printer.asks(f"jobs/{job['id']}/finish", vars={"pages": 2})
    assert (printer.status, printer.told) == (200, {"instance": case, "status": "running"})
    assert printer.asks(f"jobs/{job['id']}/finish").status == 404, "it is done"
    printer.asks("messages", name="printed", key="7", vars={"at": "noon"})
    assert printer.told == {"instance": case}
    assert printer.asks("messages", name="printed", key="7").told == {"instance": None}
    assert hall.counter.processes.state(case).status == "ended"
    assert hall.counter.processes.variables(case) == {"slip": "7", "pages": 2, "at": "noon"}


def test_a_lease_is_there_after_a_restart_and_its_holder_finds_it(
    hall: Hall, tmp_path: Path
) -> None:
    begun(hall)
    printer = Worker(hall)
    (job,) = printer.leases(seconds=600)
    hall.counter.processes.memory.log.close()
    again = Hall(tmp_path)
    printer.hall = again
    other = Worker(again, name="other")
    assert other.leases() == []
    assert [one["id"] for one in printer.leases()] == [job["id"]], "who crashed goes on with it"
    again.later(minutes=10)
    assert [one["id"] for one in other.leases()] == [job["id"]]


def test_the_same_key_gets_the_same_answer_and_nothing_is_done_twice(
    hall: Hall, tmp_path: Path
) -> None:
    begun(hall)
    printer = Worker(hall)
    (job,) = printer.leases()
    first = printer.asks(f"jobs/{job['id']}/finish", once="a1", vars={"pages": 2}).told
    told = len(hall.counter.processes.memory.log)
    assert printer.asks(f"jobs/{job['id']}/finish", once="a1", vars={"pages": 2}).told == first
    assert printer.status == 200
    assert len(hall.counter.processes.memory.log) == told
    assert printer.asks(f"jobs/{job['id']}/finish", once="a1", vars={"pages": 3}).status == 422
    stranger = Worker(hall, name="stranger")
    assert stranger.asks("messages", once="a1", name="printed", often=1).status == 422
    assert stranger.asks("messages", once="a1", name="printed").told == {"instance": None}
    hall.counter.processes.memory.log.close()
    printer.hall = Hall(tmp_path)
    assert printer.asks(f"jobs/{job['id']}/finish", once="a1", vars={"pages": 2}).told == first


def test_what_fails_is_tried_later_and_at_last_lies_before_a_person(hall: Hall) -> None:
    case, printer = begun(hall), Worker(hall)
    waits = []
    for _ in range(3):
        (job,) = printer.leases()
        assert printer.asks(f"jobs/{job['id']}/fail", why="no paper").status == 200
        spent = 0
        while spent < 60 and not printer.leases():
            spent += 10
            hall.later(seconds=10)
        waits.append(spent)
    assert waits == [10, 20, 60], "and then not again"
    assert hall.counter.processes.instances.stuck[case] == "print: no paper"
    hall.counter.processes.freed(case, by="clerk", now=hall.time)
    (job,) = printer.leases()
    assert printer.asks(f"jobs/{job['id']}/break", code="FIRE").status == 409
    assert "没有事件捕获" in printer.told["error"]["zh"]
    assert printer.asks(f"jobs/{job['id']}/break", code="JAM").status == 200
    assert [w.node for w in hall.counter.processes.state(case).waits] == ["by_hand"]


@pytest.mark.parametrize(("path", "raw", "status"), [
    ("jobs/lease", b"", 422), ("jobs/lease", b"{", 400), ("jobs/lease", b"[1]", 422),
    ("jobs/lease", b'{"topic":"print","most":0}', 422),
    ("jobs/lease", b'{"topic":"print","seconds":90000}', 422),
    ("jobs/lease", b'{"topic":"print","often":1}', 422),
    ("jobs/lease", b'{"topic":"secrets"}', 403),
    ("jobs/lease", b'{"topic":' + b"[" * 100_000, 422), ("jobs/lease", b"x" * 300_000, 400),
    ("jobs/9-9/finish", b"{}", 404), ("jobs/a-b/finish", b"{}", 404),
    ("jobs/9999999999999999999-1/finish", b"{}", 404), ("jobs/%00/finish", b"{}", 404),
    ("messages", b'{"name":""}', 422), ("messages", b'{"name":"x","vars":[]}', 422),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_words(hall: Hall, path: str, raw: bytes, status: int) -> None:
    begun(hall)
    printer = Worker(hall).asks(path, raw=raw)
    assert printer.status == status, printer.told
    assert printer.told["error"]["en"]
    assert printer.told["error"]["zh"]


def test_a_token_reaches_no_further_than_it_says_and_ends(hall: Hall) -> None:
    begun(hall)
    printer = Worker(hall, scopes=("jobs",))
    assert printer.asks("messages", name="printed").status == 403
    hall.hall.workers.drop("printer")
    assert printer.asks("jobs/lease", topic="print").status == 401
    late = Worker(hall, name="late")
    hall.later(days=366)
    assert late.asks("jobs/lease", topic="print").status == 401
    late.token = "nobody's"  # noqa: S105
    assert late.asks("jobs/lease", topic="print").status == 401


def test_the_door_says_itself_what_it_takes(hall: Hall) -> None:
    told = json.loads(Person(hall).get("/worker/v1/openapi.json").raw)
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) >= {"/v1/jobs/lease", "/v1/jobs/{id}/finish", "/v1/messages"}
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert halls.LOG == "services"
