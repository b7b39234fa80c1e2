"""Crews: who goes out to look at a road, and what they then see; one at a time to each road."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from mindu.city import MINUTE, Action, Refused

WAY = 15 * MINUTE  # until a crew is there


class Crews:
    """The crews on their way; `known` are the roads that they can find."""

    def __init__(self, known: Callable[[str], bool]) -> None:
        """Sit in the yard."""
        self._known = known
        self._away: list[tuple[timedelta, str]] = []

    def send(self, action: Action, now: timedelta) -> None:
        """Send a crew to look at a road.

        Raises:
            Refused: another verb, or no such road.
        """
        road = action.on
        if action.verb != "look" or not self._known(road):
            raise Refused(f"crews look at roads, they do not {action.verb} {road}")
        if not any(there == road for _, there in self._away):
            self._away.append((now + WAY, road))

    def there(self, now: timedelta) -> Iterator[str]:
        """Yield the roads that crews have come to since they were last asked."""
        come = [crew for crew in self._away if crew[0] <= now]
        self._away = [crew for crew in self._away if crew[0] > now]
        yield from (road for _, road in come)
