"""Quota: a use is held from the ruling on, until its receipt counts it or it came to nothing."""

from collections import Counter
from collections.abc import Callable, Iterable

from mindu.data.gateway.allow import refused

Place = tuple[str, str, str]  # policy, department, day
Used = Callable[[str, str, str], int]


class Held:
    """The uses that are under way; asked and changed under the gateway's lock alone."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: Counter[Place] = Counter()

    def used(self, counted: Used) -> Used:
        """Return how often a policy served, with what is under way."""
        return lambda policy, department, day: (
            counted(policy, department, day) + self._held[policy, department, day]
        )

    def take(self, places: Iterable[Place], quota: Callable[[str], int], counted: Used) -> None:
        """Hold one use of each place.

        Raises:
            Refused: a quota is up; nothing is held.
        """
        told, used = list(places), self.used(counted)
        for place in told:
            most = quota(place[0])
            if most and used(*place) >= most:
                raise refused(f"the day's quota of {most} is up", f"今日配额 {most} 次已用完")
        self._held.update(told)

    def give(self, places: Iterable[Place]) -> None:
        """Give places back: a receipt counts them now, or nothing came of them."""
        for place in places:
            self._held[place] -= 1
            if self._held[place] <= 0:
                del self._held[place]
