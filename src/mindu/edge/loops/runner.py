"""The local loops of a node: each hears its gauges, and judges under the store's lock.

What a loop judges and the command that it gives become durable together, before any door may hand
the command over. So after a kill it is known what was decided, and nothing is decided twice.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from mindu.base.records import Authority
from mindu.data.senses.beside.commands import WAITING, Order, State, Step, encode
from mindu.data.senses.beside.folds import COMMANDS, LOOPS
from mindu.data.senses.beside.loops import BY, Did, Finds, Judged
from mindu.data.senses.beside.loops import encode as judged
from mindu.data.senses.beside.words import LOWEST
from mindu.data.senses.frame import Frame
from mindu.data.senses.memory.reads import window
from mindu.data.senses.now import NEVER
from mindu.data.senses.tail import NO_ROWS
from mindu.edge.commands.post import Post, declaration
from mindu.edge.group import Frames
from mindu.edge.loops.declared import Loop
from mindu.edge.loops.judge import Aim, Sight, View, did, found, seen, why
from mindu.perceive.quality import Quality

TOLD = 100  # troubles that are remembered
AGAIN = 20_000  # newest readings of one gauge that are judged by again at the start
TICK = 1.0  # s between looks at what went stale, or may be done by now
DOUBTED = ~np.uint8(Quality.GAP)  # a reading after a gap is good; all else is not believed
_FIRST = (Finds.CALM, Did.NOTHING, False)  # where a loop stands that never said anything


class Runner:
    """Runs loops over one store."""

    def __init__(
        self, name: str, loops: Sequence[Loop], post: Post, clock: Callable[[], int]
    ) -> None:
        """Go on where the journal says each loop stands. `name`: the node's; `clock`: epoch ms."""
        self.name, self.loops = name, tuple(loops)
        self._post, self._senses, self._clock = post, post.senses, clock
        self._started = clock()
        self.troubles: deque[str] = deque(maxlen=TOLD)
        self._heard = asyncio.Event()
        self._on: asyncio.AbstractEventLoop | None = None
        self._views = {loop.name: self._view(loop) for loop in self.loops}
        if self.loops:
            self._senses.intake.heard.append(self.hear)

    def close(self) -> None:
        """Hear no more."""
        if self.hear in self._senses.intake.heard:
            self._senses.intake.heard.remove(self.hear)

    # -- hearing ---------------------------------------------------------------------------

    def _view(self, loop: Loop) -> View:
        """Return what is known of a loop's gauges at the start, by the readings of its last hold.

        What was heard while nobody judged counts, so the time beyond goes on over a restart.
        """
        held = self._senses.loops.standing(loop.name).last
        latched = held is not None and held.latched
        view = View((Sight(),) * len(loop.gauges), NEVER, latched)
        back = round((loop.hold + 2 * loop.stale) * 1000)
        read: list[tuple[int, int, float]] = []
        for which, series in enumerate(self._series(loop)):
            if not 0 <= series < len(self._senses.now.columns):
                continue
            until = int(self._senses.now.columns["at"][series])
            rows = window(self._senses, series, until - back, until) if until != NEVER else NO_ROWS
            good = np.flatnonzero(((rows.quality & DOUBTED) == 0) & (rows.value > LOWEST))[-AGAIN:]
            read += [(int(rows.at[i]), which, float(rows.value[i])) for i in good.tolist()]
        for at, which, value in sorted(read):
            view = seen(loop, view, which, at, value)
        return view

    def _series(self, loop: Loop) -> list[int]:
        registry = self._senses.registry
        return [registry.one(it.device, it.prop) if it.device in registry.numbers else -1
                for it in loop.gauges]  # fmt: skip

    def hear(self, frame: Frame) -> None:
        """Hear a frame that counts; what we fail on never stops the intake."""
        try:
            self._hear(frame)
        except Exception as wrong:  # noqa: BLE001 - a loop must not stop the intake
            self.troubles.append(f"{type(wrong).__name__}: {wrong}")

    def _hear(self, frame: Frame) -> None:
        good = ((frame.quality & DOUBTED) == 0) & (frame.value > LOWEST)  # a word is beyond nothing
        for loop in self.loops:
            mine = self._series(loop)
            rows = np.flatnonzero(np.isin(frame.series, mine) & good)
            for row in rows[np.argsort(frame.at[rows], kind="stable")].tolist():
                which = mine.index(int(frame.series[row]))
                view, at = self._views[loop.name], int(frame.at[row])
                self._views[loop.name] = seen(loop, view, which, at, float(frame.value[row]))
        if self._on is not None and not self._on.is_closed():
            self._on.call_soon_threadsafe(self._heard.set)

    # -- judging ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Judge whenever something was heard, and once in a while."""
        self._on = asyncio.get_running_loop()
        while self.loops:
            await self.look()
            self._heard.clear()
            try:
                async with asyncio.timeout(TICK):
                    await self._heard.wait()
            except TimeoutError:
                continue
        await asyncio.Event().wait()  # a node without loops has nothing to do here

    async def look(self) -> None:
        """Judge all loops once."""
        now = self._clock()
        if await self._post.group.do("loops", lambda: self._decide(now)):
            self._post.wake()

    def _decide(self, now: int) -> tuple[Frames, Callable[[], bool]]:
        told = [it for loop in self.loops if (it := self._judge(loop, now)) is not None]
        first = self._senses.loops.next(now)
        numbered = [self._numbered(loop, it, first + i) for i, (loop, it) in enumerate(told)]
        frames: Frames = [(LOOPS, judged(numbered))] if numbered else []
        steps = self._withdrawn(now)
        frames += [(COMMANDS, encode(steps))] if steps else []
        return frames, lambda: bool(frames)

    def _judge(self, loop: Loop, now: int) -> tuple[Loop, Judged] | None:
        view, standing = self._views[loop.name], self._senses.loops.standing(loop.name)
        finds = found(loop, view, now, self._started)
        if finds is None:
            return None
        aim = self._aim(loop, now) if finds is Finds.PASSED else Aim(auto=False)
        done = did(loop, finds, standing, aim, now)
        last = standing.last
        before = (last.finds, last.did, last.latched) if last is not None else _FIRST
        if before == (finds, done, view.latched):
            return None
        return loop, Judged(
            0, loop.name, now, finds, done, view.latched, loop.device, loop.prop,
            max(view.read, 0), None if view.read == NEVER else view.value, loop.target,
            loop.command, loop.args, why(loop, view, finds, done, aim),
        )  # fmt: skip

    def _numbered(self, loop: Loop, it: Judged, number: int) -> Judged:
        """Return a judgement with its number, and with its command if it gives one."""
        served = self._senses.loops.standing(loop.name).served
        if it.did is not Did.ACTED or served is not Did.NOTHING:
            return msgspec.structs.replace(it, number=number)
        once = declaration(self._senses, loop.target, loop.command, loop.args).once
        until = it.at + round(loop.within * 1000)
        key, by = f"edge-{self.name[:80]}-{number}", f"{BY}{loop.name}"
        order = Order(key, loop.target, loop.command, loop.args, by, it.at, until, once)
        return msgspec.structs.replace(it, number=number, order=order)

    def _aim(self, loop: Loop, now: int) -> Aim:
        """Return what stands against telling a loop's target so."""
        try:
            declared = declaration(self._senses, loop.target, loop.command, loop.args)
        except (KeyError, ValueError) as wrong:
            return Aim(auto=False, unfit=str(wrong.args[0]))
        if len(self._senses.commands.of(loop.target)) >= WAITING:
            return Aim(auto=False, unfit=f"{WAITING} commands wait for it already")
        auto = declared.authority is Authority.AUTO
        return Aim(auto, held=self._theirs(loop.target, now))

    def _theirs(self, target: str, now: int) -> str:
        """Return the key of a command by anybody but our loops that holds; empty if none does."""
        loops = self._senses.loops
        holding = self._senses.commands.holding(target, now)
        return next((it.order.key for it in holding if not loops.ours(it.order.key)), "")

    def _withdrawn(self, now: int) -> list[Step]:
        """Return the steps that take back what we ordered, and somebody else orders otherwise."""
        found = []
        for target in {loop.target for loop in self.loops}:
            for held in self._senses.commands.of(target):
                ours = self._senses.loops.ours(held.order.key) and held.state is State.QUEUED
                theirs = self._theirs(target, now) if ours else ""
                if theirs:
                    note = f"the command {theirs} from elsewhere holds"
                    found.append(Step(held.order.key, State.REFUSED, now, self.name, note))
        return found
