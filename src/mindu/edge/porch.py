"""The porch: all doors of a process hand over here, share each flush of the disk, may be full."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from mindu.data.senses.intake import Offer, Receipt, Settled, Unsound
from mindu.data.senses.senses import Senses
from mindu.edge.parcel import (
    ROW_BYTES,
    Allowed,
    Bundle,
    Full,
    Parcel,
    Refusal,
    awaited,
    bundled,
    delivered,
)
from mindu.perceive.said import FAULT, nothing

GROUP = 10_000  # rows that share one flush
WAITING = 200_000  # rows that may wait; more are sent back to the sender
WORTH = 4_000  # rows that are worth a sync by themselves
LINGER = 0.003  # s that smaller groups wait for more: less than a sync takes
HELD_UP = 0.05  # s between looks whether the tables came after
BROKEN = 60  # s after which to ask again whether the node was started anew
TOLD = 100  # troubles that are remembered

Outcome = tuple[Parcel, Settled | Exception]


class Porch:
    """A bounded queue in front of one store, for use on one event loop."""

    def __init__(
        self, senses: Senses, clock: Callable[[], int], *, group: int = GROUP, most: int = WAITING
    ) -> None:
        """Stand before `senses`; `clock` says the epoch ms."""
        self.senses, self.clock = senses, clock
        self._group, self._most = group, most
        self._queue: deque[Parcel] = deque()
        self.waiting = 0  # rows in the queue
        self.broken = ""  # why nothing is taken in until the node is started anew
        self.troubles: deque[str] = deque(maxlen=TOLD)  # faults of our own
        self.loop: asyncio.AbstractEventLoop | None = None  # that the doors are open on
        self._writer = ThreadPoolExecutor(1, "senses-writer")
        self._keeper = ThreadPoolExecutor(1, "senses-keeper")
        self._task: asyncio.Task[None] | None = None
        self._tending: asyncio.Future[None] | None = None

    # -- handing over ----------------------------------------------------------------------

    def hand(self, parcel: Parcel) -> None:
        """Take a message into the queue; its `done` is called once it is durable, or with why not.

        Raises:
            Full: it was not taken in, and should be sent again.
        """
        self.room_for(parcel.rows)
        self._queue.append(parcel)
        self.waiting += parcel.rows
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    def room_for(self, rows: int) -> None:
        """See that so many more rows may come.

        Raises:
            Full: not now.
        """
        if self.broken:
            raise Full(self.broken, BROKEN)
        if self.waiting and self.waiting + rows > self._most:
            raise Full("too many readings wait for the disk", 1)
        if self.senses.trouble and self.senses.behind:
            raise Full(f"the tables cannot be written: {self.senses.trouble}", 5)

    async def each(self, offer: Offer) -> Settled:
        """Hand over a message; return what became of each row, once it is durable.

        Raises:
            Full: it was not taken in, and should be sent again.
        """
        rows = max(1, offer.said.received)
        told, done = awaited()
        self.hand(Parcel(offer.source, offer.allowed, offer.said, "", b"", rows, done))
        return await told

    async def message(self, source: str, allowed: Allowed, form: str, body: bytes) -> Settled:
        """Hand over a message that is not read yet; return once it is durable.

        Raises:
            Full: it was not taken in, and should be sent again.
            TooMany: it was not taken in, and should be sent in several.
        """
        told, done = awaited()
        self.hand(Parcel(source, allowed, None, form, body, 1 + len(body) // ROW_BYTES, done))
        return await told

    async def offer(self, offer: Offer) -> Receipt:
        """Hand over a message; return once it is durable.

        Raises:
            Full: it was not taken in, and should be sent again.
        """
        return (await self.each(offer)).receipt

    def wait(self, offer: Offer) -> Settled:
        """Hand over a message from another thread; return once it is durable.

        Raises:
            Full: it was not taken in, and should be sent again.
        """
        assert self.loop is not None, "a porch is waited for while its doors are open"
        return asyncio.run_coroutine_threadsafe(self.each(offer), self.loop).result()

    # -- taking in -------------------------------------------------------------------------

    async def _work(self) -> None:
        """Take groups in, one after the other, as long as somebody waits."""
        loop = asyncio.get_running_loop()
        while self._queue:
            if len(self._queue) > 1 and self.waiting < WORTH:
                await asyncio.sleep(LINGER)  # several are sending: let more of them share the sync
            while self.senses.behind and self._tending is not None and not self._tending.done():
                await asyncio.sleep(HELD_UP)  # the queue fills meanwhile, and sends back
            batch = self._next()
            outcomes = await loop.run_in_executor(self._writer, self._take, batch, self.clock())
            for parcel, outcome in outcomes:
                parcel.done(outcome)
            self.tend()

    def _next(self) -> list[Parcel]:
        batch: list[Parcel] = []
        rows = 0
        while self._queue and (not batch or rows + self._queue[0].rows <= self._group):
            parcel = self._queue.popleft()
            batch.append(parcel)
            rows += parcel.rows
        self.waiting -= rows
        return batch

    def _take(self, batch: Sequence[Parcel], now: int) -> list[Outcome]:
        """Read and store a group, in the writer's thread."""
        try:
            found = bundled(batch)
        except Exception as wrong:  # noqa: BLE001 - one message must not stop the others
            return self._apart(batch, now, wrong)
        done: list[Outcome] = [(it.parcel, it.why) for it in found if isinstance(it, Refusal)]
        bundles = [it for it in found if isinstance(it, Bundle)]
        return [*done, *self._stored(bundles, now)] if bundles else done

    def _stored(self, bundles: Sequence[Bundle], now: int) -> list[Outcome]:
        """Store offers together; where they cannot be, find the one that is at fault."""
        parcels = [parcel for bundle in bundles for parcel in bundle.parcels]
        try:
            settled = self.senses.accept([bundle.offer for bundle in bundles], now)
        except (OSError, MemoryError) as wrong:
            why = Full(f"the store cannot take readings in: {wrong}", 5)
            return [(parcel, why) for parcel in parcels]
        except Unsound as wrong:
            self.broken = str(wrong)
            self.troubles.append(self.broken)
            return [(parcel, Full(self.broken, BROKEN)) for parcel in parcels]
        except Exception as wrong:  # noqa: BLE001 - nothing of them was stored yet
            return self._apart(parcels, now, wrong)
        pairs = zip(bundles, settled, strict=True)
        return [it for bundle, told in pairs for it in delivered(bundle, told)]

    def _apart(self, parcels: Sequence[Parcel], now: int, wrong: Exception) -> list[Outcome]:
        """Take parcels one by one; the one that we fail on is counted as refused by our fault."""
        if len(parcels) > 1:
            return [it for parcel in parcels for it in self._take([parcel], now)]
        (parcel,) = parcels
        if parcel.said is not None and parcel.said.why == FAULT:
            return [(parcel, Full(f"nothing can be counted: {wrong}", BROKEN))]
        self.troubles.append(f"{type(wrong).__name__}: {wrong}")
        rows = parcel.said.received if parcel.said is not None else 1
        said = nothing(max(1, rows), "this node failed on it; it is counted as refused", FAULT)
        return self._take([parcel._replace(said=said, allowed=None)], now)

    # -- the tables, and ending ------------------------------------------------------------

    def tend(self) -> None:
        """See that the tables come after, in a thread of their own, when it is time."""
        idle = self._tending is None or self._tending.done()
        if idle and self.senses.due(now := self.clock()):
            run = asyncio.get_running_loop().run_in_executor
            self._tending = run(self._keeper, self.senses.tend, now)

    async def close(self) -> None:
        """Wait for those who wait, and let go of the threads; the store stays open."""
        while self._task is not None and not self._task.done():
            await self._task
        if self._tending is not None:
            await self._tending
        self._writer.shutdown()
        self._keeper.shutdown()
