"""HTTP over TLS: what a device's certificate says of it goes with each of its requests."""

from asyncio import Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mindu.edge.shown import on_line

PEER = "mindu.peer"  # in the scope of a request: (device, epoch)


class Known(HttpToolsProtocol):
    """A line on which a device may have shown its certificate."""

    _peer: tuple[str, int] | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override,explicit-override]
        """Look at the certificate, which TLS has verified."""
        super().connection_made(transport)
        self._peer = on_line(transport)

    def on_message_begin(self) -> None:  # type: ignore[explicit-override]
        """Let each request say whose line it came by."""
        super().on_message_begin()
        told: Any = self.scope
        told[PEER] = self._peer
