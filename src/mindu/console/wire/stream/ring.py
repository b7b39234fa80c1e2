"""The ring: the last messages told, once for all viewers; each reads on from where it stands."""

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
        self._joined: tuple[int, int, int, bytes] = (0, 0, 0, b"")  # from, up to, end then, bytes
        self.end = 0  # messages ever told

    def put(self, message: bytes) -> None:
        """Tell a message."""
        self._held.append(message)
        self._weight += len(message)
        while len(self._held) > self._most or (self._weight > self._bound and len(self._held) > 1):
            self._weight -= len(self._held.popleft())
        self.end += 1

    def since(self, at: int, most: int) -> tuple[bytes, int] | None:
        """Return what was told beyond a place, and up to where: at least one message if there is.

        More than `most` bytes only where one message has more. None where part of it was let go.
        """
        first = self.end - len(self._held)
        if at < first:
            return None
        if (self._joined[0], self._joined[2]) != (at, self.end):
            told = self._upto(at - first, most)
            self._joined = (at, at + len(told), self.end, b"".join(told))
        return self._joined[3], self._joined[1]

    def _upto(self, place: int, most: int) -> list[bytes]:
        told: list[bytes] = []
        size = 0
        for message in islice(self._held, place, None):
            size += len(message)
            if told and size > most:
                break
            told.append(message)
        return told
