"""The replay: what a log heard, said again at the same times, so that apps run on it anew."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from mindu.base.records import Entry, Event, Segment
from mindu.brain.folds.failing import FAILED, RECOVERED
from mindu.brain.folds.turns import STOPPED, TURN
from mindu.data.block import Block
from mindu.data.log import Log
from mindu.perceive.source import Happening, Readings

OWN = {
    TURN,
    STOPPED,
    FAILED,
    RECOVERED,
    "source_failed",
}  # what a brain says


class Recorded:
    """One source of a log, which says at each instant what it said then."""

    def __init__(self, log: Log, name: str) -> None:
        """Find what that source said."""
        self.name = name
        self._log = log
        self._seqs = [e.seq for e in log if e.by == name and _heard(e)]
        self._next = 0

    def __len__(self) -> int:
        """Count the entries that are still to be said."""
        return len(self._seqs) - self._next

    def read(self, now: datetime) -> Iterator[Readings | Happening]:
        """Return what became known since the last call."""
        while self._next < len(self._seqs):
            entry = self._log[self._seqs[self._next]]
            if entry.at > now:
                return
            self._next += 1
            if isinstance(entry.record, Event):
                yield Happening(at=entry.at, about=entry.about, event=entry.record)
            else:
                block = self._log.block(entry.seq)
                assert block is not None, f"segment #{entry.seq} has lost its block"
                yield rows(block)


def recorded(log: Log) -> list[Recorded]:
    """Return every source that a log heard numbers from, in the order first heard."""
    names = dict.fromkeys(e.by for e in log if isinstance(e.record, Segment))
    return [Recorded(log, name) for name in names]


def rows(block: Block) -> Readings:
    """Return a block as readings that any log takes."""
    channels = block.channel.tolist()
    return Readings(
        np.array(block.at),
        [block.channels.about[i] for i in channels],
        [block.channels.prop[i] for i in channels],
        np.array(block.value),
        [block.channels.unit[i] for i in channels],
        np.array(block.quality),
    )


def _heard(entry: Entry) -> bool:
    record = entry.record
    if isinstance(record, Event):
        return record.name not in OWN
    return isinstance(record, Segment)
