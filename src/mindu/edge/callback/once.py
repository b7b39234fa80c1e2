"""Once: a door by which no message goes twice, whatever happens while it is sent.

A mark with the message's key is durable before anything leaves; what is marked as going, and not as
gone, may have left: it is never sent again by itself, and people call.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mindu.edge.callback.doors import Door, Message, Post, Unclear, Unsent

GOING, GONE = b"going", b"gone"
LOST = b"lost"  # gone, and the centre says that it never reached its telephone
MOST = 200_000  # marks kept; the oldest leave first, months after any answer was news
SWEPT = 1_000  # marks written between two looks at how many there are


@dataclass(slots=True)
class OnceDoor:
    """Hands messages to another door, each key once."""

    door: Door
    folder: Path
    post: Post | None = None  # tells later what became of them
    _fresh: int = 0

    @property
    def name(self) -> str:
        """How the other door is called in the log."""
        return self.door.name

    def send(self, message: Message) -> None:
        """Hand a message over unless it has gone already.

        Raises:
            Unclear: it may have gone, now or before.
            Unsent: it has not gone.
        """
        mark = self.folder / marked(message)
        if not self._marked(mark):
            return
        try:
            self.door.send(message)
        except Unclear:
            raise
        except Unsent:
            mark.unlink(missing_ok=True)
            raise
        mark.write_bytes(GONE)
        self._sweep()

    def _marked(self, mark: Path) -> bool:
        """Mark a message as going; say False where it has gone."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with mark.open("xb") as file:
                file.write(GOING)
                file.flush()
                os.fsync(file.fileno())
            _settle(self.folder)
        except FileExistsError:
            told = mark.read_bytes()
            if told == GONE:
                return False
            if told == LOST:
                raise Unclear("the centre says that it did not reach the telephone") from None
            raise Unclear("it was being sent when the line stopped, and may have gone") from None
        except OSError as wrong:
            raise Unsent(f"the folder {self.folder.name} takes no mark: {wrong}") from wrong
        return True

    def _sweep(self) -> None:
        self._fresh += 1
        if self._fresh % SWEPT:
            return
        marks = sorted(self.folder.iterdir(), key=lambda mark: mark.stat().st_mtime)
        for mark in marks[:-MOST]:
            mark.unlink(missing_ok=True)


def marked(message: Message) -> str:
    """Return the name of a message's mark."""
    return sha256(f"{message.key}|{message.to}".encode()).hexdigest()


def _settle(folder: Path) -> None:
    """Make a folder's own list of names durable."""
    line = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(line)
    finally:
        os.close(line)
