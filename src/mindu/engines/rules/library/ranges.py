"""Built-in functions of ranges: read from text, and Allen's relations between points and ranges."""

from collections.abc import Callable

from mindu.engines.rules.library.conversion import at_literal
from mindu.engines.rules.library.registry import REGISTER, builtin
from mindu.engines.rules.syntax.names import Names
from mindu.engines.rules.syntax.parser import parse
from mindu.engines.rules.syntax.tokens import FeelError
from mindu.engines.rules.syntax.tree import At, Call, Literal, Name, Negation, Node, RangeOf
from mindu.engines.rules.value.arithmetic import negate
from mindu.engines.rules.value.compare import compare
from mindu.engines.rules.value.kinds import Range, kind_of
from mindu.engines.rules.value.run import Refused, Run
from mindu.engines.rules.value.types import shown

READERS = ("date", "time", "date and time", "duration")
NAMES = Names(READERS)
Order = Callable[[Range, Range], bool]


@builtin("range", "from: string")
def range_from(run: Run, text: str) -> object:
    """Read a range whose ends are literals, both there and in order."""
    try:
        node = parse(text, [NAMES])
    except FeelError:
        raise Refused("literal", text[:40], "range") from None
    if not isinstance(node, RangeOf):
        raise Refused("literal", text[:40], "range")
    low, high = _end(run, node.low), _end(run, node.high)
    order = compare(low, high)
    if order is None or order > 0:
        raise Refused("range", shown(low), shown(high))
    return Range(low, high, node.low_in, node.high_in)


def _end(run: Run, node: Node) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, At):
        return at_literal(node.text)
    if isinstance(node, Negation):
        return negate(_end(run, node.of))
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.given) == 1:
        given = node.given[0]
        if node.function.name in READERS and isinstance(given, Literal):
            return REGISTER[node.function.name].call(run, [given.value])
    raise Refused("literal", "…", "literal end of a range")


def order(left: object, right: object) -> int:
    """Return how two points stand to each other; refuse where they have no order."""
    found = compare(left, right)
    if found is None:
        raise Refused("compare", kind_of(left), kind_of(right))
    return found


def _range(value: object) -> Range:
    """Return a point as the range that holds only it."""
    if isinstance(value, Range):
        return value
    if value is None:
        raise Refused("arguments", "a relation of ranges", "null")
    return Range(value, value, low_in=True, high_in=True)


def _ends(left: object, right: object, *, inside: bool) -> int:
    """Compare, a missing end being the farthest: low ends first, high ends last."""
    if left is None or right is None:
        far = 1 if inside else -1
        return 0 if left is right else (far if left is None else -far)
    return order(left, right)


def lows(a: Range, b: Range) -> int:
    """Say which of two ranges begins first."""
    return _ends(a.low, b.low, inside=False) or (b.low_in - a.low_in)


def highs(a: Range, b: Range) -> int:
    """Say which of two ranges ends first."""
    return _ends(a.high, b.high, inside=True) or (a.high_in - b.high_in)


def before(a: Range, b: Range) -> bool:
    """Say whether one ends before the other begins."""
    if a.high is None or b.low is None:
        return False
    found = order(a.high, b.low)
    return found < 0 or (found == 0 and not (a.high_in and b.low_in))


def meets(a: Range, b: Range) -> bool:
    """Say whether one ends exactly where the other begins, both with that point."""
    if a.high is None or b.low is None:
        return False
    return a.high_in and b.low_in and order(a.high, b.low) == 0


def overlaps(a: Range, b: Range) -> bool:
    """Say whether two ranges share a point."""
    return not before(a, b) and not before(b, a)


def overlaps_before(a: Range, b: Range) -> bool:
    """Say whether one begins first, reaches into the other, and does not outlast it."""
    return overlaps(a, b) and lows(a, b) < 0 and highs(a, b) <= 0


def overlaps_after(a: Range, b: Range) -> bool:
    """Say whether one begins in the other and does not end before it."""
    return overlaps(a, b) and lows(a, b) > 0 and highs(a, b) >= 0


def during(a: Range, b: Range) -> bool:
    """Say whether one lies in the other."""
    return lows(a, b) >= 0 and highs(a, b) <= 0


def starts(a: Range, b: Range) -> bool:
    """Say whether one begins with the other and lies in it."""
    return lows(a, b) == 0 and highs(a, b) <= 0


def finishes(a: Range, b: Range) -> bool:
    """Say whether one ends with the other and lies in it."""
    return highs(a, b) == 0 and lows(a, b) >= 0


def coincides(a: Range, b: Range) -> bool:
    """Say whether two are the same."""
    return lows(a, b) == 0 and highs(a, b) == 0


def turned(relation: Order) -> Order:
    """Return a relation seen from the other side."""
    return lambda a, b: relation(b, a)


def _register(name: str, relation: Order, first: str, second: str) -> None:
    def told(left: object, right: object) -> bool:
        return relation(_range(left), _range(right))

    builtin(name, f"{first}: any, {second}: any")(told)


def _register_points(name: str, relation: Order) -> None:
    for first in ("point", "range", "point1", "range1"):
        for second in ("point", "range", "point2", "range2"):
            if first[-1:].isdigit() == second[-1:].isdigit() and first != second:
                _register(name, relation, first, second)


for _name, _relation in (
    ("before", before),
    ("after", turned(before)),
    ("coincides", coincides),
    ("during", during),
    ("includes", turned(during)),
    ("starts", starts),
    ("started by", turned(starts)),
    ("finishes", finishes),
    ("finished by", turned(finishes)),
):
    _register_points(_name, _relation)

for _name, _relation in (
    ("meets", meets),
    ("met by", turned(meets)),
    ("overlaps", overlaps),
    ("overlaps before", overlaps_before),
    ("overlaps after", overlaps_after),
):
    _register(_name, _relation, "range1", "range2")
