"""Polling OPC UA: values with the server's own time and status."""

import asyncio
from datetime import UTC
from typing import Any

import numpy as np

from mindu.edge.field.hand import handed
from mindu.edge.porch import Porch
from mindu.edge.settings import OpcUa
from mindu.perceive.quality import Quality
from mindu.perceive.said import NOW, Said


class FromOpcUa:
    """One server."""

    def __init__(self, porch: Porch, told: OpcUa) -> None:
        """Poll this server."""
        self._porch, self._told = porch, told
        self.about, self.trouble = f"opcua {told.url}", ""

    async def run(self) -> None:
        """Poll until cancelled; a server that is away is tried again at the next turn."""
        try:
            from asyncua.client.client import Client  # noqa: PLC0415 - an extra of its own
            from asyncua.ua.attribute_ids import AttributeIds  # noqa: PLC0415
            from asyncua.ua.uaerrors import UaError  # noqa: PLC0415
        except ImportError as wrong:
            raise RuntimeError("OPC UA needs its library: pip install 'mindu[opcua]'") from wrong
        while True:
            try:
                async with Client(self._told.url) as client:
                    nodes = [client.get_node(it.node) for it in self._told.nodes]
                    while True:
                        await self.poll(client, nodes, AttributeIds.Value)
                        await asyncio.sleep(self._told.every)
            except (OSError, TimeoutError, UaError) as wrong:
                self.trouble = f"{self._told.url}: {wrong}"
                await asyncio.sleep(self._told.every)

    async def poll(self, client: Any, nodes: list[Any], what: Any) -> None:  # noqa: ANN401
        """Read every node once."""
        got = await client.uaclient.read_attributes([n.nodeid for n in nodes], what)
        rows, trouble = [], ""
        for it, data in zip(self._told.nodes, got, strict=True):
            told = data.Value.Value if data.Value is not None else None
            if not isinstance(told, int | float | bool):
                trouble = f"{it.node} holds no number"
                continue
            when = data.SourceTimestamp
            at = NOW if when is None else round(when.replace(tzinfo=UTC).timestamp() * 1000)
            good = data.StatusCode is None or data.StatusCode.is_good()
            rows.append((it.device, it.prop, at, float(told), 0 if good else int(Quality.SOURCE)))
        self.trouble = trouble
        if rows:
            device, prop, at_, value, doubted = zip(*rows, strict=True)
            said = Said(
                device=device, prop=prop, at=np.array(at_, np.int64),
                value=np.array(value, np.float64), doubted=np.array(doubted, np.uint8),
            )  # fmt: skip
            await handed(self._porch, f"opcua:{self._told.url}", said)
