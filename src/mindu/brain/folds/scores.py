"""The score card of every loop and projection: sums and counts, kept in bounded memory."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from mindu.base.records import (
    Action,
    Decision,
    Entry,
    Event,
    Judgement,
    Lesson,
    Option,
    Outcome,
    Record,
    Sending,
    Settlement,
    Weighing,
)
from mindu.brain.folds.packed import pack, unpack
from mindu.brain.folds.standing import BLIND, SEES
from mindu.data.fold import Block

NOTHING = ("nothing", "own_rules")  # the options that stand for doing nothing, the first found
LEADS = 64  # different leads kept a card


class Mean(msgspec.Struct):
    """A sum and how many it is of."""

    total: float = 0.0
    count: int = 0

    @property
    def value(self) -> float:
        """Return the mean, nan of nothing."""
        return self.total / self.count if self.count else float("nan")

    def add(self, value: float, count: int = 1) -> None:
        """Take in a value that is the mean of `count`."""
        self.total += value * count
        self.count += count


class Score(msgspec.Struct):
    """What one loop or projection has come to."""

    judged: int = 0
    blind: int = 0
    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    averted: int = 0
    unknown: int = 0
    lead_min: Mean = msgspec.field(default_factory=Mean)
    brier: Mean = msgspec.field(default_factory=Mean)
    crps: dict[str, Mean] = {}
    persistence: dict[str, Mean] = {}
    covered: dict[str, Mean] = {}
    proposed: int = 0
    confirmed: int = 0
    declined: int = 0
    expired: int = 0
    sent: int = 0
    withheld: int = 0
    kept: int = 0
    broken: int = 0
    kept_unsent: int = 0
    broken_unsent: int = 0
    regret: Mean = msgspec.field(default_factory=Mean)  # chosen beyond the best that was weighed
    gain: Mean = msgspec.field(default_factory=Mean)  # what choosing saves against doing nothing
    lessons: int = 0
    failures: int = 0

    @property
    def found(self) -> float:
        """Return the share of events that were foretold, nan before the first."""
        events = self.hits + self.misses
        return self.hits / events if events else float("nan")


class _State(msgspec.Struct):
    cards: dict[str, Score] = {}
    actions: dict[int, str] = {}  # open action -> whose card it counts on


class Scores:
    """All cards, by the name that signs the entries."""

    name = "scores"
    takes = (Judgement, Settlement, Weighing, Action, Decision, Sending, Outcome, Lesson, Event)

    def __init__(self) -> None:
        """Start with no card."""
        self._state = _State()

    @property
    def cards(self) -> Mapping[str, Score]:
        """Return every card by name."""
        return self._state.cards

    def of(self, by: str) -> Score:
        """Return the card of a loop or projection, empty if it never spoke."""
        return self._state.cards.get(by, Score())

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        count = _COUNT.get(type(entry.record))
        if count is not None:
            count(self._state, entry, entry.record)

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)


def _card(state: _State, by: str) -> Score:
    return state.cards.setdefault(by, Score())


def _judged(state: _State, entry: Entry, record: Judgement) -> None:
    card = _card(state, entry.by)
    card.blind += record.finding == BLIND
    card.judged += record.finding not in {BLIND, SEES}


def _settled(state: _State, entry: Entry, record: Settlement) -> None:
    card = _card(state, entry.by)
    card.hits += record.verdict == "hit"
    card.misses += record.verdict == "miss"
    card.false_alarms += record.verdict == "false_alarm"
    card.averted += record.verdict == "averted"
    card.unknown += record.verdict == "unknown"
    if record.lead is not None:
        card.lead_min.add(record.lead.total_seconds() / 60.0)
    if record.brier is not None:
        card.brier.add(record.brier)
    for told, into in (
        (record.crps, card.crps),
        (record.persistence, card.persistence),
        (record.covered, card.covered),
    ):
        for lead, value in told.items():
            if lead in into or len(into) < LEADS:
                into.setdefault(lead, Mean()).add(value, record.count)


def _weighed(state: _State, entry: Entry, record: Weighing) -> None:
    options = {option.name: option for option in record.options}
    chosen = options.get(record.chosen)
    if chosen is None:
        return
    card = _card(state, entry.by)
    best = min((o.mean for o in record.options if not o.veto), default=chosen.mean)
    card.regret.add(chosen.mean - best)
    nothing: Option | None = next((options[n] for n in NOTHING if n in options), None)
    if nothing is not None:
        card.gain.add(nothing.mean - chosen.mean)


def _proposed(state: _State, entry: Entry, record: Action) -> None:
    card = _card(state, entry.by)
    card.proposed += 1
    if record.expects is not None:
        state.actions[entry.seq] = entry.by


def _decided(state: _State, entry: Entry, record: Decision) -> None:
    for cause in entry.because:
        if by := state.actions.get(cause):
            card = _card(state, by)
            card.confirmed += record.confirmed
            card.expired += record.note == "expired"
            card.declined += not record.confirmed and record.note != "expired"


def _sent(state: _State, entry: Entry, record: Sending) -> None:
    for cause in entry.because:
        if by := state.actions.get(cause):
            card = _card(state, by)
            card.sent += record.ok
            card.withheld += not record.ok


def _measured(state: _State, entry: Entry, record: Outcome) -> None:
    card = _card(state, entry.by)
    card.kept += record.sent and record.kept
    card.broken += record.sent and not record.kept
    card.kept_unsent += record.kept and not record.sent
    card.broken_unsent += not record.kept and not record.sent
    for cause in entry.because:
        state.actions.pop(cause, None)


def _learned(state: _State, entry: Entry, record: Lesson) -> None:  # noqa: ARG001
    _card(state, entry.by).lessons += 1


def _happened(state: _State, entry: Entry, record: Event) -> None:
    if "failed" in record.name:
        _card(state, entry.by).failures += 1


_COUNT: dict[type[Record], Callable[[_State, Entry, Any], None]] = {
    Judgement: _judged,
    Settlement: _settled,
    Weighing: _weighed,
    Action: _proposed,
    Decision: _decided,
    Sending: _sent,
    Outcome: _measured,
    Lesson: _learned,
    Event: _happened,
}
