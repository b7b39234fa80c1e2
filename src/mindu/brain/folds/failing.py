"""Which parts of the brain fail now, so that one failure is said once and not every turn."""

from datetime import datetime

import msgspec

from mindu.base.records import Entry, Event
from mindu.base.time import HOUR
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block

FAILED, RECOVERED = "failed", "recovered"
AGAIN = HOUR  # a failure that lasts is said again this often


class Failure(msgspec.Struct):
    """What failed, and when that was last said."""

    at: datetime
    error: str


class _State(msgspec.Struct):
    now: dict[str, Failure] = {}


class Failing:
    """The parts that fail now, by how they sign."""

    name = "failing"
    takes = (Event,)

    def __init__(self) -> None:
        """Start with everything sound."""
        self._state = _State()

    def __contains__(self, by: object) -> bool:
        """Say whether that part fails now."""
        return by in self._state.now

    def said(self, by: str, error: str, now: datetime) -> bool:
        """Say whether that failure was told lately in the same words."""
        held = self._state.now.get(by)
        return held is not None and held.error == error and now < held.at + AGAIN

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if not isinstance(record, Event) or record.name not in {FAILED, RECOVERED}:
            return
        if record.name == RECOVERED:
            self._state.now.pop(entry.by, None)
        elif entry.about == entry.by:  # a fault about one thing only is said each time
            error = record.args.get("error")
            self._state.now[entry.by] = Failure(entry.at, str(error))

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)
