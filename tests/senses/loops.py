"""A gate with a gauge before it, and the loop that an edge node runs between them."""

from pathlib import Path
from typing import Any

from dying_post import GATE
from town import T0, said, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.edge.commands.post import Post
from mindu.edge.group import Group
from mindu.edge.loops.declared import Loop, Tier
from mindu.edge.loops.runner import Runner

S = 1000  # ms
PLAIN: dict[str, Any] = {
    "name": "open-gate", "device": "g0", "prop": "rain", "target": "g1", "command": "open",
    "args": {"share": 0.5}, "above": 40.0, "clear": 35.0, "hold": 10, "stale": 60,
    "tier": Tier.ACT, "within": 600, "most": 2,
}  # fmt: skip


class Yard:
    """A store with one loop and a clock of its own."""

    def __init__(self, folder: Path, start: int = T0, **other: Any) -> None:  # noqa: ANN401
        self.now = start
        self.senses: Senses = town(folder, 3)
        self.senses.declare(GATE)
        self.post = Post(self.senses, Group(self.senses), lambda: self.now)
        self.runner = Runner("pump-house", [Loop(**PLAIN | other)], self.post, lambda: self.now)

    def read(self, value: float, after: float = 5.0, device: str = "g0") -> None:
        """Let so many seconds pass, then read a gauge."""
        self.now += round(after * S)
        self.senses.take([Offer("bus", said([(device, "rain", self.now, value)]))], self.now)

    async def wait(self, seconds: float) -> None:
        """Let time pass without a reading, and look."""
        self.now += round(seconds * S)
        await self.runner.look()

    async def over(self, value: float = 45) -> None:
        """Let the gauge stand beyond the threshold for as long as the loop asks."""
        for _ in range(3):
            self.read(value)
            await self.runner.look()

    @property
    def told(self) -> list[tuple[str, str]]:
        """What the loop found and did, in order."""
        them = self.senses.loops.nodes.get("", {}).values()
        return [(str(it.judged.finds), str(it.judged.did)) for it in them]

    @property
    def waiting(self) -> list[str]:
        """Who gave what waits for the gate."""
        return [it.order.by for it in self.senses.commands.of("g1")]
