"""Building members and filters: of contexts, lists, dates, durations and ranges."""

from collections.abc import Callable
from decimal import Decimal

from mindu.engines.rules.library.lists import place as place_of
from mindu.engines.rules.library.times import seconds_of
from mindu.engines.rules.machine.core import Code, Frame, Scope, build, builds, refuse
from mindu.engines.rules.machine.loops import unknown
from mindu.engines.rules.syntax.tree import Filter, Path
from mindu.engines.rules.value.calendar import (
    DAY,
    NANOS,
    Date,
    Days,
    Moment,
    Months,
    Time,
    weekday,
)
from mindu.engines.rules.value.kinds import Range, kind_of
from mindu.engines.rules.value.numbers import exact, whole
from mindu.engines.rules.value.run import Refused
from mindu.engines.rules.value.zones import offset_of

Members = dict[str, Callable[..., object]]

DATE: Members = {
    "year": lambda value: exact(value.year),
    "month": lambda value: exact(value.month),
    "day": lambda value: exact(value.day),
    "weekday": lambda value: exact(weekday(value)),
}


def _offset(value: Time | Moment) -> object:
    seconds = offset_of(value)
    return None if seconds is None else Days(seconds * NANOS)


CLOCK: Members = {
    "hour": lambda value: exact(value.nanos // NANOS // 3600),
    "minute": lambda value: exact(value.nanos // NANOS // 60 % 60),
    "second": lambda value: seconds_of(value.nanos % (60 * NANOS)),
    "time offset": _offset,
    "timezone": lambda value: value.zone if isinstance(value.zone, str) else None,
}


def _of_date(member: Callable[..., object]) -> Callable[[Moment], object]:
    return lambda value: member(value.date)


def _signed(count: int, unit: int, within: int) -> Decimal:
    part = abs(count) // unit
    part = part % within if within else part
    return exact(-part if count < 0 else part)


MEMBERS: dict[type, Members] = {
    Date: DATE,
    Time: CLOCK,
    Moment: {**CLOCK, **{name: _of_date(member) for name, member in DATE.items()}},
    Days: {
        "days": lambda value: _signed(value.nanos, DAY, 0),
        "hours": lambda value: _signed(value.nanos, 3600 * NANOS, 24),
        "minutes": lambda value: _signed(value.nanos, 60 * NANOS, 60),
        "seconds": lambda value: seconds_of(
            (abs(value.nanos) % (60 * NANOS)) * (-1 if value.nanos < 0 else 1)
        ),
    },
    Months: {
        "years": lambda value: _signed(value.months, 12, 0),
        "months": lambda value: _signed(value.months, 1, 12),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_in,
        "end included": lambda value: value.high_in,
    },
}


def member_of(value: object, name: str) -> tuple[bool, object]:
    """Return whether a value has a member, and the member."""
    if isinstance(value, dict):
        return name in value, value.get(name)
    found = MEMBERS.get(type(value), {}).get(name)
    return (False, None) if found is None else (True, found(value))


@builds(Path)
def path(node: Path, scope: Scope) -> Code:
    """Build a member; of a list, the member of each item."""
    of, name, place = build(node.of, scope), node.member, node.at

    def follow(frame: Frame) -> object:
        value = of(frame)
        if type(value) is dict and name in value:
            return value[name]
        if isinstance(value, list):
            frame[0].spend(len(value))
            return [member_of(item, name)[1] for item in value]
        there, found = member_of(value, name)
        if not there:
            frame[0].warn(place, "member", kind_of(value), name)
        return found

    return follow


@builds(Filter)
def filter_(node: Filter, scope: Scope) -> Code:
    """Build a filter: by a place in the list, or by a condition on each item."""
    of, place = build(node.of, scope), node.at
    slot = scope.plan.slot()
    by = build(node.by, scope.inner({"item": slot}, slot))

    return lambda frame: kept_by(frame, of(frame), by, slot, place)


def _index(items: list[object], position: Decimal) -> int:
    if whole(position) is None:
        raise Refused("index", position)
    return place_of(items, position)


def kept_by(frame: Frame, value: object, by: Code, slot: int, place: int) -> object:
    """Return the item at the place that `by` gives, or the items for which it is true."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    before = frame[slot]
    frame[slot] = items[0] if items else None
    try:
        first = by(frame)
        if isinstance(first, Decimal):
            return items[_index(items, first)]
        kept: list[object] = []
        for number, item in enumerate(items):
            frame[0].spend(1)
            frame[slot] = item
            passed = by(frame) if number else first
            if passed is True:
                kept.append(item)
            elif passed is not False:
                unknown(passed)
    except Refused as why:
        return refuse(frame, place, why)
    finally:
        frame[slot] = before
    return kept
