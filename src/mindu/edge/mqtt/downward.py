"""Commands down through a broker that is not ours: published to a device's topic, heard back.

A command is written down as sent before it is published, so what goes out at most once does so also
when the broker or we die in between. The broker's PUBACK says that the broker has it, no more; what
the device did is what it says on the topic of receipts.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import msgspec
import paho.mqtt.client as paho

from mindu.edge.commands.http import told
from mindu.edge.commands.post import Post
from mindu.edge.mqtt.lines import RECEIPT, Receipt
from mindu.edge.settings import Broker

DEVICE = "{device}"
_UNSAFE = re.compile(r"[+#\x00]")  # what a topic must not have in a name


class Downward:
    """The way down of one broker: `commands` and `receipts` are topics with {device} in them."""

    def __init__(self, post: Post, of: Broker) -> None:
        """Hand over what this post has for devices of the groups that the broker serves."""
        self._post, self._of = post, of
        self._client: paho.Client | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._pattern, self._own = _pattern(of.receipts), _pattern(of.commands)
        post.pushes.append(self.push)

    @property
    def topic(self) -> str:
        """What receipts are heard on."""
        return self._of.receipts.replace(DEVICE, "+")

    def joined(self, client: paho.Client) -> None:
        """Publish by this client from now on."""
        self._client = client

    def serves(self, device: str) -> bool:
        """Say whether commands of a device go down here."""
        registry = self._post.senses.registry
        if device not in registry.numbers or _UNSAFE.search(device):
            return False
        return not self._of.groups or registry.device(device).group in self._of.groups

    async def push(self) -> None:
        """Publish what is due."""
        client = self._client
        if client is None or not client.is_connected():
            return
        mine = [device for device in self._post.commands.waiting() if self.serves(device)]
        for held in await self._post.take(mine, f"mqtt:{self._of.host}") if mine else ():
            topic = self._of.commands.replace(DEVICE, held.order.device)
            client.publish(topic, msgspec.json.encode(told(held)), qos=1)

    def is_ours(self, topic: str) -> bool:
        """Say whether a message is a receipt, or a command that we published ourselves."""
        return any(it.fullmatch(topic) for it in (self._pattern, self._own))

    def hear(self, topic: str, payload: bytes, done: Callable[[], Any]) -> None:
        """Take in what a device says; `done` is called once it is durable, or is of no use."""
        task = asyncio.get_running_loop().create_task(self._hear(topic, payload, done))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hear(self, topic: str, payload: bytes, done: Callable[[], Any]) -> None:
        match = self._pattern.fullmatch(topic)
        try:
            said: Receipt = RECEIPT.decode(payload)
            held = self._post.commands.given.get(said.key)
            if match and held is not None and held.order.device == match[1]:
                by = f"mqtt:{self._of.host}"
                await self._post.say(said.key, said.state, by, said.note)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError, ValueError):
            pass  # a receipt that says nothing we can use is let go, as on our own listener
        done()


def _pattern(topic: str) -> re.Pattern[str]:
    before, _, after = topic.partition(DEVICE)
    return re.compile(f"{re.escape(before)}(.+){re.escape(after)}")
