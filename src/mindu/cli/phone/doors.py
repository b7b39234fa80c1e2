"""The doors of the line in a demo city: form, desk and Open311 on a port beside the city's page."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from threading import Thread, local
from types import TracebackType

import uvicorn

from mindu.apps.hotline.things import trends
from mindu.apps.hotline.topics import topics
from mindu.brain.brain import Brain
from mindu.brain.casework.refusals import Busy
from mindu.cli.counter.house import city
from mindu.cli.counter.staff import staff
from mindu.cli.line.manned import Manned
from mindu.console.feed import NotDecided
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.desk.tools import Tools

ENDS_S = 10.0  # s that requests may take to their end
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
    folder: Path, brain: Brain, manned: Manned, held: Callable[[], AbstractContextManager[None]], *,
    host: str, port: int,
) -> Iterator[str]:  # fmt: skip
    """Serve the line of a city until the block ends; yield its address.

    `port` is taken if it is free, else any other. `held` holds the brain between two turns.
    """
    shift = manned.shift.counter
    counter = Counter(brain.office, shift.vault, Photos(folder / "media"), shift.clock,
                      lock=Between(held))  # fmt: skip
    with ExitStack() as ends:
        line = ends.enter_context(closing(_bound(host, port)))
        tools = ends.enter_context(staffed(folder, brain, counter))
        config = uvicorn.Config(
            city(counter, tools), log_level="warning", lifespan="off", server_header=False,
            limit_concurrency=AT_ONCE, timeout_graceful_shutdown=int(ENDS_S),
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [line]}, daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{line.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(ENDS_S)


@contextmanager
def staffed(folder: Path, brain: Brain, counter: Counter) -> Iterator[Tools]:
    """Put the staff beside the doors, and the trends that it hears of into the city."""
    stood = trends(topics())
    with counter.lock:
        brain.place(stood)
    with staff(folder, brain, counter, stood) as tools:
        yield tools


def _bound(host: str, port: int) -> socket.socket:
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
    except OSError:  # another city has it
        line.bind((host, 0))
    return line
