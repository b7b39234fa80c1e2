"""Built-in functions of strings, regular expressions among them."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from mindu.engines.rules.library.classes import mistake
from mindu.engines.rules.library.lists import place
from mindu.engines.rules.library.matchers import Attempt, Matcher
from mindu.engines.rules.library.pattern import compiled
from mindu.engines.rules.library.registry import builtin
from mindu.engines.rules.value.numbers import exact
from mindu.engines.rules.value.run import Exhausted, Refused, Run

Found = tuple[int, int, dict[int, tuple[int, int]]]


@builtin("substring", "string: string, start position: number, length?: number?")
def substring(string: str, start: Decimal, length: Decimal | None = None) -> str:
    """Return the characters from a position on, all or so many."""
    begin = place(string, start)
    if length is None:
        return string[begin:]
    if length < 1:
        raise Refused("index", length)
    return string[begin : begin + int(min(length, Decimal(len(string))))]


@builtin("string length", "string: string")
def string_length(string: str) -> Decimal:
    """Return how many characters there are."""
    return exact(len(string))


@builtin("upper case", "string: string")
def upper_case(string: str) -> str:
    """Return the text in capitals."""
    return string.upper()


@builtin("lower case", "string: string")
def lower_case(string: str) -> str:
    """Return the text in small letters."""
    return string.lower()


@builtin("substring before", "string: string, match: string")
def substring_before(string: str, match: str) -> str:
    """Return what stands before a match, nothing where there is none."""
    return string.partition(match)[0] if match and match in string else ""


@builtin("substring after", "string: string, match: string")
def substring_after(string: str, match: str) -> str:
    """Return what stands behind a match, nothing where there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains", "string: string, match: string")
def contains(string: str, match: str) -> bool:
    """Say whether a text stands in another."""
    return match in string


@builtin("starts with", "string: string, match: string")
def starts_with(string: str, match: str) -> bool:
    """Say whether a text begins with another."""
    return string.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(string: str, match: str) -> bool:
    """Say whether a text ends with another."""
    return string.endswith(match)


@builtin("string join", "list: list, delimiter?: string?")
def string_join(run: Run, items: list[object], delimiter: str | None = None) -> str:
    """Return the texts of a list joined, nulls left out."""
    texts = [item for item in items if isinstance(item, str)]
    if any(item is not None and not isinstance(item, str) for item in items):
        raise Refused("arguments", "string join", "not all are strings")
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    if size > run.limits.length:
        raise Exhausted("length", run.limits.length)
    return (delimiter or "").join(texts)


@lru_cache(maxsize=256)
def _pattern(pattern: str, flags: str) -> tuple[Matcher, int]:
    return compiled(pattern, flags)


def _search(run: Run, text: str, pattern: str, flags: str) -> Iterator[Found]:
    """Yield every match from left to right, within the run's budget."""
    match, _ = _pattern(pattern, flags)
    attempt = Attempt(text, run.limits.matching)
    at = paid = 0
    while at <= len(text):
        attempt.groups = {}
        try:
            end = _try(match, attempt, at)
        finally:
            run.spend((attempt.steps - paid) // 2)
            paid = attempt.steps
        if end >= 0:
            yield at, end, dict(attempt.groups)
        at = end if end > at else at + 1


def _try(match: Matcher, attempt: Attempt, at: int) -> int:
    attempt.spend()
    try:
        return match(attempt, at, lambda j: j)
    except RecursionError:
        raise Refused("steps", attempt.steps) from None


@builtin("matches", "input: string, pattern: string, flags?: string?")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    """Say whether a pattern is found in a text."""
    return next(_search(run, text, pattern, flags or ""), None) is not None


def _filled(replacement: str, text: str, groups: int, found: Found) -> str:
    out, at = "", 0
    begin, end, places = found
    while at < len(replacement):
        c = replacement[at]
        ahead = replacement[at + 1 : at + 2]
        at += 1
        if c == "\\":
            if not ahead or ahead not in "\\$":
                raise mistake(replacement)
            out += ahead
            at += 1
        elif c == "$":
            number, at = _reference(replacement, at, groups)
            first, last = (begin, end) if number == 0 else places.get(number, (0, 0))
            out += text[first:last]
        else:
            out += c
    return out


def _reference(replacement: str, at: int, groups: int) -> tuple[int, int]:
    digits = replacement[at : at + 1]
    if not digits.isdigit():
        raise mistake(replacement)
    at += 1
    while replacement[at : at + 1].isdigit() and int(digits + replacement[at]) <= groups:
        digits += replacement[at]
        at += 1
    return int(digits), at


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Return the text with every match replaced."""
    groups = _pattern(pattern, flags or "")[1]
    pieces: list[str] = []
    at = size = 0
    for found in _search(run, text, pattern, flags or ""):
        new = replacement if "q" in (flags or "") else _filled(replacement, text, groups, found)
        pieces += [text[at : found[0]], new]
        size += len(pieces[-1]) + len(pieces[-2])
        if size > run.limits.length:
            raise Exhausted("length", run.limits.length)
        at = found[1]
    return "".join(pieces) + text[at:]


@builtin("split", "string: string, delimiter: string")
def split(run: Run, string: str, delimiter: str) -> list[object]:
    """Return the parts of a text between the matches of a pattern."""
    parts: list[object] = []
    at = 0
    for begin, end, _ in _search(run, string, delimiter, ""):
        if end > begin:
            parts.append(string[at:begin])
            at = end
    return [*parts, string[at:]]
