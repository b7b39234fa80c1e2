"""Scan: the space-time scan statistic, for calls by topic and town (Kulldorff 1997, 2001)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, lgamma, log
from typing import Protocol

from mindu.engines.text.burst.season import Counts, Season, seasons

LONGEST = 14  # days of the longest window; slower things are found by `slow`
FEWEST, PEOPLE = 3, 3  # calls, and different callers, below which nothing is a burst
CHANCE = 0.01  # of a false alarm a day over all windows looked at
GAP = LONGEST  # days that the baseline does not see
BETWEEN = "\t"  # of a town and a place in it, where a scan looks at places


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
    place: str = ""  # the road or estate, where it is one

    @property
    def name(self) -> tuple[str, ...]:
        """Tell it from other bursts: what on, and where."""
        return (self.topic, *self.towns, self.place)

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


@dataclass(frozen=True, slots=True)
class Spots:
    """A scan of roads and estates, each by itself: a call's town is `spot(town, place)`."""

    holidays: frozenset[date] = frozenset()
    chance: float = CHANCE

    def zones(self, towns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return each place alone."""
        return [(town,) for town in sorted(towns)]


class How(Protocol):
    """What a scan looks at, and how often it may be wrong."""

    @property
    def holidays(self) -> frozenset[date]:
        """Days that count as Sundays."""
        ...

    @property
    def chance(self) -> float:
        """Of a false alarm a day."""
        ...

    def zones(self, towns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the zones that are made of these towns."""
        ...


def spot(town: str, place: str) -> str:
    """Return the town of a call by which `Spots` looks at a place in it."""
    return f"{town}{BETWEEN}{place}"


def place_of(town: str) -> str:
    """Return the place of what `spot` made; "" of any other town."""
    return town.partition(BETWEEN)[2]


def scan(
    calls: Sequence[Call], day: date, how: How, *, past: Counts | None = None,
    whole: Counts | None = None,
) -> list[Burst]:  # fmt: skip
    """Return the bursts that end on `day`, hottest first; overlapping windows of a topic tell once.

    `past` are the calls of each topic and town by day, where they were counted already; `calls` may
    then be those of the last two weeks alone. `whole` are those that weekdays are learned from,
    where `past` holds but some.

    Every zone and window of 1 to 14 days is held against its seasonal Poisson baseline. `chance`
    is the Poisson tail of its callers times the number of windows looked at (Bonferroni), so it
    needs no dice and errs on the quiet side.
    """
    heard: dict[str, dict[str, list[Call]]] = defaultdict(lambda: defaultdict(list))
    for call in calls:
        if day - timedelta(days=LONGEST) < call.day <= day:
            heard[call.topic][call.town].append(call)
    counts = _counts(call for call in calls if call.day <= day) if past is None else past
    days = [day - timedelta(days=back) for back in range(LONGEST)]
    # One baseline for the whole window, from before it: only the weekday differs.
    last = day - timedelta(days=GAP)
    usual = seasons(counts, days, last=last, holidays=how.holidays, whole=whole)
    zones = {topic: how.zones(sorted(towns)) for topic, towns in heard.items()}
    looked = sum(len(found) for found in zones.values()) * LONGEST
    found: list[Burst] = []
    for topic, towns in sorted(heard.items()):
        windows = (w for zone in zones[topic] for w in _windows(topic, zone, towns, usual))
        found += _apart([one for one in windows if one.chance * looked <= how.chance], looked)
    told = [_placed(one) for one in found]
    return sorted(told, key=lambda burst: (-burst.heat, burst.topic, burst.towns))


def _counts(calls: Iterable[Call]) -> dict[tuple[str, str], dict[date, int]]:
    counts: dict[tuple[str, str], dict[date, int]] = {}
    for call in calls:
        held = counts.setdefault((call.topic, call.town), {})
        held[call.day] = held.get(call.day, 0) + 1
    return counts


def _windows(
    topic: str, zone: tuple[str, ...], heard: Mapping[str, Sequence[Call]],
    usual: Mapping[date, Season],
) -> Iterator[Burst]:  # fmt: skip
    """Yield the windows of a zone with more callers than expected; the newest day is their last."""
    by_day: dict[date, list[Call]] = defaultdict(list)
    for town in zone:
        for call in heard.get(town, ()):
            by_day[call.day].append(call)
    until = max(usual)
    inside: list[Call] = []
    callers: set[str] = set()
    expected = 0.0
    for since in sorted(usual, reverse=True):
        expected += sum(usual[since].of(topic, town) for town in zone)
        fresh = by_day.get(since, ())
        inside.extend(fresh)
        callers.update(call.caller for call in fresh)
        seen = len(callers)  # who calls ten times is one: nobody makes a burst alone
        if not fresh or len(inside) < FEWEST or seen < PEOPLE or seen <= expected:
            continue
        likelihood = seen * log(seen / expected) - (seen - expected)
        names = tuple(call.name for call in inside)
        yield Burst(
            topic, zone, since, until, names, seen, expected, likelihood, _tail(seen, expected)
        )


def _placed(one: Burst) -> Burst:
    """Return a burst whose zone is a place with its town and its place apart."""
    town, between, place = one.towns[0].partition(BETWEEN)
    return replace(one, towns=(town,), place=place) if between else one


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
    told: set[str] = set()
    for one in sorted(held, key=lambda burst: (-burst.likelihood, len(burst.towns))):
        if told.isdisjoint(one.calls):
            told.update(one.calls)
            kept.append(replace(one, chance=min(1.0, one.chance * looked)))
    return kept
