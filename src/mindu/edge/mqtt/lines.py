"""Commands over MQTT: a device subscribes to `DEVICE/commands` and reports to `DEVICE/receipts`.

Of our own listener a device with its own key may name its own topic only, a gateway those of its
devices. A PUBACK says that a command was acknowledged; a receipt says what came of it.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

import msgspec

from mindu.data.senses.beside.commands import Given, State
from mindu.edge.commands.http import told
from mindu.edge.commands.post import Post, may
from mindu.edge.keys import Caller
from mindu.edge.mqtt import wire

COMMANDS, RECEIPTS, OBSERVATIONS = "commands", "receipts", "Observations"
NOT_ALLOWED = 0x87
FLYING = 20  # commands of one line that may wait for its PUBACK
MOST = 10_000  # topics of one line


class Receipt(msgspec.Struct, frozen=True):
    """What a device says of a command."""

    key: str
    state: State
    note: str = ""


RECEIPT = msgspec.json.Decoder(Receipt)


class Pipe(Protocol):
    """A client that listens."""

    def publish(self, topic: str, payload: bytes, number: int) -> None:
        """Send a message of QoS 1 under this packet identifier."""
        ...


class Observing(Protocol):
    """Lets clients listen to what is observed, and takes in what they observe."""

    def subscribe(self, pipe: Pipe, caller: Caller, topic: str) -> bool:
        """Let a client listen; say whether it may."""
        ...

    def drop(self, pipe: Pipe) -> None:
        """Forget a client that is gone."""
        ...

    def as_readings(self, told: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Return messages with Observations turned into readings."""
        ...


class Lines:
    """Who listens for which device, and what flies."""

    def __init__(self, post: Post, observations: Observing | None = None) -> None:
        """Hand over what this post has; let others listen to Observations."""
        self._post, self._observations = post, observations
        self._topics: dict[Pipe, dict[str, str]] = {}  # line -> device -> topic
        self._callers: dict[Pipe, Caller] = {}
        self._flying: dict[Pipe, dict[int, str]] = {}  # line -> packet identifier -> key
        self._number: dict[Pipe, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        post.pushes.append(self.push)

    def subscribe(self, pipe: Pipe, caller: Caller, topic: str) -> bool:
        """Let a line listen; say whether it may."""
        words = topic.rsplit("/", 2)
        device = words[-2] if len(words) > 1 else ""
        mine = self._topics.get(pipe, {})
        if self._observations is not None and words[-1] == OBSERVATIONS:
            return self._observations.subscribe(pipe, caller, topic)
        if words[-1] != COMMANDS or not may(caller, self._post.senses, device) or len(mine) >= MOST:
            return False
        self._topics.setdefault(pipe, {})[device] = topic
        self._callers[pipe] = caller
        self._post.wake()
        return True

    def drop(self, pipe: Pipe) -> None:
        """Forget a line that is gone; what flew is due again, unless it goes out at most once."""
        for held in (self._topics, self._callers, self._flying, self._number):
            held.pop(pipe, None)
        if self._observations is not None:
            self._observations.drop(pipe)

    async def push(self) -> None:
        """Hand over what is due to every line that listens for its device."""
        waiting = set(self._post.commands.waiting())
        for pipe, topics in list(self._topics.items()):
            flying = self._flying.setdefault(pipe, {})
            mine = [device for device in topics if device in waiting]
            if not mine or len(flying) >= FLYING:
                continue
            for held in await self._post.take(mine, self._callers[pipe].source):
                if pipe in self._topics:  # else it left meanwhile: due again after a while
                    self._publish(pipe, held, topics[held.order.device])

    def _publish(self, pipe: Pipe, held: Given, topic: str) -> None:
        number = self._number.get(pipe, 0) % 0x7FFF + 1
        self._number[pipe] = number
        self._flying[pipe][number] = held.order.key
        pipe.publish(topic, msgspec.json.encode(told(held)), number)

    def acknowledged(self, pipe: Pipe, number: int) -> None:
        """Take in a PUBACK."""
        key = self._flying.get(pipe, {}).pop(number, None)
        caller = self._callers.get(pipe)
        if key is not None and caller is not None:
            self._later(self._said(Receipt(key, State.ACKNOWLEDGED), caller.source))

    async def receipts(
        self, caller: Caller, told: list[tuple[str, bytes]]
    ) -> list[tuple[str, bytes]]:
        """Take in the receipts among (topic, payload) messages; return the others."""
        for topic, payload in told:
            if topic.endswith("/" + RECEIPTS):
                await self._receipt(caller, payload)
        rest = [it for it in told if not it[0].endswith("/" + RECEIPTS)]
        return rest if self._observations is None else self._observations.as_readings(rest)

    async def _receipt(self, caller: Caller, payload: bytes) -> None:
        """Take in what a device says; what it may not say is let go, the sender hears of nothing.

        MQTT 3.1.1 knows no refusal of a PUBLISH, so a wrong receipt is acknowledged and dropped.
        """
        try:
            told = RECEIPT.decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return
        held = self._post.commands.given.get(told.key)
        if held is not None and may(caller, self._post.senses, held.order.device):
            await self._said(told, caller.source)

    async def _said(self, told: Receipt, by: str) -> None:
        try:
            await self._post.say(told.key, told.state, by, told.note)
        except (KeyError, ValueError):
            return  # it is over already, or was said before

    def _later(self, what: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def subscribed(lines: Lines | None, who: tuple[Pipe, Caller], body: bytes, version: int) -> bytes:
    """Return the answer to a SUBSCRIBE: QoS 1 to own commands, a refusal to all else."""
    number, topics = wire.subscribe(body, version)
    no = NOT_ALLOWED if version == 5 else 0x80
    may = [lines is not None and lines.subscribe(*who, topic) for topic in topics]
    return wire.suback(number, bytes(1 if it else no for it in may), version)
