"""Limits: how often one address may ask, and how much anybody may send or hold."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

ADDRESSES = 10_000  # remembered at once; the stalest go first


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second on average, so many at once."""

    each_second: float
    at_once: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one desk; they stop a flood, not a busy office."""

    reads: Rate = Rate(200.0, 800.0)
    changes: Rate = Rate(10.0, 60.0)
    sign_ins: Rate = Rate(0.2, 10.0)  # per address, and per name
    clients: int = 64  # requests worked on at once
    viewers: int = 2_000  # streams open at once
    body: int = 64 << 10  # bytes of a form or JSON body
    model: int = 8 << 20  # bytes of a drawing that somebody signed in sends
    map: int = 12 << 20  # bytes of a map that a steward brings in
    fields: int = 40  # of a query or form


@dataclass(slots=True)
class Buckets:
    """Token buckets by key."""

    rate: Rate
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: str, now: float) -> float:
        """Take one token; return 0.0, or the seconds to wait for the next."""
        with self._lock:
            level, then = self._held.pop(key, (self.rate.at_once, now))
            level = min(self.rate.at_once, level + (now - then) * self.rate.each_second)
            self._held[key] = (level - 1.0 if level >= 1.0 else level, now)
            if len(self._held) > ADDRESSES:
                self._held.popitem(last=False)
        return 0.0 if level >= 1.0 else (1.0 - level) / self.rate.each_second
