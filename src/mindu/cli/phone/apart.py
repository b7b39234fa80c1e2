"""Apart: an application behind the page's door that runs on a loop and threads of its own."""

import asyncio
from collections.abc import Awaitable
from threading import Thread
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from mindu.base.records import Words
from mindu.console.wire.guard import App, Message, Receive, Scope, Send

T = TypeVar("T")
ENDS_S = 10.0  # s that requests may take to their end
AGAIN_S = 2  # s after which whoever was not let in may come again
FULL = Words("Too many are here at once; come again in a moment.", "当前人数过多,请稍后再来。")


class Apart:
    """Hands requests to another loop, so that a flood there holds up nobody at the desk.

    Each message of a request crosses between the two loops, 0.05 ms of processor; what waits for a
    turn of the brain waits on threads of the other loop.
    """

    def __init__(self, app: App, *, at_once: int) -> None:
        """Know the application, and how many requests it answers at once."""
        self._app, self._free = app, at_once
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name="apart", daemon=True)

    def __enter__(self) -> Self:
        """Start the loop."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None,
        where: TracebackType | None,
    ) -> None:  # fmt: skip
        """Let requests end, then the loop."""
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop)
        self._thread.join(ENDS_S + 1.0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through while there is room; one too many is told to come again."""
        if not self._free or self._loop.is_closed():
            await _full(send)
            return
        self._free -= 1
        here = asyncio.get_running_loop()

        async def read() -> Message:
            return await _over(receive(), here)

        async def told(message: Message) -> None:
            await _over(send(message), here)

        try:
            await _over(self._app(scope, read, told), self._loop)
        finally:
            self._free += 1

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _ended(self) -> None:
        own = asyncio.current_task()
        working = [task for task in asyncio.all_tasks() if task is not own]
        if working:
            _, late = await asyncio.wait(working, timeout=ENDS_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._loop.stop()


async def _over(work: Awaitable[T], loop: asyncio.AbstractEventLoop) -> T:
    """Await something on the loop that it belongs to."""

    async def there() -> T:
        return await work

    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(there(), loop))


async def _full(send: Send) -> None:
    body = msgspec.json.encode({"error": {"en": FULL.en, "zh": FULL.zh}, "status": 503})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(AGAIN_S).encode()),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
