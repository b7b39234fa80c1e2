"""Reading from NATS JetStream: a durable consumer, acknowledged only what is durable here."""

import asyncio
import os
from typing import Any

from mindu.edge.field.hand import handed
from mindu.edge.porch import Porch
from mindu.edge.settings import Nats
from mindu.perceive.wire.topics import said

WAIT = 1.0  # s that one fetch waits for messages


class FromStream:
    """One stream; a subject `readings.gauge-7.level` is read as the topic with slashes."""

    def __init__(self, porch: Porch, told: Nats) -> None:
        """Read from this stream."""
        self._porch, self._told = porch, told
        self.about, self.trouble = f"nats {told.url} {told.stream}", "not reached yet"
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Read until cancelled; the client itself finds the way back after a cut."""
        import nats  # noqa: PLC0415 - only those who read from NATS load it
        from nats.js.api import StreamConfig  # noqa: PLC0415
        from nats.js.errors import NotFoundError  # noqa: PLC0415

        told = self._told
        more: dict[str, Any] = {} if told.tls is None else {"tls": told.tls.context()}
        if told.user:
            more |= {"user": told.user, "password": os.environ.get(told.password_env, "")}
        line = await nats.connect(told.url, max_reconnect_attempts=-1, **more)
        try:
            stream = line.jetstream()
            try:
                await stream.stream_info(self._told.stream)
            except NotFoundError:
                subjects = list(self._told.subjects)
                await stream.add_stream(StreamConfig(name=self._told.stream, subjects=subjects))
            pull = await stream.pull_subscribe(
                "", durable=self._told.durable, stream=self._told.stream
            )
            self.ready.set()
            while True:
                await self._fetch(pull)
                self.trouble = "" if line.is_connected else "the line is cut"
        finally:
            await line.close()

    async def _fetch(self, pull: Any) -> None:  # noqa: ANN401 - a subscription of the client
        try:
            batch = await pull.fetch(self._told.batch, timeout=WAIT)
        except TimeoutError:
            return
        for it in said((m.subject.replace(".", "/"), m.data) for m in batch):
            await handed(self._porch, f"nats:{self._told.stream}", it)
        for message in batch:
            await message.ack()
