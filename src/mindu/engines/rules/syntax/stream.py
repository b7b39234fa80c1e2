"""The stream of tokens under the parser's eye, and the names that are in scope there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mindu.engines.rules.syntax.names import Names, spelled
from mindu.engines.rules.syntax.phrases import CHINESE, hints
from mindu.engines.rules.syntax.tokens import FeelError, Token, tokens
from mindu.engines.rules.syntax.tree import Node

DEEPEST = 60  # forms inside forms
KEYWORDS = {
    "and", "or", "in", "between", "then", "else", "return", "satisfies", "instance", "of",
    "if", "for", "some", "every", "function", "external", "true", "false", "null",
}  # fmt: skip
MEMBERS = ("time offset", "start included", "end included")


@dataclass(slots=True)
class Stream:
    """Tokens with a place, scopes of names, and the way back to the whole expression."""

    text: str
    tokens: list[Token]
    scopes: list[Names]
    members: Names  # names that may follow a dot or stand in a filter, of this text
    shared: Names  # and those of the whole model
    expression: Callable[["Stream"], Node]
    place: int = 0
    depth: int = 0
    filters: int = 0  # filters that are open
    ranges: int = 0  # ends of ranges that are open
    failures: int = 0

    @property
    def now(self) -> Token:
        """Return the next token."""
        return self.tokens[self.place]

    def peek(self, ahead: int = 1) -> Token:
        """Return a token further on."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def sign(self, *texts: str) -> bool:
        """Say whether the next token is one of these signs."""
        return self.now.kind == "sign" and self.now.text in texts

    def word(self, *texts: str) -> bool:
        """Say whether the next token is one of these words."""
        return self.now.kind == "word" and self.now.text in texts

    def next(self) -> Token:
        """Take the next token."""
        token = self.tokens[self.place]
        if token.kind != "end":
            self.place += 1
        return token

    def accept(self, text: str) -> bool:
        """Take the next token if it is this sign or word."""
        if self.now.text == text and self.now.kind in {"sign", "word"}:
            self.place += 1
            return True
        return False

    def expect(self, text: str, after: str) -> Token:
        """Take this sign or word, or say that it is missing."""
        if self.now.text != text or self.now.kind not in {"sign", "word"}:
            raise self.wrong(
                f"expected {text!r} after {after}", f"{CHINESE[after]}之后应为“{text}”"
            )
        return self.next()

    def error(self, expected: str) -> FeelError:
        """Return the mistake that something else was expected here."""
        return self.wrong(f"expected {expected}", f"应为{CHINESE[expected]}")

    def wrong(self, english: str, chinese: str) -> FeelError:
        """Return the mistake at the next token."""
        found = self.now.text[:40]
        near = [token.text for token in self.tokens[max(0, self.place - 2) : self.place + 1]]
        hint, hint_chinese = hints(" ".join(text for text in near if not text.startswith('"')))
        return FeelError(
            self.now.at,
            f"{english}, not {found!r}{hint}" if found else f"{english}, not the end{hint}",
            f"{chinese},而不是{f'“{found}”' if found else '结尾'}{hint_chinese}",
        )

    def enter(self) -> None:
        """Go one form deeper."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FeelError(
                self.now.at,
                f"forms may stand {DEEPEST} deep in each other, no more",
                f"表达式嵌套至多{DEEPEST}层",
            )

    def leave(self) -> None:
        """Come out of a form."""
        self.depth -= 1

    def open(self, names: Iterable[str] = ()) -> Names:
        """Open a scope of names; `close` must follow."""
        scope = Names(names)
        self.scopes.append(scope)
        return scope

    def close(self) -> None:
        """Close the innermost scope."""
        self.scopes.pop()

    def declared(self) -> tuple[str, int] | None:
        """Return the longest name in scope at the next token, and its tokens."""
        best: tuple[str, int] | None = None
        sets = [*reversed(self.scopes), *([self.members, self.shared] if self.filters else [])]
        for names in sets:
            found = names.longest(self.tokens, self.place)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        return best

    def member(self) -> str:
        """Take the name that follows a dot."""
        found = [names.longest(self.tokens, self.place) for names in (self.members, self.shared)]
        known = max((one for one in found if one), key=lambda one: one[1], default=None)
        if known is None:
            return self.loose()
        self.place += known[1]
        return known[0]

    def loose(self) -> str:
        """Take words that no scope knows as one name, up to a keyword or a sign."""
        start = self.place
        if self.now.kind != "word":
            raise self.error("a name")
        self.place += 1
        while self.now.kind == "word" and self.now.text not in KEYWORDS:
            self.place += 1
        return spelled(self.tokens[start : self.place])

    def key(self, *ends: str) -> str:
        """Take all tokens up to a sign or word as one new name."""
        start = self.place
        while self.now.text not in ends or self.now.kind == "string":
            if self.now.kind in {"end", "string"} or self.now.text in {"(", "{", "[", ",", "}"}:
                raise self.error("a name")
            self.place += 1
        if start == self.place or self.tokens[start].kind == "number":
            self.place = start
            raise self.error("a name")
        return spelled(self.tokens[start : self.place])


def stream(
    text: str,
    names: Iterable[Names],
    members: Names,
    expression: Callable[[Stream], Node],
) -> Stream:
    """Open a text for parsing, with the names its scope has."""
    return Stream(text, tokens(text), list(names), Names(MEMBERS), members, expression)
