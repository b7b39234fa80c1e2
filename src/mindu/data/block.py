"""A block: the rows of one segment of readings as columns, and the bytes that its digest covers.

Rows name their channel by number. The numbers come from the log's own dictionary of channels,
which only grows; every block carries the dictionary's digest, so no name can be changed later.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from operator import mul

import msgspec
import numpy as np

from mindu.base.wrong import Damaged
from mindu.data.arrays import Bytes, Floats, Ints, every, some
from mindu.perceive.gather import gathered
from mindu.perceive.source import Reading, Readings

_HEADER = struct.Struct("<BBI32s")  # version, what was left out, rows, digest of the dictionary
_VERSION = 1
_ONE_TIME, _RUN, _ALL_GOOD = 1, 2, 4
_RECALLED = 1 << 21  # names held in rows that came before
_SIZES = (8, 4, 8, 1)  # bytes a row: time, channel, value, quality


Names = tuple[str, ...]


class Channels:
    """The dictionary of channels (thing, property, unit), numbered in the order first heard."""

    def __init__(self) -> None:
        """Start empty."""
        self.about: list[str] = []
        self.prop: list[str] = []
        self.unit: list[str] = []
        self.digests: list[bytes] = [bytes(32)]  # digests[n] vouches for the first n channels
        self.numbers: dict[tuple[str, str, str], int] = {}
        self._rows: dict[tuple[str, int], tuple[tuple[Names, Names, Names], Ints]] = {}

    def __len__(self) -> int:
        """Count the channels."""
        return len(self.about)

    def recall(self, about: Names, prop: Names, unit: Names) -> Ints | None:
        """Return the numbers of a row of names that came before just so: most ticks do."""
        held = self._rows.get((about[0], len(about))) if about else None
        return held[1] if held is not None and held[0] == (about, prop, unit) else None

    def note(self, about: Names, prop: Names, unit: Names, numbers: Ints) -> None:
        """Keep a row of names and their numbers for the next tick."""
        if about and len(about) * len(self._rows) < _RECALLED:
            self._rows[about[0], len(about)] = ((about, prop, unit), numbers)

    def number(self, about: str, prop: str, unit: str = "") -> int:
        """Return the number of a channel, giving it one when it is new."""
        found = self.numbers.get((about, prop, unit))
        if found is not None:
            return found
        count = len(self.about)
        self.about.append(about)
        self.prop.append(prop)
        self.unit.append(unit)
        told = msgspec.msgpack.encode((about, prop, unit))
        self.digests.append(sha256(self.digests[-1] + told).digest())
        self.numbers[about, prop, unit] = count
        return count


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Readings as columns: when (epoch s), which channel, what value, how good."""

    at: Floats
    channel: Ints
    value: Floats
    quality: Bytes
    channels: Channels

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.at)

    @property
    def about(self) -> list[str]:
        """The thing of every row."""
        names = self.channels.about
        return [names[i] for i in self.channel.tolist()]

    @property
    def prop(self) -> list[str]:
        """The property of every row."""
        names = self.channels.prop
        return [names[i] for i in self.channel.tolist()]

    def rows(self) -> Iterator[tuple[float, str, str, float, int]]:
        """Yield (epoch s, thing, property, value, quality) row by row."""
        columns = (self.at.tolist(), self.about, self.prop, self.value.tolist())
        yield from zip(*columns, self.quality.tolist(), strict=True)


def encode(block: Block) -> bytes:
    """Return the bytes of a block: the same rows always give the same bytes."""
    at, channel = block.at, block.channel
    count = len(at)
    known = int(channel.max()) + 1 if count else 0
    left_out = 0 if some(block.quality) else _ALL_GOOD
    if count and at[0] == at[-1] and every(at == at[0]):
        left_out, at = left_out | _ONE_TIME, at[:1]
    if count and channel[-1] - channel[0] == count - 1 and every(channel[1:] - channel[:-1] == 1):
        left_out, channel = left_out | _RUN, channel[:1]
    return b"".join(
        (
            _HEADER.pack(_VERSION, left_out, count, block.channels.digests[known]),
            at.astype("<f8", copy=False).tobytes(),
            channel.astype("<u4").tobytes(),
            block.value.astype("<f8", copy=False).tobytes(),
            b"" if left_out & _ALL_GOOD else block.quality.tobytes(),
        )
    )


def decode(body: bytes, channels: Channels) -> Block:
    """Return the block in those bytes.

    Raises:
        ValueError: the bytes are no block, or speak of another dictionary of channels.
    """
    if len(body) < _HEADER.size or body[0] != _VERSION:
        raise Damaged(
            f"these are not the bytes of a block of version {_VERSION}",
            f"不是第 {_VERSION} 版数据块的字节",
        )
    _, left_out, count, names = _HEADER.unpack_from(body)
    counts = (
        min(count, 1) if left_out & _ONE_TIME else count,
        min(count, 1) if left_out & _RUN else count,
        count,
        0 if left_out & _ALL_GOOD else count,
    )
    if len(body) != _HEADER.size + sum(map(mul, counts, _SIZES)):
        raise Damaged("a block does not have the length that it states", "数据块长度与其自述不符")
    ends = list(accumulate(map(mul, counts, _SIZES), initial=_HEADER.size))
    at: Floats = np.frombuffer(body, "<f8", counts[0], ends[0])
    channel: Ints = np.frombuffer(body, "<u4", counts[1], ends[1]).astype(np.int64)
    value: Floats = np.frombuffer(body, "<f8", count, ends[2])
    if left_out & _ONE_TIME:
        at = np.repeat(at, count)
    if left_out & _RUN:
        channel = channel[:1] + np.arange(count)
    if left_out & _ALL_GOOD:
        quality: Bytes = np.zeros(count, np.uint8)
    else:
        quality = np.frombuffer(body, np.uint8, count, ends[3])
    known = int(channel.max()) + 1 if count else 0
    if known > len(channels) or channels.digests[known] != names:
        raise Damaged(
            "a block speaks of other channels than the log's dictionary",
            "数据块所指通道与日志字典不符",
        )
    return Block(at, channel, value, quality, channels)


def numbered(readings: Sequence[Reading] | Readings, channels: Channels) -> Block:
    """Return readings as a block, giving a number to every channel that is new."""
    said = readings if isinstance(readings, Readings) else gathered(readings)
    names = zip(said.about, said.prop, said.unit, strict=True)
    found = np.fromiter((channels.number(*name) for name in names), np.int64, len(said))
    return Block(said.at, found, said.value, said.quality, channels)
