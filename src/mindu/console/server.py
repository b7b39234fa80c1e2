"""The server: uvicorn on a thread of its own around one desk, with a clean end."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

from mindu.console.beside import Beside
from mindu.console.feed import Feed
from mindu.console.people.house import People
from mindu.console.wire.desk import LOOPBACK, Desk
from mindu.console.wire.limits import Limits

if TYPE_CHECKING:
    from uvicorn import Server

BACKLOG = 2_048  # connections that may wait to be taken
PATIENCE = 10.0  # s that the server may take to start or end
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - told apart from the loopback, never a default
DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Serving:
    """A desk that is being served."""

    desk: Desk
    host: str
    port: int

    @property
    def url(self) -> str:
        """Return where to look."""
        return f"http://{'127.0.0.1' if self.host in ANYWHERE else self.host}:{self.port}/"

    @property
    def enter(self) -> str:
        """Return the address with a one-time key that lets its first reader in as the owner.

        Empty where an owner can sign in by other means.
        """
        if self.desk.people.owned and not self.desk.demo:
            return ""
        return f"{self.url}?key={self.desk.first_key()}"


@contextmanager
def serving(
    feed: Feed,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    people: People | None = None,
    limits: Limits = DEFAULT,
    beside: Sequence[Beside] = (),
) -> Iterator[Serving]:
    """Serve until the block ends, then free the port; port 0 takes a free one.

    A pretend or stored city on the loopback lets a guest see what a viewer sees.

    Raises:
        OSError: the port is taken.
    """
    own = people or People()
    desk = _desk(feed, own, host, limits)
    desk.beside = beside
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(BACKLOG)
        with _running(desk, door):
            yield Serving(desk, host, door.getsockname()[1])
    finally:
        door.close()
        if people is None:
            own.close()


def _desk(feed: Feed, people: People, host: str, limits: Limits) -> Desk:
    loopback = host in LOOPBACK
    demo = loopback and feed.pulse().mode != "live"
    names = LOOPBACK if loopback else () if host in ANYWHERE else (host, *LOOPBACK)
    return Desk(feed, people, limits=limits, demo=demo, names=names)


@contextmanager
def _running(desk: Desk, door: socket.socket) -> Iterator[None]:
    server, started = _server(desk), Event()

    def run() -> None:
        try:
            server.run(sockets=[door])
        finally:
            started.set()

    thread = Thread(target=run, name="console", daemon=True)
    thread.start()
    while not server.started and not started.wait(0.01):
        pass
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE)


def _server(desk: Desk) -> "Server":
    from uvicorn import Config, Server  # noqa: PLC0415 - loads when a city is served

    from mindu.console.wire.app import application  # noqa: PLC0415
    from mindu.console.wire.stream.line import Line  # noqa: PLC0415

    config = Config(
        application(desk),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        ws="none",
        http=Line,
        loop="asyncio",
        lifespan="on",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
    )
    return Server(config)
