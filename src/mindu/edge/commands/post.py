"""The post: takes commands in from those who may give them, and hands each to its device."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec
import numpy as np

from mindu.base.records import Authority, Value
from mindu.data.senses.beside.commands import Given, Order, State, encode
from mindu.data.senses.beside.folds import COMMANDS
from mindu.data.senses.senses import Senses
from mindu.edge.group import Frames, Group
from mindu.edge.keys import Caller
from mindu.perceive.declare import HEARD, STAGES, Command

PAGE = 20  # commands handed over at once
TICK = 1.0  # s between looks for what expired or is due again
BRAIN = "brain"
_TOLD = {State.ACKNOWLEDGED, State.DONE, State.FAILED}  # what a device may say
Made = tuple[Frames, Callable[[], Given]]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command as it is asked for. `within`: s that it may wait."""

    key: str
    command: str
    args: dict[str, Value] = {}
    within: float = 3600.0


class Post:
    """The commands of one store."""

    def __init__(self, senses: Senses, group: Group, clock: Callable[[], int]) -> None:
        """Serve this store; `clock` says the epoch ms."""
        self.senses, self.group, self._clock = senses, group, clock
        self.commands = senses.commands
        self.news = asyncio.Event()  # set when something may be due; whoever waits takes a new one
        self.pushes: list[Callable[[], Awaitable[None]]] = []  # lines that hand over by themselves

    # -- giving ----------------------------------------------------------------------------

    async def give(self, device: str, asked: Asked, by: str) -> Given:
        """Take a command in; the same key again is the same command.

        Raises:
            KeyError: no such device, or it knows no such command.
            ValueError: the arguments do not fit, or the device is not in service.
        """
        found = await self.group.do(device, lambda: self._given(device, asked, by))
        self.wake()
        return found

    def _given(self, device: str, asked: Asked, by: str) -> Made:
        declared, now = declaration(self.senses, device, asked.command, asked.args), self._clock()
        if declared.authority is Authority.ADVISE and by != BRAIN:
            raise ValueError(f"{asked.command} goes out by the hand of a brain only")
        first = State.QUEUED
        if declared.authority is Authority.CONFIRM and by != BRAIN:
            first = State.ASKED
        until = now + round(min(max(asked.within, 0), 1e7) * 1000)
        order = Order(
            asked.key, device, asked.command, asked.args, by, now, until, declared.once, first
        )
        held = self.commands.check(order)
        frames = [] if held is not None else [(COMMANDS, encode([order]))]
        return frames, lambda: self.commands.given[asked.key]

    async def answer(self, key: str, by: str, *, yes: bool) -> Given:
        """Say yes or no to a command that waits for it; who gave it cannot say yes.

        Raises:
            KeyError: there is no such command.
            ValueError: it does not wait for an answer, or not for this one's.
        """

        def decide() -> Made:
            held = self.commands.given.get(key)
            if held is not None and held.state is State.HANDED:
                raise ValueError(f"{key} is at the edge node {held.node} already: ask there")
            if held is not None and yes and held.order.by == by:
                raise ValueError("who gave a command cannot say yes to it: ask another")
            state = State.QUEUED if yes else State.REFUSED
            return self._step(key, state, by, "")

        found = await self.group.do(self._device(key), decide)
        self.wake()
        return found

    # -- handing over ----------------------------------------------------------------------

    async def take(self, devices: Sequence[str], by: str) -> list[Given]:
        """Return what is due for these devices, each written down as sent before it goes.

        What is suspended or retired is told nothing, also of what was given before.
        """
        now = self._clock()
        serve = [d for d in devices if in_service(self.senses, d)]
        due = [it.order.key for d in serve for it in self.commands.due(d, now)][:PAGE]
        sent = [await self._sent(key, by) for key in due]
        return [it for it in sent if it is not None]

    async def _sent(self, key: str, by: str) -> Given | None:
        try:
            return await self.group.do(
                self._device(key), lambda: self._step(key, State.SENT, by, "")
            )
        except ValueError:
            return None  # another line was quicker

    async def say(self, key: str, state: State, by: str, note: str = "") -> Given:
        """Take in what a device says became of a command; the same news twice is told once.

        Raises:
            KeyError: there is no such command.
            ValueError: it cannot come to that state.
        """
        if state not in _TOLD:
            raise ValueError(f"a device says acknowledged, done or failed, not {state}")

        def decide() -> Made:
            held = self.commands.given.get(key)
            if held is not None and held.state is state:
                return [], lambda: held
            return self._step(key, state, by, note)

        return await self.group.do(self._device(key), decide)

    def _step(self, key: str, state: State, by: str, note: str) -> Made:
        step = self.commands.step(key, state, at=self._clock(), by=by, note=note)
        return [(COMMANDS, encode([step]))], lambda: self.commands.given[key]

    def _device(self, key: str) -> str:
        held = self.commands.given.get(key)
        return held.order.device if held is not None else key

    # -- time ------------------------------------------------------------------------------

    def wake(self) -> None:
        """Tell all who wait that something may be due."""
        self.news.set()
        self.news = asyncio.Event()

    async def run(self) -> None:
        """Let what waited too long expire, and hand over again what nobody acknowledged."""
        while True:
            over = self.commands.over(self._clock())
            if over:
                await self.group.do("", self._expired)
            for push in self.pushes:
                await push()
            news = self.news
            try:
                async with asyncio.timeout(TICK):
                    await news.wait()
            except TimeoutError:
                continue

    def _expired(self) -> tuple[Frames, Callable[[], None]]:
        over = self.commands.over(self._clock())
        return ([(COMMANDS, encode(over))] if over else []), lambda: None


def declaration(senses: Senses, device: str, name: str, args: Mapping[str, object]) -> Command:
    """Return the declaration of a command that a device can be told with these arguments.

    Raises:
        KeyError: no such device, or its kind knows no such command.
        ValueError: the arguments do not fit, or it is not in service.
    """
    found = senses.registry.device(device)
    if found.stage not in HEARD:
        raise ValueError(f"{device} is {found.stage}: it is told nothing")
    known = senses.registry.kinds[found.kind].commands
    declared = next((it for it in known if it.name == name), None)
    if declared is None:
        raise KeyError(f"{found.kind} knows no command {name!r}; declare it with its kind")
    why = declared.misfit(args)
    if why:
        raise ValueError(why)
    return declared


def in_service(senses: Senses, device: str) -> bool:
    """Say whether a device is told anything."""
    row = senses.registry.numbers.get(device)
    return row is None or STAGES[senses.registry.devices["stage"][row]] in HEARD


def may(caller: Caller, senses: Senses, device: str) -> bool:
    """Say whether a caller speaks for a device."""
    row = senses.registry.numbers.get(device)
    if row is None:
        return False
    return caller.allowed is None or bool(caller.allowed(np.array([row]))[0])
