"""The working-day calendar: which days the city works, and how office time adds up.

An editable table says which days are off and which weekend days are worked (调休); years that no
notice has arranged yet fall back on weekends and the statutory days, and say so.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

What = Literal["off", "work", "statutory"]
COLUMNS = ("first", "last", "what", "name", "source")
CITY = ZoneInfo("Asia/Shanghai")
OPENS_S, CLOSES_S = 8 * 3600 + 1800, 17 * 3600 + 1800  # 08:30 to 17:30, an office's usual hours
WAKES_S, SLEEPS_S = 7 * 3600 + 1800, 22 * 3600  # nobody is warned of a routine matter in between
DAY_S = 86_400
FEWEST = 7  # days off that make a year announced; a notice may reach into the year before
_EPOCH = date(1970, 1, 1).toordinal()
# Days since 1970 that are worked out at once; a clock beyond them asks day by day.
_FIRST, _LAST = date(2000, 1, 1).toordinal() - _EPOCH, date(2060, 1, 1).toordinal() - _EPOCH


class Days(msgspec.Struct, frozen=True):
    """One line of the table: a run of days, off or worked, and who says so."""

    first: date
    last: date
    what: What
    name: str
    source: str


class Calendar:
    """The days of one city; frozen, so an edited table is another calendar."""

    def __init__(self, days: Iterable[Days], *, zone: tzinfo = CITY) -> None:
        """Take the table up.

        Raises:
            ValueError: a line ends before it begins, or two lines contradict each other.
        """
        self.zone = zone
        self._said: dict[date, Days] = {}
        self._statutory: dict[date, Days] = {}
        for line in days:
            self._take(line)
        off = Counter(day.year for day, line in self._said.items() if line.what == "off")
        self.announced = frozenset(year for year, count in off.items() if count >= FEWEST)

    def _take(self, line: Days) -> None:
        if line.last < line.first or (line.last - line.first).days > 31:
            raise ValueError(f"{line.first} to {line.last} is no run of days: mend the table")
        for ahead in range((line.last - line.first).days + 1):
            day = line.first + timedelta(days=ahead)
            if line.what == "statutory":
                self._statutory[day] = line
                continue
            held = self._said.get(day)
            if held is not None and held.what != line.what:
                raise ValueError(f"{day} is both {held.what} and {line.what}: strike one line")
            self._said[day] = line

    def works(self, day: date) -> bool:
        """Say whether the city's offices work on that day."""
        line = self._said.get(day)
        if line is not None:
            return line.what == "work"
        if day.year in self.announced:
            return day.weekday() < 5
        return day.weekday() < 5 and day not in self._statutory

    def known(self, day: date) -> bool:
        """Say whether the year of that day was announced; else it is our reckoning alone."""
        return day.year in self.announced

    def line(self, day: date) -> Days | None:
        """Return the line of the table that speaks of that day."""
        return self._said.get(day) or self._statutory.get(day)

    # -- office time, in seconds -----------------------------------------------------------

    def worked(self, since: int, until: int) -> int:
        """Return the seconds of office time between two instants (epoch s); 0 if none."""
        return max(0, self._count(until) - self._count(since))

    def after(self, since: int, seconds: int) -> int:
        """Return the instant at which so many seconds of office time have passed."""
        local = self._local(since)
        day, second = divmod(local, DAY_S)
        into = min(max(second - OPENS_S, 0), CLOSES_S - OPENS_S) if self._works(day) else 0
        left = into + seconds
        while True:
            here = CLOSES_S - OPENS_S if self._works(day) else 0
            if here and left <= here:
                return self._instant(day, OPENS_S + left)
            left -= here
            day += 1

    def closing(self, since: int, days: int) -> int:
        """Return the close of the `days`-th working day after the day of `since`.

        The day itself does not count (民法典 201), and the last one ends with business (203).
        """
        day = self._local(since) // DAY_S
        while days > 0:
            day += 1
            days -= self._works(day)
        return self._instant(day, CLOSES_S)

    def awake(self, instant: int) -> int:
        """Return the instant, or the next opening of an office if people sleep then."""
        day, second = divmod(self._local(instant), DAY_S)
        if WAKES_S <= second < SLEEPS_S:
            return instant
        if second >= SLEEPS_S:
            day += 1
        return self._instant(day, OPENS_S)

    def at(self, instant: int) -> datetime:
        """Return the instant in the city's own time."""
        return datetime.fromtimestamp(instant, self.zone)

    def _count(self, instant: int) -> int:
        """Return office seconds since an origin of this calendar."""
        day, second = divmod(self._local(instant), DAY_S)
        into = min(max(second - OPENS_S, 0), CLOSES_S - OPENS_S) if self._works(day) else 0
        return self._days_before(day) * (CLOSES_S - OPENS_S) + into

    def _days_before(self, day: int) -> int:
        """Return how many working days come before a day, counted from the origin."""
        return bisect_left(self._working, day)

    @cached_property
    def _working(self) -> list[int]:
        days = range(_FIRST, _LAST)
        return [day for day in days if self.works(date.fromordinal(day + _EPOCH))]

    @cached_property
    def _at_work(self) -> frozenset[int]:
        return frozenset(self._working)

    def _works(self, day: int) -> bool:
        if _FIRST <= day < _LAST:
            return day in self._at_work
        return self.works(date.fromordinal(day + _EPOCH))

    @cached_property
    def _fixed(self) -> int | None:
        """The offset of a zone without summer time, in seconds; None where it moves."""
        if str(self.zone) == "Asia/Shanghai":
            return 8 * 3600
        told = self.zone.utcoffset(None)
        return None if told is None else int(told.total_seconds())

    def _local(self, instant: int) -> int:
        if self._fixed is not None:
            return instant + self._fixed
        told = datetime.fromtimestamp(instant, self.zone).utcoffset()
        return instant + (0 if told is None else int(told.total_seconds()))

    def _instant(self, day: int, second: int) -> int:
        if self._fixed is not None:
            return day * DAY_S + second - self._fixed
        wall = datetime.fromordinal(day + _EPOCH) + timedelta(seconds=second)
        return int(wall.replace(tzinfo=self.zone).astimezone(UTC).timestamp())


def read(rows: Iterable[Iterable[str]]) -> tuple[Days, ...]:
    """Read the lines of a table.

    Raises:
        ValueError: names the first line that cannot be read.
    """
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            told = dict(zip(COLUMNS, row, strict=True))
            found.append(msgspec.convert(told, Days, strict=False))
        except (ValueError, msgspec.ValidationError) as wrong:
            raise ValueError(f"line {number} of the holidays cannot be read: {wrong}") from wrong
    return tuple(found)


def shipped() -> tuple[Days, ...]:
    """Return the table that the house ships: 2004 to 2026 as announced, then statutory days."""
    text = files("mindu.brain.casework").joinpath("holidays.csv").read_text(encoding="utf-8")
    return read(line.split(",") for line in text.splitlines()[1:] if line)
