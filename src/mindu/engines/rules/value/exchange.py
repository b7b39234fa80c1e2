"""Values in and out: from Python and JSON to FEEL, and back."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, cast

import msgspec

from mindu.engines.rules.value.calendar import NANOS, Date, Days, Moment, Months, Time
from mindu.engines.rules.value.kinds import Range, callable_
from mindu.engines.rules.value.numbers import CONTEXT, whole
from mindu.engines.rules.value.texts import (
    read_any,
    write_date,
    write_days,
    write_moment,
    write_months,
    write_time,
)
from mindu.engines.rules.value.types import ANY, Type

DEEPEST = 60
TEMPORAL = {
    "date",
    "time",
    "date and time",
    "duration",
    "days and time duration",
    "years and months duration",
}
OWN = (str, bool, Date, Time, Moment, Days, Months, Range)


def taken(value: object, depth: int = 0) -> object:
    """Return a Python value as FEEL has it; ValueError names what FEEL does not know."""
    make = QUICK.get(type(value))
    if make is not None:
        return make(value)
    if depth > DEEPEST:
        raise ValueError(f"an input is nested more than {DEEPEST} deep: flatten it")
    if isinstance(value, dict | Mapping):
        return {str(key): taken(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [taken(item, depth + 1) for item in value]
    return value if isinstance(value, OWN) else _scalar(value)


def _scalar(value: object) -> object:
    for kind, make in SCALARS:
        if isinstance(value, kind):
            return make(value)
    if callable_(value):
        return value
    raise ValueError(f"{type(value).__name__} is no value of FEEL: give plain Python values")


def _number(value: float | Decimal) -> object:
    """Return a number of 34 digits, null for what is beyond them."""
    found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    try:
        return CONTEXT.plus(found) if found.is_finite() else None
    except ArithmeticError:
        return None


def _same(value: object) -> object:
    return value


def _days(value: timedelta) -> Days:
    return Days((value.days * 86_400 + value.seconds) * NANOS + value.microseconds * 1000)


def _moment(value: datetime) -> Moment:
    return Moment(Date(value.year, value.month, value.day), _nanos(value.timetz()), _zone(value))


SCALARS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (int, _number),
    (float, _number),
    (Decimal, _number),
    (timedelta, _days),
    (datetime, _moment),  # before date: every datetime is a date
    (date, lambda value: Date(value.year, value.month, value.day)),
    (time, lambda value: Time(_nanos(value), _zone(value))),
)


QUICK: dict[type, Callable[[Any], object]] = {
    type(None): _same,
    str: _same,
    bool: _same,
    int: _number,
    float: _number,
    Decimal: _number,
}


def _nanos(value: time) -> int:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * NANOS + value.microsecond * 1000


def _zone(value: datetime | time) -> int | str | None:
    key = getattr(value.tzinfo, "key", None)
    if key is not None:
        return cast("str", key)
    offset = value.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def plain(value: object, depth: int = 0) -> object:
    """Return a FEEL value or a trace for JSON: numbers as int or float, times as text."""
    if depth > DEEPEST:
        raise ValueError(f"a value is nested more than {DEEPEST} deep: no JSON is made of it")
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, msgspec.Struct):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    return WRITE.get(type(value), _function)(value)


def _function(value: object) -> str:
    return f"function {getattr(value, 'name', '')}".rstrip()


def _range(value: Range) -> object:
    ends = {"start": plain(value.low), "end": plain(value.high)}
    return {**ends, "start included": value.low_in, "end included": value.high_in}


def _plain_number(value: Decimal) -> object:
    integer = whole(value)
    if integer is not None:
        return integer
    near = float(value)
    return near if isfinite(near) else str(value)


def fitted(value: object, type_: Type) -> object:
    """Return a JSON value as a type has it: texts become dates, times and durations."""
    if isinstance(value, str) and type_.kind in TEMPORAL:
        return read_any(value)
    if isinstance(value, list) and type_.kind == "list" and type_.element is not None:
        return [fitted(item, type_.element) for item in value]
    if isinstance(value, dict) and type_.kind == "context":
        kinds = dict(type_.fields)
        return {key: fitted(item, kinds.get(key, ANY)) for key, item in value.items()}
    return value


WRITE: dict[type, Callable[[Any], object]] = {
    type(None): _same,
    str: _same,
    bool: _same,
    Range: _range,
    Decimal: _plain_number,
    Date: write_date,
    Time: write_time,
    Moment: write_moment,
    Days: write_days,
    Months: write_months,
}
