"""The line: people who wait for the brain come between two turns, however fast turns follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Line:
    """Counts who stands in it, and lets a turn wait until nobody does."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._door = Condition()
        self.people = 0

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Stand in it until the block ends."""
        with self._door:
            self.people += 1
        try:
            yield
        finally:
            with self._door:
                self.people -= 1
                self._door.notify_all()

    def let_pass(self, timeout: float) -> None:
        """Wait until nobody stands in it, for so many seconds at most."""
        with self._door:
            self._door.wait_for(lambda: not self.people, timeout=timeout)
