"""The tail of the log: what was appended and is not yet on disk, and the digests that go on.

It holds numbers and a bounded number of decoded entries and blocks; it never touches the disk.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice

from mindu.base.records import AnyRecord, Entry, Segment
from mindu.data import block as blocks
from mindu.data.block import Block, Channels
from mindu.data.book import chain
from mindu.data.book.merkle import Tree
from mindu.data.book.store import Batch

CACHED = 4096  # entries held decoded
SPARE = 512  # more of them, before the oldest are let go together
ROWS = 1 << 20  # rows of blocks held decoded
TILES = 64  # full tiles held
DAY_S = 86_400


class Tail:
    """The growing end of one log."""

    def __init__(self, kept: Callable[[int, int], bytes]) -> None:
        """Start empty; `kept` reads a tile that is on disk."""
        self.size = 0
        self.durable = 0  # entries that would survive a power cut now
        self.head = chain.GENESIS
        self.weight = 0  # bytes that wait
        self.batch = Batch()
        self.tree = Tree(self._tile)
        self.channels = Channels()
        self.recent: dict[int, Entry] = {}
        self.blocks: dict[int, Block] = {}
        self._rows = 0
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._kept = kept
        self._named = 0  # channels on disk or on their way

    def add(
        self, record: AnyRecord, at: datetime, about: str, by: str, because: tuple[int, ...]
    ) -> Entry:
        """Append one record.

        Raises:
            ValueError: a cause does not come first, or `at` has no time zone.
        """
        seq = self.size
        if at.tzinfo is None:
            raise ValueError(f"{about}: {at} has no time zone; give a time in UTC")
        if because and not (min(because) >= 0 and max(because) < seq):
            raise ValueError(f"{about}: a cause comes first, so all of {because} must be < {seq}")
        told = Entry(
            seq=seq, at=at, about=about, by=by, because=because, record=record, prev=self.head
        )
        # Written, read and written: what is handed out is just what will be read back later, and
        # the same entry is the same bytes (a whole number in a float's place becomes a float).
        entry = chain.decode(chain.encode(told))
        body = chain.encode(entry)
        leaf = chain.leaf(body)
        for tile in self.tree.add(leaf):
            self._tiles[tile.level, tile.place] = tile.hashes
            self.batch.tile.append(tile)
        self.size, self.head = seq + 1, leaf.hex()
        self.recent[seq] = entry
        self.batch.entry.append((seq, body))
        if because:
            self.batch.because += [(cause, seq) for cause in because]
        self.weight += len(body)
        return entry

    def add_block(self, block: Block, now: datetime, by: str, refused: Mapping[str, int]) -> Entry:
        """Append a segment and the block that it vouches for."""
        assert block.channels is self.channels, "a block speaks of its own log's channels"
        body = blocks.encode(block)
        entry = self.add(_segment(block, body, now, refused), now, by, by, ())
        self.batch.block.append((entry.seq, int(now.timestamp()) // DAY_S, body))
        self.blocks[entry.seq] = block
        self._rows += len(block)
        self.weight += len(body)
        return entry

    def snapshot(self, fold: str, seq: int, digest: bytes, state: bytes) -> None:
        """Let a snapshot go out with the next batch."""
        self.batch.snapshot.append((fold, seq, digest, state))
        self.weight += len(state)

    def take(self) -> Batch:
        """Hand out what waits, to be written."""
        batch, self.batch, self.weight = self.batch, Batch(), 0
        names, since = self.channels, self._named
        self._named = len(names)
        if since < self._named:
            batch.channel.extend(
                (i, names.about[i], names.prop[i], names.unit[i]) for i in range(since, self._named)
            )
        return batch

    def give_back(self, batch: Batch) -> None:
        """Take back what the disk refused: it goes out first with the next batch."""
        self.batch = batch.then(self.batch)

    def written(self, size: int) -> None:
        """Note that `size` entries are durable, and let go of the oldest that are held."""
        self.durable = size
        if len(self.recent) > CACHED + SPARE:  # one by one would walk over all holes each time
            for seq in list(islice(self.recent, len(self.recent) - CACHED)):
                if seq < size:
                    del self.recent[seq]
        while self._rows > ROWS and (seq := next(iter(self.blocks))) < size:
            self._rows -= len(self.blocks.pop(seq))
        if len(self._tiles) > TILES:
            self._tiles.clear()  # every one of them is on disk now

    def take_up(self, size: int, head: bytes, channels: list[tuple[int, str, str, str]]) -> None:
        """Go on from what is on disk."""
        self.size = self.durable = size
        self.head = head.hex()
        for _, *name in channels[len(self.channels) :]:
            self.channels.number(*name)
        self._named = len(self.channels)

    def _tile(self, level: int, place: int) -> bytes:
        return self._tiles.get((level, place)) or self._kept(level, place)


def _segment(block: Block, body: bytes, now: datetime, refused: Mapping[str, int]) -> Segment:
    first = last = now
    if len(block):
        ends = float(block.at.min()), float(block.at.max())
        first, last = (datetime.fromtimestamp(end, UTC) for end in ends)
    return Segment(len(block), first, last, sha256(body).hexdigest(), dict(refused))
