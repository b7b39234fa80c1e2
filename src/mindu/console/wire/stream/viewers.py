"""Viewers: who keeps up is written to at once, all the same bytes; others have their own pace."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from mindu.console.wire.stream.line import piece
from mindu.console.wire.stream.ring import Ring

PIECE = 1 << 16  # bytes handed over at once; a line that is held up holds little more than that


@dataclass(slots=True, eq=False)
class Viewer:
    """One viewer: up to where it was told, and its line where pieces may go straight to it."""

    at: int
    line: asyncio.Transport | None = None
    waits: bool = False  # for news, with nothing of it on the way
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Viewers:
    """Passes on what is told: a wake-up for each viewer costs five times what the write does."""

    def __init__(self, ring: Ring) -> None:
        """Know nobody yet."""
        self._ring = ring
        self._all: set[Viewer] = set()

    def __len__(self) -> int:
        """Count the viewers."""
        return len(self._all)

    def enter(self, line: asyncio.Transport | None) -> Viewer:
        """Let one in, who has been told all there is."""
        viewer = Viewer(self._ring.end, line)
        self._all.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Let one go."""
        self._all.discard(viewer)

    def tell(self, message: bytes) -> None:
        """Tell all: straight where the line is free, else by the viewer's own task."""
        self._ring.put(message)
        sent = piece(message)
        for viewer in self._all:
            if not viewer.waits:
                continue
            line = viewer.line
            if line is None or line.is_closing() or line.get_write_buffer_size():
                viewer.waits = False
                viewer.woken.set()
                continue
            line.write(sent)
            viewer.at = self._ring.end

    async def news(self, viewer: Viewer) -> bytes | None:
        """Return the next piece that did not go straight to its line; None where it lags."""
        while viewer.at >= self._ring.end:
            viewer.woken.clear()
            viewer.waits = True
            await viewer.woken.wait()
        told = self._ring.since(viewer.at, PIECE)
        body, viewer.at = told if told is not None else (None, self._ring.end)
        return body


def cut(frames: Iterable[bytes]) -> list[bytes]:
    """Return frames as messages that are no bigger than a piece, where no frame is."""
    messages: list[bytes] = []
    held: list[bytes] = []
    size = 0
    for frame in frames:
        if held and size + len(frame) > PIECE:
            messages.append(b"".join(held))
            held, size = [], 0
        held.append(frame)
        size += len(frame)
    return [*messages, b"".join(held)] if held else messages
