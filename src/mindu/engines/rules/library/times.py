"""Built-in functions of the calendar and the clock."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from mindu.engines.rules.library.registry import builtin
from mindu.engines.rules.value.calendar import (
    NANOS,
    Date,
    Moment,
    day_of_year,
    week_of_year,
    weekday,
)
from mindu.engines.rules.value.numbers import exact
from mindu.engines.rules.value.run import Refused, Run

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def day(value: Date | Moment) -> Date:
    """Return the day of a date or of a moment."""
    return value.date if isinstance(value, Moment) else value


def _of_day(name: str, body: Callable[[Date], object]) -> None:
    def told(date: Date | Moment) -> object:
        return body(day(date))

    builtin(name, "date: date|moment")(told)


_of_day("day of year", lambda date: exact(day_of_year(date)))
_of_day("week of year", lambda date: exact(week_of_year(date)))
_of_day("day of week", lambda date: WEEKDAYS[weekday(date) - 1])
_of_day("month of year", lambda date: MONTHS[date.month - 1])


def moment_from(value: datetime) -> Moment:
    """Return Python's date and time as FEEL's."""
    zone = None
    offset = value.utcoffset()
    if offset is not None:
        zone = int(offset.total_seconds())
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    nanos = seconds * NANOS + value.microsecond * 1000
    return Moment(Date(value.year, value.month, value.day), nanos, zone)


def moment_of_now(run: Run) -> Moment:
    """Return the moment that the decision was given as now, or refuse."""
    if run.now is None:
        raise Refused("clock")
    return moment_from(run.now)


@builtin("now")
def now(run: Run) -> object:
    """Return the moment that the decision was given as now."""
    return moment_of_now(run)


@builtin("today")
def today(run: Run) -> object:
    """Return the day that the decision was given as now."""
    return moment_of_now(run).date


def seconds_of(value: int) -> Decimal:
    """Return nanoseconds as seconds."""
    return Decimal(value).scaleb(-9).normalize() if value % NANOS else exact(value // NANOS)
