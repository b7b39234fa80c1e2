"""When the brain last took its turn, so that a restarted one goes on at the right beat."""

from datetime import UTC, datetime, timedelta

import msgspec

from mindu.base.records import Entry, Event
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block

TURN = "turn"
STOPPED = "clock failed"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _State(msgspec.Struct):
    last: datetime | None = None
    stopped: bool = False


class Turns:
    """The last turn; a loop is due once the clock has passed a multiple of its `every`."""

    name = "turns"
    takes = (Event,)

    def __init__(self) -> None:
        """Start before the first turn."""
        self._state = _State()

    @property
    def last(self) -> datetime | None:
        """Return when the last turn was taken."""
        return self._state.last

    @property
    def stopped(self) -> bool:
        """Say whether the clock ran back and has not caught up since."""
        return self._state.stopped

    def due(self, every: timedelta, now: datetime) -> bool:
        """Say whether what runs every so often is due."""
        last = self._state.last
        return last is None or (now - _EPOCH) // every > (last - _EPOCH) // every

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Event):
            if record.name == TURN:
                self._state.last, self._state.stopped = entry.at, False
            elif record.name == STOPPED:
                self._state.stopped = True

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)
