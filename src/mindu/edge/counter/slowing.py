"""Slowing: who tells or looks too often in a while is asked to come again, and is told when."""

from dataclasses import dataclass, field
from threading import Lock

from mindu.base.time import Clock
from mindu.edge.counter.letter import Flood, Letter
from mindu.edge.counter.limits import Limits, Rate

BY_ADDRESS, BY_CALLER, BY_CLIENT = Rate(20, 20), Rate(10, 5), Rate(1_000, 20_000)
LOOKS = Rate(60, 600)  # of status by code, an address
VOUCHED = frozenset({"telephone", "import"})  # an operator or a clerk vouches for it


@dataclass(slots=True)
class Slowing:
    """The limits of one counter; threads may share them."""

    clock: Clock
    _lock: Lock = field(default_factory=Lock)
    _addresses: Limits = field(default_factory=lambda: Limits(BY_ADDRESS))
    _clients: Limits = field(default_factory=lambda: Limits(BY_CLIENT))
    _callers: Limits = field(default_factory=lambda: Limits(BY_CALLER))
    _looks: Limits = field(default_factory=lambda: Limits(LOOKS))

    def letter(self, letter: Letter, caller: str) -> None:
        """Count one letter, by the machine it came from and by its caller.

        Raises:
            Flood: too much from there.
        """
        if letter.channel in VOUCHED:
            return
        if letter.address:
            self._take(
                self._addresses if letter.channel == "web" else self._clients, letter.address
            )
        if caller:
            self.caller(caller)

    def caller(self, name: str) -> None:
        """Count one word of a caller.

        Raises:
            Flood: too much from there.
        """
        self._take(self._callers, name)

    def look(self, address: str) -> None:
        """Count one look at a matter by code or link.

        Raises:
            Flood: too many tries from there.
        """
        self._take(self._looks, address)

    def _take(self, limits: Limits, name: str) -> None:
        with self._lock:
            wait = limits.take(name, self.clock.now().timestamp(), cost=1.0)
        if wait:
            raise Flood(wait)
