"""Built-in functions that make a value of one kind from another."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mindu.engines.rules.library.registry import builtin
from mindu.engines.rules.library.times import day
from mindu.engines.rules.value.calendar import (
    DAY,
    NANOS,
    Date,
    Days,
    Moment,
    Months,
    Time,
    a_date,
)
from mindu.engines.rules.value.kinds import Range
from mindu.engines.rules.value.numbers import number, whole, written
from mindu.engines.rules.value.run import Exhausted, Refused, Run
from mindu.engines.rules.value.texts import (
    read_any,
    read_date,
    read_duration,
    read_moment,
    read_time,
    seconds,
    write_date,
    write_days,
    write_moment,
    write_months,
    write_time,
)
from mindu.engines.rules.value.zones import FARTHEST

SEPARATORS = {" ", ",", "."}
DEEPEST = 60


def _read(text: str, kind: str, value: object) -> object:
    if value is None:
        raise Refused("literal", text[:40], kind)
    return value


def at_literal(text: str) -> object:
    """Return what an @ literal writes, or refuse."""
    return _read(text, "date, time or duration", read_any(text))


@builtin("date", "from: string")
def date_from_text(text: str) -> object:
    """Read a date."""
    return _read(text, "date", read_date(text))


@builtin("date", "from: date|moment")
def date_from(value: Date | Moment) -> object:
    """Return the day of a moment."""
    return day(value)


@builtin("date", "year: number, month: number, day: number")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> object:
    """Return a date of its parts."""
    parts = [whole(part) for part in (year, month, day)]
    if None in parts:
        raise Refused("literal", f"{year}-{month}-{day}", "date")
    made = a_date(*[part for part in parts if part is not None])
    return _read(f"{year}-{month}-{day}", "date", made)


@builtin("time", "from: string")
def time_from_text(text: str) -> object:
    """Read a time."""
    return _read(text, "time", read_time(text))


@builtin("time", "from: time|moment|date")
def time_from(value: Time | Moment | Date) -> object:
    """Return the time of day of a moment; a date begins at midnight in UTC."""
    if isinstance(value, Date):
        return Time(0, 0)
    return value.time if isinstance(value, Moment) else value


@builtin("time", "hour: number, minute: number, second: number, offset?: days?")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Days | None = None) -> object:
    """Return a time of its parts."""
    wrong = Refused("literal", f"{hour}:{minute}:{second}", "time")
    hours, minutes = whole(hour), whole(minute)
    if hours is None or minutes is None or min(hour, minute, second) < 0 or second >= 60:
        raise wrong
    base = seconds(hours, minutes, int(second))
    zone = None if offset is None else offset.nanos // NANOS
    if base is None or base * NANOS == DAY or abs(zone or 0) > FARTHEST:
        raise wrong
    return Time(base * NANOS + int((second - int(second)).scaleb(9)), zone)


@builtin("date and time", "from: string")
def moment_from_text(text: str) -> object:
    """Read a date and time."""
    return _read(text, "date and time", read_moment(text))


@builtin("date and time", "from: moment|date")
def moment_from(value: Moment | Date) -> object:
    """Return a moment as it is, a date at its midnight in UTC."""
    return value if isinstance(value, Moment) else Moment(value, 0, 0)


@builtin("date and time", "date: date|moment, time: time")
def moment_of(date: Date | Moment, time: Time) -> object:
    """Return a moment of a day and a time."""
    return Moment(day(date), time.nanos, time.zone)


@builtin("duration", "from: string")
def duration_from(text: str) -> object:
    """Read a duration of either kind."""
    return _read(text, "duration", read_duration(text))


@builtin("duration", "from: days|months")
def duration_as(value: Days | Months) -> object:
    """Return a duration as it is."""
    return value


@builtin("years and months duration", "from: date|moment, to: date|moment")
def months_between(start: Date | Moment, end: Date | Moment) -> Months:
    """Return the whole months between two days."""
    one, other = day(start), day(end)
    months = (other.year - one.year) * 12 + other.month - one.month
    if months > 0 and other.day < one.day:
        months -= 1
    elif months < 0 and other.day > one.day:
        months += 1
    return Months(months)


@builtin("number", "from: string, grouping separator?: string?, decimal separator?: string?")
def number_from(text: str, grouping: str | None = None, decimal: str | None = None) -> object:
    """Read a number with the separators it is written with."""
    point = decimal or "."
    if (grouping is not None and grouping not in SEPARATORS) or point not in {",", "."}:
        raise Refused("literal", grouping, "separator")
    if grouping == point:
        raise Refused("literal", grouping, "separator")
    plain = text.replace(grouping, "") if grouping else text
    if point != "." and "." in plain:
        raise Refused("literal", text[:40], "number")
    plain = plain.replace(point, ".")
    if not set(plain) <= set("0123456789.+-eE") or not plain.isascii():
        raise Refused("literal", text[:40], "number")
    try:
        return number(plain)
    except ArithmeticError:
        raise Refused("literal", text[:40], "number") from None


@builtin("number", "from: number")
def number_as(value: Decimal) -> object:
    """Return a number as it is."""
    return value


def text_of(run: Run, value: object, depth: int = 0) -> str:
    """Write any value as FEEL writes it."""
    run.spend(1)
    if depth > DEEPEST:
        raise Refused("depth", DEEPEST)
    if isinstance(value, list):
        return "[" + ", ".join(text_of(run, item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{_key(name)}: {text_of(run, one, depth + 1)}" for name, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Range):
        return _range(run, value, depth + 1)
    found = WRITE.get(type(value))
    return (
        f"function {getattr(value, 'name', '')}".rstrip() if found is None else found(value, depth)
    )


def _key(name: str) -> str:
    return name if name.replace(" ", "").replace("_", "").isalnum() else _quoted(name, 1)


def _range(run: Run, value: Range, depth: int) -> str:
    if value.test:
        end = value.low if value.low is not None else value.high
        return f"({value.test}{text_of(run, end, depth)})"
    left, right = "[" if value.low_in else "(", "]" if value.high_in else ")"
    return f"{left}{text_of(run, value.low, depth)}..{text_of(run, value.high, depth)}{right}"


def _quoted(value: str, depth: int) -> str:
    return value if depth == 0 else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _at(write: Callable[[Any], str]) -> Callable[[Any, int], str]:
    return lambda value, depth: write(value) if depth == 0 else f'@"{write(value)}"'


WRITE: dict[type, Callable[[Any, int], str]] = {
    type(None): lambda _value, _depth: "null",
    bool: lambda value, _depth: "true" if value else "false",
    Decimal: lambda value, _depth: written(value),
    str: _quoted,
    Date: _at(write_date),
    Time: _at(write_time),
    Moment: _at(write_moment),
    Days: _at(write_days),
    Months: _at(write_months),
}


@builtin("string", "from: any")
def string(run: Run, value: object) -> object:
    """Write a value; null stays null."""
    if value is None:
        return None
    text = text_of(run, value)
    if len(text) > run.limits.length:
        raise Exhausted("length", run.limits.length)
    return text
