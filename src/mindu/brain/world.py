"""A world is what a brain lives in: eyes to read, a hand to send, and time that passes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from mindu.base.records import Action
from mindu.perceive.source import Happening, Reading


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The hand will not do this, and says why."""


class Hand(Protocol):
    """A gate controller, a work-order system, a person's phone."""

    def send(self, action: Action, now: datetime) -> None:
        """Carry the action out; sending twice does no more than sending once.

        Raises:
            Refused: the machine is away, jammed or the command is not one it knows.
        """
        ...


class World(Hand, Protocol):
    """A pretend city for one app: small, seeded and honest about its own physics."""

    name: str

    def step(self, span: timedelta) -> None:
        """Let `span` pass."""
        ...

    def read(self, now: datetime) -> Iterable[Reading | Happening]:
        """Return what the gauges show."""
        ...


class Shadow:
    """A hand that moves nothing: everything sent is kept, newest last, up to a limit."""

    def __init__(self, most: int = 10_000) -> None:
        """Keep at most that many."""
        self.most = most
        self.sent: list[tuple[datetime, Action]] = []

    def send(self, action: Action, now: datetime) -> None:
        """Note the action and move nothing."""
        self.sent.append((now, action))
        del self.sent[: -self.most]
