"""Ready: answers worked out once, kept while what they rest on stands, shared by all who ask."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

KEPT = 64  # answers held at once; the one asked for longest ago goes first

T = TypeVar("T")


class Ready:
    """Answers by name, each with the stamp that it was worked out under."""

    def __init__(self) -> None:
        """Start with none."""
        self._held: OrderedDict[Hashable, tuple[object, object]] = OrderedDict()

    def take(self, key: Hashable, stamp: object, make: Callable[[], T]) -> T:
        """Return the answer of that name; it is made anew when its stamp has changed."""
        held = self._held.get(key)
        if held is not None and held[0] == stamp:
            self._held.move_to_end(key)
            return cast("T", held[1])
        made = make()
        self._held[key] = (stamp, made)
        self._held.move_to_end(key)
        if len(self._held) > KEPT:
            self._held.popitem(last=False)
        return made
