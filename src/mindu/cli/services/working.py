"""Working: the workers' door of a city that runs, at `/worker` behind the console's own door."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from mindu.base.records import Event, Words
from mindu.base.time import SystemClock
from mindu.brain.processes.runs import Processes
from mindu.cli.counter.beside import Spoken, taking
from mindu.cli.say import Trouble
from mindu.cli.services.admitting import CITY, Gate, admitted
from mindu.console.beside import Beside
from mindu.console.feed import NotDecided
from mindu.console.workers.door import Door
from mindu.console.workers.request import No
from mindu.console.workers.tokens import Workers

if TYPE_CHECKING:
    from mindu.cli.live.house import House

T = TypeVar("T")
PATH = "/worker"
TITLE = Words("Workers", "作业程序")


@contextmanager
def at_work(folder: Path, processes: Processes, house: "House") -> Iterator[Beside]:
    """Open the door until the block ends; each request is one turn of the brain.

    Leases run by the city's clock, tokens by the wall's.
    """
    workers, today = Workers(folder), SystemClock().now
    door = Door(processes, workers, lambda: house.pulse().now, PATH, turn=_turned(house),
                today=today)  # fmt: skip

    def note(event: Event, about: str) -> None:
        now = house.pulse().now
        processes.memory.write(event, at=now, about=about, by="operator")
        processes.memory.log.commit()

    gate = Gate(workers=workers, note=note, today=today)
    with taking(folder, lambda order: _carried(house, gate, order), Spoken, CITY):
        yield Beside(title=TITLE, path="", routes=[Mount(PATH, door.application())])
    workers.close()


def _turned(house: "House") -> Callable[[Callable[[], T]], Awaitable[T]]:
    """Return how a request waits for its turn, without holding up the pages."""

    async def turn(work: Callable[[], T]) -> T:
        try:
            return await run_in_threadpool(house.within, work)
        except NotDecided as busy:
            raise No(503, busy.says.en, busy.says.zh) from None

    return turn


def _carried(house: "House", gate: Gate, order: Spoken) -> dict[str, str]:
    if order.verb != "worker":
        raise Trouble(
            Words("A city that runs does not know this order.", "运行中的城市不支持该操作。"),
            Words("Give the folder of a hall that serves.", "请给出服务大厅的数据目录。"),
        )
    return house.within(lambda: admitted(gate, order.said)).told()
