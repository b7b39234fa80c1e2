"""The doors of the line in a living city: form, desk and Open311 behind the page's own door."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from threading import local
from types import TracebackType

from starlette.routing import Mount

from mindu.apps.hotline.things import trends
from mindu.apps.hotline.topics import topics
from mindu.base.records import Words
from mindu.brain.brain import Brain
from mindu.brain.casework.refusals import Busy
from mindu.cli.counter.house import city
from mindu.cli.counter.staff import staff
from mindu.cli.line.manned import Manned
from mindu.cli.phone.apart import Apart
from mindu.console.beside import Beside, led
from mindu.console.feed import NotDecided
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.counter.web import BODY
from mindu.edge.desk.tools import Tools

PATH = "/line"
HOME = (Words("City status", "城市状况"), "/status")
TITLE = Words("12345 hotline", "12345 热线")
AT_ONCE = 64  # requests that are answered at once; more get 503 and come again


class Between:
    """A lock that is held between two turns of a city; whoever holds it may take it again."""

    def __init__(self, held: Callable[[], AbstractContextManager[None]]) -> None:
        """Know how a turn is waited for."""
        self._held, self._mine = held, local()

    def __enter__(self) -> None:
        """Wait for the turn to end."""
        stack = self._mine.__dict__.setdefault("stack", [])
        turn = self._held() if not stack else ExitStack()
        try:
            turn.__enter__()
        except NotDecided as busy:  # a door says so to whoever stands there
            raise Busy(busy.says) from busy
        stack.append(turn)

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None,
        where: TracebackType | None,
    ) -> None:  # fmt: skip
        """Let the next turn come."""
        self._mine.stack.pop().__exit__(kind, wrong, where)


@contextmanager
def line_open(
    folder: Path, brain: Brain, manned: Manned, held: Callable[[], AbstractContextManager[None]]
) -> Iterator[Beside]:  # fmt: skip
    """Open the line of a city behind its page's door until the block ends.

    `held` holds the brain between two turns; whoever waits for that waits on threads of the
    line's own.
    """
    shift = manned.shift.counter
    counter = Counter(brain.office, shift.vault, Photos(folder / "media"), shift.clock,
                      lock=Between(held), home=HOME)  # fmt: skip
    with (
        staffed(folder, brain, counter) as tools,
        Apart(city(counter, tools), at_once=AT_ONCE) as line,
    ):
        routes = [led(PATH), Mount(PATH, app=line)]
        yield Beside(
            title=TITLE, path=f"{PATH}/", routes=routes, body=BODY, allows=("geolocation",)
        )


@contextmanager
def staffed(folder: Path, brain: Brain, counter: Counter) -> Iterator[Tools]:
    """Put the staff beside the doors, and the trends that it hears of into the city."""
    stood = trends(topics())
    with counter.lock:
        brain.place(stood)
    with staff(folder, brain, counter, stood) as tools:
        yield tools
