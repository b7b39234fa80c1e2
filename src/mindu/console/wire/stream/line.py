"""Lines to browsers: heads are bounded, and what is pushed may go straight to the wire."""

from asyncio import Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mindu.console.wire.guard import Scope

LINE = "mindu.line"  # in the scope of a request: the transport that it came by
HEAD = 32_768  # bytes that a request may take to say what it wants
TOO_MUCH = STATUS_LINE[431] + b"connection: close\r\ncontent-length: 0\r\n\r\n"


class Line(HttpToolsProtocol):
    """One line, whose requests know it."""

    _head = 0  # bytes of a head that is not whole yet
    _heading = False

    def data_received(self, data: bytes) -> None:  # type: ignore[explicit-override]
        """Take bytes in; a head without end is refused."""
        super().data_received(data)
        self._head = self._head + len(data) if self._heading else 0
        if self._head > HEAD:
            self.transport.write(TOO_MUCH)
            self.transport.close()

    def on_message_begin(self) -> None:  # type: ignore[explicit-override]
        """Let each request know its line."""
        super().on_message_begin()
        self._heading = True
        told: Any = self.scope
        told[LINE] = self.transport

    def on_headers_complete(self) -> None:  # type: ignore[explicit-override]
        """Count no further: bodies have a bound of their own."""
        self._heading = False
        super().on_headers_complete()

    def shutdown(self) -> None:  # type: ignore[explicit-override]
        """End with the server; what is pushed has no end of its own, and its reader comes back."""
        super().shutdown()
        pushed = getattr(self.cycle, "chunked_encoding", False)
        if pushed and not self.cycle.response_complete:
            self.transport.close()


def straight(scope: Scope) -> Transport | None:
    """Return the line of a request, where pieces of its answer may go to the wire by themselves."""
    line: Transport | None = scope.get(LINE)
    return line if scope.get("http_version") == "1.1" else None


def piece(body: bytes) -> bytes:
    """Return one piece of an answer of unknown length as HTTP/1.1 has it."""
    return b"%x\r\n%s\r\n" % (len(body), body)
