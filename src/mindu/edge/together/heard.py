"""Heard: the cases of the last weeks as the scan of space and time sees them, every one of them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Case
from mindu.brain.case_rows import CODES, Rows
from mindu.brain.cases import State
from mindu.brain.casework.office import Office
from mindu.edge.together.spots import Places, Spots
from mindu.engines.text.burst import Call, place_of, spot
from mindu.engines.text.burst.scan import LONGEST

YEAR = timedelta(days=364 + LONGEST)  # what the season is learned from, and the window after it
RECENT = timedelta(days=LONGEST + 1)  # what bursts are looked for in
MOST = 400_000  # callers remembered: 26,000 cases a day; of more only the newest are scanned
PART = 500  # cases read from the log at once: the line waits no longer than for these
DAY_S, AHEAD_S = 86_400, 8 * 3_600  # the city's day begins eight hours before that of UTC
SEEN = np.dtype([(name, "u4") for name in ("seq", "opened", "topic", "area", "place")])
LEFT_OUT = (State.REJECTED, State.EXTERNAL)
Pair = tuple[str, str]  # topic and town
Counts = dict[Pair, dict[date, int]]
Days = NDArray[np.int64]


class Heard:
    """What was told in the last weeks and how much in the year before, of one office."""

    def __init__(self, office: Office, places: Places) -> None:
        """Have heard nothing."""
        self.office, self.spots = office, Spots(places, office.cases.names)
        self._callers: dict[int, str] = {}

    def year(self, now: datetime) -> Rows:
        """Return what is looked at of all cases of a year, as it stands: that were ours, whole."""
        rows = self.office.cases.rows
        mask = rows["opened"] > int((now - YEAR).timestamp())
        mask &= (rows["opened"] <= now.timestamp()) & (rows["topic"] > 0) & (rows["parent"] < 0)
        mask &= ~np.isin(rows["state"], [CODES[state] for state in LEFT_OUT])
        kept = np.flatnonzero(mask)
        found = np.empty(len(kept), SEEN)
        for name in SEEN.names or ():
            found[name] = rows[name][kept]
        return found

    def unread(self, year: Rows, now: datetime) -> Iterator[list[int]]:
        """Yield the numbers of recent cases whose caller is not known yet, part by part."""
        numbers = _recent(year, now)["seq"].tolist()[-MOST:]
        self._callers = {n: self._callers[n] for n in numbers if n in self._callers}
        new = [number for number in numbers if number not in self._callers]
        yield from (new[at : at + PART] for at in range(0, len(new), PART))

    def read(self, numbers: Collection[int]) -> None:
        """Read who told some cases, while whoever holds the log lets nobody move them."""
        for number in numbers:
            case = self.office.memory.log[number].record
            assert isinstance(case, Case), "a number of a case is that of its opening"
            self._callers[number] = case.caller

    def calls(self, year: Rows, now: datetime) -> list[Call]:
        """Return the classified cases of the last weeks, as far as their callers were read."""
        names, rows = self.office.cases.names, _recent(year, now)
        columns = (rows["seq"], _days(rows), rows["topic"], rows["area"])
        return [
            Call(str(number), _date(day), names[topic], names[area], caller)
            for number, day, topic, area in zip(*(c.tolist() for c in columns), strict=True)
            if (caller := self._callers.get(number)) is not None
        ]

    def here(self, calls: Iterable[Call]) -> list[Call]:
        """Return the calls that name a known road or estate, each as one from there."""
        told = ((call, self.spot(int(call.name))) for call in calls)
        return [replace(call, town=spot(call.town, place)) for call, place in told if place]

    def spot(self, number: int) -> str:
        """Return the road or estate of a case; "" where its place names none that is known."""
        return self.spots.of(int(self.office.cases.row(number)["place"]))

    def counts(self, year: Rows) -> Counts:
        """Return how many cases of a topic and town each day of the past year brought."""
        return _tally(self.office.cases.names, year, np.zeros(len(year), np.int64), [""])

    def counts_here(self, year: Rows, wanted: Collection[Pair]) -> Counts:
        """Return the same by topic and place (`spot`), of the wanted pairs alone."""
        topics = [self.office.cases.code(topic) for topic, _ in wanted]
        rows = year[np.isin(year["topic"], topics)]
        places = sorted({place_of(town) for _, town in wanted})
        at = {place: number for number, place in enumerate(places)}
        codes, inverse = np.unique(rows["place"], return_inverse=True)
        here = np.array([at.get(self.spots.of(code), -1) for code in codes.tolist()], np.int64)
        which = here[inverse]
        told = _tally(self.office.cases.names, rows[which >= 0], which[which >= 0], places)
        return {pair: days for pair, days in told.items() if pair in wanted}


def _recent(year: Rows, now: datetime) -> Rows:
    return year[year["opened"] > int((now - RECENT).timestamp())]


def _tally(names: Sequence[str], rows: Rows, which: Days, places: Sequence[str]) -> Counts:
    """Count rows by topic, town with its place, and day."""
    columns = (rows["topic"].astype(np.int64), rows["area"].astype(np.int64), which, _days(rows))
    kinds, packed = [], np.zeros(len(rows), np.int64)
    for column in columns:  # one number a row: sorting numbers is many times faster than rows
        values, inverse = np.unique(column, return_inverse=True)
        kinds.append(values)
        packed = packed * max(1, len(values)) + inverse
    found, many = np.unique(packed, return_counts=True)
    parts = []
    for values in reversed(kinds):
        found, at = np.divmod(found, max(1, len(values)))
        parts.append(values[at].tolist())
    counts: Counts = {}
    for day, place, area, topic, count in zip(*parts, many.tolist(), strict=True):
        town = spot(names[area], places[place]) if places[place] else names[area]
        counts.setdefault((names[topic], town), {})[_date(day)] = count
    return counts


def _days(rows: Rows) -> Days:
    found: Days = (rows["opened"].astype(np.int64) + AHEAD_S) // DAY_S
    return found


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
