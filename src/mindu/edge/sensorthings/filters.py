"""`$filter` of SensorThings 1.1: comparisons, and, or, not, and functions, over one entity."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.functions import FUNCTIONS, moment

Entity = Mapping[str, Any]
Test = Callable[[Entity], Any]
DEPTH = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_@][\w.@/]*)|(?P<mark>[(),]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
}  # fmt: skip

_RECKON: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "mod": operator.mod,
}  # fmt: skip


class Parser:
    """Reads one filter."""

    def __init__(self, told: str) -> None:
        """Cut the text into tokens."""
        self._tokens = list(_tokens(told))
        self._at = self._deep = 0

    def whole(self) -> Test:
        """Return the test that the text says."""
        test = self._either()
        if self._at < len(self._tokens):
            raise Unfit(400, f"$filter: {self._tokens[self._at][1]!r} is out of place")
        return test

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _eat(self, mark: str) -> None:
        if self._next()[1] != mark:
            raise Unfit(400, f"$filter: {mark!r} is missing")

    def _either(self) -> Test:
        self._deep += 1
        if self._deep > DEPTH:
            raise Unfit(400, "$filter is nested too deeply")
        tests = [self._both()]
        while self._peek() == ("word", "or"):
            self._next()
            tests.append(self._both())
        self._deep -= 1
        return tests[0] if len(tests) == 1 else lambda it: any(t(it) for t in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self._peek() == ("word", "and"):
            self._next()
            tests.append(self._single())
        return tests[0] if len(tests) == 1 else lambda it: all(t(it) for t in tests)

    def _single(self) -> Test:
        if self._peek() == ("word", "not"):
            self._next()
            self._deep += 1
            if self._deep > DEPTH:
                raise Unfit(400, "$filter is nested too deeply")
            test = self._single()
            self._deep -= 1
            return lambda it: not test(it)
        left = self._sum()
        if self._peek()[1] not in _COMPARE:
            return left
        compare, right = _COMPARE[self._next()[1]], self._sum()
        return lambda it: _compared(compare, left(it), right(it))

    def _sum(self) -> Test:
        left = self._value()
        while self._peek()[0] == "word" and self._peek()[1] in _RECKON:
            reckon, right, before = _RECKON[self._next()[1]], self._value(), left
            left = _reckoned(reckon, before, right)
        return left

    def _value(self) -> Test:
        kind, told = self._next()
        constant: Any = None
        if kind == "mark" and told == "(":
            test = self._either()
            self._eat(")")
            return test
        if kind == "number":
            constant = float(told)
        elif kind in {"text", "time"}:
            constant = told[1:-1].replace("''", "'") if kind == "text" else told
        elif kind == "word":
            return self._named(told)
        else:
            raise Unfit(400, f"$filter: {told or 'the end'!r} is out of place")
        return lambda _: constant

    def _named(self, word: str) -> Test:
        if word in {"true", "false"}:
            return lambda _: word == "true"
        if word == "geography" and self._peek()[0] == "text":
            return self._value()
        if self._peek()[1] != "(":
            path = word.replace("@iot.id", "@iot_id").split("/")
            return lambda it: _walked(it, path)
        if word not in FUNCTIONS:
            raise Unfit(501, f"$filter: the function {word} is not offered")
        self._next()
        args = [] if self._peek()[1] == ")" else [self._either()]
        while self._peek()[1] == ",":
            self._next()
            args.append(self._either())
        self._eat(")")
        return lambda it: _called(word, [arg(it) for arg in args])


def _reckoned(reckon: Callable[[Any, Any], Any], left: Test, right: Test) -> Test:
    def value(it: Entity) -> Any:  # noqa: ANN401 - a number, or nothing
        a, b = left(it), right(it)
        numbers = isinstance(a, int | float) and isinstance(b, int | float)
        try:
            return reckon(a, b) if numbers else None
        except ArithmeticError:
            return None

    return value


def _called(word: str, args: list[Any]) -> Any:  # noqa: ANN401 - a function may return anything
    if any(arg is None for arg in args):
        return None
    try:
        return FUNCTIONS[word](*args)
    except (TypeError, ValueError, LookupError, ArithmeticError) as wrong:
        raise Unfit(400, f"$filter: {word} cannot take that: {wrong}") from wrong


def _tokens(told: str) -> Iterator[tuple[str, str]]:
    at, told = 0, told.strip()
    while at < len(told):
        found = _TOKEN.match(told, at)
        if found is None:
            raise Unfit(400, f"$filter: {told[at : at + 20]!r} is not understood")
        assert found.lastgroup is not None
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


def _walked(it: Any, path: list[str]) -> Any:  # noqa: ANN401 - a field may hold anything
    for name in path:
        if not isinstance(it, Mapping):
            return None
        it = it.get("@iot.id" if name == "@iot_id" else name)
    return it


def _compared(compare: Callable[[Any, Any], bool], a: Any, b: Any) -> bool:  # noqa: ANN401
    """Compare as times where both are times, as numbers where both are; else as texts."""
    if isinstance(a, str) and isinstance(b, str) and a[4:5] == b[4:5] == "-" and "T" in a + b:
        try:
            a, b = moment(a.partition("/")[0]), moment(b.partition("/")[0])
        except ValueError:
            return compare(a, b)
    try:
        return compare(a, b)
    except TypeError:
        return False
