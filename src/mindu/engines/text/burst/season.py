"""Season: how many calls a topic and town usually bring on a day, from past days alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MEMORY = 364  # days that are looked back on: whole weeks, at most a year
HALF = 56.0  # days after which a past day weighs half: the level drifts
LEVEL = 0.5  # calls added to a series before it is believed, spread over its memory
Counts = Mapping[tuple[str, str], Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class Season:
    """Expected calls of each series on one day."""

    day: date
    expected: Mapping[tuple[str, str], float]

    def of(self, topic: str, town: str) -> float:
        """Return the calls expected of a topic in a town; a new series has a few in a year."""
        return self.expected.get((topic, town), LEVEL / HALF)


def season(
    counts: Counts, day: date, *, gap: int = 0, holidays: frozenset[date] = frozenset()
) -> Season:
    """Return what `day` should bring: a decaying mean of past days times the weekday's share.

    `counts` are calls by (topic, town) and day. The last `gap` days before `day` are left out, so
    that a burst that has begun does not become its own baseline. The weekday's share is learned
    from all series together; holidays count as Sundays.
    """
    last = day - timedelta(days=gap + 1)
    return seasons(counts, [day], last=last, holidays=holidays)[day]


def seasons(
    counts: Counts, days: Sequence[date], *, last: date, holidays: frozenset[date] = frozenset(),
    whole: Counts | None = None,
) -> dict[date, Season]:  # fmt: skip
    """Return what each of some days should bring by all that came until `last`.

    `whole` are the series that weekdays are learned from, where `counts` are but some of them.
    """
    every = counts if whole is None else whole
    past = [last - timedelta(days=back) for back in range(MEMORY)]
    began = min((min(held) for held in every.values() if held), default=last)
    past = [one for one in past if one >= began]
    shares = _shares(every, past, holidays)
    weights = {one: 0.5 ** ((last - one).days / HALF) for one in past}
    base = sum(weight * shares[_weekday(one, holidays)] for one, weight in weights.items())
    level = {
        key: (LEVEL + sum(weights.get(one, 0.0) * many for one, many in held.items()))
        / (base + 1.0)
        for key, held in counts.items()
    }
    found = {}
    for day in days:
        today = shares[_weekday(day, holidays)]
        found[day] = Season(day, {key: today * much for key, much in level.items()})
    return found


def _weekday(day: date, holidays: frozenset[date]) -> int:
    return 6 if day in holidays else day.weekday()


def _shares(counts: Counts, days: Sequence[date], holidays: frozenset[date]) -> list[float]:
    """Return each weekday's calls against the mean day; 1 while there is too little to tell."""
    calls, seen = [0.0] * 7, [0] * 7
    total = dict.fromkeys(days, 0)
    for held in counts.values():
        for day, many in held.items():
            if day in total:
                total[day] += many
    for day, many in total.items():
        at = _weekday(day, holidays)
        seen[at] += 1
        calls[at] += many
    mean = sum(calls) / max(1, len(days))
    # Ten days of the mean are added to each weekday: a short history says little about weekdays.
    return [(calls[at] + 10 * mean + 1) / ((seen[at] + 10) * mean + 1) for at in range(7)]
