"""The forms that begin with their own word or bracket: if, for, some, every, function, {, [, (."""

from collections.abc import Callable

from mindu.engines.rules.syntax.names import Names
from mindu.engines.rules.syntax.stream import Stream
from mindu.engines.rules.syntax.tokens import FeelError, unquoted
from mindu.engines.rules.syntax.tree import (
    ContextOf,
    Definition,
    Domain,
    For,
    If,
    ListOf,
    Node,
    Quantified,
    RangeOf,
    Test,
    TypeOf,
)
from mindu.engines.rules.syntax.types import parse_type

COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


def parse_if(stream: Stream) -> Node:
    """Read if … then … else …."""
    at = stream.next().at
    condition = stream.expression(stream)
    stream.expect("then", "the condition")
    then = stream.expression(stream)
    stream.expect("else", "the value of then")
    return If(at, condition, then, stream.expression(stream))


def _domains(stream: Stream, scope: Names) -> tuple[Domain, ...]:
    found: list[Domain] = []
    while True:
        at = stream.now.at
        name = stream.key("in")
        stream.next()
        over = stream.expression(stream)
        end = stream.expression(stream) if stream.accept("..") else None
        scope.add(name)
        found.append(Domain(at, name, over, end))
        if not stream.accept(","):
            return tuple(found)


def parse_for(stream: Stream) -> Node:
    """Read for … in … return …."""
    at = stream.next().at
    scope = stream.open()
    domains = _domains(stream, scope)
    scope.add("partial")
    stream.expect("return", "what is run over")
    body = stream.expression(stream)
    stream.close()
    return For(at, domains, body)


def parse_quantified(stream: Stream) -> Node:
    """Read some … in … satisfies …, or every."""
    token = stream.next()
    scope = stream.open()
    domains = _domains(stream, scope)
    stream.expect("satisfies", "what is run over")
    body = stream.expression(stream)
    stream.close()
    return Quantified(token.at, token.text == "every", domains, body)


def _parameters(stream: Stream) -> list[tuple[str, TypeOf | None]]:
    found: list[tuple[str, TypeOf | None]] = []
    while not stream.sign(")"):
        name = stream.key(":", ",", ")")
        found.append((name, parse_type(stream) if stream.accept(":") else None))
        if not stream.accept(","):
            break
    return found


def parse_function(stream: Stream) -> Node:
    """Read function(…) body, with the body FEEL or external."""
    at = stream.next().at
    stream.expect("(", "function")
    parameters = _parameters(stream)
    stream.expect(")", "the parameters")
    external = stream.accept("external")
    scope = stream.open(name for name, _ in parameters)
    if external:
        for word in ("java", "pmml", "class", "method signature", "document", "model"):
            scope.add(word)
    body = stream.expression(stream)
    stream.close()
    return Definition(at, tuple(parameters), body, external)


def parse_context(stream: Stream) -> Node:
    """Read { name: expression, … }."""
    at = stream.next().at
    scope = stream.open()
    entries: list[tuple[str, Node]] = []
    while not stream.sign("}"):
        name = unquoted(stream.next()) if stream.now.kind == "string" else stream.key(":")
        stream.expect(":", "the name of an entry")
        entries.append((name, stream.expression(stream)))
        scope.add(name)
        stream.members.add(name)
        if not stream.accept(","):
            break
    stream.expect("}", "the entries of a context")
    stream.close()
    return ContextOf(at, tuple(entries))


def range_from(stream: Stream, low: Node, at: int, *, low_in: bool) -> Node:
    """Read the rest of a range whose lower end is read."""
    stream.expect("..", "the start of a range")
    stream.ranges += 1
    high = stream.expression(stream)
    stream.ranges -= 1
    if not stream.sign("]", ")", "["):
        raise stream.error("the end of a range, then ']', ')' or '['")
    return RangeOf(at, low, high, low_in, stream.next().text == "]")


def parse_bracket(stream: Stream) -> Node:
    """Read a list or a range that begins with [."""
    at = stream.next().at
    if stream.accept("]"):
        return ListOf(at, ())
    first = stream.expression(stream)
    if stream.sign(".."):
        return range_from(stream, first, at, low_in=True)
    items = [first]
    while stream.accept(","):
        items.append(stream.expression(stream))
    stream.expect("]", "the items of a list")
    return ListOf(at, tuple(items))


def parse_reversed(stream: Stream) -> Node:
    """Read a range that begins with ]."""
    at = stream.next().at
    return range_from(stream, stream.expression(stream), at, low_in=False)


def parse_parenthesis(stream: Stream) -> Node:
    """Read an expression, a unary comparison or a range in parentheses."""
    at = stream.next().at
    if stream.sign(*COMPARISONS):
        sign = stream.next().text
        inner: Node = Test(at, sign, stream.expression(stream))
    else:
        inner = stream.expression(stream)
        if stream.sign(".."):
            return range_from(stream, inner, at, low_in=False)
    stream.expect(")", "an expression in parentheses")
    return inner


WORDS: dict[str, Callable[[Stream], Node]] = {
    "if": parse_if,
    "for": parse_for,
    "some": parse_quantified,
    "every": parse_quantified,
    "function": parse_function,
}
SIGNS: dict[str, Callable[[Stream], Node]] = {
    "{": parse_context,
    "[": parse_bracket,
    "]": parse_reversed,
    "(": parse_parenthesis,
}


def named_ahead(stream: Stream) -> bool:
    """Say whether the next argument is given by name."""
    for token in stream.tokens[stream.place : stream.place + 40]:
        if token.text == ":" and token.kind == "sign":
            return True
        if token.kind in {"string", "end"} or token.text in "(){}[],":
            return False
    return False


def arguments(
    stream: Stream,
) -> tuple[tuple[Node, ...], tuple[tuple[str, Node], ...] | None]:
    """Read what a function is given, up to the closing parenthesis."""
    given: list[Node] = []
    named: list[tuple[str, Node]] = []
    by_name = not stream.sign(")") and named_ahead(stream)
    while not stream.sign(")"):
        if by_name:
            name = stream.key(":")
            stream.next()
            named.append((name, stream.expression(stream)))
        else:
            given.append(stream.expression(stream))
        if not stream.accept(","):
            break
    stream.expect(")", "the arguments of a function")
    if by_name and len({name for name, _ in named}) != len(named):
        raise FeelError(stream.now.at, "an argument is named twice", "同一参数出现两次")
    return tuple(given), tuple(named) if by_name else None
