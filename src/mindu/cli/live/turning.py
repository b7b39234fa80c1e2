"""Turning: a brain and its log as a house turns and reads them."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mindu.base.records import Entry, Value
from mindu.data.block import Block


class Written(Protocol):
    """A log as the house reads it: by number, from the first."""

    def __len__(self) -> int:
        """Count the entries."""
        ...

    def __getitem__(self, seq: int) -> Entry:
        """Return one entry."""
        ...

    def since(self, seq: int) -> Iterator[Entry]:
        """Walk the log from an entry on."""
        ...

    def after(self, seq: int) -> list[Entry]:
        """Return what names an entry as its cause, oldest first."""
        ...

    def root(self, size: int | None = None) -> str:
        """Return the tree head over the first entries."""
        ...

    def inclusion(self, seq: int, size: int) -> list[str]:
        """Return the proof that an entry stands in the tree."""
        ...

    def block(self, seq: int) -> Block | None:
        """Return the readings that an entry vouches for."""
        ...


class Turning(Protocol):
    """A brain as the house turns it."""

    @property
    def log(self) -> Written:
        """The one log."""
        ...

    def tick(self) -> None:
        """Take one turn."""
        ...

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str = "") -> object:
        """Take a person's decision."""
        ...

    def undo(self, seq: int, *, by: str, note: str = "") -> object:
        """Take back what was sent."""
        ...

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> object:
        """Write down what a person did about an entry."""
        ...

    def take_back(self, seq: int, *, by: str, note: str = "") -> object:
        """Take a lesson back."""
        ...
