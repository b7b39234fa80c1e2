"""The ring: the last messages told, once for all viewers; each reads on from where it stands."""

import asyncio
from collections import deque
from itertools import islice


class Ring:
    """Messages in the order they were told; the oldest are let go, and who still wanted them lags.

    Viewers who stand at the same place are given the same bytes.
    """

    def __init__(self, most: int, weight: int) -> None:
        """Hold nothing yet, and at most so many messages and bytes."""
        self._most, self._bound = most, weight
        self._held: deque[bytes] = deque()
        self._weight = 0
        self._moved = asyncio.Event()
        self._joined: tuple[int, int, bytes] = (0, 0, b"")
        self.end = 0  # messages ever told

    def put(self, message: bytes) -> None:
        """Tell a message, and wake whoever waits."""
        self._held.append(message)
        self._weight += len(message)
        while len(self._held) > self._most or (self._weight > self._bound and len(self._held) > 1):
            self._weight -= len(self._held.popleft())
        self.end += 1
        woken, self._moved = self._moved, asyncio.Event()
        woken.set()

    async def moved(self, at: int) -> None:
        """Wait until something is told beyond a place."""
        while self.end <= at:
            await self._moved.wait()

    def since(self, at: int) -> bytes | None:
        """Return all that was told beyond a place; None where part of it was let go."""
        first = self.end - len(self._held)
        if at < first:
            return None
        if self._joined[:2] != (at, self.end):
            told = b"".join(islice(self._held, at - first, None))
            self._joined = (at, self.end, told)
        return self._joined[2]
