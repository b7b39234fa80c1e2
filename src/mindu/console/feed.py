"""The feed: what the face asks of a running or stored city, and all that it may ask."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from mindu.base.records import Value, Words
from mindu.console.board import Board
from mindu.console.book import Book
from mindu.console.contract.ahead import Futures, Job, Wish
from mindu.console.contract.learning import NightInfo
from mindu.console.declared import City, Map
from mindu.console.maps.kept import Maps
from mindu.console.modelling.modelling import Modelling

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


class Ahead(Protocol):
    """Looks ahead: starts forks of the city, and keeps what came of them."""

    def start(self, wish: Wish, *, by: str) -> Job:
        """Start one.

        Raises:
            ValueError: it cannot be lived, or too many run already.
        """
        ...

    def jobs(self) -> list[Job]:
        """Return all, the newest first."""
        ...

    def cancel(self, job: str) -> Job:
        """End one that runs; what is over stays as it is.

        Raises:
            KeyError: there is none of that name.
        """
        ...

    def futures(self, job: str) -> Futures | None:
        """Return what came of one that is done."""
        ...


class Nights(Protocol):
    """Knows the nights that were lived before and are kept."""

    def listed(self) -> Sequence[NightInfo]:
        """Return all, the newest first."""
        ...

    def open(self, name: str) -> "Feed":
        """Return one as a feed at rest.

        Raises:
            KeyError: there is none of that name.
        """
        ...


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
    def city(self) -> City:
        """What is declared of it."""
        ...

    @property
    def board(self) -> Board:
        """All that is shown."""
        ...

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while the board is read or folded."""
        ...

    @property
    def book(self) -> Book | None:
        """The log, where there is one to prove by."""
        ...

    @property
    def ahead(self) -> Ahead | None:
        """Who looks ahead, where somebody can."""
        ...

    @property
    def nights(self) -> Nights | None:
        """Who keeps nights lived before, where somebody does."""
        ...

    @property
    def maps(self) -> Maps | None:
        """Who keeps base maps that people bring in, where somebody does."""
        ...

    @property
    def modelling(self) -> Modelling | None:
        """Where processes and decisions are drawn, where some run."""
        ...

    def pulse(self) -> Pulse:
        """Return the time and the mode."""
        ...

    def listen(self, told: Callable[[], None]) -> Callable[[], None]:
        """Call `told` after every turn, from any thread; return what ends that."""
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

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> None:
        """Write down what a person did about an entry.

        Raises:
            NotDecided: nothing can be written to this city.
        """
        ...

    def take_back(self, seq: int, *, by: str, note: str) -> None:
        """Take a lesson back, in a person's name.

        Raises:
            NotDecided: it is no lesson, or its parameter has moved on since.
        """
        ...


def maps_of(feed: Feed) -> Sequence[Map]:
    """Return every base map of a city."""
    return feed.maps.listed() if feed.maps else feed.city.maps
