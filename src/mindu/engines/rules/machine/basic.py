"""Building literals, names, arithmetic, comparison and logic."""

from decimal import Decimal

from mindu.engines.rules.library.conversion import at_literal
from mindu.engines.rules.library.registry import Builtin
from mindu.engines.rules.machine.core import Code, Frame, Scope, build, builds, refuse
from mindu.engines.rules.syntax.phrases import hints
from mindu.engines.rules.syntax.tree import (
    At,
    Between,
    Binary,
    ContextOf,
    If,
    ListOf,
    Literal,
    Name,
    Negation,
)
from mindu.engines.rules.value.arithmetic import OPERATIONS, negate
from mindu.engines.rules.value.compare import compare, equal
from mindu.engines.rules.value.kinds import kind_of
from mindu.engines.rules.value.run import HARD, Refused, weight


@builds(Literal)
def literal(node: Literal, _scope: Scope) -> Code:
    """Build a constant."""
    value = node.value
    return lambda _frame: value


@builds(At)
def at(node: At, _scope: Scope) -> Code:
    """Build a date, time or duration, read once."""
    try:
        value = at_literal(node.text)
    except Refused as why:
        about, place = why.about, node.at

        def wrong(frame: Frame) -> object:
            frame[0].warn(place, "literal", *about)
            return None

        return wrong
    return lambda _frame: value


@builds(Name)
def name(node: Name, scope: Scope) -> Code:
    """Build a name: a slot, a built-in function, or a member of a filtered item."""
    found, items = scope.find(node.name)
    wanted, place, hint = node.name, node.at, hints(node.name)

    def unknown(frame: Frame) -> object:
        frame[0].warn(place, "unknown", wanted, *hint)
        return None

    outer: Code = unknown
    if isinstance(found, int):
        slot = found
        outer = lambda frame: frame[slot]  # noqa: E731 - one closure of three
    elif isinstance(found, Builtin):
        function = found
        outer = lambda _frame: function  # noqa: E731 - one closure of three
    for item in reversed(items):
        outer = _member_first(item, wanted, outer)
    return outer


def _member_first(item: int, wanted: str, outer: Code) -> Code:
    def look(frame: Frame) -> object:
        value = frame[item]
        if type(value) is dict and wanted in value:
            return value[wanted]
        return outer(frame)

    return look


@builds(Negation)
def negation(node: Negation, scope: Scope) -> Code:
    """Build a minus."""
    of, place = build(node.of, scope), node.at

    def minus(frame: Frame) -> object:
        try:
            return negate(of(frame))
        except Refused as why:
            return refuse(frame, place, why)

    return minus


@builds(Binary)
def binary(node: Binary, scope: Scope) -> Code:
    """Build arithmetic, a comparison, or logic."""
    if node.sign in OPERATIONS:
        return _arithmetic(node, scope)
    left, right = build(node.left, scope), build(node.right, scope)
    if node.sign == "and":
        return _both(left, right)
    if node.sign == "or":
        return _either(left, right)
    return _comparison(node.sign, left, right, node.at)


def _arithmetic(node: Binary, scope: Scope) -> Code:
    left, right = build(node.left, scope), build(node.right, scope)
    table, sign, place = OPERATIONS[node.sign], node.sign, node.at
    of_numbers = table[Decimal, Decimal]
    cost = HARD if sign == "**" else 1

    def compute(frame: Frame) -> object:
        a, b = left(frame), right(frame)
        try:
            if type(a) is Decimal and type(b) is Decimal:
                if cost > 1:
                    frame[0].spend(cost)
                return of_numbers(a, b)
            found = table.get((type(a), type(b)))
            if found is not None:
                frame[0].spend(cost + weight(a) + weight(b))
                return found(a, b)
            why = Refused("operator", sign, kind_of(a), kind_of(b))
        except ArithmeticError:
            why = Refused("number", sign)
        except Refused as refused:
            why = refused
        return refuse(frame, place, why)

    return compute


def _both(left: Code, right: Code) -> Code:
    def both(frame: Frame) -> object:
        a = left(frame)
        if a is False:
            return False
        b = right(frame)
        if b is False:
            return False
        return True if a is True and b is True else None

    return both


def _either(left: Code, right: Code) -> Code:
    def either(frame: Frame) -> object:
        a = left(frame)
        if a is True:
            return True
        b = right(frame)
        if b is True:
            return True
        return False if a is False and b is False else None

    return either


def equality(left: Code, right: Code, place: int, *, wanted: bool) -> Code:
    """Build = or !=."""

    def same(frame: Frame) -> object:
        a, b = left(frame), right(frame)
        found = equal(frame[0], a, b)
        if found is None:
            frame[0].warn(place, "compare", kind_of(a), kind_of(b))
            return None
        return found is wanted

    return same


SIGNS: dict[str, tuple[int, ...]] = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}


def _comparison(sign: str, left: Code, right: Code, place: int) -> Code:
    if sign in {"=", "!="}:
        return equality(left, right, place, wanted=sign == "=")
    wanted = SIGNS[sign]

    def ordered(frame: Frame) -> object:
        a, b = left(frame), right(frame)
        if type(a) is str:
            frame[0].spend(weight(a))
        found = compare(a, b)
        if found is None:
            frame[0].warn(place, "compare", kind_of(a), kind_of(b))
            return None
        return found in wanted

    return ordered


@builds(Between)
def between(node: Between, scope: Scope) -> Code:
    """Build between … and …, both ends included."""
    value, low, high = (build(part, scope) for part in (node.value, node.low, node.high))
    above = _comparison(">=", value, low, node.at)
    below = _comparison("<=", value, high, node.at)
    return _both(above, below)


@builds(If)
def if_(node: If, scope: Scope) -> Code:
    """Build if: null is otherwise, what is no boolean gives null."""
    condition, place = build(node.condition, scope), node.condition.at
    then, otherwise = build(node.then, scope), build(node.otherwise, scope)

    def choose(frame: Frame) -> object:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is False or value is None:
            return otherwise(frame)
        frame[0].warn(place, "condition", kind_of(value))
        return None

    return choose


@builds(ListOf)
def list_of(node: ListOf, scope: Scope) -> Code:
    """Build a list."""
    items = [build(item, scope) for item in node.items]
    return lambda frame: [item(frame) for item in items]


@builds(ContextOf)
def context_of(node: ContextOf, scope: Scope) -> Code:
    """Build a context whose entries see those before them; a name given twice is null."""
    names = [entry for entry, _ in node.entries]
    if len(set(names)) != len(names):
        twice, place = next(entry for entry in names if names.count(entry) > 1), node.at

        def wrong(frame: Frame) -> object:
            frame[0].warn(place, "twice", twice)
            return None

        return wrong
    bound: dict[str, int] = {}
    steps: list[tuple[str, int, Code]] = []
    for entry, of in node.entries:
        code = build(of, scope.inner(dict(bound)))
        bound[entry] = scope.plan.slot()
        steps.append((entry, bound[entry], code))

    def make(frame: Frame) -> object:
        made: dict[str, object] = {}
        for entry, slot, code in steps:
            made[entry] = frame[slot] = code(frame)
        return made

    return make
