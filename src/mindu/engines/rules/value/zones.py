"""Zones of the world: the offset of a moment, and moments on one line of time."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mindu.engines.rules.value.calendar import DAY, NANOS, Date, Moment, Time, Zone, ordinal

FARTHEST = 18 * 3600  # seconds: no place is farther from UTC
LIKE = 2000  # a year whose rules stand for years that Python's clock does not reach


@lru_cache(maxsize=600)
def named(name: str) -> ZoneInfo | None:
    """Return the zone of that name, or None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_at(zone: Zone, date: Date, nanos: int) -> int | None:
    """Return the seconds east of UTC at a local date and time; None for local time."""
    if zone is None or isinstance(zone, int):
        return zone
    found = named(zone)
    if found is None:
        return None
    year = date.year if 1 < date.year < 9999 else LIKE + date.year % 400
    day = 28 if (date.month, date.day) == (2, 29) and year != date.year else date.day
    local = datetime(year, date.month, day, tzinfo=found) + timedelta(seconds=nanos // NANOS)
    offset = local.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def offset_of(value: Moment | Time) -> int | None:
    """Return the seconds east of UTC; a time with a named zone takes the zone's winter offset."""
    if isinstance(value, Moment):
        return offset_at(value.zone, value.date, value.nanos)
    return offset_at(value.zone, Date(1970, 1, 1), value.nanos)


def instant(value: Moment) -> int:
    """Return nanoseconds since 1970 in UTC, local time being read as UTC."""
    offset = offset_of(value) or 0
    return ordinal(value.date) * DAY + value.nanos - offset * NANOS


def time_line(value: Time) -> int:
    """Return nanoseconds since midnight in UTC, local time being read as UTC."""
    return value.nanos - (offset_of(value) or 0) * NANOS
