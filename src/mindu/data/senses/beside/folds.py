"""What is kept beside the readings: states folded from frames of the journal, each of its kind."""

from collections.abc import Mapping
from typing import Protocol

# kinds of frames; 1 and 2 are readings and deeds
COMMANDS, ENTITIES, KEEPING, LOOPS, DOWN, FENCES, AMENDED, WORDS = 3, 4, 5, 6, 7, 8, 9, 10


class Fold(Protocol):
    """A state that is computed from the journal alone, and kept with the snapshot."""

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        ...

    def dump(self) -> bytes:
        """Return the state."""
        ...

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        ...


Folds = Mapping[int, Fold]
