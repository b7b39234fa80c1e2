"""Building unary tests, ranges and `in`."""

from collections.abc import Callable

from mindu.engines.rules.library.lists import passes
from mindu.engines.rules.machine.core import Code, Frame, Scope, build, builds
from mindu.engines.rules.syntax.tree import In, Name, Node, RangeOf, Test, Tests
from mindu.engines.rules.value.compare import compare, equal, within
from mindu.engines.rules.value.kinds import Range, kind_of

Check = Callable[[Frame, object], bool | None]


def asks(node: object) -> bool:
    """Say whether a form speaks of the value under test, `?`."""
    if isinstance(node, Name):
        return node.name == "?"
    if isinstance(node, tuple):
        return any(asks(part) for part in node)
    if isinstance(node, Node):
        return any(asks(getattr(node, part)) for part in node.__dataclass_fields__)
    return False


def range_of(sign: str, value: object) -> Range:
    """Return the range that a unary comparison stands for."""
    if sign in {"<", "<="}:
        return Range(None, value, low_in=False, high_in=sign == "<=", test=sign)
    if sign in {">", ">="}:
        return Range(value, None, low_in=sign == ">=", high_in=False, test=sign)
    return Range(value, value, low_in=True, high_in=True, test=sign)


@builds(Test)
def test(node: Test, scope: Scope) -> Code:
    """Build a unary comparison that stands as a value: a range."""
    of, sign, place = build(node.of, scope), node.sign, node.at

    def make(frame: Frame) -> object:
        value = of(frame)
        if value is None and sign not in {"=", "!="}:
            frame[0].warn(place, "range", "null", "null")
            return None
        return range_of(sign, value)

    return make


@builds(RangeOf)
def interval(node: RangeOf, scope: Scope) -> Code:
    """Build a range of two ends of one kind."""
    low, high, place = build(node.low, scope), build(node.high, scope), node.at
    low_in, high_in = node.low_in, node.high_in

    def make(frame: Frame) -> object:
        first, last = low(frame), high(frame)
        if first is not None and last is not None and compare(first, last) is None:
            frame[0].warn(place, "range", kind_of(first), kind_of(last))
            return None
        return Range(first, last, low_in, high_in)

    return make


def _compared(node: Test, scope: Scope) -> Check:
    of, sign = build(node.of, scope), node.sign

    def check(frame: Frame, value: object) -> bool | None:
        wanted = of(frame)
        if sign in {"=", "!="}:
            found = equal(frame[0], value, wanted)
            return found if found is None or sign == "=" else not found
        return within(frame[0], value, range_of(sign, wanted))

    return check


def check_of(node: Node, scope: Scope, *, cell: bool) -> Check:
    """Build one test of a value; in a cell a condition of its own may stand as well."""
    if isinstance(node, Test):
        return _compared(node, scope)
    code = build(node, scope)
    if cell and asks(node):
        return lambda frame, _value: _truth(code(frame))

    def check(frame: Frame, value: object) -> bool | None:
        wanted = code(frame)
        if cell and isinstance(wanted, bool) and not isinstance(value, bool) and value is not None:
            return wanted
        return passes(frame[0], value, wanted)

    return check


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


@builds(In)
def in_(node: In, scope: Scope) -> Code:
    """Build `in`: whether any of the tests lets the value pass."""
    value, place = build(node.value, scope), node.at
    checks = [check_of(one, scope, cell=False) for one in node.tests]

    def member(frame: Frame) -> object:
        given = value(frame)
        unsure = False
        for check in checks:
            found = check(frame, given)
            if found is True:
                return True
            unsure = unsure or found is None
        if unsure:
            frame[0].warn(place, "compare", kind_of(given), "this")
            return None
        return False

    return member


def build_tests(node: Tests, scope: Scope, value: int) -> Code:
    """Build the tests of a cell, the value under test being in a slot."""
    inner = scope.inner({"?": value})
    checks = [check_of(one, inner, cell=True) for one in node.tests]
    negated = node.negated
    if not checks:
        return lambda _frame: True

    def cell(frame: Frame) -> object:
        given = frame[value]
        unsure = False
        for check in checks:
            found = check(frame, given)
            if found is True:
                return not negated
            unsure = unsure or found is None
        return None if unsure and negated else negated

    return cell
