"""The latest forecast of each property and the latest weighing of plans, folded from the log."""

from datetime import datetime

import msgspec

from mindu.base.records import Entry, Forecast, Weighing
from mindu.data.block import Block

Key = tuple[str, str]  # (about, prop); a weighing has no property


class _Held(msgspec.Struct, array_like=True, frozen=True):
    """What a snapshot holds: only the newest entry of each kind, in a fixed order."""

    forecasts: tuple[Entry, ...]
    weighings: tuple[Entry, ...]
    before: tuple[Entry, ...] = ()  # the forecasts that those of now replaced


_FROM = msgspec.msgpack.Decoder(_Held)
_TO = msgspec.msgpack.Encoder()


class Latest:
    """The newest forecast and weighing about each thing, and the forecast before."""

    name = "latest"
    takes = (Forecast, Weighing)

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._forecasts: dict[Key, Entry] = {}
        self._weighings: dict[str, Entry] = {}
        self._before: dict[Key, Entry] = {}

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account; one that was made earlier never replaces a later one."""
        record = entry.record
        if isinstance(record, Forecast):
            self._foretold((entry.about, record.prop), entry)
        elif isinstance(record, Weighing):
            held = self._weighings.get(entry.about)
            if held is None or held.at <= entry.at:
                self._weighings[entry.about] = entry

    def _foretold(self, key: Key, entry: Entry) -> None:
        held = self._forecasts.get(key)
        if held is not None and held.at > entry.at:
            return
        if held is not None and held.at < entry.at:
            self._before[key] = held
        self._forecasts[key] = entry

    def forecast(self, about: str, prop: str) -> tuple[datetime, Forecast] | None:
        """Return the latest forecast of that property and when it was made."""
        entry = self._forecasts.get((about, prop))
        if entry is None:
            return None
        assert isinstance(entry.record, Forecast)
        return entry.at, entry.record

    def weighing(self, about: str) -> tuple[datetime, Weighing] | None:
        """Return the latest weighing of plans for that thing and when it was made."""
        entry = self._weighings.get(about)
        if entry is None:
            return None
        assert isinstance(entry.record, Weighing)
        return entry.at, entry.record

    def forecast_entry(self, about: str, prop: str) -> Entry | None:
        """Return the log entry of the latest forecast, by which it can be named as a cause."""
        return self._forecasts.get((about, prop))

    def weighing_entry(self, about: str) -> Entry | None:
        """Return the log entry of the latest weighing, by which it can be named as a cause."""
        return self._weighings.get(about)

    def before_entry(self, about: str, prop: str) -> Entry | None:
        """Return the log entry of the forecast that the latest one replaced."""
        return self._before.get((about, prop))

    def forecasts(self) -> list[Entry]:
        """Return the latest forecast of every property, in a fixed order."""
        return [self._forecasts[key] for key in sorted(self._forecasts)]

    def weighings(self) -> list[Entry]:
        """Return the latest weighing of every thing, in a fixed order."""
        return [self._weighings[key] for key in sorted(self._weighings)]

    def dump(self) -> bytes:
        """Return the state, the same bytes for the same state."""
        before = tuple(self._before[key] for key in sorted(self._before))
        return _TO.encode(_Held(tuple(self.forecasts()), tuple(self.weighings()), before))

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        held = _FROM.decode(state)
        self._forecasts = {}
        self._weighings = {}
        self._before = {}
        for entry in (*held.before, *held.forecasts, *held.weighings):
            self.fold(entry)
