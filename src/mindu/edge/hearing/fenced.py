"""Fences that hear every place as it counts: a crossing is durable before its reading is answered.

What we fail on never stops the intake; it is remembered as a trouble, and the next place of the
device tells anew. After a restart the newest places are held against the fences first.
"""

import asyncio
from collections import deque

from mindu.data.senses.beside.fences import encode
from mindu.data.senses.beside.folds import FENCES
from mindu.data.senses.frame import Frame
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.crossing import Grid, Places, crossings, places, standing


class Fenced:
    """Holds the places of one store against its fences."""

    def __init__(self, senses: Senses) -> None:
        """Hear what this store takes in."""
        self._senses, self.fences = senses, senses.fences
        self.troubles: deque[str] = deque(maxlen=100)
        self.news = asyncio.Event()  # set when something crossed; whoever waits takes a new one
        self._on: asyncio.AbstractEventLoop | None = None
        self._grid, self._version = Grid({}), -1
        senses.intake.heard.append(self.hear)

    def open(self) -> None:
        """Hold the newest places against the fences: a kill may have come before a crossing."""
        self._on = asyncio.get_running_loop()
        with self._senses.lock:
            told = standing(self._senses.registry, self._senses.now)
            if told is not None and self.fences.fences:
                self._tell(told)

    def close(self) -> None:
        """Hear no more; asked again, nothing is left to do."""
        if self.hear in self._senses.intake.heard:
            self._senses.intake.heard.remove(self.hear)

    def hear(self, frame: Frame) -> None:
        """Hear a frame that counts."""
        if not self.fences.fences:
            return
        try:
            told = places(self._senses.registry, frame)
            if told is not None:
                self._tell(told)
        except Exception as wrong:  # noqa: BLE001 - a fence must not stop the intake
            self.troubles.append(f"{type(wrong).__name__}: {wrong}")

    def _tell(self, told: Places) -> None:
        if self._version != self.fences.version:
            self._grid, self._version = Grid(self.fences.fences), self.fences.version
        crossed = crossings(self.fences, self._grid, self._senses.registry, told)
        if not crossed:
            return
        self._senses.commit([(FENCES, encode(crossed))])
        if self._on is not None and not self._on.is_closed():
            self._on.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self.news.set()
        self.news = asyncio.Event()
