"""Forecasts whose last lead has not come yet, held by their entries' numbers."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from mindu.base.records import Entry, Forecast, Settlement
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block

MOST = 512  # batches a projection may leave unsettled; older ones are given up


class Batch(msgspec.Struct):
    """What one projection forecast of one property at one instant, over all things."""

    by: str
    prop: str
    model: str
    at: datetime
    due: datetime
    seqs: list[int]


class _State(msgspec.Struct):
    batches: list[Batch] = []


class Pending:
    """The batches of forecasts that wait to be held against what happened, oldest first."""

    name = "pending"
    takes = (Forecast, Settlement)

    def __init__(self) -> None:
        """Start with nothing forecast."""
        self._batches: deque[Batch] = deque()

    def __iter__(self) -> Iterator[Batch]:
        """Walk the batches, oldest first."""
        return iter(list(self._batches))

    def due(self, now: datetime) -> list[Batch]:
        """Return the batches whose last lead has come."""
        return [batch for batch in self._batches if now >= batch.due]

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Forecast):
            self._forecast(entry, record)
        elif isinstance(record, Settlement) and record.verdict == "forecast":
            first = entry.because[0]
            for batch in self._batches:
                if batch.seqs[0] == first:
                    self._batches.remove(batch)
                    break

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(_State(list(self._batches)))

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._batches = deque(unpack(state, _State).batches)

    def _forecast(self, entry: Entry, record: Forecast) -> None:
        due = entry.at + timedelta(minutes=max(record.leads, default=0.0))
        same = (entry.by, record.prop, record.model, entry.at)
        for batch in reversed(self._batches):
            if batch.at != entry.at:
                break
            if (batch.by, batch.prop, batch.model, batch.at) == same:
                batch.seqs.append(entry.seq)
                batch.due = max(batch.due, due)
                return
        self._batches.append(Batch(*same[:3], entry.at, due, [entry.seq]))
        if len(self._batches) > MOST:
            self._batches.popleft()
