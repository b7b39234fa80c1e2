"""Built-in functions that make one value of many: sums, means, extremes, all and any."""

from collections.abc import Callable
from decimal import Decimal

from mindu.engines.rules.library.registry import builtin
from mindu.engines.rules.value.arithmetic import ADD
from mindu.engines.rules.value.calendar import Days, Months
from mindu.engines.rules.value.compare import less
from mindu.engines.rules.value.numbers import CONTEXT, ONE, exact
from mindu.engines.rules.value.run import Refused, Run

ADDABLE = (Decimal, Days, Months)


def both(name: str, body: Callable[[list[object]], object]) -> None:
    """Register a function of one list that may also be given its items."""
    builtin(name, "list: list")(body)

    def spread(*items: object) -> object:
        return body(list(items))

    builtin(name, "item: any...")(spread)


def numbers(items: list[object]) -> list[Decimal]:
    """Return the items as numbers, or refuse."""
    found = [item for item in items if isinstance(item, Decimal)]
    if len(found) != len(items):
        raise Refused("arguments", "a function of numbers", "not all are numbers")
    return found


def total(items: list[object]) -> object:
    """Return the sum of numbers or of durations of one kind; null of nothing."""
    if not items:
        return None
    kind = type(items[0])
    if kind not in ADDABLE or any(type(item) is not kind for item in items):
        raise Refused("arguments", "sum", "not all are numbers, or durations of one kind")
    value = items[0]
    for item in items[1:]:
        value = ADD[kind, kind](value, item)
    return value


def mean(items: list[object]) -> object:
    """Return the mean of numbers or durations."""
    value = total(items)
    if isinstance(value, Days):
        return Days(value.nanos // len(items))
    if isinstance(value, Months):
        return Months(value.months // len(items))
    return CONTEXT.divide(value, exact(len(items))) if isinstance(value, Decimal) else None


def product(items: list[object]) -> object:
    """Return the product of numbers."""
    value = ONE
    for item in numbers(items):
        value = CONTEXT.multiply(value, item)
    return value if items else None


def median(items: list[object]) -> object:
    """Return the middle number."""
    ordered = sorted(numbers(items))
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def stddev(items: list[object]) -> object:
    """Return the sample standard deviation."""
    found = numbers(items)
    if len(found) < 2:
        raise Refused("arguments", "stddev", "fewer than two numbers")
    average = mean(items)
    assert isinstance(average, Decimal), "the mean of numbers is a number"
    squares = Decimal(0)
    for item in found:
        gap = CONTEXT.subtract(item, average)
        squares = CONTEXT.add(squares, CONTEXT.multiply(gap, gap))
    return CONTEXT.sqrt(CONTEXT.divide(squares, exact(len(found) - 1)))


def mode(items: list[object]) -> object:
    """Return the most frequent numbers, in order."""
    tally: dict[Decimal, int] = {}
    for item in numbers(items):
        tally[item] = tally.get(item, 0) + 1
    most = max(tally.values(), default=0)
    return sorted(item for item, times in tally.items() if times == most)


def _extreme(items: list[object], *, largest: bool) -> object:
    if not items:
        return None
    best = items[0]
    if less(best, best) is None:
        raise Refused("arguments", "min or max", "these have no order")
    for item in items[1:]:
        before = less(best, item) if largest else less(item, best)
        if before is None:
            raise Refused("arguments", "min or max", "these have no common order")
        best = item if before else best
    return best


def smallest(items: list[object]) -> object:
    """Return the least item."""
    return _extreme(items, largest=False)


def largest(items: list[object]) -> object:
    """Return the greatest item."""
    return _extreme(items, largest=True)


def _logic(items: list[object], *, decides: bool) -> object:
    if any(item is decides for item in items):
        return decides
    if any(not isinstance(item, bool) for item in items):
        return None
    return not decides


def every_one(items: list[object]) -> object:
    """Say whether all are true, in three-valued logic."""
    return _logic(items, decides=False)


def any_one(items: list[object]) -> object:
    """Say whether one is true, in three-valued logic."""
    return _logic(items, decides=True)


for _name, _body in (
    ("sum", total),
    ("mean", mean),
    ("product", product),
    ("median", median),
    ("stddev", stddev),
    ("mode", mode),
    ("min", smallest),
    ("max", largest),
    ("all", every_one),
    ("any", any_one),
):
    both(_name, _body)


@builtin("not", "negand: any")
def negation(negand: object) -> bool | None:
    """Return the contrary of a boolean, null of anything else."""
    return not negand if isinstance(negand, bool) else None


@builtin("is", "value1: any?, value2: any?")
def is_same(run: Run, value1: object, value2: object) -> bool:
    """Say whether two values are the same, kind and zone included."""
    run.spend(1)
    if type(value1) is not type(value2):
        return False
    if isinstance(value1, list) and isinstance(value2, list):
        pairs = zip(value1, value2, strict=False)
        return len(value1) == len(value2) and all(is_same(run, a, b) for a, b in pairs)
    if isinstance(value1, dict) and isinstance(value2, dict):
        same = value1.keys() == value2.keys()
        return same and all(is_same(run, one, value2[key]) for key, one in value1.items())
    return value1 == value2
