"""The tally: what one loop's judgements and promises came to, counted from the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import fmean

from mindu.base.records import (
    Action,
    Decision,
    Entry,
    Event,
    Judgement,
    Lesson,
    Outcome,
    Settlement,
)


@dataclass(slots=True)
class Tally:
    """One loop's record so far; an empty list means that nothing was measured yet."""

    judged: int = 0
    blind: int = 0
    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    acted: int = 0
    confirmed: int = 0
    refused: int = 0
    kept: int = 0
    broken: int = 0
    kept_unsent: int = 0
    broken_unsent: int = 0
    lessons: int = 0
    failures: int = 0
    leads: list[timedelta] = field(default_factory=list)
    brier: list[float] = field(default_factory=list)
    crps: dict[str, list[float]] = field(default_factory=dict)
    covered: dict[str, list[float]] = field(default_factory=dict)

    def fold(self, entry: Entry, actions: Mapping[int, Entry]) -> None:
        """Take one entry of this loop into account; `actions` are those known so far."""
        record = entry.record
        if isinstance(record, Judgement):
            self.judged += record.finding not in {"blind", "sees"}
            self.blind += record.finding == "blind"
        elif isinstance(record, Settlement):
            self._settle(record)
        elif isinstance(record, Outcome):
            self._measure(record)
        elif isinstance(record, Decision) and any(c in actions for c in entry.because):
            self.confirmed += record.confirmed
            self.refused += not record.confirmed
        self.acted += isinstance(record, Action)
        self.lessons += isinstance(record, Lesson)
        self.failures += isinstance(record, Event) and "fail" in record.name

    @property
    def speaks(self) -> bool:
        """Say whether there is anything to show."""
        return bool(self.judged or self.blind or self.acted or self.crps or self.failures)

    def figures(self) -> dict[str, float | int | None]:
        """Return the card as named numbers; None where nothing was measured."""
        return {
            "judged": self.judged,
            "blind": self.blind,
            "hits": self.hits,
            "misses": self.misses,
            "false_alarms": self.false_alarms,
            "lead_min": _mean([lead.total_seconds() / 60 for lead in self.leads]),
            "brier": _mean(self.brier),
            "crps": _mean([v for values in self.crps.values() for v in values]),
            "covered": _mean([v for values in self.covered.values() for v in values]),
            "proposed": self.acted,
            "kept": self.kept,
            "broken": self.broken,
            "kept_unsent": self.kept_unsent,
            "broken_unsent": self.broken_unsent,
            "lessons": self.lessons,
            "failures": self.failures,
        }

    def _settle(self, record: Settlement) -> None:
        self.hits += record.verdict == "hit"
        self.misses += record.verdict == "miss"
        self.false_alarms += record.verdict == "false_alarm"
        if record.lead is not None:
            self.leads.append(record.lead)
        if record.brier is not None:
            self.brier.append(record.brier)
        for lead, value in record.crps.items():
            self.crps.setdefault(lead, []).append(value)
        for lead, value in record.covered.items():
            self.covered.setdefault(lead, []).append(value)

    def _measure(self, record: Outcome) -> None:
        self.kept += record.sent and record.kept
        self.broken += record.sent and not record.kept
        self.kept_unsent += record.kept and not record.sent
        self.broken_unsent += not record.kept and not record.sent


def _mean(values: list[float]) -> float | None:
    return round(fmean(values), 4) if values else None
