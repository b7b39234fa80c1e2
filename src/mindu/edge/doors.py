"""All doors of one node, opened and closed together."""

import asyncio
import contextlib
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from starlette.routing import Route

from mindu.data.senses.memory.tiers import tier
from mindu.data.senses.senses import Senses
from mindu.edge.allocator import trim
from mindu.edge.authority import authority
from mindu.edge.clock import Clock
from mindu.edge.commands.handing import handing
from mindu.edge.commands.http import routes as commands
from mindu.edge.commands.post import Post
from mindu.edge.corrections import corrections
from mindu.edge.document import described
from mindu.edge.field.readers import readers
from mindu.edge.field.standing import Standing, guarded, kept, lined
from mindu.edge.group import Group
from mindu.edge.hearing.fenced import Fenced
from mindu.edge.hearing.watch import Watch
from mindu.edge.http.app import Door
from mindu.edge.http.care import care
from mindu.edge.http.fences import fences
from mindu.edge.http.heads import Heads
from mindu.edge.http.line import Line
from mindu.edge.http.outlook import outlook
from mindu.edge.http.tiers import tiers
from mindu.edge.http.watched import watched
from mindu.edge.keys import Keys
from mindu.edge.loops.http import looped
from mindu.edge.loops.proposals import proposed
from mindu.edge.loops.runner import Runner
from mindu.edge.mqtt.lines import Lines
from mindu.edge.mqtt.listener import Listener
from mindu.edge.mqtt.observations import Observations
from mindu.edge.ngsild.doors.routes import Parts
from mindu.edge.ngsild.doors.routes import routes as ngsild
from mindu.edge.ngsild.model.contexts import Contexts
from mindu.edge.ngsild.subs.notify import Notifier
from mindu.edge.porch import Porch
from mindu.edge.sensorthings.routes import routes as sensorthings
from mindu.edge.settings import Http, Settings
from mindu.perceive.declare import Keep

QUIET = 10.0  # s between looks at what is due, and before a broken line is tried again
TOLD = 100  # troubles that are remembered
Run = Callable[[], Coroutine[Any, Any, None]]


class Doors:
    """What is open, and under which ports."""

    def __init__(self, senses: Senses, keys: Keys, clock: Callable[[], int]) -> None:
        """Serve this store; `clock` says the epoch ms."""
        self.senses, self.keys, self.clock = senses, keys, Clock(clock)
        self.porch, self.group = Porch(senses, self.clock), Group(senses)
        self.post = Post(senses, self.group, self.clock)
        self.authority = partial(authority, senses.folder / "keys", senses.registry)
        senses.flushed = trim
        self.watch, self.fenced = Watch(senses), Fenced(senses, self.clock)
        self.http_port = self.mqtt_port = 0
        self.readers: list[Any] = []
        self.ngsild: list[Route] = []
        self.notifier: Notifier
        self.loops: Runner
        self.troubles: deque[str] = deque(maxlen=TOLD)
        self.quiet = QUIET
        self.say: Callable[[str], object] = lambda _: None  # whom a line that goes down is told
        self.lines = Standing(self._faults)

    @contextlib.asynccontextmanager
    async def open(self, told: Settings) -> AsyncIterator["Doors"]:
        """Open what the settings name, for as long as the block lasts."""
        async with contextlib.AsyncExitStack() as stack:
            self._begun(stack)
            loops = self.loops = Runner(told.name, told.loops, self.post, self.clock)
            stack.callback(loops.close)
            notifier = self.notifier = self._notifier(told)
            stack.callback(notifier.outbox.close)
            if told.http is not None:
                await stack.enter_async_context(self._http(told.http, told.keep))
            if told.mqtt is not None:
                listener = Listener(self.porch, self.keys, self._lines())
                tls = self._tls(told.mqtt.tls)
                self.mqtt_port = await listener.start(told.mqtt.host, told.mqtt.port, tls)
                stack.push_async_callback(listener.stop)
            self.readers += readers(told, self.porch, self.post, self.clock)
            self.lines.readers = self.readers
            runs: list[Run] = [partial(guarded, it) for it in self.readers]
            runs += [partial(self._tend, told), self.post.run, notifier.run, loops.run]
            for run in runs:
                task = asyncio.create_task(kept(run, self.troubles, lambda: self.quiet))
                stack.push_async_callback(_ended, task)
            yield self

    def _begun(self, stack: contextlib.AsyncExitStack) -> None:
        """Begin what every door hands over to and what hears every reading; end it last."""
        self.porch.loop = asyncio.get_running_loop()
        stack.callback(self.watch.close)
        stack.callback(self.fenced.close)
        self.fenced.open()
        stack.push_async_callback(self.porch.close)
        stack.push_async_callback(self.group.close)

    def _tls(self, names: tuple[str, ...]) -> ssl.SSLContext | None:
        return self.authority().door(names, self.clock()) if names else None

    def _lines(self) -> Lines:
        return Lines(self.post, Observations(self.senses))

    def _notifier(self, told: Settings) -> Notifier:
        given = {
            it.url: msgspec.json.decode(Path(it.file).read_bytes()) for it in told.ngsild.contexts
        }
        contexts = Contexts(self.senses.entities, given)
        notifier = Notifier(self.senses, contexts, self.clock)
        parts = (self.porch, self.group, self.keys, contexts, notifier, told.ngsild.notify)
        self.ngsild = ngsild(Parts(*parts))
        return notifier

    async def _tend(self, told: Settings) -> None:
        """Keep the tables up to date and forget what is past its keep."""
        kept = 0
        while True:
            await asyncio.sleep(self.quiet)
            self.lines.look(self.say)
            now = self.clock()
            self.keys.refresh()  # so that a key that was voided elsewhere is void here
            await asyncio.to_thread(self.senses.tend, now)
            if now // 3_600_000 != kept:
                kept = now // 3_600_000
                await asyncio.to_thread(self.senses.tidy, now)
                await asyncio.to_thread(tier, self.senses, now, told.keep)
                await asyncio.to_thread(self.watch.keep)

    def _faults(self) -> list[str]:
        """Return what broke in the node itself."""
        heard = (self.watch.troubles, self.fenced.troubles, self.loops.troubles)
        return [it for them in (self.troubles, self.porch.troubles, *heard) for it in them]

    def _routes(self, keep: Keep) -> list[Route]:
        """Return all that stands beside our own API of readings and register."""
        senses, keys, clock = self.senses, self.keys, self.clock
        return [
            *sensorthings(self.porch, keys),
            *commands(self.post, keys),
            *self.ngsild,
            *care(senses, keys, self.authority, clock),
            *tiers(senses, keys, clock, keep),
            *described(),
            *lined(self.lines, keys),
            *outlook(senses, keys, clock),
            *watched(self.watch, keys),
            *fences(senses, keys, self.fenced, clock),
            *corrections(senses, keys, clock),
            *looped(senses, keys, self.group, clock),
            *proposed(self.post, keys, clock),
            *handing(self.post, keys, clock),
        ]

    @contextlib.asynccontextmanager
    async def _http(self, told: Http, keep: Keep) -> AsyncIterator[None]:
        listening = socket.create_server((told.host, told.port), backlog=1024)
        self.http_port = int(listening.getsockname()[1])
        config = uvicorn.Config(
            Door(self.porch, self.keys, self._routes(keep)),
            http=partial(Line, self.porch, self.keys, Heads()),  # type: ignore[arg-type]
            lifespan="off", access_log=False, log_level="warning", timeout_graceful_shutdown=5,
        )  # fmt: skip
        server = uvicorn.Server(config)
        config.load()
        config.ssl = self._tls(told.tls)
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield
        finally:
            server.should_exit = True
            await task
            listening.close()


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
