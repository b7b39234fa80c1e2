"""The account: of all that was received, what became of it, device by device, source by source."""

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.data.arrays import Ints

UNKNOWN = -1  # rows of no device that is known
OUTCOMES = ("stored", "late", "duplicate")
REASONS = (
    "malformed", "no such device", "no such property", "not in service", "not a number",
    "another unit", "unknown datum", "from the future", "too old", "too many at once",
    "not this sender's device",
)  # fmt: skip
CODES = {name: code for code, name in enumerate((*OUTCOMES, *REASONS))}
MOST_SOURCES = 4096
OTHERS = "(others)"


class Tally(msgspec.Struct, frozen=True):
    """What became of the rows that were received."""

    received: int = 0
    stored: int = 0
    late: int = 0
    duplicate: int = 0
    refused: dict[str, int] = {}

    @property
    def whole(self) -> bool:
        """Say whether every row received is accounted for."""
        told = self.stored + self.late + self.duplicate + sum(self.refused.values())
        return told == self.received


class _Source:
    def __init__(self) -> None:
        self.received = 0
        self.columns: NDArray[np.uint32] = np.zeros((len(OUTCOMES), 0), np.uint32)
        self.refused: Counter[tuple[int, int]] = Counter()  # (device, code)

    def add(self, device: Ints, code: Ints, count: Ints) -> None:
        kept = code < len(OUTCOMES)
        if kept.any():
            reach = int(device[kept].max()) + 1
            if reach > self.columns.shape[1]:
                more = np.zeros((len(OUTCOMES), reach + reach // 8), np.uint32)
                more[:, : self.columns.shape[1]] = self.columns
                self.columns = more
            np.add.at(self.columns, (code[kept], device[kept]), count[kept].astype(np.uint32))
        rest = zip(device[~kept].tolist(), code[~kept].tolist(), count[~kept].tolist(), strict=True)
        for d, c, n in rest:
            self.refused[d, c] += n


class Account:
    """Counters by source and device."""

    def __init__(self) -> None:
        """Start with nothing received."""
        self._of: dict[str, _Source] = {}

    def book(
        self, source: str, received: int, device: Sequence[int] | Ints, code: Ints, count: Ints
    ) -> None:
        """Count rows of one source: how many were received, and what became of how many."""
        if source not in self._of and len(self._of) >= MOST_SOURCES:
            source = OTHERS
        of = self._of.setdefault(source, _Source())
        of.received += received
        if len(code):
            of.add(np.asarray(device, np.int64), code, count)

    def sources(self) -> list[str]:
        """Return the names of all sources."""
        return sorted(self._of)

    def total(self, source: str | None = None) -> Tally:
        """Return the tally of one source, or of all."""
        chosen = self._of.values() if source is None else [self._of[source]]
        sums = sum((s.columns.sum(axis=1, dtype=np.int64) for s in chosen), np.zeros(3, np.int64))
        refused: Counter[str] = Counter()
        for of in chosen:
            for (_, code), count in of.refused.items():
                refused[_name(code)] += count
        received = sum(s.received for s in chosen)
        stored, late, duplicate = sums.tolist()
        return Tally(received, stored, late, duplicate, dict(sorted(refused.items())))

    def device(self, device: int) -> dict[str, Tally]:
        """Return the tally of one device, by source."""
        found = {}
        for name, of in self._of.items():
            has = device < of.columns.shape[1]
            sums = of.columns[:, device].tolist() if has else [0, 0, 0]
            refused = {_name(c): n for (d, c), n in of.refused.items() if d == device}
            received = sum(sums) + sum(refused.values())
            if received:
                found[name] = Tally(received, sums[0], sums[1], sums[2], refused)
        return found

    def dump(self) -> list[object]:
        """Return the state."""
        return [
            (name, of.received, of.columns.shape[1], of.columns.tobytes(),
             [(d, c, n) for (d, c), n in sorted(of.refused.items())])
            for name, of in sorted(self._of.items())
        ]  # fmt: skip

    def load(self, state: Sequence[tuple[str, int, int, bytes, list[list[int]]]]) -> None:
        """Take up a state that `dump` gave."""
        self._of = {}
        for name, received, width, columns, refused in state:
            of = self._of[name] = _Source()
            of.received = received
            of.columns = np.frombuffer(columns, np.uint32).reshape(3, width).copy()
            of.refused = Counter({(d, c): n for d, c, n in refused})


def _name(code: int) -> str:
    return REASONS[code - len(OUTCOMES)]
