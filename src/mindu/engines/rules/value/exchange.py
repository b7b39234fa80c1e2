"""Values in and out: from Python and JSON to FEEL, and back."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

from mindu.engines.rules.value.calendar import NANOS, Date, Days, Moment, Months, Time
from mindu.engines.rules.value.kinds import Callee, Range
from mindu.engines.rules.value.numbers import CONTEXT, exact
from mindu.engines.rules.value.texts import (
    write_date,
    write_days,
    write_moment,
    write_months,
    write_time,
)

DEEPEST = 60
OWN = (str, bool, Date, Time, Moment, Days, Months, Range)


def taken(value: object, depth: int = 0) -> object:
    """Return a Python value as FEEL has it; ValueError names what FEEL does not know."""
    if depth > DEEPEST:
        raise ValueError(f"an input is nested more than {DEEPEST} deep: flatten it")
    if value is None or isinstance(value, OWN) or isinstance(value, Callee):
        return value
    if isinstance(value, Mapping):
        return {str(key): taken(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [taken(item, depth + 1) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, int):
        return exact(value)
    if isinstance(value, float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else value
        return CONTEXT.plus(number) if number.is_finite() else None
    if isinstance(value, timedelta):
        return Days((value.days * 86_400 + value.seconds) * NANOS + value.microseconds * 1000)
    if isinstance(value, datetime):
        clock = value.timetz()
        return Moment(Date(value.year, value.month, value.day), _nanos(clock), _zone(value))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return Time(_nanos(value), _zone(value))
    raise ValueError(f"{type(value).__name__} is no value of FEEL: give plain Python values")


def _nanos(value: time) -> int:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * NANOS + value.microsecond * 1000


def _zone(value: datetime | time) -> int | str | None:
    key = getattr(value.tzinfo, "key", None)
    if key is not None:
        return cast("str", key)
    offset = value.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def plain(value: object) -> object:
    """Return a FEEL value for JSON: whole numbers as int, others as float, times as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if value is None or isinstance(value, str | bool):
        return value
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, Date):
        return write_date(value)
    if isinstance(value, Time):
        return write_time(value)
    if isinstance(value, Moment):
        return write_moment(value)
    if isinstance(value, Days):
        return write_days(value)
    return write_months(value) if isinstance(value, Months) else str(value)
