"""Equality and order of values, in three-valued logic."""

from collections.abc import Callable
from decimal import Decimal

from mindu.engines.rules.value.calendar import NANOS, Date, Days, Moment, Months, Time
from mindu.engines.rules.value.kinds import Range
from mindu.engines.rules.value.run import Run, weight
from mindu.engines.rules.value.zones import instant, time_line

PLAIN = (Decimal, str, bool, Date, Days, Months)


def equal(run: Run, left: object, right: object) -> bool | None:
    """Say whether two values are equal; None when their kinds cannot be compared."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in PLAIN:
        if kind is str:
            run.spend(weight(left))
        return left == right
    found = EQUAL.get(kind)
    return left is right if found is None else found(run, left, right)


def _lists(run: Run, left: object, right: object) -> bool | None:
    assert isinstance(left, list), "told by kind"
    assert isinstance(right, list), "told by kind"
    if len(left) != len(right):
        return False
    run.spend(len(left))
    return all(equal(run, a, b) is True for a, b in zip(left, right, strict=True))


def _contexts(run: Run, left: object, right: object) -> bool | None:
    assert isinstance(left, dict), "told by kind"
    assert isinstance(right, dict), "told by kind"
    if left.keys() != right.keys():
        return False
    run.spend(len(left))
    return all(equal(run, left[key], right[key]) is True for key in left)


def _ranges(run: Run, left: object, right: object) -> bool | None:
    assert isinstance(left, Range), "told by kind"
    assert isinstance(right, Range), "told by kind"
    if (left.test, left.low_in, left.high_in) != (right.test, right.low_in, right.high_in):
        return False
    return equal(run, left.low, right.low) is True and equal(run, left.high, right.high) is True


def _times(_run: Run, left: object, right: object) -> bool | None:
    assert isinstance(left, Time), "told by kind"
    assert isinstance(right, Time), "told by kind"
    if (left.zone is None) != (right.zone is None):
        return False
    return time_line(left) // NANOS == time_line(right) // NANOS


def _moments(_run: Run, left: object, right: object) -> bool | None:
    assert isinstance(left, Moment), "told by kind"
    assert isinstance(right, Moment), "told by kind"
    if (left.zone is None) != (right.zone is None):
        return False
    return instant(left) // NANOS == instant(right) // NANOS


EQUAL: dict[type, Callable[[Run, object, object], bool | None]] = {
    list: _lists,
    dict: _contexts,
    Range: _ranges,
    Time: _times,
    Moment: _moments,
}

Key = Decimal | str | int | tuple[int, int, int]


def key(value: object) -> Key | None:
    """Return what orders a value among its kind, or None when its kind has no order."""
    if isinstance(value, Decimal | str):
        return value
    if isinstance(value, Date):
        return (value.year, value.month, value.day)
    if isinstance(value, Moment):
        return instant(value)
    found = ORDER.get(type(value))
    return None if found is None else found(value)


ORDER: dict[type, Callable[[object], int]] = {
    Time: lambda value: time_line(value) if isinstance(value, Time) else 0,
    Days: lambda value: value.nanos if isinstance(value, Days) else 0,
    Months: lambda value: value.months if isinstance(value, Months) else 0,
}


def less(left: object, right: object) -> bool | None:
    """Say whether one value is before another; None when they have no common order."""
    if type(left) is not type(right):
        return None
    one, other = key(left), key(right)
    if one is None or other is None:
        return None
    return one < other  # type: ignore[operator]


def compare(left: object, right: object) -> int | None:
    """Return -1, 0 or 1, or None when the two have no common order."""
    if type(left) is not type(right):
        return None
    one, other = key(left), key(right)
    if one is None or other is None:
        return None
    return (one > other) - (one < other)  # type: ignore[operator]


def within(run: Run, value: object, range_: Range) -> bool | None:
    """Say whether a value lies in a range."""
    if range_.test in {"=", "!="}:
        same = equal(run, value, range_.low)
        return same if same is None or range_.test == "=" else not same
    if not range_.test and (range_.low is None or range_.high is None):
        return None
    from_low = _beside(value, range_.low, 1, touching=range_.low_in)
    from_high = _beside(value, range_.high, -1, touching=range_.high_in)
    return None if from_low is None or from_high is None else from_low and from_high


def _beside(value: object, end: object, side: int, *, touching: bool) -> bool | None:
    if end is None:
        return True
    order = compare(value, end)
    return None if order is None else order == side or (order == 0 and touching)
