"""Shared: many requests at once share one flush of the disk; no answer leaves before its own."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mindu.brain.processes.ledger import deferred
from mindu.data.log import Log

START = "http.response.start"


class Flush:
    """The one flush under way, for all who wait on one loop."""

    def __init__(self, log: Log) -> None:
        """Flush this log."""
        self._log = log
        self._under_way: asyncio.Future[None] | None = None

    async def durable(self) -> None:
        """Return when all that was appended so far is durable.

        Raises:
            OSError: the disk refused; what waits goes out with the next flush.
        """
        wanted = len(self._log)
        fresh = False
        while self._log.durable < wanted and not fresh:  # a flush begun from here on covers it
            fresh = self._under_way is None
            if self._under_way is None:
                self._under_way = asyncio.ensure_future(asyncio.to_thread(self._log.commit))
                self._under_way.add_done_callback(self._over)
            await asyncio.shield(self._under_way)

    def _over(self, done: "asyncio.Future[None]") -> None:
        self._under_way = None
        if not done.cancelled():
            done.exception()  # whoever waited was told


class Shared:
    """An application whose answers wait until what they tell is durable."""

    def __init__(self, app: ASGIApp, flush: Flush) -> None:
        """Stand before an application."""
        self._app, self._flush = app, flush

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def after(message: Message) -> None:
            if message["type"] == START:
                await self._flush.durable()
            await send(message)

        try:
            with deferred():
                await self._app(scope, receive, after)
        finally:
            await self._flush.durable()  # also what a request did that broke off
