"""A fold is a state computed from the log alone; snapshots make its start fast, never its truth."""

from collections.abc import Callable, Sequence
from typing import Protocol

from mindu.base.records import Entry, Record, Segment
from mindu.data.block import Block
from mindu.data.log import Log

__all__ = ["Block", "Fold", "Folds", "rebuilt"]

EVERY = 20_000  # entries between snapshots; a hundred readings weigh as much as an entry
READINGS = 100
HEAVIEST = 256 << 20  # bytes of one snapshot; a bigger state is rebuilt from the log


class Fold(Protocol):
    """A state that takes in one entry after the other."""

    name: str

    @property
    def takes(self) -> tuple[type[Record], ...]:
        """Every kind of record that it takes in; no other is brought to it."""
        ...

    def fold(self, entry: Entry, block: Block | None) -> None:
        """Take one entry into account, with the readings of a segment."""
        ...

    def dump(self) -> bytes:
        """Return the state, the same bytes for the same state."""
        ...

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave.

        Raises:
            ValueError: the bytes are no state of this fold.
        """
        ...


class Folds:
    """Every fold of one log, kept in step with it and with their snapshots."""

    def __init__(self, log: Log, folds: Sequence[Fold], *, every: int = EVERY) -> None:
        """Bring every fold up to the log's end, from its newest whole snapshot."""
        names = [fold.name for fold in folds]
        assert len(set(names)) == len(names), f"two folds share a name: {names}"
        self._log, self._folds, self._every = log, list(folds), every
        self._takers: dict[type[Record], tuple[Fold, ...]] = {}  # by kind, as they come
        self.notes: list[str] = []  # what could not be taken from a snapshot, and why
        since = {fold.name: self._restore(fold) for fold in folds}
        self._next = self._weight = 0
        self._catch_up(since)

    def take(self, entry: Entry, block: Block | None = None) -> None:
        """Fold one entry that was just written, in order."""
        assert entry.seq == self._next, f"entry {entry.seq} came where {self._next} belongs"
        self._next += 1
        for fold in self._taking(type(entry.record)):
            fold.fold(entry, block)
        self._weight += 1 + (len(block) // READINGS if block is not None else 0)
        if self._weight >= self._every:
            self.keep()

    def keep(self) -> None:
        """Keep a snapshot of every fold now."""
        for fold in self._folds:
            state = fold.dump()
            if len(state) <= HEAVIEST:
                self._log.keep(fold.name, self._next, state)
            else:
                self.notes.append(f"{fold.name} is too big to keep: {len(state) >> 20} MB")
        self._weight = 0

    def _taking(self, kind: type[Record]) -> tuple[Fold, ...]:
        """Return the folds that take in a kind of record, in their order."""
        found = self._takers.get(kind)
        if found is None:
            found = tuple(fold for fold in self._folds if kind in fold.takes)
            self._takers[kind] = found
        return found

    def _restore(self, fold: Fold) -> int:
        """Take up the newest snapshot that is whole and fits; return how far it reaches."""
        blank = fold.dump()
        for seq, state in self._log.snapshots(fold.name):
            wrong = "it is damaged" if state is None else _taken_up(fold, state)
            if not wrong:
                return seq
            fold.load(blank)
            self.notes.append(f"the snapshot of {fold.name} at entry {seq} was left: {wrong}")
        return 0

    def _catch_up(self, since: dict[str, int]) -> None:
        self._next = min(since.values(), default=len(self._log))
        for entry in self._log.since(self._next):
            block = self._log.block(entry.seq) if _has_block(entry) else None
            for fold in self._taking(type(entry.record)):
                if entry.seq >= since[fold.name]:
                    fold.fold(entry, block)
            self._next = entry.seq + 1
            self._weight += 1 + (len(block) // READINGS if block is not None else 0)


def _taken_up(fold: Fold, state: bytes) -> str:
    """Let a fold take up a state; return why it would not."""
    try:
        fold.load(state)
    except ValueError as wrong:
        return str(wrong)
    return ""


def rebuilt(log: Log, make: Callable[[], Fold]) -> Fold:
    """Return a fold computed from the first entry on, snapshots left aside: for checks."""
    fold = make()
    for entry in log:
        fold.fold(entry, log.block(entry.seq) if _has_block(entry) else None)
    return fold


def _has_block(entry: Entry) -> bool:
    return isinstance(entry.record, Segment)
