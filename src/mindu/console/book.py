"""The book: the log as the face asks it for proofs, and for what memory let go."""

from collections.abc import Iterator
from typing import Protocol

from mindu.base.records import Entry
from mindu.data.block import Block


class Book(Protocol):
    """A log that can be read."""

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

    def block(self, seq: int) -> Block | None:
        """Return the readings that an entry vouches for."""
        ...

    def root(self, size: int | None = None) -> str:
        """Return the tree head over the first entries."""
        ...

    def inclusion(self, seq: int, size: int) -> list[str]:
        """Return the proof that an entry stands in the tree of that size."""
        ...
