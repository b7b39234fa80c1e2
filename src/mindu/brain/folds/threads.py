"""Which segment a reading came in by, so that a judgement can name its cause in the log."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from mindu.base.records import Entry, Segment
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block

RECENT = 256  # segments remembered: what is judged rests on the last hours


class Span(msgspec.Struct, array_like=True):
    """A segment and the times its readings lie between."""

    seq: int
    first: datetime
    last: datetime


class _State(msgspec.Struct):
    recent: list[Span] = []


class Threads:
    """The newest segments."""

    name = "threads"
    takes = (Segment,)

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._state = _State()

    def newest(self) -> tuple[int, ...]:
        """Return the entry of the newest segment, or nothing."""
        return (self._state.recent[-1].seq,) if self._state.recent else ()

    def of(self, times: Iterable[datetime]) -> tuple[int, ...]:
        """Return the newest segments that cover those times, each once, in order."""
        found = set()
        for at in set(times):
            for span in reversed(self._state.recent):
                if span.first <= at <= span.last:
                    found.add(span.seq)
                    break
        return tuple(sorted(found))

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Segment) and record.count:
            recent = self._state.recent
            recent.append(Span(entry.seq, record.first, record.last))
            del recent[:-RECENT]

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)
