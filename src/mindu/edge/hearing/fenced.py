"""Fences that hear every place as it counts: a crossing is durable before its reading is answered.

What we fail on never stops the intake; it is remembered as a trouble, and the next place of the
device tells anew. After a restart the newest places are held against the fences first. A place that
is told for an entity, a Thing or a device of the register counts as well: its crossing is one frame
with it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from mindu.data.senses import deeds
from mindu.data.senses.beside.fences import Crossed, encode
from mindu.data.senses.beside.folds import FENCES
from mindu.data.senses.frame import Frame
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.crossing import (
    Grid,
    Places,
    Who,
    crossings,
    enrolled,
    places,
    registered,
    standing,
    stood,
)
from mindu.perceive.declare import Device


class Fenced:
    """Holds the places of one store against its fences."""

    def __init__(self, senses: Senses, clock: Callable[[], int]) -> None:
        """Hear what this store takes in; `clock` says the epoch ms."""
        self._clock = clock
        self._senses, self.fences = senses, senses.fences
        self.troubles: deque[str] = deque(maxlen=100)
        self.news = asyncio.Event()  # set when something crossed; whoever waits takes a new one
        self._on: asyncio.AbstractEventLoop | None = None
        self._grid, self._version = Grid({}), -1
        senses.intake.heard.append(self.hear)
        senses.placing = self.place

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
            self._senses.placing = lambda done: []  # noqa: ARG005

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

    def place(self, done: Sequence[deeds.AnyDeed]) -> list[tuple[int, bytes]]:
        """Return the frame that comes with deeds which give devices another place."""
        if not self.fences.fences:
            return []
        moved = [it for deed in done if isinstance(deed, deeds.Enrolled)
                 for it in deed.devices if self._moves(it)]  # fmt: skip
        try:
            crossed = self._crossed(enrolled(moved), stood(moved, self._clock())) if moved else []
        except Exception as wrong:  # noqa: BLE001 - a fence must not stop what is told
            self.troubles.append(f"{type(wrong).__name__}: {wrong}")
            return []
        if crossed:
            self._call()
        return [(FENCES, encode(crossed))] if crossed else []

    def _moves(self, it: Device) -> bool:
        registry = self._senses.registry
        if it.id not in registry.numbers:
            return it.lon is not None
        held = registry.device(it.id)
        return (it.lon, it.lat) != (held.lon, held.lat)

    def _crossed(self, who: Who, told: Places) -> list[Crossed]:
        if self._version != self.fences.version:
            self._grid, self._version = Grid(self.fences.fences), self.fences.version
        return crossings(self.fences, self._grid, who, told)

    def _tell(self, told: Places) -> None:
        crossed = self._crossed(registered(self._senses.registry), told)
        if crossed:
            self._senses.commit([(FENCES, encode(crossed))])
            self._call()

    def _call(self) -> None:
        if self._on is not None and not self._on.is_closed():
            self._on.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self.news.set()
        self.news = asyncio.Event()
