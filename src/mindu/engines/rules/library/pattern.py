"""The pattern language of XPath: a text becomes a tree of matchers."""

from dataclasses import dataclass

from mindu.engines.rules.library.classes import (
    PLAIN,
    SELF,
    Test,
    any_of,
    between,
    caseless,
    category,
    mistake,
    one,
    opposite,
    short,
)
from mindu.engines.rules.library.matchers import (
    Matcher,
    alternatives,
    back,
    character,
    end,
    group,
    many_characters,
    repeated,
    sequence,
    start,
)

LONGEST = 1000  # characters of a pattern
MOST = 1000  # times a part may be asked to repeat
DEEPEST = 30  # groups in each other


@dataclass(slots=True)
class Pattern:
    """A pattern under reading: where it is, its flags, and how many groups it has."""

    text: str
    flags: str
    at: int = 0
    groups: int = 0
    closed: frozenset[int] = frozenset()
    depth: int = 0

    def more(self) -> bool:
        """Say whether anything is left."""
        return self.at < len(self.text)

    def ahead(self, text: str) -> bool:
        """Say whether this comes next."""
        return self.text.startswith(text, self.at)

    def take(self) -> str:
        """Take one character."""
        if not self.more():
            raise mistake(self.text)
        self.at += 1
        return self.text[self.at - 1]


def compiled(text: str, flags: str) -> tuple[Matcher, int]:
    """Return the matcher of a pattern and its number of groups; Refused where it is none."""
    if len(text) > LONGEST or set(flags) - set("smixq"):
        raise mistake(text if len(text) <= LONGEST else "…")
    if "q" in flags:
        return sequence([character(_test(Pattern(text, flags), one(c))) for c in text]), 0
    pattern = Pattern(_unspaced(text) if "x" in flags else text, flags)
    found = _alternatives(pattern)
    if pattern.more():
        raise mistake(text)
    return found, pattern.groups


def _unspaced(text: str) -> str:
    kept, inside, escaped = "", 0, False
    for c in text:
        if c in " \t\n\r" and not inside:
            continue
        if not escaped:
            inside += (c == "[") - (c == "]" and inside > 0)
        escaped = c == "\\" and not escaped
        kept += c
    return kept


def _test(pattern: Pattern, test: Test) -> Test:
    return caseless(test) if "i" in pattern.flags else test


def _alternatives(pattern: Pattern) -> Matcher:
    pattern.depth += 1
    if pattern.depth > DEEPEST:
        raise mistake("((…))")
    found = [_sequence(pattern)]
    while pattern.ahead("|"):
        pattern.at += 1
        found.append(_sequence(pattern))
    pattern.depth -= 1
    return found[0] if len(found) == 1 else alternatives(found)


def _sequence(pattern: Pattern) -> Matcher:
    found: list[Matcher] = []
    while pattern.more() and pattern.text[pattern.at] not in "|)":
        found.append(_piece(pattern))
    return sequence(found)


def _piece(pattern: Pattern) -> Matcher:
    c = pattern.take()
    if c == "(":
        return _repeats(pattern, _group(pattern))
    if c in "^$":
        return (start if c == "^" else end)("m" in pattern.flags)
    if c == "\\" and pattern.more() and pattern.text[pattern.at].isdigit():
        return _repeats(pattern, _back(pattern))
    return _repeats_character(pattern, _atom(pattern, c))


def _group(pattern: Pattern) -> Matcher:
    if pattern.ahead("?:"):
        pattern.at += 2
        inner = _alternatives(pattern)
    else:
        pattern.groups += 1
        number = pattern.groups
        inner = group(number, _alternatives(pattern))
        pattern.closed |= {number}
    if pattern.take() != ")":
        raise mistake(pattern.text)
    return inner


def _back(pattern: Pattern) -> Matcher:
    number = int(pattern.take())
    while pattern.more() and pattern.text[pattern.at].isdigit():
        longer = number * 10 + int(pattern.text[pattern.at])
        if longer > pattern.groups:
            break
        number = longer
        pattern.at += 1
    if number not in pattern.closed:
        raise mistake(pattern.text)
    return back(number, "i" in pattern.flags)


def anything(_character: str) -> bool:
    """Pass every character."""
    return True


def _atom(pattern: Pattern, c: str) -> Test:
    if c == ".":
        return anything if "s" in pattern.flags else opposite(any_of([one("\n"), one("\r")]))
    if c == "[":
        return _class(pattern)
    if c == "\\":
        return _escape(pattern, inside=False)
    if c in "?*+{}]":
        raise mistake(pattern.text)
    return _test(pattern, one(c))


def _escape(pattern: Pattern, *, inside: bool) -> Test:
    c = pattern.take()
    if c in "pP":
        if pattern.take() != "{":
            raise mistake(pattern.text)
        close = pattern.text.find("}", pattern.at)
        if close < 0:
            raise mistake(pattern.text)
        test = category(pattern.text[pattern.at : close])
        pattern.at = close + 1
        return opposite(test) if c == "P" else test
    found = short(c)
    if found is not None:
        return found
    if c not in PLAIN and c not in SELF:
        raise mistake(pattern.text)
    plain = one(PLAIN.get(c, c))
    return plain if inside else _test(pattern, plain)


def _class(pattern: Pattern) -> Test:
    negated = pattern.ahead("^")
    pattern.at += negated
    tests: list[Test] = []
    without: Test | None = None
    while not pattern.ahead("]") or not tests:
        if pattern.ahead("-[") and tests:
            pattern.at += 2
            without = _class(pattern)
            break
        tests.append(_member(pattern))
    if pattern.take() != "]":
        raise mistake(pattern.text)
    found = _test(pattern, any_of(tests))
    if negated:
        found = opposite(found)
    if without is None:
        return found
    kept = without
    return lambda c: found(c) and not kept(c)


def _member(pattern: Pattern) -> Test:
    c = pattern.take()
    if c in "[]":
        raise mistake(pattern.text)
    if c == "\\":
        spot = pattern.at
        test = _escape(pattern, inside=True)
        letter = pattern.text[spot]
        if pattern.at - spot != 1 or short(letter) is not None:
            return test
        c = PLAIN.get(letter, letter)
    ahead = pattern.text[pattern.at : pattern.at + 2]
    if len(ahead) < 2 or ahead[0] != "-" or ahead[1] in "[]":
        return one(c)
    pattern.at += 1
    high = pattern.take()
    if high == "\\":
        high = pattern.take()
        if high not in PLAIN and high not in SELF:
            raise mistake(pattern.text)
        high = PLAIN.get(high, high)
    if high < c:
        raise mistake(pattern.text)
    return between(c, high)


def _counts(pattern: Pattern) -> tuple[int, int, bool] | None:
    if not pattern.more() or pattern.text[pattern.at] not in "?*+{":
        return None
    sign = pattern.take()
    low, high = {"?": (0, 1), "*": (0, -1), "+": (1, -1)}.get(sign, (0, 0))
    if sign == "{":
        close = pattern.text.find("}", pattern.at)
        low, high = _braces(pattern, pattern.text[pattern.at : max(close, pattern.at)])
        pattern.at = close + 1
    lazy = pattern.ahead("?")
    pattern.at += lazy
    return low, high, not lazy


def _braces(pattern: Pattern, text: str) -> tuple[int, int]:
    first, comma, last = text.partition(",")
    if not first.isdecimal() or not (last.isdecimal() or not last):
        raise mistake(pattern.text)
    low = int(first)
    high = (int(last) if last else -1) if comma else low
    if max(low, high) > MOST or -1 < high < low:
        raise mistake(pattern.text)
    return low, high


def _repeats(pattern: Pattern, inner: Matcher) -> Matcher:
    counts = _counts(pattern)
    return inner if counts is None else repeated(inner, *counts[:2], greedy=counts[2])


def _repeats_character(pattern: Pattern, test: Test) -> Matcher:
    counts = _counts(pattern)
    if counts is None:
        return character(test)
    return many_characters(test, *counts[:2], greedy=counts[2])
