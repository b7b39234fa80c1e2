"""The node's clock: its own, set right by looks at the clock upstream."""

from collections.abc import Callable
from statistics import median

ROUND_TRIP = 5_000  # ms; slower answers say nothing of the clock
LOOKS = 5  # looks at the clock upstream that are weighed


class Clock:
    """Our clock, set right by looks at the clock upstream."""

    def __init__(self, own: Callable[[], int]) -> None:
        """Trust our own clock until told otherwise."""
        self._own = own
        self._off: list[int] = []

    def __call__(self) -> int:
        """Return the epoch ms."""
        return self._own() + self.off

    @property
    def off(self) -> int:
        """How many ms our clock runs behind."""
        return round(median(self._off)) if self._off else 0

    @property
    def looks(self) -> int:
        """How many looks the clock rests on: none means that it is our own, unproved."""
        return len(self._off)

    def look(self, asked: int, there: int, answered: int) -> None:
        """Weigh one look: when it was asked, what was told, when it came (own ms)."""
        if 0 <= answered - asked <= ROUND_TRIP:
            self._off = [*self._off, there - (asked + answered) // 2][-LOOKS:]

    def own(self) -> int:
        """Return our own clock's epoch ms."""
        return self._own()
