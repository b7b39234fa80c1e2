"""The application: addresses to answers, threads for what takes time, one task for the stream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mindu.base.records import Words
from mindu.base.time import worked
from mindu.console.ask import Ask, Bad, missing
from mindu.console.contract.openapi import written
from mindu.console.contract.table import ROOT, TABLE, Address
from mindu.console.feed import maps_of
from mindu.console.report.report import report
from mindu.console.wire.api import Bytes, answered
from mindu.console.wire.assets import OURS, kept, ours
from mindu.console.wire.desk import Desk
from mindu.console.wire.guard import App, Guard
from mindu.console.wire.pages import failure, read
from mindu.console.wire.reply import JSON, Reply, as_json, refused, response
from mindu.console.wire.request import values
from mindu.console.wire.send import send
from mindu.console.wire.stream.dense import Dense
from mindu.console.wire.stream.hub import Hub
from mindu.console.wire.stream.line import straight
from mindu.console.wire.visit import Visit

THREADS = 16  # requests worked on side by side
BUSY = Words("Too many readers.", "访问人数过多。")
SECOND = Words("Come again in a second.", "请稍后再试。")
ADDRESS = Words("address", "地址")
DOCUMENT = Words(f"See {ROOT}/openapi.json.", f"见 {ROOT}/openapi.json。")
ANY = ["GET", "POST", "DELETE"]
PUSHED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Work = Callable[[Visit], Reply]
Door = Callable[[Request], Awaitable[Response]]


def application(desk: Desk) -> App:
    """Return the ASGI application of a desk."""
    doors = Doors(desk)
    routes = [
        *(route for room in desk.beside for route in room.routes),
        Route(f"{ROOT}/openapi.json", doors.openapi),
        Route(f"{ROOT}/stream", doors.stream),
        Route(f"{ROOT}/points/stream", doors.dense),
        *(
            doors.bound(a)
            for a in sorted(TABLE, key=lambda a: "{" in a.path)
            if not a.name.endswith("stream")
        ),
        Route("/api/{rest:path}", doors.nothing, methods=ANY),
        *(Route(path, ours) for path in OURS),
        Route("/static/{rest:path}", doors.file),
        Route("/geo/{rest:path}", doors.file),
        Route("/report", doors.report),
        Route("/{rest:path}", doors.page, methods=["GET", "POST"]),
    ]
    return Guard(Starlette(routes=routes, lifespan=doors.lifespan), desk)


class Doors:
    """Every kind of door of one desk."""

    def __init__(self, desk: Desk) -> None:
        """Build the hub; it runs with the server."""
        self._desk = desk
        self._hub = Hub(desk.feed, viewers=desk.limits.viewers)
        self._dense = Dense(desk.looks, viewers=desk.limits.viewers)
        self._threads: CapacityLimiter | None = None

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """Run the hub while the server runs."""
        self._threads = CapacityLimiter(THREADS)
        tasks = [asyncio.create_task(part.run()) for part in (self._hub, self._dense)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def bound(self, address: Address) -> Route:
        """Return the route of one address of the API."""

        async def call(request: Request) -> Response:
            where = {k: str(v) for k, v in request.path_params.items()}
            work = partial(_api, self._desk, address, where)
            return await self._worked(request, work, api=True)

        path = ROOT + address.path.replace("{id}", "{id:path}")
        return Route(path, call, methods=[address.method], name=address.name)

    async def page(self, request: Request) -> Response:
        """Show a page, or take a form of one."""
        change = request.method == "POST"
        work: Work = partial(send, self._desk) if change else partial(read, self._desk)
        return await self._worked(request, work, api=False)

    async def report(self, request: Request) -> Response:
        """Show the report of the night."""
        return await self._worked(request, partial(_report, self._desk), api=False)

    async def nothing(self, request: Request) -> Response:
        """Say that the API has no such address."""
        no = refused(missing(ADDRESS, DOCUMENT))
        return await self._worked(request, lambda _visit: no, api=True)

    async def openapi(self, _request: Request) -> Response:
        """Say what the API is."""
        return Response(written(), media_type=JSON)

    async def file(self, request: Request) -> Response:
        """Send a built asset or a map."""
        return kept(maps_of(self._desk.feed), request.url.path)

    async def stream(self, request: Request) -> Response:
        """Tell what is written as it is written."""
        visit = values(request)
        try:
            since = await to_thread.run_sync(self._since, visit)
        except Bad as no:
            return response(refused(no), visit)
        told = self._hub.watch(since, straight(request.scope))
        return StreamingResponse(told, media_type="text/event-stream", headers=PUSHED)

    async def dense(self, request: Request) -> Response:
        """Show the dense points again and again."""
        visit = values(request)
        try:
            await to_thread.run_sync(self._seated, visit, self._dense)
            kind, prop = visit.ask.text("kind"), visit.ask.text("prop")
        except Bad as no:
            return response(refused(no), visit)
        told = self._dense.watch(kind, prop)
        return StreamingResponse(told, media_type="application/octet-stream", headers=PUSHED)

    def _seated(self, visit: Visit, show: Hub | Dense) -> None:
        """Let in who may watch, while there is room."""
        self._desk.greet(visit).must("viewer")
        if show.full:
            raise Bad(503, BUSY, SECOND)

    def _since(self, visit: Visit) -> int | None:
        """Return up to where a viewer has seen the log."""
        self._seated(visit, self._hub)
        told = visit.headers.get("last-event-id") or visit.query.get("since", "")
        return Ask({"since": told}).whole("since", 0, low=-1) if told else None

    async def _worked(self, request: Request, work: Work, *, api: bool) -> Response:
        """Answer on a thread; one request too many is told to come again."""
        if not self._desk.room.acquire(blocking=False):
            return response(refused(Bad(503, BUSY, SECOND)), None)
        try:
            body = await request.body() if request.method != "GET" else b""
            visit = values(request, body)
            whole = partial(_whole, self._desk, visit, work, api=api)
            return response(await to_thread.run_sync(whole, limiter=self._threads), visit)
        finally:
            self._desk.room.release()


def _whole(desk: Desk, visit: Visit, work: Work, *, api: bool) -> Reply:
    """Find out who asks, then work; whatever is wrong is said in the form that was asked for."""
    began = worked()
    try:
        reply = work(desk.greet(visit))
    except Bad as no:
        return refused(no) if api else failure(desk, visit, no)
    if visit.method == "GET" and visit.may("viewer"):  # what a page costs is nobody else's to know
        reply.headers["Server-Timing"] = f"desk;dur={(worked() - began) * 1e3:.2f}"
    return reply


def _api(desk: Desk, address: Address, where: dict[str, str], visit: Visit) -> Reply:
    told = answered(desk, address, visit, where)
    if isinstance(told, Bytes):
        return Reply(kind=told.kind, body=told.body, headers=told.headers)
    return as_json(told)


def _report(desk: Desk, visit: Visit) -> Reply:
    visit.must("viewer")
    with desk.feed.lock:
        return Reply(body=report(desk.feed, visit.lang).encode())
