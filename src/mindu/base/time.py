"""Time is a value handed in, never a thing looked up.

Nothing above this file calls the system clock, so a simulated year and a real
minute run through the same code.
"""

from datetime import UTC, datetime, timedelta
from time import monotonic as _monotonic
from time import thread_time
from typing import Protocol

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Return the current instant, in UTC."""
        ...


class SystemClock:
    """The wall clock: the only place in the house that reads it."""

    def now(self) -> datetime:
        """Return the machine's idea of now."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that moves only when it is told to."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must carry a time zone."""
        assert start.tzinfo is not None
        self._now = start

    def now(self) -> datetime:
        """Return the instant last moved to."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move forward; time never runs back."""
        assert step >= timedelta(0)
        self._now += step


def monotonic() -> float:
    """Return seconds that never run back: for durations, never for dates."""
    return _monotonic()


def worked() -> float:
    """Return the processor seconds that this thread has used: what a piece of work costs."""
    return thread_time()
