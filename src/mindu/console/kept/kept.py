"""Kept: the log's entries folded into what is asked for: by thing, by loop, by action."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

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
from mindu.brain.desk import FIRST_YES
from mindu.brain.folds.scores import Scores
from mindu.console.kept.care import ABOUT_ALERTS, PART
from mindu.console.kept.heard import Heard
from mindu.console.kept.marks import Marks
from mindu.console.place import Facts, Place
from mindu.data.block import Block

KEPT_ENTRIES = 200_000  # entries held in memory; older ones are in the log alone
KEPT_POINTS = 3_000  # readings a channel: 250 h at five minutes
ALL_POINTS = 12_000_000  # readings of all channels: 24 bytes each
FAILURES = 50

Channel = tuple[str, str]
Trail = list[Entry]


@dataclass(slots=True)
class Kept:
    """A fold over the log; one writer folds, many readers render under the feed's lock."""

    places: dict[str, Place] = field(default_factory=dict)
    placings: int = 0  # times that a thing was placed
    entries: dict[int, Entry] = field(default_factory=dict)
    followers: dict[int, list[int]] = field(default_factory=dict)
    readings: dict[Channel, Heard] = field(default_factory=dict)
    forecasts: dict[Channel, Entry] = field(default_factory=dict)
    weighings: dict[str, Entry] = field(default_factory=dict)
    judged: dict[Channel, Entry] = field(default_factory=dict)  # (thing, loop)
    cares: dict[Channel, dict[str, Entry]] = field(default_factory=dict)  # (thing, loop) -> steps
    actions: dict[int, Entry] = field(default_factory=dict)
    seconds: dict[int, Trail] = field(default_factory=dict)  # action -> the yeses before the last
    decisions: dict[int, Entry] = field(default_factory=dict)
    sendings: dict[int, Entry] = field(default_factory=dict)
    outcomes: dict[int, Entry] = field(default_factory=dict)
    undone: dict[int, Entry] = field(default_factory=dict)
    settled: dict[int, Entry] = field(default_factory=dict)
    settlements: dict[str, Trail] = field(default_factory=dict)  # by loop, what memory holds
    lessons: list[Entry] = field(default_factory=list)
    failures: deque[Entry] = field(default_factory=lambda: deque(maxlen=FAILURES))
    trails: dict[tuple[str, ...], Trail] = field(default_factory=dict)  # what `past` goes back by
    marks: Marks = field(default_factory=Marks)  # where `recall` begins
    scores: Scores = field(default_factory=Scores)
    seq: int = -1
    count: int = 0  # readings stored by segments
    refused: int = 0

    def place(self, entity_id: str, kind: str, facts: Facts) -> None:
        """Make a thing known."""
        self.places[entity_id] = Place(entity_id, kind, facts)
        self.placings += 1

    def note(self, about: str, prop: str, at: datetime, value: float, unit: str = "") -> None:
        """Keep one reading for the charts; late ones are left to the log."""
        self._note(about, prop, at.timestamp(), value, unit)

    def fold(self, entry: Entry, block: Block | None = None) -> None:
        """Take one entry into account, and the block of readings that it vouches for."""
        self.seq = max(self.seq, entry.seq)
        if block is not None:
            self._heard(block)
        self.entries[entry.seq] = entry
        for cause in entry.because:
            self.followers.setdefault(cause, []).append(entry.seq)
        if len(self.entries) > KEPT_ENTRIES:
            self._forget(next(iter(self.entries)))
        self._known(entry, entry.record)
        self._promised(entry, entry.record)
        self.scores.fold(entry)
        if self.marks.due(entry.seq):
            self.marks.put(
                entry.seq, scores=self.scores.dump(), count=self.count, refused=self.refused
            )

    def _heard(self, block: Block) -> None:
        names = block.channels
        rows = zip(block.at.tolist(), block.channel.tolist(), block.value.tolist(), strict=True)
        for at, channel, value in rows:
            unit = names.unit[channel]
            self._note(names.about[channel], names.prop[channel], at, value, unit)

    def _note(self, about: str, prop: str, at: float, value: float, unit: str) -> None:
        heard = self.readings.get((about, prop))
        if heard is None:
            heard = self.readings[about, prop] = Heard(unit)
        most = min(KEPT_POINTS, ALL_POINTS // len(self.readings))
        heard.add(at, value, self.seq, max(most, 2))

    def _known(self, entry: Entry, record: AnyRecord) -> None:
        if isinstance(record, Placed):
            self._trail(entry, "placed", entry.about)
            self.place(entry.about, record.kind, record.facts)
        elif isinstance(record, Observation) and isinstance(record.value, int | float):
            self.note(entry.about, record.prop, entry.at, float(record.value), record.unit)
        elif isinstance(record, Segment):
            self.count += record.count
            self.refused += sum(record.refused.values())
        elif isinstance(record, Forecast):
            self._trail(entry, "forecast", entry.about, record.prop)
            self.forecasts[entry.about, record.prop] = entry
        elif isinstance(record, Weighing):
            self._trail(entry, "weighing", entry.about)
            self.weighings[entry.about] = entry
        elif isinstance(record, Event):
            self._happened(entry, record)

    def _happened(self, entry: Entry, record: Event) -> None:
        if "fail" in record.name:
            self.failures.append(entry)
        elif record.name == "undone":
            self.undone.update(dict.fromkeys(entry.because, entry))
        elif record.name == FIRST_YES:
            self.seconds.setdefault(entry.because[0], []).append(entry)
        elif record.name in ABOUT_ALERTS and (judged := self.entries.get(entry.because[0])):
            part = PART[record.name]
            self._trail(entry, "care", judged.about, judged.by, part)
            self.cares.setdefault((judged.about, judged.by), {})[part] = entry

    def _promised(self, entry: Entry, record: AnyRecord) -> None:
        if isinstance(record, Judgement):
            self._trail(entry, "judged", entry.about, entry.by)
            self.judged[entry.about, entry.by] = entry
        elif isinstance(record, Action):
            self.actions[entry.seq] = entry
        elif isinstance(record, Lesson | Trial):
            self.lessons.append(entry)
        elif isinstance(record, Settlement):
            self.settled.update(dict.fromkeys(entry.because, entry))
            self.settlements.setdefault(entry.by, []).append(entry)
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

    def _trail(self, entry: Entry, *key: str) -> None:
        self.marks.note(key, entry.seq)
        trail = self.trails.setdefault(key, [])
        trail.append(entry)
        if len(trail) > 1 and trail[1].seq not in self.entries:
            del trail[0]  # the state at the horizon stays known until a newer one passes it

    def _forget(self, seq: int) -> None:
        """Let the oldest entry go, with what was known of it by its number."""
        entry = self.entries.pop(seq)
        if isinstance(entry.record, Settlement):
            del self.settlements[entry.by][0]
        by_number: tuple[dict[int, Entry], ...] = (
            self.actions, self.decisions, self.sendings, self.outcomes, self.undone, self.settled,
        )  # fmt: skip
        for kept in by_number:
            kept.pop(seq, None)
        self.followers.pop(seq, None)
        self.seconds.pop(seq, None)
