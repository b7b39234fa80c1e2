"""Scan: the space-time scan statistic, for calls by topic and town (Kulldorff 1997, 2001)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, lgamma, log

from mindu.engines.text.burst.season import Season, season

LONGEST = 14  # days of the longest window; slower things are found by `slow`
FEWEST, PEOPLE = 3, 3  # calls, and different callers, below which nothing is a burst
CHANCE = 0.01  # of a false alarm a day over all windows looked at
GAP = LONGEST  # days that the baseline does not see
Counts = Mapping[tuple[str, str], Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the scan sees it: its name, when, on what, where and a caller's pseudonym."""

    name: str
    day: date
    topic: str
    town: str
    caller: str


@dataclass(frozen=True, slots=True)
class Burst:
    """More calls than the season explains: on what, in which towns, since when, how surely."""

    topic: str
    towns: tuple[str, ...]
    since: date
    until: date
    calls: tuple[str, ...]
    people: int
    expected: float
    likelihood: float  # ln of the likelihood ratio of a burst against the season
    chance: float  # that the season alone shows so much in any window looked at; an upper bound

    @property
    def heat(self) -> float:
        """Rank: people first, then how long it lasts; likes do not count."""
        return self.people + 0.5 * ((self.until - self.since).days + 1)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan looks at: neighbours of each town make the zones."""

    neighbours: Mapping[str, Sequence[str]]
    holidays: frozenset[date] = frozenset()
    chance: float = CHANCE

    def zones(self, towns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return each town alone, each town with its neighbours, and all towns together."""
        found: set[tuple[str, ...]] = {(town,) for town in towns}
        for town in towns:
            near = [other for other in self.neighbours.get(town, ()) if other in towns]
            if near:
                found.add(tuple(sorted({town, *near})))
        if len(towns) > 1:
            found.add(tuple(sorted(towns)))
        return sorted(found)


def scan(calls: Sequence[Call], day: date, how: Scan, *, past: Counts | None = None) -> list[Burst]:
    """Return the bursts that end on `day`, hottest first; overlapping windows of a topic tell once.

    `past` are the calls of each topic and town by day, where they were counted already; `calls` may
    then be those of the last two weeks alone.

    Every zone and window of 1 to 14 days is held against its seasonal Poisson baseline. `chance`
    is the Poisson tail of its callers times the number of windows looked at (Bonferroni), so it
    needs no dice and errs on the quiet side.
    """
    recent = [call for call in calls if day - timedelta(days=LONGEST) < call.day <= day]
    counts = _counts(call for call in calls if call.day <= day) if past is None else past
    towns_of: dict[str, set[str]] = {}
    for call in recent:
        towns_of.setdefault(call.topic, set()).add(call.town)
    usual = _usual(counts, day, how)
    looked = sum(len(how.zones(sorted(towns))) * LONGEST for towns in towns_of.values())
    found: list[Burst] = []
    for topic, towns in sorted(towns_of.items()):
        mine = [call for call in recent if call.topic == topic]
        windows = (
            _window(topic, zone, since, day, mine, usual)
            for zone in how.zones(sorted(towns))
            for since in (day - timedelta(days=back) for back in range(LONGEST))
        )
        held = [one for one in windows if one is not None and one.chance * looked <= how.chance]
        found += _apart(held, looked)
    return sorted(found, key=lambda burst: (-burst.heat, burst.topic))


def _counts(calls: Iterable[Call]) -> dict[tuple[str, str], dict[date, int]]:
    counts: dict[tuple[str, str], dict[date, int]] = {}
    for call in calls:
        held = counts.setdefault((call.topic, call.town), {})
        held[call.day] = held.get(call.day, 0) + 1
    return counts


def _usual(counts: Counts, day: date, how: Scan) -> dict[date, Season]:
    days = [day - timedelta(days=back) for back in range(LONGEST)]
    # One baseline for the whole window, from before it: only the weekday differs.
    return {
        one: season(counts, one, gap=GAP - 1 - (day - one).days, holidays=how.holidays)
        for one in days
    }


def _window(
    topic: str, zone: tuple[str, ...], since: date, until: date,
    calls: Sequence[Call], usual: Mapping[date, Season],
) -> Burst | None:  # fmt: skip
    inside = [call for call in calls if call.town in zone and since <= call.day <= until]
    people = len({call.caller for call in inside})
    if len(inside) < FEWEST or people < PEOPLE or min(call.day for call in inside) > since:
        return None
    days = [one for one in usual if since <= one <= until]
    expected = sum(usual[one].of(topic, town) for one in days for town in zone)
    seen = people  # who calls ten times is one: nobody makes a burst alone
    if seen <= expected:
        return None
    likelihood = seen * log(seen / expected) - (seen - expected)
    names = tuple(call.name for call in inside)
    chance = _tail(seen, expected)
    return Burst(topic, zone, since, until, names, people, expected, likelihood, chance)


def _tail(seen: int, expected: float) -> float:
    """Return the Poisson chance of `seen` or more."""
    term = exp(seen * log(expected) - expected - lgamma(seen + 1))
    total, at = 0.0, seen
    while term > total * 1e-12 and at < seen + 500:
        total += term
        at += 1
        term *= expected / at
    return min(1.0, total)


def _apart(held: list[Burst], looked: int) -> list[Burst]:
    """Keep the likeliest windows that share no call with a likelier one."""
    kept: list[Burst] = []
    for one in sorted(held, key=lambda burst: (-burst.likelihood, len(burst.towns))):
        if all(not set(one.calls) & set(other.calls) for other in kept):
            chance = min(1.0, one.chance * looked)
            kept.append(
                Burst(one.topic, one.towns, one.since, one.until, one.calls, one.people,
                      one.expected, one.likelihood, chance)
            )  # fmt: skip
    return kept
