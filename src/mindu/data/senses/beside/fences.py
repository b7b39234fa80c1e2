"""Fences: areas that are declared, who is inside of which since when, and who crossed them.

Every crossing is a frame of the journal with a number that only grows, so whoever listens goes on
where it was. It is told once the reading that shows it is durable.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

MOST = 10_000  # fences
CORNERS = 20_000  # of one fence, in all its rings
KEPT = 20_000  # crossings remembered; the journal has them all
NAME = 200  # characters
LONGEST = 30 * 86_400.0  # s that a dwell may be
Rings = list[list[tuple[float, float]]]


class Did(StrEnum):
    """What a device did about a fence."""

    ENTERED = "entered"
    LEFT = "left"
    DWELT = "dwelt"  # has been inside for as long as the fence asks


class Fence(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """An area: an outer ring of (lon, lat), then holes. `dwell`: s inside that are told, 0 never.

    Empty `kind` and `group` mean any device.
    """

    name: str
    rings: Rings
    by: str
    at: int  # epoch ms
    dwell: float = 0.0
    kind: str = ""
    group: str = ""


class Felled(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A fence is gone, and with it who was inside."""

    name: str
    by: str
    at: int  # epoch ms


class Crossed(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A device entered, left or dwelt. `at`: epoch ms of the place that shows it."""

    number: int
    fence: str
    device: str
    did: Did
    at: int
    lon: float
    lat: float


class Stay(msgspec.Struct, array_like=True):
    """Since when a device is inside (epoch ms), and whether its dwell was told."""

    since: int
    dwelt: bool = False


class _Kept(msgspec.Struct):
    fences: list[Fence]
    inside: dict[str, dict[str, Stay]]
    told: list[Crossed]
    last: int


Told = Fence | Felled | Crossed
_TOLD = msgspec.msgpack.Decoder(list[Told])


class Fences:
    """What is fenced, who is inside, and the newest crossings."""

    def __init__(self) -> None:
        """Start without fences."""
        self.fences: dict[str, Fence] = {}
        self.inside: dict[str, dict[str, Stay]] = {}  # fence -> device -> its stay
        self.of: dict[str, set[str]] = {}  # device -> fences that it is in
        self.told: deque[Crossed] = deque(maxlen=KEPT)
        self.last = 0
        self.version = 0  # grows with every change of the fences

    def check(self, fence: Fence) -> None:
        """Refuse a fence that fences nothing.

        Raises:
            ValueError: its rings, name or dwell cannot be, or there are too many fences.
        """
        if not 0 < len(fence.name) <= NAME:
            raise ValueError(f"a fence has a name of 1 to {NAME} characters")
        if not fence.rings or any(len(ring) < 3 for ring in fence.rings):
            raise ValueError("a fence is a list of rings of three corners or more")
        if sum(map(len, fence.rings)) > CORNERS:
            raise ValueError(f"a fence has at most {CORNERS} corners: simplify it")
        places = (place for ring in fence.rings for place in ring)
        if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in places):
            raise ValueError("corners are (longitude, latitude) in degrees")
        if not 0 <= fence.dwell <= LONGEST:
            raise ValueError(f"dwell is 0 to {LONGEST:g} s")
        if fence.name not in self.fences and len(self.fences) >= MOST:
            raise ValueError(f"there are {MOST} fences already: take down what is over")

    def after(self, number: int) -> Iterator[Crossed]:
        """Yield the crossings that are remembered beyond a number, oldest first."""
        return (it for it in self.told if it.number > number)

    # -- folding ---------------------------------------------------------------------------

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for told in _TOLD.decode(body):
            match told:
                case Fence():
                    self.fences[told.name] = told
                    self.version += 1
                case Felled():
                    self.fences.pop(told.name, None)
                    for device in self.inside.pop(told.name, {}):
                        self._out(device, told.name)
                    self.version += 1
                case Crossed():
                    self._crossed(told)

    def _crossed(self, it: Crossed) -> None:
        self.told.append(it)
        self.last = max(self.last, it.number)
        mine = self.inside.setdefault(it.fence, {})
        if it.did is Did.LEFT:
            mine.pop(it.device, None)
            self._out(it.device, it.fence)
        elif it.did is Did.ENTERED:
            mine[it.device] = Stay(it.at)
            self.of.setdefault(it.device, set()).add(it.fence)
        elif it.device in mine:
            mine[it.device].dwelt = True

    def _out(self, device: str, fence: str) -> None:
        held = self.of.get(device, set())
        held.discard(fence)
        if not held:
            self.of.pop(device, None)

    def dump(self) -> bytes:
        """Return the state."""
        fences = list(self.fences.values())
        return msgspec.msgpack.encode(_Kept(fences, self.inside, list(self.told), self.last))

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        kept = msgspec.msgpack.decode(told, type=_Kept)
        self.fences = {fence.name: fence for fence in kept.fences}
        self.inside, self.last, self.of = kept.inside, kept.last, {}
        self.told = deque(kept.told, maxlen=KEPT)
        for fence, them in kept.inside.items():
            for device in them:
                self.of.setdefault(device, set()).add(fence)
        self.version += 1


def encode(told: Sequence[Told]) -> bytes:
    """Return fences and crossings as the body of a frame."""
    return msgspec.msgpack.encode(list(told))
