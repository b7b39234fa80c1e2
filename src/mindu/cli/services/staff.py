"""The staff's console over a hall: the very brain that serves applicants, drawn and watched."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mindu.base.records import Value, Words
from mindu.base.time import VirtualClock
from mindu.brain.desk import remark
from mindu.brain.processes.runs import Processes
from mindu.cli.live.house import House
from mindu.console.feed import NotDecided
from mindu.console.modelling.drafts import Drafts
from mindu.console.modelling.modelling import Modelling
from mindu.console.people.house import People
from mindu.console.server import Serving, serving
from mindu.data.log import Log

NAME = Words("One-stop services", "一网好办")
ZONE = ZoneInfo("Asia/Shanghai")
LEAST = {"dmn": 2}  # rules that decide over people need two people's yes
PATIENCE = 60.0  # s that a person's change waits for its turn
BUSY = Words("The hall is busy; try again.", "大厅正忙,请重试。")
NOTHING = "nothing waits for a decision here: cases are moved by their departments"


class Wall(VirtualClock):
    """The time of the wall, where a house asks its clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Ask this clock."""
        super().__init__(now())
        self._ask = now

    def now(self) -> datetime:  # type: ignore[explicit-override]
        """Return the time."""
        return self._ask()


@dataclass(frozen=True, slots=True)
class Turns:
    """A hall's processes as a house turns them: by their clock, and by nobody's plan."""

    processes: Processes
    now: Callable[[], datetime]

    @property
    def log(self) -> Log:
        """The one log."""
        return self.processes.memory.log

    def tick(self) -> None:
        """End the timers that are due."""
        self.processes.ring(self.now())

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str = "") -> object:
        """Refuse: no loop proposes anything here."""
        raise ValueError(f"#{seq}: {NOTHING} ({by}, {confirmed}, {note})")

    def undo(self, seq: int, *, by: str, note: str = "") -> object:
        """Refuse: nothing was sent."""
        return self.decide(seq, by=by, confirmed=False, note=note)

    def take_back(self, seq: int, *, by: str, note: str = "") -> object:
        """Refuse: nothing was learned."""
        return self.decide(seq, by=by, confirmed=False, note=note)

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> object:
        """Write down what a person did about an entry."""
        entry = remark(self.processes.memory, seq, name, args, by=by, now=self.now())
        self.log.commit()
        return entry


def staffed(
    processes: Processes,
    drafts: Drafts,
    now: Callable[[], datetime],
    loop: asyncio.AbstractEventLoop,
) -> House:  # fmt: skip
    """Return a hall as the console sees it; changes are made on the loop that serves applicants."""
    house = House(name=NAME, zone=ZONE, clock=Wall(now), mode="live")
    house.move_in(Turns(processes, now))

    async def inside(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the work gives
        return house.within(work)

    def turn(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the work gives
        future = asyncio.run_coroutine_threadsafe(inside(work), loop)
        try:
            return future.result(PATIENCE)
        except TimeoutError as slow:
            future.cancel()
            raise NotDecided(BUSY) from slow

    house.modelling = Modelling(processes=processes, drafts=drafts, now=now, turn=turn, least=LEAST)
    return house


@contextmanager
def desk(  # noqa: PLR0913 - the wiring names each of its parts
    processes: Processes, people: People, folder: Path, now: Callable[[], datetime], *, host: str,
    port: int, loop: asyncio.AbstractEventLoop,
) -> Iterator[tuple[House, Serving]]:  # fmt: skip
    """Serve the staff's console beside the hall until the block ends.

    Raises:
        OSError: the port is taken.
    """
    drafts = Drafts(folder)
    try:
        house = staffed(processes, drafts, now, loop)
        with serving(house, host=host, port=port, people=people) as served:
            yield house, served
    finally:
        drafts.close()
