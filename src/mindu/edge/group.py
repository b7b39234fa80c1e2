"""Changes that share a sync: each is decided under the lock, all of a group are durable at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.edge.parcel import Full

MOST = 5000  # changes that may wait
GROUP = 200  # changes that share one sync

T = TypeVar("T")
Frames = list[tuple[int, bytes]]
Decide = Callable[[], tuple[Frames, Callable[[], T]]]


class Heard(NamedTuple):
    """Readings that a change brings, of series that were there before it; `now`: epoch ms."""

    offer: Offer
    now: int


Hear = Callable[[], Heard | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One change that waits: two of one key never share a group, so each sees the one before."""

    key: str
    decide: Decide[Any]
    hear: Hear
    told: "asyncio.Future[Any]"


class Group:
    """A bounded queue of changes before one store, for use on one event loop."""

    def __init__(self, senses: Senses) -> None:
        """Stand before this store."""
        self._senses = senses
        self._queue: deque[Change] = deque()
        self._writer = ThreadPoolExecutor(1, "senses-changes")
        self._task: asyncio.Task[None] | None = None

    def do(self, key: str, decide: Decide[T], hear: Hear = lambda: None) -> Awaitable[T]:
        """Decide on a change and make it durable; return what is then told.

        `hear` is asked after `decide`: what it says is durable, and counts, with the change.

        Raises:
            Full: too many wait, or the disk refuses; nothing was changed.
        """
        if len(self._queue) >= MOST:
            raise Full("too many changes wait for the disk", 1)
        told: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.append(Change(key, decide, hear, told))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return told

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            batch = self._next()
            for change, good, found in await loop.run_in_executor(self._writer, self._make, batch):
                if change.told.done():
                    continue
                if good:
                    change.told.set_result(found)
                else:
                    change.told.set_exception(found)

    def _next(self) -> list[Change]:
        batch: list[Change] = []
        held, keys = deque[Change](), set[str]()
        while self._queue and len(batch) < GROUP:
            change = self._queue.popleft()
            (held if change.key in keys else batch).append(change)
            keys.add(change.key)
        self._queue.extendleft(reversed(held))
        return batch

    def _make(self, batch: list[Change]) -> list[tuple[Change, bool, Any]]:
        """Decide on each, write all, and answer each: (change, whether it came true, answer)."""
        answers: list[tuple[Change, bool, Any]] = []
        good: list[tuple[Change, Callable[[], Any]]] = []
        frames: Frames = []
        heard: list[Heard] = []
        with self._senses.lock:
            for change in batch:
                try:
                    more, then = change.decide()
                    said = change.hear()
                except Exception as wrong:  # noqa: BLE001 - each sender must hear of its own
                    answers.append((change, False, wrong))
                    continue
                frames += more
                heard += [said] if said is not None else []
                good.append((change, then))
            try:
                if frames or heard:
                    now = max((it.now for it in heard), default=0)
                    self._senses.commit(frames, [it.offer for it in heard], now)
            except OSError as wrong:
                why = Full(f"the disk refuses: {wrong}", 5)
                return [*answers, *((change, False, why) for change, _ in good)]
            return [*answers, *((change, True, then()) for change, then in good)]

    async def close(self) -> None:
        """Wait for those who wait, and let go of the thread."""
        while self._task is not None and not self._task.done():
            await self._task
        self._writer.shutdown()
