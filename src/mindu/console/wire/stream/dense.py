"""Dense points pushed as bytes: one frame for all who watch the same, and never but the newest."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from mindu.console.answers import points
from mindu.console.ask import Ask
from mindu.console.looks import Looks

EACH_S = 0.5  # s between two frames at least: twice a second
BEAT = 30  # looks without a change after which the same is shown again: the line is alive
HEAD = struct.Struct("<I16s")  # bytes that follow, and the tag of the list that names the points

Wanted = tuple[str, str]  # kind, property


@dataclass(slots=True)
class Channel:
    """What all who want the same are shown."""

    frame: bytes = b""
    number: int = 0
    quiet: int = 0
    watched: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, frame: bytes) -> None:
        """Show a frame, and wake whoever waits."""
        self.frame, self.number, self.quiet = frame, self.number + 1, 0
        woken, self.moved = self.moved, asyncio.Event()
        woken.set()


class Dense:
    """Draws each wanted set of points twice a second at most, where something changed."""

    def __init__(self, looks: Looks, *, viewers: int) -> None:
        """Know nobody yet."""
        self._looks, self._most = looks, viewers
        self._channels: dict[Wanted, Channel] = {}

    @property
    def full(self) -> bool:
        """Say whether one viewer more would be too many."""
        return sum(c.watched for c in self._channels.values()) >= self._most

    async def run(self) -> None:
        """Draw until cancelled."""
        never = asyncio.Event()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(never.wait(), timeout=EACH_S)
            self.draw()

    def draw(self) -> None:
        """Show what changed to whoever watches."""
        for wanted, channel in self._channels.items():
            frame, channel.quiet = self._frame(wanted), channel.quiet + 1
            if frame is not channel.frame or channel.quiet >= BEAT:
                channel.put(frame)

    async def watch(self, kind: str, prop: str) -> AsyncIterator[bytes]:
        """Yield frames to one viewer, who is shown the newest whenever there is room for it."""
        wanted = (kind, prop)
        channel = self._channels.setdefault(wanted, Channel())
        channel.watched += 1
        try:
            channel.frame = channel.frame or self._frame(wanted)
            while True:
                number = channel.number
                yield channel.frame
                while channel.number == number:
                    await channel.moved.wait()
        finally:
            channel.watched -= 1
            if not channel.watched:
                self._channels.pop(wanted, None)

    def _frame(self, wanted: Wanted) -> bytes:
        kind, prop = wanted
        with self._looks.feed.lock:
            look = self._looks.at("", "en")
            body, tag = points.points(look, Ask({"kind": kind, "prop": prop}))
            ready = look.board.ready
            return ready.take(
                ("frame", kind, prop), body, lambda: HEAD.pack(len(body), tag.encode()) + body
            )
