"""The parser: precedence climbing over the forms, for expressions and for cells of a table."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from mindu.engines.rules.syntax.forms import COMPARISONS, SIGNS, WORDS, arguments, range_from
from mindu.engines.rules.syntax.names import Names
from mindu.engines.rules.syntax.stream import KEYWORDS, Stream, stream
from mindu.engines.rules.syntax.tokens import FeelError, unquoted
from mindu.engines.rules.syntax.tree import (
    At,
    Between,
    Binary,
    Call,
    Filter,
    In,
    InstanceOf,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    Test,
    Tests,
)
from mindu.engines.rules.syntax.types import parse_type
from mindu.engines.rules.value.numbers import number

RETRIES = 20  # brackets that were tried as a filter and then closed a range
OR, AND, COMPARISON, SUM, PRODUCT, POWER = range(1, 7)
LEVELS = {
    "or": OR,
    "and": AND,
    "=": COMPARISON,
    "!=": COMPARISON,
    "<": COMPARISON,
    "<=": COMPARISON,
    ">": COMPARISON,
    ">=": COMPARISON,
    "between": COMPARISON,
    "in": COMPARISON,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "**": POWER,
}
NOTHING = Names()
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


TALLEST = 250  # forms one under the other in a tree, a chain of signs counting each sign


def bounded(tree: Node, size: int) -> None:
    """Refuse a tree that is too tall to walk; one of few tokens cannot be."""
    ahead: list[tuple[object, int]] = [(tree, 1)] if size > TALLEST else []
    while ahead:
        part, height = ahead.pop()
        if isinstance(part, tuple):
            ahead.extend((one, height) for one in part)
        elif isinstance(part, Node):
            if height > TALLEST:
                raise FeelError(
                    part.at,
                    f"at most {TALLEST} signs in a chain: split it",
                    f"连续运算至多{TALLEST}个:请拆分",
                )
            names = part.__dataclass_fields__
            ahead.extend((getattr(part, name), height + 1) for name in names)


def parse(text: str, names: Iterable[Names] = (), members: Names = NOTHING) -> Node:
    """Return the tree of an expression; FeelError says what is wrong and where."""
    source = stream(text, names, members, expression)
    found = expression(source)
    if source.now.kind != "end":
        raise source.error("a sign or the end")
    bounded(found, len(source.tokens))
    return found


def parse_tests(text: str, names: Iterable[Names] = (), members: Names = NOTHING) -> Tests:
    """Return the tree of the unary tests of a cell."""
    source = stream(text, [*names, Names(["?"])], members, expression)
    found = _cell(source)
    bounded(found, len(source.tokens))
    return found


def _cell(source: Stream) -> Tests:
    if source.sign("-") and source.peek().kind == "end":
        return Tests(0, (), negated=False)
    if source.word("not") and source.peek().text == "(":
        start = source.place
        source.place += 2
        found = _tests(source)
        if source.accept(")") and source.now.kind == "end":
            return Tests(0, found, negated=True)
        source.place = start
    found = _tests(source)
    if source.now.kind != "end":
        raise source.error("',' or the end")
    return Tests(0, found, negated=False)


def _tests(source: Stream) -> tuple[Node, ...]:
    found = [_test(source, OR)]
    while source.accept(","):
        found.append(_test(source, OR))
    return tuple(found)


def _test(source: Stream, level: int) -> Node:
    if source.sign(*COMPARISONS):
        token = source.next()
        return Test(token.at, token.text, _binary(source, SUM))
    return _binary(source, level)


def expression(source: Stream) -> Node:
    """Read a whole expression."""
    source.enter()
    try:
        return _binary(source, OR)
    finally:
        source.leave()


def _binary(source: Stream, level: int) -> Node:
    left = _unary(source)
    while True:
        token = source.now
        own = LEVELS.get(token.text, 0) if token.kind in {"sign", "word"} else 0
        if own < level or own == 0:
            return left
        source.next()
        if token.text == "between":
            left = _between(source, left)
        elif token.text == "in":
            left = In(left.at, left, _in(source))
        else:
            left = Binary(token.at, token.text, left, _binary(source, own + 1))


def _between(source: Stream, value: Node) -> Node:
    low = _binary(source, SUM)
    source.expect("and", "the lower end of between")
    return Between(value.at, value, low, _binary(source, SUM))


def _in(source: Stream) -> tuple[Node, ...]:
    if not source.sign("("):
        return (_test(source, SUM),)
    at = source.next().at
    first = _test(source, OR)
    if source.sign(".."):
        return (range_from(source, first, at, low_in=False),)
    found = [first]
    while source.accept(","):
        found.append(_test(source, OR))
    source.expect(")", "the tests of 'in'")
    return tuple(found) if len(found) > 1 else (_postfix(source, first),)


def _unary(source: Stream) -> Node:
    if not source.sign("-"):
        return _postfix(source, _primary(source))
    at = source.next().at
    source.enter()
    of = _unary(source)
    source.leave()
    if isinstance(of, Literal) and isinstance(of.value, Decimal):
        return Literal(at, of.value.copy_negate() if of.value else of.value)
    return Negation(at, of)


def _postfix(source: Stream, found: Node) -> Node:
    while True:
        node = _one_postfix(source, found)
        if node is None:
            return found
        found = node


def _one_postfix(source: Stream, found: Node) -> Node | None:
    token = source.now
    if token.kind == "sign" and token.text in POSTFIXES:
        return POSTFIXES[token.text](source, found)
    if source.word("instance") and source.peek().text == "of":
        source.place += 2
        return InstanceOf(token.at, found, parse_type(source))
    return None


def _path(source: Stream, found: Node) -> Node:
    return Path(source.next().at, found, source.member())


def _call(source: Stream, found: Node) -> Node:
    source.next()
    return Call(found.at, found, *arguments(source))


def _filter(source: Stream, found: Node) -> Node | None:
    """Read a filter; where it is none, the bracket may close a range, so it is left."""
    start, depth, scopes = source.place, source.depth, len(source.scopes)
    at = source.next().at
    source.filters += 1
    source.open(["item"])
    try:
        by = source.expression(source)
        source.expect("]", "a filter")
    except FeelError:
        source.failures += 1
        if not source.ranges or source.failures > RETRIES:
            raise
        source.place, source.depth = start, depth
        del source.scopes[scopes:]
        return None
    finally:
        source.filters -= 1
    source.close()
    return Filter(at, found, by)


POSTFIXES: dict[str, Callable[[Stream, Node], Node | None]] = {
    ".": _path,
    "(": _call,
    "[": _filter,
}


def _primary(source: Stream) -> Node:
    token = source.now
    if token.kind == "number":
        return _number(source)
    if token.kind == "string":
        source.next()
        return Literal(token.at, unquoted(token))
    if token.kind == "sign":
        return _signed(source)
    return _worded(source)


def _number(source: Stream) -> Node:
    token = source.next()
    try:
        return Literal(token.at, number(token.text))
    except ArithmeticError:
        raise FeelError(
            token.at, "the number is outside decimal128", "数字超出 decimal128 范围"
        ) from None


def _signed(source: Stream) -> Node:
    token = source.now
    if token.text == "@":
        source.next()
        if source.now.kind != "string":
            raise source.error("a text after @")
        return At(token.at, unquoted(source.next()))
    form = SIGNS.get(token.text)
    if form is None:
        raise source.error("an expression")
    return form(source)


def _worded(source: Stream) -> Node:
    token = source.now
    known = source.declared()
    if known is not None and (known[1] > 1 or token.text not in KEYWORDS):
        source.place += known[1]
        return Name(token.at, known[0])
    if token.text in CONSTANTS:
        source.next()
        return Literal(token.at, CONSTANTS[token.text])
    form = WORDS.get(token.text)
    if form is not None:
        return form(source)
    if token.text in KEYWORDS:
        raise source.error("an expression")
    return Name(token.at, source.loose())
