"""The door: a worker's request is read, held against its token, done once, and answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.base.records import Event, Value
from mindu.brain.folds.flow.answers import ANSWERED
from mindu.brain.processes.jobs import Job
from mindu.brain.processes.runs import Processes
from mindu.console.workers import contract as c
from mindu.console.workers.document import KEY, document
from mindu.console.workers.request import No, body_of, key_of, read_of
from mindu.console.workers.tokens import Worker, Workers
from mindu.engines.process.happenings import Stuck

SAFE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it is done."""

    worker: Worker
    body: Any
    now: datetime
    id: str = ""

    @property
    def name(self) -> str:
        """Who speaks, in the log: the worker, and which of several of one token."""
        part = getattr(self.body, "part", "")
        return f"{self.worker.name}/{part}" if part else self.worker.name


Turn = Callable[[Callable[[], bytes]], Awaitable[bytes]]


async def at_once(work: Callable[[], bytes]) -> bytes:
    """Do it on the loop that serves: where requests are the only ones who move the brain."""
    return work()


class Door:
    """The addresses of the door over one brain's processes."""

    def __init__(
        self, processes: Processes, workers: Workers, now: Callable[[], datetime], base: str, *,
        turn: Turn = at_once, today: Callable[[], datetime] | None = None,
    ) -> None:  # fmt: skip
        """Serve these processes to these workers; each request is one turn of the brain.

        Leases run by `now`, tokens by `today`, where a city's clock is not the wall's.
        """
        self._processes, self._workers, self._now, self._base = processes, workers, now, base
        self._turn, self._today = turn, today or now
        self._does: Mapping[str, Callable[[Asked], msgspec.Struct]] = {
            "lease": self._lease, "extend": self._extend, "finish": self._finish,
            "fail": self._fail, "break": self._break, "message": self._message,
        }  # fmt: skip

    def application(self) -> Starlette:
        """Return the door as an ASGI application."""
        routes = [Route(one.path, self._one(one), methods=["POST"]) for one in c.TABLE]
        return Starlette(routes=[*routes, Route("/v1/openapi.json", self._document)])

    async def _document(self, _request: Request) -> Response:
        return _answer(200, msgspec.json.encode(document(self._base)))

    def _one(self, address: c.Address) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                worker, now = self._who(request, address.scope), self._now()
                raw = await body_of(request)
                told = Asked(worker, read_of(raw, address), now, request.path_params.get("id", ""))
                key = key_of(request, worker, address)
                body = await self._turn(lambda: self._once(told, address, key, raw))
                return _answer(200, body)
            except No as no:
                return _answer(no.told.status, msgspec.json.encode(no.told))

        return answer

    def _once(self, asked: Asked, address: c.Address, key: str, raw: bytes) -> bytes:
        """Do what is asked, unless it was done under this key; what was answered is durable."""
        what = sha256(f"{address.name}|{asked.id}|".encode() + raw).hexdigest()
        kept = self._processes.memory.answers.of.get(key) if key else None
        if kept is not None:
            if kept.asked != what:
                raise No(422, f"this {KEY} was used for something else",
                         f"该 {KEY} 已用于其他请求", field=KEY)  # fmt: skip
            return kept.body.encode()
        with self._processes.together(), self._processes.memory.log.whole():
            try:
                body = msgspec.json.encode(self._does[address.name](asked))
            except Stuck as no:
                raise No(409, str(no), no.zh) from None
            if key:
                told: dict[str, Value] = {"key": key, "asked": what, "body": body.decode()}
                self._processes.memory.write(
                    Event(ANSWERED, told), at=asked.now, about="answers", by=asked.name
                )
        return body

    def _who(self, request: Request, scope: c.Scope) -> Worker:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        found = self._workers.of(token.strip(), self._today()) if kind.lower() == "bearer" else None
        if found is None:
            raise No(401, "this token is not known, or its days are over", "令牌无效或已过期")
        if not found.may(scope):
            raise No(403, f"this token has no scope {scope}", f"令牌没有 {scope} 权限")
        return found

    # what is done

    def _lease(self, asked: Asked) -> c.Leased:
        body: c.Lease = asked.body
        if not asked.worker.may("jobs", body.topic):
            raise No(403, f"this token may not work on {body.topic}",
                     f"令牌无权处理主题“{body.topic}”", field="topic")  # fmt: skip
        span = timedelta(seconds=body.seconds)
        found = self._processes.work.lease(
            body.topic, asked.name, asked.now, most=body.most, lease=span
        )
        return c.Leased(jobs=tuple(_told(job) for job in found))

    def _extend(self, asked: Asked) -> c.Kept:
        job, span = self._held(asked), timedelta(seconds=asked.body.seconds)
        return c.Kept(until=self._processes.work.extend(job, asked.name, asked.now, span))

    def _finish(self, asked: Asked) -> c.Moved:
        job = self._held(asked)
        self._processes.work.finish(job, asked.name, asked.body.vars, asked.now)
        return self._stands(job)

    def _fail(self, asked: Asked) -> c.Moved:
        job, body = self._held(asked), asked.body
        again = None if body.seconds is None else timedelta(seconds=body.seconds)
        told = {"why": body.why, "left": body.left, "again": again}
        self._processes.work.fail(job, asked.name, asked.now, **told)
        return self._stands(job)

    def _break(self, asked: Asked) -> c.Moved:
        job, body = self._held(asked), asked.body
        self._processes.work.error(job, asked.name, (body.code, body.vars), asked.now)
        return self._stands(job)

    def _message(self, asked: Asked) -> c.Heard:
        body: c.Message = asked.body
        heard = self._processes.message(
            body.name, body.key, body.vars, by=asked.name, now=asked.now
        )
        return c.Heard(instance=heard)

    def _held(self, asked: Asked) -> Job:
        """Return a job that this worker may speak of: its own, or nobody's.

        Raises:
            No: there is none, it is of another topic, or another holds it.
        """
        one, _, wait = asked.id.partition("-")
        whole = all(n.isascii() and n.isdigit() and len(n) < 16 for n in (one, wait))
        job = self._processes.work.find(int(one), int(wait), asked.now) if whole else None
        if job is None:
            raise No(404, f"there is no job {asked.id[:40]}, or it is done", "没有该作业或已完成")
        if not asked.worker.may("jobs", job.topic):
            raise No(403, f"this token may not work on {job.topic}",
                     f"令牌无权处理主题“{job.topic}”")  # fmt: skip
        if (holder := self._processes.work.holder(job, asked.now)) not in {"", asked.name}:
            raise No(409, f"{holder} holds it until {job.until:%H:%M:%S} UTC",
                     f"该作业由 {holder} 持有至 {job.until:%H:%M:%S}(UTC)")  # fmt: skip
        return job

    def _stands(self, job: Job) -> c.Moved:
        status = self._processes.state(job.instance).status
        return c.Moved(instance=job.instance, status=status)


def _told(job: Job) -> c.Job:
    return c.Job(id=f"{job.instance}-{job.wait}", topic=job.topic, instance=job.instance,
                 until=job.until, left=job.left, vars=job.vars)  # fmt: skip


def _answer(status: int, body: bytes) -> Response:
    more = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response(body, status, {**SAFE, **more}, "application/json")
