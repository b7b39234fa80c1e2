"""The board: what the pages, the API and the report ask of the log, now or as it was known then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mindu.base.records import Action, Entry, Judgement, Sending, Severity
from mindu.base.time import HOUR, MINUTE
from mindu.brain.folds.scores import Score
from mindu.console.book import Book
from mindu.console.kept.care import Care, care
from mindu.console.kept.kept import Kept
from mindu.console.ready import Ready

OPEN_FOR = 15 * MINUTE  # a judgement without a proof stays on the board so long
CLEARED = frozenset({"clear", "sees", "seeing", "sighted"})
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The alerts that hold between two moments, and what they come to for each thing."""

    seq: int
    since: datetime
    until: datetime
    alerts: list[Entry]  # the gravest first, then the newest
    grave: dict[str, Severity]  # the gravest alert of each thing
    counts: dict[str, int]  # alerts of each thing

    def at(self, seq: int, now: datetime) -> bool:
        """Say whether this still is what holds."""
        return seq == self.seq and self.since <= now <= self.until


@dataclass(slots=True)
class Board(Kept):
    """Answers questions about what is kept."""

    ready: Ready = field(default_factory=Ready)
    stood: Standing | None = None
    book: Book | None = None  # for what memory let go

    def known(self, seq: int) -> Entry | None:
        """Return an entry that was written by now; memory has it, or the log."""
        found = self.entries.get(seq)
        if found is None and self.book is not None and 0 <= seq <= self.seq:
            found = self.book[seq]
        return found

    @property
    def cards(self) -> Mapping[str, Score]:
        """Return the score card of every loop and projection."""
        return self.scores.cards

    def alerts(self, now: datetime) -> list[Entry]:
        """Return the judgements that still hold, the gravest first, then the newest."""
        return self.standing(now).alerts

    def standing(self, now: datetime) -> Standing:
        """Return the alerts that hold; worked out once for all who ask before the next change."""
        if self.stood is None or not self.stood.at(self.seq, now):
            self.stood = self._stand(now)
        return self.stood

    def _stand(self, now: datetime) -> Standing:
        held = [entry for entry in self.judged.values() if self.holds(entry, now)]
        held.sort(key=lambda e: (-_judgement(e).severity, -e.seq))
        grave: dict[str, Severity] = {}
        counts: dict[str, int] = {}
        for entry in held:
            grave.setdefault(entry.about, _judgement(entry).severity)
            counts[entry.about] = counts.get(entry.about, 0) + 1
        until = min((_until(entry) for entry in held), default=NEVER)
        return Standing(
            seq=self.seq, since=now, until=until, alerts=held, grave=grave, counts=counts
        )

    def care(self, entry: Entry, now: datetime) -> Care:
        """Return what people did about an alert."""
        steps = self.cares.get((entry.about, entry.by))
        return care(steps, entry, now) if steps else Care()

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
        seen: dict[int, Entry] = {}
        todo = [seq]
        while todo and len(seen) < limit:
            here = todo.pop()
            entry = self.known(here) if here not in seen else None
            if entry is not None:
                seen[here] = entry
                todo.extend(entry.because)
        return [seen[i] for i in sorted(seen)]

    def after(self, seq: int, limit: int = 50) -> list[Entry]:
        """Return what names the entry as its cause, oldest first."""
        known = self.followers.get(seq, [])
        if not known and self.book is not None and seq not in self.entries:
            return [e for e in self.book.after(seq) if e.seq <= self.seq][:limit]
        return [self.entries[n] for n in known if n in self.entries][:limit]

    def last(self, about: str, prop: str) -> tuple[datetime, float] | None:
        """Return the newest reading of that property."""
        heard = self.readings.get((about, prop))
        return heard[-1] if heard else None

    def failing(self, now: datetime, past: timedelta = HOUR) -> list[Entry]:
        """Return what failed lately."""
        return [entry for entry in self.failures if now - entry.at <= past]

    def holds(self, entry: Entry, now: datetime) -> bool:
        """Say whether a judgement still stands as an alert."""
        judgement = _judgement(entry)
        if judgement.finding == "blind":  # said once; the loop's next judgement takes it back
            return True
        cleared = judgement.finding in CLEARED
        return not cleared and entry.seq not in self.settled and now <= _until(entry)


def _until(entry: Entry) -> datetime:
    """Return until when an alert holds that nothing takes back."""
    judgement = _judgement(entry)
    if judgement.finding == "blind":
        return NEVER
    span = max(judgement.proof.within, OPEN_FOR) if judgement.proof else OPEN_FOR
    return entry.at + span


def _judgement(entry: Entry) -> Judgement:
    assert isinstance(entry.record, Judgement)
    return entry.record


def _ok(entry: Entry) -> bool:
    return isinstance(entry.record, Sending) and entry.record.ok


def _action(entry: Entry) -> Action:
    assert isinstance(entry.record, Action)
    return entry.record
