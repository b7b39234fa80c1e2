"""Reading from an MQTT broker: a session that outlives us, acknowledged only what is durable."""

import asyncio
import os
from functools import partial
from typing import Any, cast

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from mindu.data.senses.intake import Offer
from mindu.edge.commands.post import Post
from mindu.edge.mqtt.downward import Downward
from mindu.edge.parcel import Full
from mindu.edge.porch import Porch
from mindu.edge.settings import Broker
from mindu.perceive.wire.topics import said

SESSION = 7 * 86_400  # s that the broker keeps what came while we were away
GROUP = 1000  # messages handed over together
MOST = 20_000  # messages that may wait; beyond, those of QoS 0 are let go, as QoS 0 allows


class FromBroker:
    """One subscription. Messages go from paho's thread to the loop, acknowledgements back."""

    def __init__(self, porch: Porch, told: Broker, post: Post | None = None) -> None:
        """Read from this broker; let commands of this post go down through it."""
        self._porch, self._told = porch, told
        self._down = Downward(post, told) if post is not None and told.commands else None
        self._queue: asyncio.Queue[paho.MQTTMessage] = asyncio.Queue()
        self.ready = asyncio.Event()
        self.about, self.trouble = f"broker {told.host}:{told.port}", "not reached yet"
        self.lost = 0
        self._client_now: paho.Client | None = None

    async def run(self) -> None:
        """Read until cancelled."""
        loop = asyncio.get_running_loop()
        client = self._client_now = self._client(loop)
        client.connect_async(
            self._told.host,
            self._told.port,
            clean_start=False,
            properties=_session(self._told.window),
        )
        client.loop_start()
        try:
            while True:
                await self._hand_over()
        finally:
            client.disconnect()
            await asyncio.to_thread(client.loop_stop)

    def _client(self, loop: asyncio.AbstractEventLoop) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2, self._told.client, protocol=paho.MQTTv5, manual_ack=True
        )
        if self._told.user:
            client.username_pw_set(self._told.user, os.environ.get(self._told.password_env))
        if self._told.tls is not None:
            client.tls_set_context(self._told.tls.context())

        def joined(client: paho.Client, _: Any, __: Any, code: Any, ___: Any) -> None:  # noqa: ANN401
            if code.is_failure:
                self.trouble = f"{self._told.host} refuses: {code}"
                return
            client.subscribe([(topic, 1) for topic in self._topics(client)])

        def heard(_: paho.Client, __: Any, message: paho.MQTTMessage) -> None:  # noqa: ANN401
            loop.call_soon_threadsafe(self.hear, message)

        def subscribed(*_: Any) -> None:  # noqa: ANN401
            self.trouble = ""
            loop.call_soon_threadsafe(self.ready.set)

        client.on_connect, client.on_message, client.on_disconnect = joined, heard, self._cut
        client.on_subscribe, client.on_connect_fail = subscribed, self._missed
        client.reconnect_delay_set(1, 60)
        return client

    def _cut(self, *_: Any) -> None:  # noqa: ANN401
        self.trouble = f"the line to {self._told.host} is cut"

    def _missed(self, *_: Any) -> None:  # noqa: ANN401
        self.trouble = f"{self._told.host} cannot be reached, or nobody vouches for it"

    def _topics(self, client: paho.Client) -> list[str]:
        """Return what to listen to; receipts are heard by every node, each knows its own."""
        share = f"$share/{self._told.share}/" if self._told.share else ""
        topics = [share + topic for topic in self._told.topics]
        if self._down is not None:
            self._down.joined(client)
            topics.append(self._down.topic)
        return topics

    @property
    def waiting(self) -> int:
        """Count the messages that wait to be handed over."""
        return self._queue.qsize()

    def hear(self, message: paho.MQTTMessage) -> None:
        """Let a message wait; the broker's window bounds those of QoS 1, and we the others."""
        if self._down is not None and self._down.is_ours(message.topic):
            done = partial(self._acknowledge, message)
            self._down.hear(message.topic, bytes(message.payload), done)
            return
        if not message.qos and self.waiting >= MOST:
            self.lost += 1
            self.trouble = f"{self.lost} messages of QoS 0 came faster than the disk"
            return
        self._queue.put_nowait(message)

    async def _hand_over(self) -> None:
        """Make what waits durable, then acknowledge it."""
        batch = [await self._queue.get()]
        while not self._queue.empty() and len(batch) < GROUP:
            batch.append(self._queue.get_nowait())
        source = f"mqtt:{self._told.host}"
        offers = [Offer(source, it) for it in said((m.topic, bytes(m.payload)) for m in batch)]
        for offer in offers:
            while True:
                try:
                    await self._porch.offer(offer)
                except Full as full:
                    await asyncio.sleep(full.seconds)
                    continue
                break
        for message in batch:
            self._acknowledge(message)

    def _acknowledge(self, message: paho.MQTTMessage) -> None:
        if message.qos and self._client_now is not None:
            self._client_now.ack(message.mid, message.qos)


def _session(window: int) -> Properties:
    told: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    told.SessionExpiryInterval = SESSION
    told.ReceiveMaximum = window
    return cast("Properties", told)
