"""Timers: from ISO 8601 text or a FEEL value to the moment when they ring."""

import calendar
import re
from datetime import UTC, datetime, timedelta

from mindu.engines.process.happenings import Stuck

DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
WORKING = re.compile(r"P(\d{1,3})WD")  # ours: so many working days, until the last one closes
CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)")
ISO = re.compile(r"-?P|R\d*/|\d{4}-\d\d-\d\d")
SHORTEST = timedelta(seconds=1)  # between the turns of a cycle
LONGEST = timedelta(days=366 * 100)
DIGITS = 9  # of how often a cycle rings


def literal(text: str) -> bool:
    """Say whether a time is written as ISO 8601 text, not as FEEL."""
    return ISO.match(text) is not None and "(" not in text


def later(now: datetime, text: str, where: str) -> datetime:
    """Return now and a duration."""
    found = DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise _wrong(where, text)
    try:
        years, months, weeks, days, hours, minutes = (int(n or 0) for n in found.groups()[:6])
        span = timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes,
            seconds=float(found.group(7) or 0),
        )  # fmt: skip
        if span > LONGEST or years > 100:
            raise _wrong(where, text)
        return _months(now, years * 12 + months) + span
    except (OverflowError, ValueError):  # beyond any calendar
        raise _wrong(where, text) from None


def _months(now: datetime, months: int) -> datetime:
    if not months:
        return now
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def working(text: str) -> int | None:
    """Return how many working days a duration is; None where it is not told in these."""
    found = WORKING.fullmatch(text.strip())
    return None if found is None else int(found.group(1))


def weekdays(since: datetime, days: int) -> datetime:
    """Return the same hour so many days later, Saturdays and Sundays not counted: no calendar."""
    found = since
    while days > 0:
        found += timedelta(days=1)
        days -= found.weekday() < 5
    return found


def readable(kind: str, text: str) -> bool:
    """Say whether a time written as ISO 8601 text, or in working days, is one that rings."""
    noon = datetime(2000, 1, 1, 12, tzinfo=UTC)
    try:
        if kind == "cycle":
            cycle(noon, text, "")
        elif kind == "date":
            moment(text, "")
        elif working(text) is None:
            later(noon, text, "")
    except Stuck:
        return False
    return True


def moment(text: str, where: str) -> datetime:
    """Return the moment that a date is written for; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text.strip().partition("@")[0])
    except ValueError:
        raise _wrong(where, text) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def cycle(now: datetime, text: str, where: str) -> tuple[datetime, int, str]:
    """Return when a cycle rings first, how often again (-1: for ever), and its duration."""
    found = CYCLE.fullmatch(text.strip())
    if found is None:
        raise _wrong(where, text)
    times, start, every = found.groups()
    if len(times) > DIGITS:
        raise _wrong(where, text)
    if later(now, every, where) - now < SHORTEST:
        raise _wrong(where, text)
    first = moment(start, where) if start else later(now, every, where)
    return first, int(times) - 1 if times else -1, every


def again(due: datetime, now: datetime, every: str, where: str) -> datetime:
    """Return the next ring of a cycle after now, in step with the one that was due.

    Rings that nobody was there to hear are passed over.
    """
    found = later(due, every, where)
    if found <= now and not {"Y", "M"} & set(every.partition("T")[0]):
        found += (now - found) // (found - due) * (found - due)
    while found <= now:
        found = later(found, every, where)
    return found


def _wrong(where: str, text: str) -> Stuck:
    return Stuck(
        where,
        f"{text!r} is no time that a timer knows: write PT2H, P5D, P5WD (working days), R3/PT10M, "
        "2026-01-31T09:00:00Z or FEEL after '='",
        f"“{text}”不是定时器能识别的时间:请写 PT2H、P5D、P5WD(工作日)、R3/PT10M、"
        "2026-01-31T09:00:00Z 或以“=”开头的 FEEL",
    )
