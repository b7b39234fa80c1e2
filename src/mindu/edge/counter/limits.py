"""Limits at the counter: how often one may tell something, and how much at once."""

from collections import OrderedDict
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

MOST = 100_000  # callers remembered; the longest silent are forgotten first
SMALL = 256 << 10  # bytes of a form without pictures


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many an hour afterwards."""

    burst: float
    an_hour: float


class Limits:
    """Token buckets by name; `take` asks for one."""

    def __init__(self, rate: Rate) -> None:
        """Start with every bucket full."""
        self._rate = rate
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()  # (tokens, epoch s)

    def take(self, name: str, now: float, *, cost: float = 1.0) -> float:
        """Take from a bucket; return 0, or the seconds to wait when it is empty."""
        tokens = self.left(name, now)
        self._held.pop(name, None)
        short = cost - tokens
        self._held[name] = (tokens if short > 0 else tokens - cost, now)
        if len(self._held) > MOST:
            self._held.popitem(last=False)
        return 0.0 if short <= 0 else short * 3600.0 / self._rate.an_hour

    def left(self, name: str, now: float) -> float:
        """Return how much is in a bucket; nothing is taken."""
        tokens, since = self._held.get(name, (self._rate.burst, now))
        gained = max(0.0, now - since) * self._rate.an_hour / 3600.0
        return min(self._rate.burst, tokens + gained)


def bounded(request: Request, most: int = SMALL) -> Request:
    """Return the request with its body counted as it comes, whatever its headers say of it.

    Whoever reads on after `most` bytes gets HTTPException 413.
    """
    read, seen = request.receive, 0

    async def receive() -> Message:
        nonlocal seen
        message = await read()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413, f"at most {most >> 10} KB 内容过大")
        return message

    return Request(request.scope, receive)
