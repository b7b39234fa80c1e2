"""Spots: which road or estate a case's place is, each wording looked up once."""

from collections.abc import Callable, Iterable, Sequence

MOST = 200_000  # wordings remembered; then all are looked up again as they come
Places = Callable[[str], Iterable[str]]


class Spots:
    """The known places behind the codes under which the cases' rows keep wordings."""

    def __init__(self, places: Places, names: Sequence[str]) -> None:
        """Know none; `names` are the wordings by code, and grow."""
        self._places, self._names = places, names
        self._held: dict[int, str] = {}

    def of(self, code: int) -> str:
        """Return the first known place that a code's wording names; "" for none."""
        found = self._held.get(code)
        if found is None:
            if len(self._held) >= MOST:
                self._held.clear()
            found = self._held[code] = next(iter(self._places(self._names[code])), "")
        return found
