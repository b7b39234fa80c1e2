"""The porch: all doors of a process hand over here, share each flush of the disk, may be full."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from mindu.data.senses.intake import Offer, Receipt
from mindu.data.senses.senses import Senses

GROUP = 20_000  # rows that share one flush
WAITING = 200_000  # rows that may wait; more are sent back to the sender
WORTH = 4_000  # rows that are worth a sync by themselves
LINGER = 0.003  # s that smaller groups wait for more: less than a sync takes


class Full(Exception):  # noqa: N818 - it is an answer to a sender, not an error
    """The porch is full, or the disk refuses; try again after so many seconds."""

    def __init__(self, why: str, seconds: int) -> None:
        """Carry why, and how long to wait."""
        super().__init__(why)
        self.seconds = seconds


class Porch:
    """A bounded queue in front of one store, for use on one event loop."""

    def __init__(
        self, senses: Senses, clock: Callable[[], int], *, group: int = GROUP, most: int = WAITING
    ) -> None:
        """Stand before `senses`; `clock` says the epoch ms."""
        self.senses, self.clock = senses, clock
        self._group, self._most = group, most
        self._queue: deque[tuple[Offer, asyncio.Future[Receipt]]] = deque()
        self.waiting = 0  # rows in the queue
        self._writer = ThreadPoolExecutor(1, "senses-writer")
        self._keeper = ThreadPoolExecutor(1, "senses-keeper")
        self._task: asyncio.Task[None] | None = None
        self._tending: asyncio.Future[None] | None = None

    async def offer(self, offer: Offer) -> Receipt:
        """Hand over a message; return once it is durable.

        Raises:
            Full: it was not taken in, and should be sent again.
        """
        rows = max(1, offer.said.received)
        if self.waiting and self.waiting + rows > self._most:
            raise Full("too many readings wait for the disk", 1)
        told: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._queue.append((offer, told))
        self.waiting += rows
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await told

    async def _work(self) -> None:
        """Take groups in, one after the other, as long as somebody waits."""
        loop = asyncio.get_running_loop()
        while self._queue:
            if len(self._queue) > 1 and self.waiting < WORTH:
                await asyncio.sleep(LINGER)  # several are sending: let more of them share the sync
            batch = self._next()
            offers = [offer for offer, _ in batch]
            try:
                receipts = await loop.run_in_executor(
                    self._writer, self.senses.accept, offers, self.clock()
                )
            except Exception as wrong:  # noqa: BLE001 - whatever it is, each sender must hear of it
                why = Full(f"the store cannot take readings in: {wrong}", 5)
                for _, told in batch:
                    if not told.done():
                        told.set_exception(why)
                continue
            for (_, told), receipt in zip(batch, receipts, strict=True):
                if not told.done():
                    told.set_result(receipt)
            self._tend(loop)

    def _next(self) -> list[tuple[Offer, "asyncio.Future[Receipt]"]]:
        batch: list[tuple[Offer, asyncio.Future[Receipt]]] = []
        rows = 0
        while self._queue and (not batch or rows + self._queue[0][0].said.received <= self._group):
            offer, told = self._queue.popleft()
            batch.append((offer, told))
            rows += max(1, offer.said.received)
        self.waiting -= rows
        return batch

    def _tend(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._tending is None or self._tending.done():
            self._tending = loop.run_in_executor(self._keeper, self.senses.tend, self.clock())

    async def close(self) -> None:
        """Wait for those who wait, and let go of the threads; the store stays open."""
        while self._task is not None and not self._task.done():
            await self._task
        if self._tending is not None:
            await self._tending
        self._writer.shutdown()
        self._keeper.shutdown()
