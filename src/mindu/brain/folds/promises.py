"""Every proposed action that is open: undecided, about to be sent, or waiting to be measured."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from mindu.base.records import Action, AnyRecord, Decision, Entry, Event, Expect, Outcome, Sending
from mindu.brain.folds.packed import pack, unpack
from mindu.brain.folds.turns import TURN
from mindu.data.fold import Block

UNDONE = "undone"
ADVICE = "advice only: shown, never sent"


class Promise(msgspec.Struct):
    """One proposed action and how far it has come."""

    seq: int
    about: str
    by: str
    at: datetime
    until: datetime  # the last moment to decide
    expects: Expect | None
    due: datetime  # when it is measured
    confirmed: bool | None = None
    sent: bool | None = None
    advice: bool = False
    undone: bool = False

    @property
    def undecided(self) -> bool:
        """Say whether it waits for a yes or a no."""
        return self.confirmed is None

    @property
    def live(self) -> bool:
        """Say whether it may still act on the city: the one open promise of its thing."""
        return self.undecided or (self.confirmed is True and self.sent is not False)

    def bars(self, now: datetime) -> bool:
        """Say whether it keeps its loop from proposing anything else for its thing.

        A person's no stands until the time to decide is over; advice stands until it is
        measured; what expired or could not be sent bars nothing.
        """
        return self.live or (self.confirmed is False and now < self._stands)

    def over(self, now: datetime) -> bool:
        """Say whether nothing can come of it any more (with a promise, its outcome ends it)."""
        gone = self.sent is not None or (self.confirmed is False and now >= self._stands)
        return self.expects is None and gone

    @property
    def _stands(self) -> datetime:
        return self.due if self.advice else self.until


class _State(msgspec.Struct):
    open: dict[int, Promise] = {}


class Promises:
    """The open promises, oldest first."""

    name = "promises"
    takes = (Action, Decision, Sending, Outcome, Event)

    def __init__(self) -> None:
        """Start with nothing promised."""
        self._state = _State()

    def __iter__(self) -> Iterator[Promise]:
        """Walk the open promises, oldest first."""
        return iter(list(self._state.open.values()))

    def __len__(self) -> int:
        """Count the open promises."""
        return len(self._state.open)

    def get(self, seq: int) -> Promise | None:
        """Return the open promise of that action."""
        return self._state.open.get(seq)

    def waiting(self) -> list[int]:
        """Return the actions that nobody has decided."""
        return [p.seq for p in self._state.open.values() if p.undecided]

    def outbox(self) -> list[int]:
        """Return the actions that were confirmed and not yet handed over."""
        return [p.seq for p in self._state.open.values() if p.confirmed and p.sent is None]

    def barred(self, by: str, now: datetime) -> set[str]:
        """Return the things for which that loop may propose nothing now."""
        return {p.about for p in self._state.open.values() if p.by == by and p.bars(now)}

    def due(self, now: datetime) -> list[Promise]:
        """Return the promises that are to be measured now."""
        return [
            p
            for p in self._state.open.values()
            if p.expects and now >= p.due and not (p.undecided or (p.confirmed and p.sent is None))
        ]

    def expired(self, now: datetime) -> list[Promise]:
        """Return the actions whose time to decide has run out."""
        return [p for p in self._state.open.values() if p.undecided and now > p.until]

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Action):
            self._state.open[entry.seq] = _promised(entry, record)
        elif isinstance(record, Decision | Sending | Outcome) or _undone(record):
            for cause in entry.because:
                if promise := self._state.open.get(cause):
                    self._answer(promise, entry)
        elif isinstance(record, Event) and record.name == TURN and self._state.open:
            self._clear(entry.at)

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)

    def _clear(self, now: datetime) -> None:
        for promise in self:
            if promise.over(now):
                del self._state.open[promise.seq]

    def _answer(self, promise: Promise, entry: Entry) -> None:
        record = entry.record
        if isinstance(record, Outcome):
            del self._state.open[promise.seq]
        elif isinstance(record, Decision):
            promise.confirmed = record.confirmed
            promise.advice = record.note == ADVICE
        elif isinstance(record, Sending):
            promise.sent = record.ok
            if record.ok and promise.expects:
                promise.due = entry.at + promise.expects.within
        else:
            promise.undone = True


def _undone(record: AnyRecord) -> bool:
    return isinstance(record, Event) and record.name == UNDONE


def _promised(entry: Entry, record: Action) -> Promise:
    within = record.expects.within if record.expects else timedelta(0)
    until = entry.at + record.decide_within
    return Promise(
        seq=entry.seq,
        about=entry.about,
        by=entry.by,
        at=entry.at,
        until=until,
        expects=record.expects,
        due=max(entry.at + within, until) if record.expects is None else entry.at + within,
    )
