"""Handing down: an edge node fetches the commands of its devices and the answers to its loops.

A command that a node fetches is first written down as handed to that node, under a number, and then
told; it is told again until the node says that it has it. Nobody else gets it meanwhile.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.data.senses.beside.commands import NEXT, Given, State, Step, encode
from mindu.data.senses.beside.down import Handed, Has, Item
from mindu.data.senses.beside.down import encode as downed
from mindu.data.senses.beside.folds import COMMANDS, DOWN
from mindu.edge.commands.post import Post, may
from mindu.edge.group import Frames
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import read
from mindu.edge.keys import Caller, Keys

PAGE = 100  # commands and answers of one answer
LONGEST = 60.0  # s that an ask may wait
DEVICES = 20_000  # devices behind one node that can be told something
NAME = 200  # characters of a node's name


class Fetch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A node asks: it has everything up to `after`, and these devices that can be told something.

    `wait`: s that the answer may wait for news.
    """

    node: str
    after: int = 0
    devices: list[str] = []
    wait: float = 0.0


_FETCH = msgspec.json.Decoder(Fetch)


class Handing:
    """What may be fetched by nodes below."""

    def __init__(self, post: Post, clock: Callable[[], int]) -> None:
        """Hand down what this post has."""
        self._post, self._senses, self._clock = post, post.senses, clock

    async def fetch(self, request: Request) -> dict[str, Any]:
        """Hand over what is due, waiting a while for it if nothing is."""
        asked, caller = read(_FETCH, request.state.body), request.state.caller
        node = named(caller, asked.node)
        if len(asked.devices) > DEVICES:
            raise Unfit(413, f"a node has at most {DEVICES} devices that can be told something")
        if not 0 <= asked.after < 1 << 53:
            raise Unfit(422, "`after` is the number of the last thing that you have")
        loop = asyncio.get_running_loop()
        end = loop.time() + min(max(asked.wait, 0.0), LONGEST)
        await self._has(node, asked.after)
        while True:
            news = self._post.news
            await self._hand(node, caller, asked.devices)
            items = self._items(node, asked.after)
            left = end - loop.time()
            if items or left <= 0:
                return {"items": items, "now": self._clock()}
            try:
                async with asyncio.timeout(left):
                    await news.wait()
            except TimeoutError:
                continue

    def _items(self, node: str, after: int) -> list[Item]:
        with self._senses.lock:
            return self._senses.down.after(node, after)[:PAGE]

    async def _has(self, node: str, number: int) -> None:
        """Note that a node has everything up to a number, and let that go."""
        down = self._senses.down

        def decide() -> tuple[Frames, Callable[[], None]]:
            news = number > down.has.get(node, 0) and node in down.known
            return ([(DOWN, downed([Has(node, number)]))] if news else []), lambda: None

        await self._post.group.do(f"down {node}", decide)

    async def _hand(self, node: str, caller: Caller, devices: Sequence[str]) -> None:
        """Write down what is due for a node's devices as handed to it."""
        waiting = set(self._post.commands.waiting())
        mine = [d for d in devices if d in waiting and may(caller, self._senses, d)]
        due = [it for d in mine for it in self._post.commands.due(d, self._clock())]
        keys = [it.order.key for it in due if it.state is State.QUEUED][:PAGE]
        for key in keys:
            try:
                await self._post.group.do(self._device(key), partial(self._handed, node, key))
            except ValueError:
                return  # another line was quicker, or the node has enough to fetch already

    def _handed(self, node: str, key: str) -> tuple[Frames, Callable[[], None]]:
        now = self._clock()
        step = self._post.commands.step(key, State.HANDED, at=now, by=node)
        told = Handed(node, self._senses.down.next(node, now), key)
        return [(COMMANDS, encode([step])), (DOWN, downed([told]))], lambda: None

    def _device(self, key: str) -> str:
        return self._post.commands.given[key].order.device


def stepped(held: Given, node: str, step: Step) -> Frames:
    """Return what a node's news of a command that it was handed comes to; stale news to nothing.

    Raises:
        ValueError: the command was not handed to that node.
    """
    if held.node != node:
        raise ValueError(f"the command {step.key!r} was not handed to {node}")
    if step in held.steps or step.state not in NEXT[held.state]:
        return []
    return [(COMMANDS, encode([step]))]


def named(caller: Caller, node: str) -> str:
    """Return what a node is known by: its key's name and its own.

    Raises:
        Unfit: it has no name, or a long one.
    """
    if not 0 < len(node) <= NAME:
        raise Unfit(422, f"a node has a name of 1 to {NAME} characters")
    return f"{caller.source}/{node}"


def handing(post: Post, keys: Keys, clock: Callable[[], int]) -> list[Route]:
    """Return the route by which nodes below fetch."""
    guard = Guard(keys, "sends")
    return [Route("/v1/down", guard(Handing(post, clock).fetch), methods=["POST"])]
