"""The feed: what the face asks of a running or stored city, and all that it may ask."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from mindu.base.records import Words
from mindu.console.board import Board

CALM = Words("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What the clock of the city says, and how it is being run."""

    now: datetime
    mode: str  # "live" | "pretend" | "replay" | "stored"
    speed: float = 1.0  # city seconds a second; 0 = as fast as it can
    ended: bool = False
    trouble: Words = CALM  # what keeps the city from being kept, if anything does


class NotDecided(ValueError):  # noqa: N818 - an answer to a person, who is told why
    """The decision was not taken; the words say why and what to do."""

    def __init__(self, says: Words) -> None:
        """Carry the reason in both languages."""
        super().__init__(says.en)
        self.says = says


class Feed(Protocol):
    """A city as the face sees it."""

    @property
    def name(self) -> Words:
        """The city's name."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The city's time zone."""
        ...

    @property
    def board(self) -> Board:
        """All that is shown."""
        ...

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while the board is read or folded."""
        ...

    def pulse(self) -> Pulse:
        """Return the time and the mode."""
        ...

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str) -> None:
        """Take a person's decision.

        Raises:
            NotDecided: it is decided already, has run out, or was never asked.
        """
        ...

    def undo(self, seq: int, *, by: str, note: str) -> None:
        """Take back what was sent, in a person's name.

        Raises:
            NotDecided: it was never sent, has no way back, or was taken back before.
        """
        ...
