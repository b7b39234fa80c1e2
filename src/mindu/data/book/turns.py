"""Turns at the disk: whoever comes first goes for all who wait; a gate keeps together what is."""

from collections.abc import Callable
from threading import Condition, Lock, RLock
from typing import Self

from mindu.base.time import monotonic

MOMENT_S = 0.01  # longest wait for those who were served together and mostly come again


class Gate:
    """Shut while somebody writes what belongs together; whoever goes to the disk waits outside."""

    def __init__(self) -> None:
        """Begin open."""
        self._lock = RLock()
        self.shut = 0  # how often it was shut, one inside the other

    def __enter__(self) -> Self:
        """Shut it."""
        self._lock.acquire()
        self.shut += 1
        return self

    def __exit__(self, *_: object) -> None:
        """Open it."""
        self.shut -= 1
        self._lock.release()


class Turns:
    """One goes to the disk at a time; the others wait, and mostly find their work done."""

    def __init__(self, work: Callable[[], None]) -> None:
        """Share `work` among threads."""
        self._work = work
        lock = Lock()
        self._over = Condition(lock)  # the work of one turn is over
        self._full = Condition(lock)  # as many wait as the last turn served
        self._busy = False
        self._begun = self._ended = 0  # turns
        self._waiting = 0  # threads that no turn has served yet
        self._asleep = 0  # of these, who wait to be woken
        self._gathers = False  # the next turn waits for more to come along
        self._served = 1  # by the last turn
        self._took = 0.0  # s, the last turn

    def take(self, done: Callable[[], bool]) -> None:
        """Return when `done`, working for everybody if nobody else is at it."""
        with self._over:
            if not self._leads(done):
                return
            # Most of those who were just served come again at once: they get a moment, or groups
            # would alternate between a few early ones and all the rest.
            if self._waiting < self._served:
                self._gather(min(self._took, MOMENT_S))
            self._served = self._waiting
            self._begun += 1
        began = monotonic()
        try:
            self._work()
        finally:
            with self._over:
                self._took = monotonic() - began
                self._busy = False
                self._ended = self._begun
                self._waiting -= self._served
                if self._asleep:
                    self._over.notify_all()

    def _gather(self, moment: float) -> None:
        self._gathers = True
        try:
            self._full.wait_for(lambda: self._waiting >= self._served, moment)
        finally:
            self._gathers = False

    def _leads(self, done: Callable[[], bool]) -> bool:
        """Wait until there is nothing left to do, or it is ours to do."""
        came = self._come()
        while not done():
            if came < self._ended:  # the turn that served us failed
                came = self._come()
            if not self._busy:
                self._busy = True
                return True
            self._asleep += 1
            try:
                self._over.wait()
            finally:
                self._asleep -= 1
        if came >= self._ended:
            self._waiting -= 1
        return False

    def _come(self) -> int:
        self._waiting += 1
        if self._gathers and self._waiting >= self._served:
            self._full.notify()
        return self._begun
