"""The arithmetic of numbers, texts, dates, times and durations."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mindu.engines.rules.value.calendar import (
    DAY,
    YEARS,
    Date,
    Days,
    Moment,
    Months,
    Time,
    add_months,
    from_ordinal,
    ordinal,
)
from mindu.engines.rules.value.numbers import CONTEXT, ZERO, exact
from mindu.engines.rules.value.run import Exhausted, Refused
from mindu.engines.rules.value.zones import instant, time_line

FARTHEST = 400_000_000_000  # days either side of 1970 that dates may reach
LONGEST = 1_000_000  # characters of a joined text
SPAN = 10**30  # nanoseconds of a duration, some 30 million million years
MONTHS = 10**13  # months of a duration

Operation = Callable[[Any, Any], object]


def sane(date: Date) -> Date:
    """Return the date, or refuse one beyond FEEL's years."""
    if abs(date.year) > YEARS:
        raise Refused("number", "year")
    return date


def days(nanos: int) -> Days:
    """Return a days and time duration, or refuse one beyond all calendars."""
    if abs(nanos) > SPAN:
        raise Refused("number", "duration")
    return Days(nanos)


def months(count: int) -> Months:
    """Return a years and months duration, or refuse one beyond all calendars."""
    if abs(count) > MONTHS:
        raise Refused("number", "duration")
    return Months(count)


def shift(moment: Moment, nanos: int) -> Moment:
    """Return the moment so many nanoseconds later on the clock of its zone."""
    later, rest = divmod(moment.nanos + nanos, DAY)
    if abs(later) > FARTHEST:
        raise Refused("number", "date")
    return Moment(sane(from_ordinal(ordinal(moment.date) + later)), rest, moment.zone)


def moment_of(value: Date | Moment) -> Moment:
    """Return a date as the moment of its midnight in UTC."""
    return value if isinstance(value, Moment) else Moment(value, 0, 0)


def _join(left: str, right: str) -> str:
    if len(left) + len(right) > LONGEST:
        raise Exhausted("length", LONGEST)
    return left + right


def _add_months(value: Date | Moment, span: Months, sign: int = 1) -> object:
    count = sign * span.months
    if abs(count) > YEARS * 24:
        raise Refused("number", "date")
    if isinstance(value, Date):
        return sane(add_months(value, count))
    return Moment(sane(add_months(value.date, count)), value.nanos, value.zone)


def _add_days(value: Date | Moment, span: Days, sign: int = 1) -> object:
    if isinstance(value, Date):
        return shift(Moment(value, 0, None), sign * span.nanos).date
    return shift(value, sign * span.nanos)


def _time_shift(value: Time, span: Days, sign: int = 1) -> Time:
    return Time((value.nanos + sign * span.nanos) % DAY, value.zone)


def _between(left: Date | Moment, right: Date | Moment) -> Days:
    one, other = moment_of(left), moment_of(right)
    if (one.zone is None) != (other.zone is None):
        raise Refused("operator", "-", "date and time", "local date and time")
    return Days(instant(one) - instant(other))


def _times_between(left: Time, right: Time) -> Days:
    if (left.zone is None) != (right.zone is None):
        raise Refused("operator", "-", "time", "local time")
    return Days(time_line(left) - time_line(right))


def _round(value: Decimal) -> int:
    return int(value.to_integral_value(rounding="ROUND_DOWN"))


def _scale(count: int, factor: Decimal) -> int:
    return _round(CONTEXT.multiply(Decimal(count), factor))


def _part(count: int, divisor: Decimal) -> int:
    return _round(CONTEXT.divide(Decimal(count), divisor))


def _ratio(left: int, right: int) -> Decimal:
    return CONTEXT.divide(exact(left), exact(right))


ADD: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): _join,
    (Days, Days): lambda a, b: days(a.nanos + b.nanos),
    (Months, Months): lambda a, b: months(a.months + b.months),
    (Date, Months): _add_months,
    (Moment, Months): _add_months,
    (Date, Days): _add_days,
    (Moment, Days): _add_days,
    (Time, Days): _time_shift,
    (Months, Date): lambda a, b: _add_months(b, a),
    (Months, Moment): lambda a, b: _add_months(b, a),
    (Days, Date): lambda a, b: _add_days(b, a),
    (Days, Moment): lambda a, b: _add_days(b, a),
    (Days, Time): lambda a, b: _time_shift(b, a),
}
SUBTRACT: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.subtract,
    (Days, Days): lambda a, b: days(a.nanos - b.nanos),
    (Months, Months): lambda a, b: months(a.months - b.months),
    (Date, Months): lambda a, b: _add_months(a, b, -1),
    (Moment, Months): lambda a, b: _add_months(a, b, -1),
    (Date, Days): lambda a, b: _add_days(a, b, -1),
    (Moment, Days): lambda a, b: _add_days(a, b, -1),
    (Time, Days): lambda a, b: _time_shift(a, b, -1),
    (Time, Time): _times_between,
    (Date, Date): _between,
    (Date, Moment): _between,
    (Moment, Date): _between,
    (Moment, Moment): _between,
}
MULTIPLY: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.multiply,
    (Days, Decimal): lambda a, b: days(_scale(a.nanos, b)),
    (Decimal, Days): lambda a, b: days(_scale(b.nanos, a)),
    (Months, Decimal): lambda a, b: months(_scale(a.months, b)),
    (Decimal, Months): lambda a, b: months(_scale(b.months, a)),
}
DIVIDE: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.divide,
    (Days, Decimal): lambda a, b: days(_part(a.nanos, b)),
    (Months, Decimal): lambda a, b: months(_part(a.months, b)),
    (Days, Days): lambda a, b: _ratio(a.nanos, b.nanos),
    (Months, Months): lambda a, b: _ratio(a.months, b.months),
}
POWER: dict[tuple[type, type], Operation] = {(Decimal, Decimal): CONTEXT.power}
OPERATIONS: dict[str, dict[tuple[type, type], Operation]] = {
    "+": ADD,
    "-": SUBTRACT,
    "*": MULTIPLY,
    "/": DIVIDE,
    "**": POWER,
}


def negate(value: object) -> object:
    """Return minus a number or a duration; refuse anything else."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value) if value else ZERO
    if isinstance(value, Days):
        return Days(-value.nanos)
    if isinstance(value, Months):
        return Months(-value.months)
    raise Refused("operator", "-", "minus", type(value).__name__)
