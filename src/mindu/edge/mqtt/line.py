"""One client of our own listener: what it publishes is acknowledged once it is durable."""

import asyncio
from typing import Protocol, cast

from mindu.data.senses.intake import Offer, Settled
from mindu.edge.keys import Caller, Keys
from mindu.edge.mqtt import wire
from mindu.edge.mqtt.lines import Lines, subscribed
from mindu.edge.mqtt.reader import Reader
from mindu.edge.parcel import MQTT, Full, Parcel
from mindu.edge.porch import Porch
from mindu.edge.shown import on_line
from mindu.perceive.wire.burst import PLAIN, Burst, cut
from mindu.perceive.wire.topics import said

WINDOW = 200  # messages of one client that may wait for the disk
Message = tuple[str, bytes, int]  # topic, payload, packet identifier
NO_KEY, QUOTA = 0x86, 0x97


class Listening(Protocol):
    """What a client needs of its listener."""

    porch: Porch
    keys: Keys
    lines: Lines | None
    patience: float
    clients: int

    def has_room(self) -> bool:
        """Say whether one more client may come."""
        ...


class Line:
    """One client."""

    def __init__(self, listener: Listening) -> None:
        """Wait for its CONNECT."""
        self._of, self._reader = listener, Reader()
        self._pipe: asyncio.Transport | None = None
        self._caller: Caller | None = None
        self._version, self._flying, self._paused, self._quiet = 4, 0, False, listener.patience
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the client in."""
        self._pipe = cast("asyncio.Transport", transport)
        self._of.clients += 1
        self._watch()

    def connection_lost(self, _: Exception | None) -> None:
        """Count the client out; what it sent is stored all the same."""
        self._of.clients, self._pipe = self._of.clients - 1, None
        if self._of.lines is not None:
            self._of.lines.drop(self)
        if self._timer:
            self._timer.cancel()

    def eof_received(self) -> bool:
        """Close the line when the client has nothing more to say."""
        return False

    def pause_writing(self) -> None:
        """Let acknowledgements wait in memory: they are small, and the window bounds them."""

    resume_writing = pause_writing

    def data_received(self, data: bytes) -> None:
        """Take bytes in: all messages that came together go to the porch together."""
        if self._caller is not None:  # a stranger has its first seconds only
            self._heard = self._loop.time()
        if self._caller is not None and not self._reader.pending and data[0] == PLAIN:
            burst = cut(data, self._version)
            if burst.size and burst.plain:
                self._hand(self._caller, burst)
                data = data[burst.end :]
        batch: list[Message] = []
        try:
            for kind, flags, body in self._reader.feed(data) if data else ():
                self._packet(kind, flags, body, batch)
        except wire.Wrong as wrong:
            self._end(wrong.code)
        if batch:
            self._fly(len(batch))
            task = self._loop.create_task(self._hand_over(batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _fly(self, count: int) -> None:
        """Count messages that wait, or wait no more; read on while they are not too many."""
        self._flying += count
        if self._pipe is not None and (self._flying >= WINDOW) != self._paused:
            (self._pipe.resume_reading if self._paused else self._pipe.pause_reading)()
            self._paused = not self._paused

    def _hand(self, caller: Caller, burst: Burst) -> None:
        """Hand a burst over, unread; it is acknowledged once all of it is durable."""
        rows = burst.size

        def done(outcome: Settled | Exception) -> None:
            self._fly(-rows)
            if isinstance(outcome, Exception):
                self._end(QUOTA)  # what is not acknowledged is sent again after the reconnect
            else:
                self._write(burst.acknowledged)

        self._fly(rows)
        parcel = Parcel(caller.source, caller.allowed, None, MQTT, burst, rows, done)
        try:
            self._of.porch.hand(parcel)
        except Full as full:
            done(full)

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
        code = QUOTA if not self._of.has_room() else 0 if caller is not None else NO_KEY
        self._write(wire.connack(told.version, code, receive=WINDOW))
        if code:
            self._end(0)
            return
        self._caller = caller
        self._quiet = told.keepalive * 1.5 if told.keepalive else 0.0
        self._watch()

    def publish(self, topic: str, payload: bytes, number: int) -> None:
        """Send a message of QoS 1."""
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
        if any(isinstance(it, BaseException) for it in done):
            self._end(QUOTA)  # unacknowledged messages are sent again after the reconnect
        else:
            self._write(b"".join(wire.puback(number) for _, _, number in batch if number))
        self._fly(-len(batch))

    def _watch(self) -> None:
        """Close the line of a client that has been silent for too long."""
        if self._timer:
            self._timer.cancel()
        left = self._heard + self._quiet - self._loop.time()
        if self._quiet and self._pipe is not None and left > 0:
            self._timer = self._loop.call_later(left, self._watch)
        elif self._quiet:
            self._end(0x8D)

    def _write(self, data: bytes) -> None:
        if self._pipe is not None and data:
            self._pipe.write(data)

    def _end(self, code: int) -> None:
        if code and self._version == 5 and self._caller is not None:
            self._write(wire.packet(wire.DISCONNECT, bytes((code, 0))))
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = None
