"""Dates, times and durations as text: read strictly, written canonically."""

import re

from mindu.engines.rules.value.calendar import (
    DAY,
    NANOS,
    Date,
    Days,
    Moment,
    Months,
    Time,
    Zone,
    a_date,
    from_ordinal,
    ordinal,
)
from mindu.engines.rules.value.zones import FARTHEST, named

DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z|[+-]\d\d:\d\d(?::\d\d)?)|@([A-Za-z0-9_+/-]{1,64}))?",
    re.ASCII,
)
YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
DAYS_TIME = re.compile(
    r"(-?)P(?:(\d{1,15})D)?"
    r"(?:T(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d{0,40}))?S)?)?",
    re.ASCII,
)


def read_date(text: str) -> Date | None:
    """Return the date written as YYYY-MM-DD, or None."""
    found = DATE.fullmatch(text)
    if found is None:
        return None
    year = int(found[2]) * (-1 if found[1] else 1)
    return a_date(year, int(found[3]), int(found[4]))


def fraction(digits: str | None) -> int:
    """Return the nanoseconds that the digits after the point stand for."""
    return int((digits or "").ljust(9, "0")[:9])


def seconds(hour: int, minute: int, second: int) -> int | None:
    """Return the seconds since midnight, 24:00:00 being the next; None where there is no such."""
    if hour > 23 or minute > 59 or second > 59:
        return 86_400 if (hour, minute, second) == (24, 0, 0) else None
    return hour * 3600 + minute * 60 + second


def read_offset(text: str) -> int | None:
    """Return the seconds east of UTC, or None beyond the farthest place."""
    if text == "Z":
        return 0
    parts = [int(part) for part in text[1:].split(":")] + [0]
    offset = parts[0] * 3600 + parts[1] * 60 + parts[2]
    if offset > FARTHEST or parts[1] > 59 or parts[2] > 59:
        return None
    return -offset if text[0] == "-" else offset


def read_time(text: str) -> Time | None:
    """Return the time written as HH:MM:SS with an offset or a zone, or None."""
    found = _clock(text)
    return found if found is None else Time(found.nanos % DAY, found.zone)


def _clock(text: str) -> Time | None:
    found = TIME.fullmatch(text)
    base = None if found is None else seconds(int(found[1]), int(found[2]), int(found[3]))
    if found is None or base is None:
        return None
    zone: Zone = None
    if found[5]:
        zone = read_offset(found[5])
    elif found[6]:
        zone = found[6] if named(found[6]) else None
    nanos = base * NANOS + fraction(found[4])
    if (zone is None and (found[5] or found[6])) or nanos > DAY:
        return None
    return Time(nanos, zone)


def read_moment(text: str) -> Moment | None:
    """Return the date and time written with a T between, or a date at midnight, or None."""
    day, mark, clock = text.partition("T")
    date = read_date(day)
    time = _clock(clock) if mark else Time(0)
    if date is None or time is None:
        return None
    if time.nanos == DAY:
        return Moment(from_ordinal(ordinal(date) + 1), 0, time.zone)
    return Moment(date, time.nanos, time.zone)


def read_duration(text: str) -> Days | Months | None:
    """Return the duration of either kind that a text writes, or None."""
    found = YEARS_MONTHS.fullmatch(text)
    if found is not None and not text.endswith("P"):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-months if found[1] else months)
    found = DAYS_TIME.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        return None
    whole = int(found[2] or 0) * 86_400 + int(found[3] or 0) * 3600
    whole += int(found[4] or 0) * 60 + int(found[5] or 0)
    nanos = whole * NANOS + fraction(found[6])
    return Days(-nanos if found[1] else nanos)


def read_any(text: str) -> Date | Time | Moment | Days | Months | None:
    """Return what an @ literal writes: a duration, a time, a moment or a date."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if "T" in text and "-" in text.split("T", 1)[0]:
        return read_moment(text)
    return read_date(text) or read_time(text)


def write_date(date: Date) -> str:
    """Write a date as YYYY-MM-DD."""
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04d}-{date.month:02d}-{date.day:02d}"


def write_zone(zone: Zone) -> str:
    """Write what follows the time: nothing, Z, an offset, or @ and a zone."""
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, rest = divmod(abs(zone), 60)
    text = f"{'-' if zone < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def write_point(nanos: int) -> str:
    """Write a fraction of a second, or nothing."""
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def write_time(time: Time) -> str:
    """Write a time as HH:MM:SS, with its fraction and zone."""
    whole, rest = divmod(time.nanos, NANOS)
    clock = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{clock}{write_point(rest)}{write_zone(time.zone)}"


def write_moment(moment: Moment) -> str:
    """Write a date and time with a T between."""
    return f"{write_date(moment.date)}T{write_time(moment.time)}"


def write_months(months: Months) -> str:
    """Write a years and months duration."""
    years, rest = divmod(abs(months.months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if months.months < 0 else ''}P{text or '0M'}"


def write_days(days: Days) -> str:
    """Write a days and time duration."""
    whole, rest = divmod(abs(days.nanos), DAY)
    clock, nanos = divmod(rest, NANOS)
    parts = [(clock // 3600, "H"), (clock // 60 % 60, "M")]
    time = "".join(f"{value}{unit}" for value, unit in parts if value)
    if clock % 60 or nanos:
        time += f"{clock % 60}{write_point(nanos)}S"
    text = (f"{whole}D" if whole else "") + (f"T{time}" if time else "")
    return f"{'-' if days.nanos < 0 else ''}P{text or 'T0S'}"
