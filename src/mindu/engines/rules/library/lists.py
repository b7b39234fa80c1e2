"""Built-in functions of lists."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from mindu.engines.rules.library.registry import builtin
from mindu.engines.rules.value.compare import equal, less, within
from mindu.engines.rules.value.kinds import Callee, Range, kind_of
from mindu.engines.rules.value.numbers import exact, whole
from mindu.engines.rules.value.run import Refused, Run

DEEPEST = 60


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[object], element: object) -> bool:
    """Say whether an item equals the element."""
    return any(equal(run, item, element) is True for item in items)


@builtin("count", "list: list")
def count(items: list[object]) -> Decimal:
    """Return how many items there are."""
    return exact(len(items))


def place(items: Sequence[object], position: Decimal, more: int = 0) -> int:
    """Return the Python index of a FEEL position, counted from 1 or from the end."""
    number = whole(position.to_integral_value(ROUND_DOWN))
    if number is None or number == 0 or not -len(items) <= number <= len(items) + more:
        raise Refused("index", position)
    return number - 1 if number > 0 else len(items) + number


@builtin("sublist", "list: list, start position: number, length?: number")
def sublist(items: list[object], start: Decimal, length: Decimal | None = None) -> object:
    """Return the items from a position on, all or so many."""
    begin = place(items, start)
    if length is None:
        return items[begin:]
    size = whole(length)
    if size is None or size < 0 or begin + size > len(items):
        raise Refused("index", length)
    return items[begin : begin + size]


@builtin("append", "list: list?, item: any...")
def append(items: list[object] | None, *more: object) -> list[object]:
    """Return the list with items behind."""
    if items is None:
        raise Refused("arguments", "append", "null")
    return [*items, *more]


def joined(lists: Sequence[list[object]]) -> list[object]:
    """Return the items of all lists, in order."""
    return [item for items in lists for item in items]


@builtin("concatenate", "list: list...")
def concatenate(*lists: list[object]) -> list[object]:
    """Return the items of all lists."""
    return joined(lists)


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(items: list[object], position: Decimal, item: object) -> list[object]:
    """Return the list with an item put before a position."""
    at = place(items, position)
    return [*items[:at], item, *items[at:]]


@builtin("remove", "list: list, position: number")
def remove(items: list[object], position: Decimal) -> list[object]:
    """Return the list without the item at a position."""
    at = place(items, position)
    return [*items[:at], *items[at + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any")
def replace_at(items: list[object], position: Decimal, item: object) -> list[object]:
    """Return the list with the item at a position replaced."""
    at = place(items, position)
    return [*items[:at], item, *items[at + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def replace_where(run: Run, items: list[object], match: Callee, new: object) -> list[object]:
    """Return the list with every item replaced that the function says to match."""
    found: list[object] = []
    for item in items:
        hit = match.call(run, [item, new])
        if not isinstance(hit, bool):
            raise Refused("condition", "list replace")
        found.append(new if hit else item)
    return found


@builtin("reverse", "list: list")
def reverse(items: list[object]) -> list[object]:
    """Return the items from last to first."""
    return items[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: list[object], match: object) -> list[object]:
    """Return the positions of all items that equal the match."""
    return [
        exact(number)
        for number, item in enumerate(items, start=1)
        if equal(run, item, match) is True
    ]


def distinct(run: Run, items: Sequence[object]) -> list[object]:
    """Return the items without repeats, in order."""
    kept: list[object] = []
    for item in items:
        run.spend(len(kept))
        if not any(equal(run, item, one) is True for one in kept):
            kept.append(item)
    return kept


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[object]) -> list[object]:
    """Return each value once."""
    return distinct(run, items)


@builtin("union", "list: list...")
def union(run: Run, *lists: list[object]) -> list[object]:
    """Return each value of all lists once."""
    return distinct(run, joined(lists))


def _flat(run: Run, items: list[object], depth: int) -> list[object]:
    run.spend(1 + len(items))
    if depth > DEEPEST:
        raise Refused("depth", DEEPEST)
    found: list[object] = []
    for item in items:
        if isinstance(item, list):
            found.extend(_flat(run, item, depth + 1))
        else:
            found.append(item)
    return found


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[object]) -> list[object]:
    """Return the items of all lists inside each other."""
    return _flat(run, items, 0)


@builtin("partition", "list: list, size: number")
def partition(items: list[object], size: Decimal) -> list[object]:
    """Return the list cut into lists of a size."""
    step = whole(size)
    if step is None or step < 1:
        raise Refused("index", size)
    return [items[at : at + step] for at in range(0, len(items), step)]


def passes(run: Run, value: object, test: object) -> bool | None:
    """Say whether a value equals a test, is among its items or lies in its range."""
    if isinstance(test, Range):
        ranges = isinstance(value, Range)
        return equal(run, value, test) if ranges else within(run, value, test)
    if isinstance(test, list):
        run.spend(len(test))
        same = isinstance(value, list) and equal(run, value, test) is True
        return same or any(passes(run, value, item) is True for item in test)
    return equal(run, value, test)


@builtin("sort", "list: list, precedes?: function")
def sort(run: Run, items: list[object], precedes: Callee | None = None) -> list[object]:
    """Return the items in order, by the function or by their own order."""
    return _merge_sort(run, items, precedes)


def _before(run: Run, left: object, right: object, precedes: Callee | None) -> bool:
    run.spend(1)
    if precedes is None:
        from_value = less(left, right)
    else:
        answer = precedes.call(run, [left, right])
        from_value = answer if isinstance(answer, bool) else None
    if from_value is None:
        raise Refused("compare", kind_of(left), kind_of(right))
    return from_value


def _merge_sort(run: Run, items: list[object], precedes: Callee | None) -> list[object]:
    if len(items) < 2:
        return list(items)
    middle = len(items) // 2
    left = _merge_sort(run, items[:middle], precedes)
    right = _merge_sort(run, items[middle:], precedes)
    merged: list[object] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if _before(run, right[j], left[i], precedes):
            merged.append(right[j])
            j += 1
        else:
            merged.append(left[i])
            i += 1
    return merged + left[i:] + right[j:]
