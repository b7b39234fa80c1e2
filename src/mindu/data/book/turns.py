"""Turns at the disk: whoever comes first goes for all who wait, so many share one flush."""

from collections.abc import Callable
from threading import Condition


class Turns:
    """One goes to the disk at a time; the others wait, and mostly find their work done."""

    def __init__(self, work: Callable[[], None]) -> None:
        """Share `work` among threads."""
        self._work = work
        self._waiting = Condition()
        self._busy = False

    def take(self, done: Callable[[], bool]) -> None:
        """Return when `done`, working for everybody if nobody else is at it."""
        with self._waiting:
            while self._busy and not done():
                self._waiting.wait()
            if done():
                return
            self._busy = True
        try:
            self._work()
        finally:
            with self._waiting:
                self._busy = False
                self._waiting.notify_all()
