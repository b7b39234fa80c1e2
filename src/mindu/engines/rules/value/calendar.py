"""The calendar without Python's year limits: dates, times, moments and both durations."""

from dataclasses import dataclass

NANOS = 1_000_000_000
DAY = 86_400 * NANOS
YEARS = 999_999_999  # FEEL's years run from minus to plus this

Zone = int | str | None  # seconds east of UTC, the name of a zone, or local time


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, in nanoseconds since midnight, with or without a zone."""

    nanos: int
    zone: Zone = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time, with or without a zone."""

    date: Date
    nanos: int
    zone: Zone = None

    @property
    def time(self) -> Time:
        """Return its time of day."""
        return Time(self.nanos, self.zone)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A days and time duration, in nanoseconds."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, in months."""

    months: int


def leap(year: int) -> bool:
    """Say whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if leap(year) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def a_date(year: int, month: int, day: int) -> Date | None:
    """Return the date if there is such a day."""
    if abs(year) > YEARS or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        return None
    return Date(year, month, day)


def ordinal(date: Date) -> int:
    """Return the number of days since 1970-01-01."""
    year = date.year - (date.month <= 2)
    era, within = divmod(year, 400)
    shifted = (date.month + 9) % 12
    day_of_year = (153 * shifted + 2) // 5 + date.day - 1
    return era * 146_097 + within * 365 + within // 4 - within // 100 + day_of_year - 719_468


def from_ordinal(days: int) -> Date:
    """Return the date so many days after 1970-01-01."""
    era, of_era = divmod(days + 719_468, 146_097)
    within = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * within + within // 4 - within // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return Date(within + era * 400 + (month <= 2), month, day)


def add_months(date: Date, months: int) -> Date:
    """Return the date so many months on, at the month's last day where the day does not exist."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return Date(year, month + 1, min(date.day, month_length(year, month + 1)))


def weekday(date: Date) -> int:
    """Return 1 for Monday to 7 for Sunday."""
    return (ordinal(date) + 3) % 7 + 1


def day_of_year(date: Date) -> int:
    """Return 1 for the first of January."""
    return ordinal(date) - ordinal(Date(date.year, 1, 1)) + 1


def week_of_year(date: Date) -> int:
    """Return the ISO 8601 week."""
    thursday = from_ordinal(ordinal(date) - weekday(date) + 4)
    return (day_of_year(thursday) - 1) // 7 + 1
