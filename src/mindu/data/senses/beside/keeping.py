"""What is kept and what is gone: holds, and up to which day the readings of a kind stand no more.

A reading that is gone stays in the rollups. What was dropped is dropped for good, so a reading of
such a day that comes again is refused as too old: the rollups have counted it.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from mindu.data.arrays import Ints, Truths
from mindu.data.senses.registry import Registry

MOST_HOLDS = 10_000
DAY_MS = 86_400_000


class Hold(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Nothing of these devices is dropped until someone frees it; empty names mean any."""

    name: str
    why: str
    by: str
    at: int  # epoch ms
    kind: str = ""
    group: str = ""
    device: str = ""


class Freed(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A hold is over."""

    name: str
    by: str
    at: int  # epoch ms


class Dropped(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Readings of kinds before a day (since 1970) are gone, but for those of spared series.

    `spared`: series under a hold -> the day before which its own readings were gone already.
    """

    at: int  # epoch ms
    before: dict[str, int]
    spared: dict[int, int]
    rows: dict[str, int]


class RollsDropped(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Rollups before a day (since 1970) are gone."""

    at: int  # epoch ms
    before: int


Told = Hold | Freed | Dropped | RollsDropped
_TOLD = msgspec.msgpack.Decoder(list[Told])


class _Kept(msgspec.Struct):
    holds: list[Hold]
    gone: dict[str, int]
    spared: dict[int, int]
    rows: dict[str, int]
    rolls: int


class Keeping:
    """Holds, and what was dropped."""

    def __init__(self) -> None:
        """Start with no hold and nothing gone."""
        self.holds: dict[str, Hold] = {}
        self.gone: dict[str, int] = {}  # kind -> day before which its readings are gone
        self.spared: dict[int, int] = {}  # series -> the same, where a hold spared it
        self.rows: dict[str, int] = {}  # kind -> readings dropped in all
        self.rolls = 0  # day before which rollups are gone
        self._last = 0

    def check(self, hold: Hold, registry: Registry) -> None:
        """Refuse a hold that holds nothing.

        Raises:
            ValueError: it names nothing that is known, says no reason, or its name is taken.
        """
        if not hold.name or not hold.why:
            raise ValueError("a hold needs a name and says why")
        if hold.name in self.holds:
            raise ValueError(f"a hold {hold.name!r} stands already; free it, or take another name")
        if len(self.holds) >= MOST_HOLDS:
            raise ValueError(f"{MOST_HOLDS} holds stand already; free what is over")
        names = ((hold.kind, registry.kinds), (hold.group, registry.groups),
                 (hold.device, registry.numbers))  # fmt: skip
        for name, known in names:
            if name and name not in known:
                raise ValueError(f"nothing is called {name!r}; name a kind, group or device")

    def held(self, registry: Registry) -> Ints:
        """Return the series under any hold, in order."""
        devices, kinds = registry.devices, list(registry.kinds)
        found = np.zeros(len(registry), bool)
        for hold in self.holds.values():
            mine = np.ones(len(registry), bool)
            if hold.kind:
                mine &= devices["kind"] == kinds.index(hold.kind)
            if hold.group:
                mine &= devices["group"] == registry.groups[hold.group]
            if hold.device:
                mine &= np.arange(len(registry)) == registry.numbers[hold.device]
            found |= mine
        return np.flatnonzero(found[registry.series["device"]]) if len(found) else _NONE

    def before(self, series: Ints, registry: Registry) -> Ints:
        """Return the day before which the readings of each series are gone, 0 if none are."""
        days = np.array([self.gone.get(name, 0) for name in registry.kinds] or [0], np.int64)
        found: Ints = days[registry.devices["kind"][registry.series["device"][series]]]
        if self.spared:
            mine = np.array(sorted(self.spared), np.int64)
            own = np.array([self.spared[s] for s in mine.tolist()], np.int64)
            place = np.minimum(np.searchsorted(mine, series), len(mine) - 1)
            found = np.where(mine[place] == series, own[place], found)
        return found

    def buried(self, registry: Registry, series: Ints, at: Ints) -> Truths:
        """Say which (series, at: epoch ms) fall on days whose readings are gone."""
        if not len(at) or at.min() >= self._last * DAY_MS:
            return np.zeros(len(at), bool)
        gone: Truths = at < self.before(series, registry) * DAY_MS
        return gone

    # -- folding ---------------------------------------------------------------------------

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for told in _TOLD.decode(body):
            match told:
                case Hold():
                    self.holds[told.name] = told
                case Freed():
                    self.holds.pop(told.name, None)
                case Dropped():
                    self.gone.update(told.before)
                    self.spared = told.spared
                    for kind, rows in told.rows.items():
                        self.rows[kind] = self.rows.get(kind, 0) + rows
                case RollsDropped():
                    self.rolls = told.before
        self._last = max(self.gone.values(), default=0)

    def dump(self) -> bytes:
        """Return the state."""
        held = list(self.holds.values())
        kept = _Kept(held, self.gone, self.spared, self.rows, self.rolls)
        return msgspec.msgpack.encode(kept)

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        kept = msgspec.msgpack.decode(told, type=_Kept)
        self.holds = {hold.name: hold for hold in kept.holds}
        self.gone, self.spared, self.rows = kept.gone, kept.spared, kept.rows
        self.rolls, self._last = kept.rolls, max(kept.gone.values(), default=0)


def encode(told: Sequence[Told]) -> bytes:
    """Return what was decided as the body of a frame."""
    return msgspec.msgpack.encode(list(told))


_NONE = np.zeros(0, np.int64)
