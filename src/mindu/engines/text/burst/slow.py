"""Slow: an issue that never bursts but never ends, found by its months and its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FEWEST, PEOPLE = 5, 4  # calls of one issue, and different callers
SPAN = 30  # days between first and last call: shorter things are bursts
WINDOW = 365  # days that are looked back on
STRETCHES = 3  # thirty-day stretches with calls in them


@dataclass(frozen=True, slots=True)
class Slow:
    """An issue with staying power: how many people, over how long, in how many months."""

    issue: str
    calls: int
    people: int
    first: date
    last: date
    stretches: int

    @property
    def heat(self) -> float:
        """Rank: people first, then months."""
        return self.people + 2.0 * self.stretches


def slow(told: Sequence[tuple[str, date, str]], day: date) -> list[Slow]:
    """Return the slow issues among (issue, day, caller), hottest first; the last call is not old.

    An issue counts when it was told at least five times by four people, in at least three stretches
    of thirty days, and once within the last sixty days.
    """
    calls: dict[str, list[tuple[date, str]]] = {}
    for issue, when, caller in told:
        if day - timedelta(days=WINDOW) <= when <= day:
            calls.setdefault(issue, []).append((when, caller))
    found = []
    for issue, held in calls.items():
        first, last = min(held)[0], max(held)[0]
        people = len({caller for _, caller in held})
        stretches = len({(when - first).days // SPAN for when, _ in held})
        fresh = (day - last).days <= 2 * SPAN
        if len(held) >= FEWEST and people >= PEOPLE and stretches >= STRETCHES and fresh:
            found.append(Slow(issue, len(held), people, first, last, stretches))
    return sorted(found, key=lambda one: (-one.heat, one.issue))
