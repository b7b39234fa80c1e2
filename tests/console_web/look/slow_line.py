"""A line that can be stopped: bytes pass between a browser and a city until somebody holds them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

CHUNK = 4096  # bytes taken at once, and all that the held side keeps


@dataclass
class Line:
    """The line: where it listens, and whether the city's bytes pass."""

    port: int
    passes: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """Return where the city is seen through the line."""
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """Lay a line to a port of this machine; its bytes pass at first."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        line = Line(door.getsockname()[1])
        line.passes.set()
        Thread(target=_take, args=(door, port, line), daemon=True).start()
        yield line
        line.passes.set()


def _take(door: socket.socket, port: int, line: Line) -> None:
    with suppress(OSError):
        while True:
            near, _ = door.accept()
            Thread(target=_join, args=(near, port, line), daemon=True).start()


def _join(near: socket.socket, port: int, line: Line) -> None:
    with near, socket.socket() as far, suppress(OSError):
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, CHUNK)
        far.connect(("127.0.0.1", port))
        up = Thread(target=_pass, args=(near, far, None), daemon=True)
        up.start()
        _pass(far, near, line)
        up.join()


def _pass(one: socket.socket, other: socket.socket, line: Line | None) -> None:
    with suppress(OSError):
        while told := one.recv(CHUNK):
            if line is not None:
                line.passes.wait()
            other.sendall(told)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
