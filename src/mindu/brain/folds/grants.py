"""Who gave which loop a standing yes, and until when."""

from datetime import datetime

import msgspec

from mindu.base.records import Entry, Grant
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block


class Standing(msgspec.Struct):
    """A standing yes."""

    seq: int
    who: str
    purpose: str
    until: datetime


class _State(msgspec.Struct):
    held: dict[str, Standing] = {}


class Grants:
    """The newest standing yes of each loop; a newer one takes the place of an older."""

    name = "grants"
    takes = (Grant,)

    def __init__(self) -> None:
        """Start with nothing granted."""
        self._state = _State()

    def of(self, by: str, now: datetime) -> Standing | None:
        """Return the standing yes of that loop, if it has not run out."""
        held = self._state.held.get(by)
        return held if held is not None and now < held.until else None

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Grant):
            self._state.held[entry.about] = Standing(
                entry.seq, record.who, record.purpose, record.until
            )

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)
