"""A small MQTT listener: devices publish straight to the intake when there is no broker.

It takes MQTT 3.1.1 and 5, QoS 0 and 1, and acknowledges only what is durable. It is no broker:
it forwards nothing, keeps nothing retained, knows no QoS 2, and of subscriptions takes only a
device's to its own commands.
"""

import asyncio
from ssl import SSLContext
from typing import cast

from mindu.edge.keys import Keys
from mindu.edge.mqtt.line import Line
from mindu.edge.mqtt.lines import Lines
from mindu.edge.porch import Porch

PATIENCE = 10.0  # s for a CONNECT to come


class Listener:
    """The listener of one porch."""

    def __init__(
        self, porch: Porch, keys: Keys, lines: Lines | None = None,
        *, most: int = 20_000, patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        """Serve at most so many clients; each has `patience` s to say who it is."""
        self.porch, self.keys, self._most, self.patience = porch, keys, most, patience
        self.lines = lines
        self.clients = 0
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int, tls: SSLContext | None = None) -> int:
        """Listen; return the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._line, host, port, backlog=1024, ssl=tls)
        return int(self._server.sockets[0].getsockname()[1])

    def _line(self) -> asyncio.Protocol:
        return cast("asyncio.Protocol", Line(self))  # asyncio asks for its methods only

    def has_room(self) -> bool:
        """Say whether one more client may come."""
        return self.clients < self._most

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
