"""The query language `q`: comparisons of attributes, joined by ; and | (clause 4.9)."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from mindu.data.arrays import Truths
from mindu.edge.ngsild.asking.paths import Path, like, matcher, number, pathed, safe
from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.model.terms import Context
from mindu.edge.ngsild.model.town import Town

LONGEST, DEPTH = 10_000, 40  # characters; parentheses inside parentheses
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>==|!=|>=|<=|!~=|~=|>|<|[();|&!,])'
    r'|(?P<dots>\.\.)|(?P<word>(?:(?!\.\.)[^\s;|&()<>=!~,"\[\]]|\[[^\]]*\])+))'
)
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge,
    "<": operator.lt, "<=": operator.le,
}  # fmt: skip
Test = Callable[[View], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """One query: a test of an entity, and the devices beyond which nothing passes (None: any)."""

    test: Test
    among: Callable[[Town], Truths | None]


class Parser:
    """Reads one query."""

    def __init__(self, told: str, context: Context) -> None:
        """Cut the text into tokens."""
        if len(told) > LONGEST:
            raise bad(f"q has at most {LONGEST} characters")
        self._tokens, self._context = _tokens(told), context
        self._at = self._deep = 0

    def whole(self) -> Query:
        """Return the query that the text says.

        Raises:
            Problem: it says none.
        """
        found = self._either()
        if self._at < len(self._tokens):
            raise bad(f"q: {self._tokens[self._at][1]!r} is out of place")
        return found

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _either(self) -> Query:
        self._deep += 1
        if self._deep > DEPTH:
            raise bad("q is nested too deeply")
        parts = [self._both()]
        while self._peek()[1] == "|":
            self._next()
            parts.append(self._both())
        self._deep -= 1
        return parts[0] if len(parts) == 1 else _any(parts)

    def _both(self) -> Query:
        parts = [self._one()]
        while self._peek()[1] in {";", "&"}:
            self._next()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else _all(parts)

    def _one(self) -> Query:
        kind, told = self._next()
        if told == "(" and kind == "mark":
            inner = self._either()
            if self._next()[1] != ")":
                raise bad("q: a parenthesis is not closed")
            return inner
        if told == "!" and kind == "mark":
            path = self._path(self._next())
            return Query(lambda view: not path.values(view), lambda _: None)
        return self._tested(self._path((kind, told)))

    def _tested(self, path: Path) -> Query:
        if self._peek()[1] in {"~=", "!~="}:
            return self._pattern(path, self._next()[1])
        if self._peek()[1] not in _COMPARE:
            return Query(lambda view: bool(path.values(view)), lambda _: None)
        return self._compared(path, self._next()[1])

    def _path(self, token: tuple[str, str]) -> Path:
        found = pathed(token[1], self._context) if token[0] == "word" else None
        if found is None:
            raise bad(f"q: {token[1] or 'the end'!r} is no attribute")
        return found

    def _value(self) -> Any:  # noqa: ANN401 - any plain value
        kind, told = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", told[1:-1])
        if kind != "word":
            raise bad(f"q: {told or 'the end'!r} is no value")
        return {"true": True, "false": False}.get(told, number(told))

    def _pattern(self, path: Path, mark: str) -> Query:
        kind, told = self._next()
        while self._peek()[1] not in {";", "|", "", ")"}:  # what a pattern holds of marks
            told += self._next()[1]
        pattern = told[1:-1] if kind == "text" else told
        test = matcher(pattern)

        def holds(view: View) -> bool:
            values = path.values(view)
            found = any(isinstance(v, str) and test(v) for v in values)
            return bool(values) and not found if mark == "!~=" else found

        return Query(holds, lambda _: None)

    def _compared(self, path: Path, mark: str) -> Query:
        compare, values = _COMPARE[mark], [self._value()]
        spans = False
        while self._peek()[0] == "dots" or self._peek()[1] == ",":
            spans = self._next()[0] == "dots"
            values.append(self._value())
        context = self._context

        def matches(value: object) -> bool:
            told = like(value, values[0], context)
            if spans:
                inside = bool(values[0] <= told <= values[1])
                return inside == (mark == "==")
            if len(values) > 1:
                return any(like(value, v, context) == v for v in values) == (mark == "==")
            return bool(compare(told, values[0]))

        def holds(view: View) -> bool:
            found = path.values(view)
            good = [safe(matches, it) for it in found]
            return all(good) and bool(found) if mark == "!=" else any(good)

        plain = not path.subs and not path.inner and mark != "!=" and len(values) == 1
        if plain and type(values[0]) in {int, float}:
            return Query(
                holds, lambda town: town.matching(path.attr, lambda it: compare(it, values[0]))
            )
        return Query(holds, lambda _: None)


def _any(parts: list[Query]) -> Query:
    def among(town: Town) -> Truths | None:
        found = [it for part in parts if (it := part.among(town)) is not None]
        return reduce(operator.or_, found) if len(found) == len(parts) else None

    return Query(lambda view: any(part.test(view) for part in parts), among)


def _all(parts: list[Query]) -> Query:
    def among(town: Town) -> Truths | None:
        found = [it for part in parts if (it := part.among(town)) is not None]
        return reduce(operator.and_, found) if found else None

    return Query(lambda view: all(part.test(view) for part in parts), among)


def _tokens(told: str) -> list[tuple[str, str]]:
    at, found, told = 0, [], told.strip()
    while at < len(told):
        match = _TOKEN.match(told, at)
        if match is None or match.end() == at:
            raise bad(f"q: {told[at : at + 20]!r} is not understood")
        assert match.lastgroup is not None
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found
