"""The intake: the one path by which readings of every door become durable, counted and known.

`sift` decides, `write` makes durable, `apply` lets it count; `take` does all three. A door that
serves many senders at once calls them in turn, with `write` in a thread, so that all who send
while the disk works share the next flush.
"""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from mindu.data.senses import frame as frames
from mindu.data.senses import sift as sifting
from mindu.data.senses.account import CODES, OUTCOMES, REASONS, Account
from mindu.data.senses.frame import Frame
from mindu.data.senses.journal import READINGS, Journal
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.sift import Holds, Offer, Sifted
from mindu.data.senses.tail import Rows, Tail
from mindu.perceive.declare import STAGES, Stage
from mindu.perceive.quality import Quality

__all__ = ["Intake", "Offer", "Receipt"]

_PLANNED = STAGES.index(Stage.PLANNED)


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one message: received = stored + late + duplicate + all refused."""

    received: int
    stored: int = 0
    late: int = 0
    duplicate: int = 0
    refused: dict[str, int] = {}
    wrongs: tuple[str, ...] = ()


class Intake:
    """What is known, what is counted, and the journal that both are written to first."""

    def __init__(self, journal: Journal, registry: Registry, now: Now, account: Account) -> None:
        """Tie them together."""
        self.journal, self.registry, self.now, self.account = journal, registry, now, account
        self.tail = Tail()
        self.holds: Holds = self.tail.holds
        self.heard: list[Callable[[Frame], None]] = []  # told of every frame that counts
        self.latest_arrival = 0

    def take(self, offers: Sequence[Offer], arrived: int) -> list[Receipt]:
        """Take in what was said, which arrived at `arrived` (epoch ms); return when durable.

        Raises:
            OSError: the disk refuses; nothing was taken in.
        """
        sifted = self.sift(offers, arrived)
        position = self.write(sifted)
        self.apply(sifted.frame, position)
        return self.receipts(offers, sifted)

    def sift(self, offers: Sequence[Offer], arrived: int) -> Sifted:
        """Decide what becomes of every row. Arrival never runs back, whatever the clock does."""
        self.now.reach(len(self.registry.series))
        arrived = max(arrived, self.latest_arrival)
        return sifting.sift(offers, self.registry, self.now, self.holds, arrived)

    def write(self, sifted: Sifted) -> int:
        """Make a group durable; return the journal's position after it."""
        return self.journal.write([(READINGS, frames.encode(sifted.frame))])

    def apply(self, frame: Frame, position: int, *, tail: bool = True) -> None:
        """Let a durable frame count."""
        del position
        self.latest_arrival = max(self.latest_arrival, frame.arrived)
        self.now.reach(len(self.registry.series))
        self._book(frame)
        self._awake(frame)
        late = (frame.quality & Quality.LATE) != 0
        if frame.seq is not None:
            self.now.note(frame.series, frame.seq)
        if late.any():
            news = ~late
            columns = (frame.series[news], frame.at[news], frame.value[news], frame.quality[news])
            self.now.fold(*columns, frame.arrived)
        else:
            self.now.fold(frame.series, frame.at, frame.value, frame.quality, frame.arrived)
        if tail:
            self.tail.add(rows_of(frame))
        for tell in self.heard:
            tell(frame)

    def _awake(self, frame: Frame) -> None:
        """Let a device that is heard for the first time be in service."""
        device = self.registry.series["device"][frame.series]
        new = device[self.registry.devices["stage"][device] == _PLANNED]
        if len(new):
            self.registry.stage(new, Stage.ACTIVE)

    def _book(self, frame: Frame) -> None:
        late = ((frame.quality & Quality.LATE) != 0).astype(np.int64)
        device = self.registry.series["device"][frame.series].astype(np.int64)
        for number, (name, received) in enumerate(frame.sources):
            mine = frame.source == number if len(frame.sources) > 1 else slice(None)
            told = frame.booked[frame.booked["source"] == number]
            rows = device[mine]
            self.account.book(
                name,
                received,
                np.concatenate([rows, told["device"].astype(np.int64)]),
                np.concatenate([late[mine], told["code"].astype(np.int64)]),
                np.concatenate([np.ones(len(rows), np.int64), told["count"].astype(np.int64)]),
            )

    @staticmethod
    def receipts(offers: Sequence[Offer], sifted: Sifted) -> list[Receipt]:
        """Return what to tell each sender."""
        return [
            _receipt(offer, counts.tolist())
            for offer, counts in zip(offers, sifted.outcomes, strict=True)
        ]


def _receipt(offer: Offer, counts: Sequence[int]) -> Receipt:
    refused = {
        reason: counts[code] for code, reason in enumerate(REASONS, len(OUTCOMES)) if counts[code]
    }
    return Receipt(
        received=offer.said.received,
        stored=counts[CODES["stored"]],
        late=counts[CODES["late"]],
        duplicate=counts[CODES["duplicate"]],
        refused=refused,
        wrongs=tuple(offer.said.wrongs),
    )


def rows_of(frame: Frame) -> Rows:
    """Return the rows of a frame as the tail keeps them; the second of arrival is rounded up."""
    arrived = np.full(len(frame), -(-frame.arrived // 1000), np.int64)
    return Rows(frame.series, frame.at, frame.value, frame.quality, arrived)
