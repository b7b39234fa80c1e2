"""Season: how many calls a topic and town usually bring on a day, from past days alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MEMORY = 364  # days that are looked back on: whole weeks, at most a year
HALF = 56.0  # days after which a past day weighs half: the level drifts
LEVEL = 0.5  # calls added to a series before it is believed, spread over its memory


@dataclass(frozen=True, slots=True)
class Season:
    """Expected calls of each series on one day."""

    day: date
    expected: Mapping[tuple[str, str], float]

    def of(self, topic: str, town: str) -> float:
        """Return the calls expected of a topic in a town; a new series has a few in a year."""
        return self.expected.get((topic, town), LEVEL / HALF)


def season(
    counts: Mapping[tuple[str, str], Mapping[date, int]],
    day: date,
    *,
    gap: int = 0,
    holidays: frozenset[date] = frozenset(),
) -> Season:
    """Return what `day` should bring: a decaying mean of past days times the weekday's share.

    `counts` are calls by (topic, town) and day. The last `gap` days before `day` are left out, so
    that a burst that has begun does not become its own baseline. The weekday's share is learned
    from all series together; holidays count as Sundays.
    """
    last = day - timedelta(days=gap + 1)
    days = [last - timedelta(days=back) for back in range(MEMORY)]
    began = min((min(held) for held in counts.values() if held), default=last)
    days = [one for one in days if one >= began]
    shares = _shares(counts, days, holidays)
    weights = [0.5 ** ((last - one).days / HALF) for one in days]
    whole = sum(
        weight * shares[_weekday(one, holidays)] for one, weight in zip(days, weights, strict=True)
    )
    today = shares[_weekday(day, holidays)]
    expected = {}
    for key, held in counts.items():
        seen = sum(weight * held.get(one, 0) for one, weight in zip(days, weights, strict=True))
        expected[key] = today * (seen + LEVEL) / (whole + 1.0)
    return Season(day, expected)


def _weekday(day: date, holidays: frozenset[date]) -> int:
    return 6 if day in holidays else day.weekday()


def _shares(
    counts: Mapping[tuple[str, str], Mapping[date, int]],
    days: Sequence[date],
    holidays: frozenset[date],
) -> list[float]:
    """Return each weekday's calls against the mean day; 1 while there is too little to tell."""
    calls, seen = [0.0] * 7, [0] * 7
    for day in days:
        at = _weekday(day, holidays)
        seen[at] += 1
        calls[at] += sum(held.get(day, 0) for held in counts.values())
    mean = sum(calls) / max(1, len(days))
    # Ten days of the mean are added to each weekday: a short history says little about weekdays.
    return [(calls[at] + 10 * mean + 1) / ((seen[at] + 10) * mean + 1) for at in range(7)]
