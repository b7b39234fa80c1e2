"""The line: people who wait for the brain come between two turns, however fast turns follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Protocol

from mindu.base.records import Words
from mindu.console.feed import NotDecided

PATIENCE = 60.0  # s a person waits for the brain to finish its turn


class Lock(Protocol):
    """What is held by whoever makes the brain think."""

    def acquire(self, *, timeout: float) -> bool:
        """Take it within so many seconds, or say that it was not to be had."""
        ...

    def release(self) -> None:
        """Let it go."""
        ...


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

    @contextmanager
    def turn(self, held: Lock, timeout: float = PATIENCE) -> Iterator[None]:
        """Stand in it until the turn is over, then hold the brain until the block ends.

        Raises:
            NotDecided: the turn takes longer than so many seconds.
        """
        with self.standing():
            taken = held.acquire(timeout=timeout)
        if not taken:
            raise NotDecided(Words("The brain is busy; try again.", "大脑正忙,请重试。"))
        try:
            yield
        finally:
            held.release()

    def let_pass(self, timeout: float) -> None:
        """Wait until nobody stands in it, for so many seconds at most."""
        with self._door:
            self._door.wait_for(lambda: not self.people, timeout=timeout)
