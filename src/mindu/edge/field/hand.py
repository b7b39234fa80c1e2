"""Handing over from a door that can wait: what the porch does not take now, it takes later."""

import asyncio

from mindu.data.senses.intake import Offer, Receipt
from mindu.edge.parcel import Full
from mindu.edge.porch import Porch
from mindu.perceive.said import Said


async def handed(porch: Porch, source: str, said: Said) -> Receipt:
    """Hand a message over, as often as it takes; return once it is durable."""
    while True:
        try:
            return await porch.offer(Offer(source, said))
        except Full as full:
            await asyncio.sleep(full.seconds)
