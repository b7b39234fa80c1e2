"""Fetching: commands and answers come down from the node above, each taken in once.

What is fetched is on our disk before upstream is told that we have it; what is told again after a
cut or a kill is known by its key. A command that does not fit here fails with the reason, which
goes up with all other steps.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from mindu.data.senses.beside.commands import Order, State, Step, encode
from mindu.data.senses.beside.down import UP, Item, Reached
from mindu.data.senses.beside.down import encode as downed
from mindu.data.senses.beside.folds import COMMANDS, DOWN, LOOPS
from mindu.data.senses.beside.loops import HERE, Answer
from mindu.data.senses.beside.loops import encode as judged
from mindu.edge.above.upstream import Upstream
from mindu.edge.commands.handing import DEVICES, Fetch
from mindu.edge.commands.post import Post, declaration
from mindu.edge.group import Frames

TOLD = 100  # troubles that are remembered
Made = tuple[Frames, Callable[[], None]]


class _Items(msgspec.Struct):
    items: list[Item]


_ITEMS = msgspec.json.Decoder(_Items)


class Fetching:
    """Fetches over the same line that hands over."""

    def __init__(self, line: Upstream, post: Post, clock: Callable[[], int]) -> None:
        """Take up where our disk says that we are."""
        self._line, self._post, self._senses, self._clock = line, post, post.senses, clock
        self._kinds: object = None
        self._devices: list[str] = []
        self.about, self.trouble = f"commands from {line.settings.url}", "not reached yet"
        self.taken = 0  # commands and answers
        self.troubles: deque[str] = deque(maxlen=TOLD)

    async def run(self) -> None:
        """Fetch until cancelled, waiting longer after each failure."""
        told = self._line.settings
        pause = told.every
        while True:
            try:
                await self.fetch()
                self.trouble, pause = "", told.every
            except (OSError, ValueError, msgspec.MsgspecError) as wrong:
                self.trouble = str(wrong)
                self.troubles.append(self.trouble)
                await asyncio.sleep(pause)
                pause = min(pause * 2, told.cap)

    def facts(self) -> dict[str, Any]:
        """Return how much came down since the start, and what of it went wrong."""
        return {"taken": self.taken, "troubles": list(self.troubles)}

    async def fetch(self) -> int:
        """Ask once, and take in what comes; return how much.

        Raises:
            OSError: the line is down, or upstream asks to wait.
            ValueError: upstream refuses the key, or the answer is none of its own.
        """
        reached = self._senses.down.reached
        wait = self._line.settings.wait
        asked = Fetch(self._line.name, reached, self._told(), wait)
        body = msgspec.json.encode(asked)
        answer = await asyncio.to_thread(self._line.ask, "/v1/down", body)
        items = _ITEMS.decode(answer).items
        for it in items:
            if it.order is not None:
                await self._do(it.order.device, partial(self._ordered, it.order))
            if it.answer is not None:
                await self._do("loops", partial(self._answered, it.answer))
        if items:
            last = max(it.number for it in items)
            await self._do("down", lambda: ([(DOWN, downed([Reached(last)]))], lambda: None))
            self.taken += len(items)
            self._post.wake()
        elif wait <= 0:
            await asyncio.sleep(self._line.settings.every)
        return len(items)

    async def _do(self, key: str, decide: Callable[[], Made]) -> None:
        await self._post.group.do(key, decide)

    def _told(self) -> list[str]:
        """Return our devices that can be told something; asked for again only when they change."""
        registry = self._senses.registry
        known = (len(registry), tuple(map(id, registry.kinds.values())))
        if known != self._kinds:
            able = [bool(model.commands) for model in registry.kinds.values()]
            rows = registry.devices["kind"].tolist()
            mine = [name for name, kind in zip(registry.ids, rows, strict=False) if able[kind]]
            if len(mine) > DEVICES:
                self.troubles.append(f"only the first {DEVICES} devices fetch commands")
            self._kinds, self._devices = known, mine[:DEVICES]
        return self._devices

    def _ordered(self, order: Order) -> Made:
        """Return what taking a command in comes to."""
        mine = msgspec.structs.replace(order, by=f"{UP}{order.by}"[:200], first=State.QUEUED)
        held = self._senses.commands.given.get(order.key)
        if held is not None:
            if not held.order.by.startswith(UP):
                self.troubles.append(f"{order.key} is the key of a command that was given here")
            return [], lambda: None
        why = self._misfit(mine)
        told: list[Order | Step] = [mine]
        if why:
            told.append(Step(order.key, State.FAILED, self._clock(), self._line.name, why[:500]))
        return [(COMMANDS, encode(told))], lambda: None

    def _misfit(self, order: Order) -> str:
        try:
            declaration(self._senses, order.device, order.name, order.args)
            if order.until > order.at:
                self._senses.commands.check(order)
        except (KeyError, ValueError) as wrong:
            return str(wrong.args[0])
        return ""

    def _answered(self, told: Answer) -> Made:
        """Return what an answer to a proposal of ours comes to."""
        mine = msgspec.structs.replace(told, node=HERE, order=None)
        seen = self._senses.loops.nodes.get(HERE, {}).get(told.number)
        if seen is None or seen.answer is not None:
            return [], lambda: None
        return [(LOOPS, judged([mine]))], lambda: None
