"""Marks: every so many entries, what must be known to begin a look at the past there."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass

EVERY = 4_096  # entries between two marks, until there are too many
MOST = 128  # marks held
WEIGHT = 64 << 20  # bytes of them all
NUMBER = 8  # bytes of one entry's number

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What was known when an entry was the newest."""

    seq: int
    latest: "array[int]"  # the entry behind each key, in the order of the keys
    scores: bytes
    count: int  # readings stored by segments
    refused: int

    @property
    def weight(self) -> int:
        """Return about how many bytes it holds."""
        return NUMBER * len(self.latest) + len(self.scores)


class Marks:
    """The marks of one board; when they grow too many, every other one is let go."""

    def __init__(self) -> None:
        """Start with none."""
        self.every = EVERY
        self.keys: list[Key] = []
        self._index: dict[Key, int] = {}
        self._latest = array("q")
        self._held: list[Mark] = []

    def __len__(self) -> int:
        """Count the marks."""
        return len(self._held)

    def note(self, key: Key, seq: int) -> None:
        """Take down which entry a key now stands at."""
        here = self._index.get(key)
        if here is None:
            self._index[key] = len(self.keys)
            self.keys.append(key)
            self._latest.append(seq)
        else:
            self._latest[here] = seq

    def due(self, seq: int) -> bool:
        """Say whether a mark belongs behind an entry."""
        return (seq + 1) % self.every == 0

    def put(self, seq: int, *, scores: bytes, count: int, refused: int) -> None:
        """Put a mark behind an entry."""
        self._held.append(Mark(seq, self._latest[:], scores, count, refused))
        while len(self._held) > 1 and (
            len(self._held) > MOST or sum(mark.weight for mark in self._held) > WEIGHT
        ):
            self.every *= 2
            self._held = [mark for mark in self._held if self.due(mark.seq)]

    def before(self, seq: int) -> Mark | None:
        """Return the last mark at or before an entry."""
        here = bisect_right(self._held, seq, key=lambda mark: mark.seq)
        return self._held[here - 1] if here else None
