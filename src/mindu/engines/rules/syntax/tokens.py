"""Tokens of FEEL text: words, numbers, strings and signs, with their places."""

import re
from typing import NamedTuple

from mindu.engines.rules.syntax.phrases import hints

LONGEST = 100_000  # characters of one expression


class FeelError(ValueError):
    """A FEEL text that cannot be read, and where."""

    def __init__(self, at: int, expected: str, chinese: str) -> None:
        super().__init__(f"at character {at + 1}: {expected}")
        self.at = at
        self.expected = expected
        self.chinese = chinese


class Token(NamedTuple):
    """One token: its kind ("word", "number", "string", "sign", "end"), text and place."""

    kind: str
    text: str
    at: int
    end: int


START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF"
    r"\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD"
    r"\U00010000-\U000EFFFF"
)
PATTERN = re.compile(
    rf"""
    (?P<space>(?:[\s\u00A0\uFEFF\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000]+
        |//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)+)
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>[{START}][{START}\d\u00B7\u0300-\u036F\u203F-\u2040]*)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},.:@'])
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, an end token last; FeelError where there is none."""
    if len(text) > LONGEST:
        raise FeelError(
            LONGEST,
            f"an expression has at most {LONGEST} characters",
            f"表达式至多{LONGEST}个字符",
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = PATTERN.match(text, at)
        assert match is not None, "the last branch takes any character"
        kind = match.lastgroup or "other"
        if kind == "other":
            raise stray(at, match[0])
        if kind != "space":
            found.append(Token(kind, match[0], at, match.end()))
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def stray(at: int, mark: str) -> FeelError:
    """Return the mistake of a mark that FEEL does not know."""
    english, chinese = hints(mark)
    return FeelError(
        at,
        f"{mark!r} begins no name, number, text or sign{english}",
        f"“{mark}”不是名称、数字、文本或符号{chinese}",
    )


def unquoted(token: Token) -> str:
    """Return the characters that a string token stands for."""
    body = token.text[1:-1]
    if "\\" not in body:
        return body
    text = ESCAPE.sub(_character, body)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        value = int(code, 16)
        return chr(value) if value <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"
    return PLAIN.get(match[3], f"\\{match[3]}")
