"""The account: of all that was received, what became of it, device by device, source by source."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.base.slot import Slot
from mindu.data.arrays import Ints

UNKNOWN = -1  # rows of no device that is known
OUTCOMES = ("stored", "late", "duplicate")
REASONS = (
    "malformed", "no such device", "no such property", "not in service", "not a number",
    "another unit", "unknown datum", "from the future", "too old", "too many at once",
    "not this sender's device", "our own fault", "not a word",
)  # fmt: skip
CODES = {name: code for code, name in enumerate((*OUTCOMES, *REASONS))}
MOST_SOURCES = 4096
OTHERS = "(others)"
PAGE_BITS = 6
PAGE = 1 << PAGE_BITS  # devices whose counts stand together
Count = Callable[[NDArray[np.uint32], NDArray[np.int32], tuple[int, int], Ints, Ints], bool]
QUICK: Slot[Count] = Slot()  # counts each row once, or says that a device has no page yet
_Kept = tuple[str, int, int | bytes, bytes, list[list[int]]]


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
    """One source's counts, in pages of neighbouring devices: only pages it speaks of take room."""

    def __init__(self) -> None:
        self.received = 0
        self.pages: NDArray[np.int32] = np.zeros(0, np.int32)  # place -> page number
        self.counts: NDArray[np.uint32] = np.zeros((len(OUTCOMES), 0), np.uint32)
        self.refused: Counter[tuple[int, int]] = Counter()  # (device, code)
        self._places: NDArray[np.int32] = np.zeros(0, np.int32)  # page number - first -> place
        self._first = 0

    def add(self, device: Ints, code: Ints, count: Ints) -> None:
        kept = code < len(OUTCOMES)
        if not kept.all():
            gone = ~kept
            rest = zip(
                device[gone].tolist(), code[gone].tolist(), count[gone].tolist(), strict=True
            )
            for d, c, n in rest:
                self.refused[d, c] += n
            device, code, count = device[kept], code[kept], count[kept]
        if len(device):
            self.tell(device, code, count.astype(np.uint32))

    def tell(self, device: Ints, code: Ints, count: NDArray[np.uint32] | np.uint32) -> None:
        """Count rows that are kept, or were kept before."""
        once = QUICK.held is not None and isinstance(count, np.uint32) and count == 1
        pages = (self._first, PAGE_BITS)
        if once and QUICK.held and QUICK.held(self.counts, self._places, pages, device, code):
            return
        flat = self._slots(device)
        flat += code * self.counts.shape[1]
        np.add.at(self.counts.reshape(-1), flat, count)

    def _slots(self, device: Ints) -> Ints:
        """Return the column of each device, making pages for those that have none."""
        page = device >> PAGE_BITS
        self._reach(int(page.min()), int(page.max()))
        place = self._places[page - self._first].astype(np.int64)
        if place.min() < 0:
            self.adopt(np.unique(page[place < 0]), None)
            place = self._places[page - self._first].astype(np.int64)
        slots: Ints = (place << PAGE_BITS) + (device & (PAGE - 1))
        return slots

    def _reach(self, low: int, high: int) -> None:
        """See that pages from `low` to `high` have a place, with room for a quarter more."""
        end = self._first + len(self._places)
        if self._first <= low and high < end:
            return
        first = low if not len(self._places) else min(low, self._first)
        last = end if high < end else high + 1 + (high + 1 - first) // 4
        places = np.full(last - first, -1, np.int32)
        places[self.pages - first] = np.arange(len(self.pages))
        self._places, self._first = places, first

    def adopt(self, pages: Ints, counts: NDArray[np.uint32] | None) -> None:
        """Add pages, empty or with their counts."""
        self._reach(int(pages.min()), int(pages.max()))
        self._places[pages - self._first] = len(self.pages) + np.arange(len(pages))
        self.pages = np.concatenate([self.pages, pages.astype(np.int32)])
        start, end = (len(self.pages) - len(pages)) * PAGE, len(self.pages) * PAGE
        if end > self.counts.shape[1]:
            room = max(end, self.counts.shape[1] * 5 // 4 // PAGE * PAGE)
            more = np.zeros((len(OUTCOMES), room), np.uint32)
            more[:, :start] = self.counts[:, :start]
            self.counts = more
        if counts is not None:
            self.counts[:, start:end] = counts

    def of(self, device: int) -> list[int]:
        """Return the counts of one device."""
        at = (device >> PAGE_BITS) - self._first
        place = int(self._places[at]) if 0 <= at < len(self._places) else -1
        slot = place * PAGE + device % PAGE
        return [0] * len(OUTCOMES) if place < 0 else [int(n) for n in self.counts[:, slot]]


class Account:
    """Counters by source and device."""

    def __init__(self) -> None:
        """Start with nothing received."""
        self._of: dict[str, _Source] = {}

    def book(
        self, source: str, received: int, device: Sequence[int] | Ints, code: Ints,
        count: Ints | None,
    ) -> None:  # fmt: skip
        """Count rows of one source: how many were received, and what became of how many.

        `count`: how many each stands for; None: for one, and none of them was refused.
        """
        if source not in self._of and len(self._of) >= MOST_SOURCES:
            source = OTHERS
        of = self._of.setdefault(source, _Source())
        of.received += received
        if len(code):
            devices = np.asarray(device, np.int64)
            if count is None:
                of.tell(devices, code, np.uint32(1))
            else:
                of.add(devices, code, count)

    def sources(self) -> list[str]:
        """Return the names of all sources."""
        return sorted(self._of)

    def total(self, source: str | None = None) -> Tally:
        """Return the tally of one source, or of all."""
        chosen = self._of.values() if source is None else [self._of[source]]
        sums = sum((s.counts.sum(axis=1, dtype=np.int64) for s in chosen), np.zeros(3, np.int64))
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
            sums = of.of(device)
            refused = {_name(c): n for (d, c), n in of.refused.items() if d == device}
            received = sum(sums) + sum(refused.values())
            if received:
                found[name] = Tally(received, sums[0], sums[1], sums[2], refused)
        return found

    def dump(self) -> list[object]:
        """Return the state."""
        return [
            (name, of.received, of.pages.tobytes(),
             of.counts[:, : len(of.pages) * PAGE].tobytes(),
             [(d, c, n) for (d, c), n in sorted(of.refused.items())])
            for name, of in sorted(self._of.items())
        ]  # fmt: skip

    def load(self, state: Sequence[_Kept]) -> None:
        """Take up a state that `dump` gave, or the one of before, in columns from device 0 on."""
        self._of = {}
        for name, received, pages, counts, refused in state:
            of = self._of[name] = _Source()
            of.received = received
            told = np.frombuffer(counts, np.uint32).reshape(len(OUTCOMES), -1)
            if isinstance(pages, int):
                told = np.pad(told, ((0, 0), (0, -pages % PAGE)))
                numbers = np.arange(told.shape[1] // PAGE, dtype=np.int32)
            else:
                numbers = np.frombuffer(pages, np.int32)
            if len(numbers):
                of.adopt(numbers.astype(np.int64), told.copy())
            of.refused = Counter({(d, c): n for d, c, n in refused})


def _name(code: int) -> str:
    return REASONS[code - len(OUTCOMES)]
