"""The board: all that the page and the report show, folded from the log's entries."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mindu.base.records import (
    Action,
    AnyRecord,
    Decision,
    Entry,
    Event,
    Forecast,
    Judgement,
    Lesson,
    Observation,
    Outcome,
    Placed,
    Segment,
    Sending,
    Settlement,
    Trial,
    Weighing,
)
from mindu.base.time import HOUR, MINUTE
from mindu.console.place import Facts, Place
from mindu.console.tally import Tally
from mindu.data.block import Block

KEPT_ENTRIES = 200_000  # entries held in memory for `why`; older ones are in the log alone
KEPT_POINTS = 3_000  # readings a channel: 250 h at five minutes
OPEN_FOR = 15 * MINUTE  # a judgement without a proof stays on the board so long
FAILURES = 50

Channel = tuple[str, str]


@dataclass(slots=True)
class Board:
    """A fold over the log; one writer folds, many readers render under the feed's lock."""

    places: dict[str, Place] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    followers: dict[int, list[int]] = field(default_factory=dict)
    readings: dict[Channel, deque[tuple[datetime, float]]] = field(default_factory=dict)
    forecasts: dict[Channel, Entry] = field(default_factory=dict)
    weighings: dict[str, Entry] = field(default_factory=dict)
    judged: dict[tuple[str, str], Entry] = field(default_factory=dict)
    actions: dict[int, Entry] = field(default_factory=dict)
    decisions: dict[int, Entry] = field(default_factory=dict)
    sendings: dict[int, Entry] = field(default_factory=dict)
    outcomes: dict[int, Entry] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    settled: set[int] = field(default_factory=set)
    lessons: list[Entry] = field(default_factory=list)
    failures: deque[Entry] = field(default_factory=lambda: deque(maxlen=FAILURES))
    tally: dict[str, Tally] = field(default_factory=dict)
    seq: int = -1
    count: int = 0  # readings stored by segments
    refused: int = 0

    def place(self, entity_id: str, kind: str, facts: Facts) -> None:
        """Make a thing known."""
        self.places[entity_id] = Place(entity_id, kind, facts)

    def note(self, about: str, prop: str, at: datetime, value: float) -> None:
        """Keep one reading for the charts; late ones are left to the log."""
        points = self.readings.setdefault((about, prop), deque(maxlen=KEPT_POINTS))
        if not points or at > points[-1][0]:
            points.append((at, value))

    def fold(self, entry: Entry, block: Block | None = None) -> None:
        """Take one entry into account, and the block of readings that it vouches for."""
        if block is not None:
            self._heard(block)
        self.seq = max(self.seq, entry.seq)
        self.entries[entry.seq] = entry
        for cause in entry.because:
            self.followers.setdefault(cause, []).append(entry.seq)
        if len(self.entries) > KEPT_ENTRIES:
            oldest = next(iter(self.entries))
            self.entries.pop(oldest)
            self.followers.pop(oldest, None)
        self._known(entry, entry.record)
        self._promised(entry, entry.record)
        self.tally.setdefault(entry.by, Tally()).fold(entry, self.actions)

    def _heard(self, block: Block) -> None:
        for at, about, prop, value, _ in block.rows():
            self.note(about, prop, datetime.fromtimestamp(at, UTC), value)

    def alerts(self, now: datetime) -> list[Entry]:
        """Return the judgements that still hold, the gravest first, then the newest."""
        held = (entry for entry in self.judged.values() if self._holds(entry, now))
        return sorted(held, key=lambda e: (-_judgement(e).severity, -e.seq))

    def waiting(self, now: datetime) -> list[Entry]:
        """Return the actions that nobody has decided and whose time has not run out."""
        return [
            entry
            for seq, entry in self.actions.items()
            if seq not in self.decisions and now <= entry.at + _action(entry).decide_within
        ]

    def reversible(self) -> list[Entry]:
        """Return what was sent and can still be taken back, newest first."""
        sent = (self.actions[s] for s, e in reversed(self.sendings.items()) if _ok(e))
        return [e for e in sent if _action(e).undo and e.seq not in self.undone]

    def why(self, seq: int, limit: int = 200) -> list[Entry]:
        """Return the entry and what led to it, oldest first."""
        seen: set[int] = set()
        todo = [seq]
        while todo and len(seen) < limit:
            here = todo.pop()
            if here not in seen and here in self.entries:
                seen.add(here)
                todo.extend(self.entries[here].because)
        return [self.entries[i] for i in sorted(seen)]

    def after(self, seq: int, limit: int = 50) -> list[Entry]:
        """Return what names the entry as its cause, oldest first."""
        known = self.followers.get(seq, [])[:limit]
        return [self.entries[n] for n in known if n in self.entries]

    def last(self, about: str, prop: str) -> tuple[datetime, float] | None:
        """Return the newest reading of that property."""
        return (self.readings.get((about, prop)) or (None,))[-1]

    def failing(self, now: datetime, past: timedelta = HOUR) -> list[Entry]:
        """Return what failed lately."""
        return [entry for entry in self.failures if now - entry.at <= past]

    def _known(self, entry: Entry, record: AnyRecord) -> None:
        if isinstance(record, Placed):
            self.place(entry.about, record.kind, record.facts)
        elif isinstance(record, Observation) and isinstance(record.value, int | float):
            self.note(entry.about, record.prop, entry.at, float(record.value))
        elif isinstance(record, Segment):
            self.count += record.count
            self.refused += sum(record.refused.values())
        elif isinstance(record, Forecast):
            self.forecasts[entry.about, record.prop] = entry
        elif isinstance(record, Weighing):
            self.weighings[entry.about] = entry
        elif isinstance(record, Event) and "fail" in record.name:
            self.failures.append(entry)
        elif isinstance(record, Event) and record.name == "undone":
            self.undone.update(entry.because)

    def _promised(self, entry: Entry, record: AnyRecord) -> None:
        if isinstance(record, Judgement):
            self.judged[entry.about, entry.by] = entry
        elif isinstance(record, Action):
            self.actions[entry.seq] = entry
        elif isinstance(record, Lesson | Trial):
            self.lessons.append(entry)
        elif isinstance(record, Settlement):
            self.settled.update(entry.because)
        else:
            self._answered(entry, record)

    def _answered(self, entry: Entry, record: AnyRecord) -> None:
        answers: dict[type, dict[int, Entry]] = {
            Decision: self.decisions,
            Sending: self.sendings,
            Outcome: self.outcomes,
        }
        kept = answers.get(type(record))
        for cause in entry.because if kept is not None else ():
            if cause in self.actions and kept is not None:
                kept[cause] = entry

    def _holds(self, entry: Entry, now: datetime) -> bool:
        judgement = _judgement(entry)
        span = max(judgement.proof.within, OPEN_FOR) if judgement.proof else OPEN_FOR
        if judgement.finding == "blind":  # said once; the loop's next judgement takes it back
            return True
        cleared = judgement.finding in {"clear", "sees", "seeing", "sighted"}
        return not cleared and entry.seq not in self.settled and now - entry.at <= span


def _judgement(entry: Entry) -> Judgement:
    assert isinstance(entry.record, Judgement)
    return entry.record


def _ok(entry: Entry) -> bool:
    return isinstance(entry.record, Sending) and entry.record.ok


def _action(entry: Entry) -> Action:
    assert isinstance(entry.record, Action)
    return entry.record
