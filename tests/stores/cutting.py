"""A line to a server that can be cut after a request went through and before its answer came."""

import socket
from contextlib import suppress
from threading import Thread
from urllib.parse import urlsplit


class Line:
    """A port of ours behind which a server answers."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._there = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = url.replace(f":{self._there[1]}/", f":{self._door.getsockname()[1]}/")
        self.armed = 0  # answers that will be lost, each with its line
        self.cut = 0  # lines that were cut
        self._ends: list[socket.socket] = []
        Thread(target=self._welcome, daemon=True).start()

    def close(self) -> None:
        for end in (self._door, *self._ends):
            _end(end)
            end.close()

    def _welcome(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(self._there)
            self._ends += [near, far]
            Thread(target=self._carry, args=(near, far, False), daemon=True).start()
            Thread(target=self._carry, args=(far, near, True), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, back: bool) -> None:  # noqa: FBT001
        try:
            while told := source.recv(1 << 16):
                if back and self.armed:
                    self.armed -= 1
                    self.cut += 1
                    break
                sink.sendall(told)
        except OSError:
            pass
        for end in (source, sink):
            _end(end)


def _end(line: socket.socket) -> None:
    """Let both sides know that it is over, also those who wait at it."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
