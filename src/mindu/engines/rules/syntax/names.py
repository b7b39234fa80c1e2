"""Names with blanks and signs: the longest one in scope that the next tokens spell."""

from collections.abc import Iterable, Sequence

from mindu.engines.rules.syntax.tokens import FeelError, Token, tokens

LONGEST = 60  # tokens of one name


class Names:
    """A set of names, spelled token by token."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_tokens: dict[tuple[str, ...], str] = {}
        self._longest: dict[str, int] = {}  # by first token
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a name; one that FEEL cannot spell is left out."""
        try:
            spelled = tuple(token.text for token in tokens(name)[:-1])
        except FeelError:
            return
        if spelled:
            self._by_tokens[spelled] = name
            self._longest[spelled[0]] = max(self._longest.get(spelled[0], 0), len(spelled))

    def longest(self, given: Sequence[Token], place: int) -> tuple[str, int] | None:
        """Return the longest name that begins at a place, and how many tokens it takes."""
        most = self._longest.get(given[place].text)
        if most is None:
            return None
        ahead = [token.text for token in given[place : place + min(most, LONGEST)]]
        for length in range(len(ahead), 0, -1):
            found = self._by_tokens.get(tuple(ahead[:length]))
            if found is not None:
                return found, length
        return None


def spelled(given: Sequence[Token]) -> str:
    """Return the name that tokens spell: one blank where the text had any, none elsewhere."""
    text = ""
    for before, token in zip((None, *given[:-1]), given, strict=True):
        gap = " " if before is not None and before.end < token.at else ""
        text += f"{gap}{token.text}"
    return text
