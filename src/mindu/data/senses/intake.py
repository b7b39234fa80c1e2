"""The intake: the one path by which readings of every door become durable, counted and known.

`sift` decides, `write` makes durable, `apply` lets it count; `take` does all three. A door that
serves many senders at once calls them in turn, with `write` in a thread, so that all who send
while the disk works share the next flush.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from mindu.base.slot import Slot
from mindu.data.arrays import Ints
from mindu.data.senses import frame as frames
from mindu.data.senses import sift as sifting
from mindu.data.senses.account import CODES, OUTCOMES, REASONS, Account
from mindu.data.senses.beside.folds import WORDS
from mindu.data.senses.beside.words import Words
from mindu.data.senses.beside.words import encode as worded
from mindu.data.senses.frame import Frame
from mindu.data.senses.journal import READINGS, Journal
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.sift import Holds, Offer, Sifted
from mindu.data.senses.tail import Rows, Tail
from mindu.perceive.declare import STAGES, Stage
from mindu.perceive.quality import Quality

__all__ = ["Intake", "Offer", "Receipt", "Settled"]

Counted = tuple[Ints, Ints]  # row -> its device, and whether it was late (1) or not (0)
QUICK: Slot[Callable[[Frame, Registry, Now], Counted | None]] = Slot()  # lets rows count sooner
WRONG = 30 * 86_400_000  # ms; a clock that fell back further had been wrong
PLANNED = STAGES.index(Stage.PLANNED)


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one message: received = stored + late + duplicate + all refused."""

    received: int
    stored: int = 0
    late: int = 0
    duplicate: int = 0
    refused: dict[str, int] = {}
    wrongs: tuple[str, ...] = ()


class Settled(NamedTuple):
    """The receipt of one message, and the outcome of each of its rows, in their order."""

    receipt: Receipt
    codes: Ints


class Unsound(Exception):  # noqa: N818 - what is in memory, not the journal, is unsound
    """What is durable could not be let count: memory and journal differ until the next start."""


class Intake:
    """What is known, what is counted, and the journal that both are written to first."""

    def __init__(
        self, journal: Journal, registry: Registry, now: Now, account: Account, words: Words
    ) -> None:
        """Tie them together."""
        self.journal, self.registry, self.now, self.account = journal, registry, now, account
        self.words = words
        self.tail = Tail()
        self.holds: Holds = self.tail.holds
        self.gone: Holds = lambda series, at: np.zeros(len(at), bool)  # noqa: ARG005
        self.heard: list[Callable[[Frame], None]] = []  # told of every frame that counts
        self.latest_arrival = 0

    def take(self, offers: Sequence[Offer], arrived: int) -> list[Settled]:
        """Take in what was said, which arrived at `arrived` (epoch ms); return when durable.

        Raises:
            OSError: the disk refuses; nothing was taken in.
            Unsound: it is durable, but does not count before the next start.
        """
        sifted = self.sift(offers, arrived)
        position = self.write(sifted)
        try:
            if sifted.words:
                self.words.count(worded(sifted.words))
            self.apply(sifted.frame, position)
        except Exception as wrong:
            raise Unsound(
                f"start the node anew, then all that is durable counts: {wrong}"
            ) from wrong
        return settled(offers, sifted)

    def sift(self, offers: Sequence[Offer], arrived: int) -> Sifted:
        """Decide what becomes of every row.

        Arrival never runs back, whatever the clock does; only when it fell back so far that it
        was plainly wrong before, what comes from now on has arrived now.
        """
        self.now.reach(len(self.registry.series))
        clock, latest = arrived, self.latest_arrival
        arrived = max(clock, latest) if latest - clock < WRONG else clock
        past = sifting.Before(self.holds, self.gone, self.words)
        return sifting.sift(offers, self.registry, self.now, past, clock, arrived)

    def write(self, sifted: Sifted) -> int:
        """Make a group durable; return the journal's position after it."""
        return self.journal.write(_frames(sifted))

    def framed(self, offers: Sequence[Offer], arrived: int) -> list[tuple[int, bytes]]:
        """Return the frames of what was said, to be written with others; none where nothing was."""
        if not offers:
            return []
        return _frames(self.sift(offers, arrived))

    def apply(self, frame: Frame, position: int, *, tail: bool = True) -> None:
        """Let a durable frame count."""
        del position
        self.latest_arrival = frame.arrived
        self.now.reach(len(self.registry.series))
        found = QUICK.held(frame, self.registry, self.now) if QUICK.held is not None else None
        self._book(frame, *(self._counted(frame) if found is None else found))
        if tail:
            self.tail.add(rows_of(frame))
        for tell in self.heard:
            tell(frame)

    def _counted(self, frame: Frame) -> Counted:
        """Let rows count as heard, and a device that is heard for the first time be in service."""
        device = self.registry.series["device"][frame.series].astype(np.int64)
        planned = self.registry.devices["stage"][device] == PLANNED
        if planned.any():
            self.registry.stage(device[planned], Stage.ACTIVE, now=frame.arrived)
        if frame.seq is not None:
            self.now.note(frame.series, frame.seq)
        late = (frame.quality & Quality.LATE) != 0
        if late.any():
            news = ~late
            columns = (frame.series[news], frame.at[news], frame.value[news], frame.quality[news])
            self.now.fold(*columns, frame.arrived)
        else:
            self.now.fold(frame.series, frame.at, frame.value, frame.quality, frame.arrived)
        return device, late.astype(np.int64)

    def _book(self, frame: Frame, device: Ints, late: Ints) -> None:
        if len(frame.sources) == 1 and not len(frame.booked):
            name, received = frame.sources[0]
            self.account.book(name, received, device, late, None)
            return
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


def _frames(sifted: Sifted) -> list[tuple[int, bytes]]:
    """Return a group as frames: words that are new before the readings that tell them."""
    said = (READINGS, frames.encode(sifted.frame))
    return [(WORDS, worded(sifted.words)), said] if sifted.words else [said]


def settled(offers: Sequence[Offer], sifted: Sifted) -> list[Settled]:
    """Return what to tell each sender."""
    found, start = [], 0
    for offer, counts in zip(offers, sifted.outcomes, strict=True):
        end = start + len(offer.said)
        told = receipt(offer.said.received, counts.tolist(), offer.said.wrongs)
        found.append(Settled(told, sifted.code[start:end]))
        start = end
    return found


def receipt(received: int, counts: Sequence[int], wrongs: Sequence[str]) -> Receipt:
    """Return the receipt for rows that came to these counts, outcome by outcome."""
    refused = {
        reason: counts[code] for code, reason in enumerate(REASONS, len(OUTCOMES)) if counts[code]
    }
    return Receipt(
        received=received,
        stored=counts[CODES["stored"]],
        late=counts[CODES["late"]],
        duplicate=counts[CODES["duplicate"]],
        refused=refused,
        wrongs=tuple(wrongs),
    )


def rows_of(frame: Frame) -> Rows:
    """Return the rows of a frame as the tail keeps them; the second of arrival is rounded up."""
    arrived = np.full(len(frame), -(-frame.arrived // 1000), np.int64)
    return Rows(frame.series, frame.at, frame.value, frame.quality, arrived)
