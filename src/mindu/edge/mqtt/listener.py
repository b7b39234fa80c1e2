"""A small MQTT listener: devices publish straight to the intake when there is no broker.

It takes MQTT 3.1.1 and 5, QoS 0 and 1, and acknowledges only what is durable. It is no broker:
it forwards nothing, keeps nothing retained, knows no QoS 2, and of subscriptions takes only a
device's to its own commands.
"""

import asyncio
import contextlib
from ssl import SSLContext
from typing import cast

from mindu.data.senses.intake import Offer
from mindu.edge.certificates import on_line
from mindu.edge.keys import Caller, Keys
from mindu.edge.mqtt import wire
from mindu.edge.mqtt.lines import Lines, subscribed
from mindu.edge.mqtt.topics import said
from mindu.edge.porch import Full, Porch

WINDOW = 200  # messages of one client that may wait for the disk
PATIENCE = 10.0  # s for a CONNECT to come
Message = tuple[str, bytes, int]  # topic, payload, packet identifier
NO_KEY, QUOTA = 0x86, 0x97


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


class Line:
    """One client."""

    def __init__(self, listener: Listener) -> None:
        """Wait for its CONNECT."""
        self._of, self._reader = listener, wire.Reader()
        self._pipe: asyncio.Transport | None = None
        self._caller: Caller | None = None
        self._version, self._flying, self._quiet = 4, 0, listener.patience
        self._paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the client in."""
        self._pipe = cast("asyncio.Transport", transport)
        self._of.clients += 1
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the client out; what it sent is stored all the same."""
        del exc
        self._of.clients -= 1
        self._pipe = None
        if self._of.lines is not None:
            self._of.lines.drop(self)
        if self._timer is not None:
            self._timer.cancel()

    def eof_received(self) -> bool:
        """Close the line when the client has nothing more to say."""
        return False

    def pause_writing(self) -> None:
        """Acknowledgements are small: let them wait in memory, the window bounds them."""

    resume_writing = pause_writing

    def data_received(self, data: bytes) -> None:
        """Take bytes in: all messages that came together go to the porch together."""
        if self._caller is not None:
            self._watch()  # who has not said who it is has its first seconds only
        batch: list[Message] = []
        try:
            for kind, flags, body in self._reader.feed(data):
                self._packet(kind, flags, body, batch)
        except wire.Wrong as wrong:
            self._end(wrong.code)
        if batch:
            self._flying += len(batch)
            if self._flying >= WINDOW and self._pipe is not None and not self._paused:
                self._pipe.pause_reading()
                self._paused = True
            task = asyncio.get_running_loop().create_task(self._hand_over(batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _packet(self, kind: int, flags: int, body: bytes, batch: list[Message]) -> None:
        if kind == wire.CONNECT and self._caller is None:
            self._connect(wire.connect(body))
        elif kind == wire.DISCONNECT:
            self._end(0)
        elif self._caller is None:
            raise wire.Wrong("a packet out of turn", 0x82)
        else:
            self._known(self._caller, (kind, flags, body), batch)

    def _known(self, caller: Caller, packet: tuple[int, int, bytes], batch: list[Message]) -> None:
        """Take in a packet of a client that has said who it is."""
        kind, flags, body = packet
        if kind == wire.PUBLISH:
            if flags & 6 in {4, 6}:
                raise wire.Wrong("QoS 2 is not taken here; use QoS 1", 0x9B)
            topic, number, payload = wire.publish(body, flags, self._version)
            batch.append((topic, payload, number))
        elif kind == wire.PINGREQ:
            self._write(b"\xd0\x00")
        elif kind == wire.SUBSCRIBE:
            self._write(subscribed(self._of.lines, (self, caller), body, self._version))
        elif kind == wire.PUBACK and self._of.lines is not None:
            self._of.lines.acknowledged(self, int.from_bytes(body[:2]))
        elif kind not in {wire.PUBREL, wire.UNSUBSCRIBE, wire.PUBACK}:
            raise wire.Wrong("a packet out of turn", 0x82)

    def _connect(self, told: wire.Connect) -> None:
        self._version = told.version
        key = told.password.decode("utf-8", "replace")
        peer = None if key else on_line(self._pipe)
        caller = self._of.keys.caller(key) if peer is None else self._of.keys.certified(*peer)
        code = 0 if caller is not None else NO_KEY
        code = code if self._of.has_room() else QUOTA
        self._write(wire.connack(told.version, code, receive=WINDOW))
        if code:
            self._end(0)
            return
        self._caller = caller
        self._quiet = told.keepalive * 1.5 if told.keepalive else 0.0
        self._watch()

    def publish(self, topic: str, payload: bytes, number: int) -> None:
        """Send the client a message of QoS 1."""
        self._write(wire.published(topic, payload, number, self._version))

    async def _hand_over(self, batch: list[Message]) -> None:
        """Wait until all are durable, then acknowledge; what is not taken stays with the sender."""
        caller, lines = self._caller, self._of.lines
        assert caller is not None
        rest = [(topic, payload) for topic, payload, _ in batch]
        told = said(rest if lines is None else await lines.receipts(caller, rest))
        offers = [Offer(caller.source, it, caller.allowed) for it in told]
        waits = [asyncio.ensure_future(self._of.porch.offer(offer)) for offer in offers]
        done = await asyncio.gather(*waits, return_exceptions=True)
        if any(isinstance(it, Full) for it in done):
            self._end(QUOTA)  # unacknowledged messages are sent again after the reconnect
        if not any(isinstance(it, BaseException) for it in done):
            self._write(b"".join(wire.puback(number) for _, _, number in batch if number))
        self._flying -= len(batch)
        if self._paused and self._flying < WINDOW and self._pipe is not None:
            self._pipe.resume_reading()
            self._paused = False

    def _watch(self) -> None:
        """Close the line of a client that has been silent for too long."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._quiet and self._pipe is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._quiet, self._end, 0x8D)

    def _write(self, data: bytes) -> None:
        if self._pipe is not None and data:
            self._pipe.write(data)

    def _end(self, code: int) -> None:
        if self._pipe is None:
            return
        if code and self._version == 5 and self._caller is not None:
            with contextlib.suppress(OSError):
                self._pipe.write(wire.packet(wire.DISCONNECT, bytes((code, 0))))
        self._pipe.close()
        self._pipe = None
