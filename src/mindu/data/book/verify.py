"""The check of a whole log: chain, tree, causes, channels, blocks and snapshots."""

from collections.abc import Iterable
from hashlib import sha256

from mindu.base.records import Entry, Segment, Words
from mindu.base.wrong import Damaged, Taken, said
from mindu.data.block import Channels, decode
from mindu.data.book import chain
from mindu.data.book.days import Days
from mindu.data.book.merkle import HEIGHT, WIDTH, Tile, Tree
from mindu.data.book.store import Row, Store, head, one, page

_MASK = (1 << 64) - 1


def seal(fold: str, seq: int, state: bytes) -> bytes:
    """Return the digest that vouches for one snapshot."""
    return sha256(f"{fold}\n{seq}\n".encode() + state).digest()


def shut(broken: Words) -> Taken:
    """Return what keeps anybody from adding to a log that does not fit together."""
    return Taken(
        f"nothing may be added: {broken.en}; take a copy back",
        f"不得再写入:{broken.zh};请取回副本",
    )


def whole_ones(rows: Iterable[Row], size: int) -> list[tuple[int, bytes | None]]:
    """Return the snapshots among those rows, newest first; None for the state of a damaged one."""
    return [
        (seq, state if seq <= size and digest == seal(fold, seq, state) else None)
        for fold, seq, digest, state in sorted(rows, key=lambda row: -int(row[1]))
    ]


def grow(tree: Tree, size: int, top: bytes, store: Store) -> Words | None:
    """Take up a tree of `size` entries from its tiles and last entries; say what does not fit."""
    tree.size, level = size, 0
    rows = page(store, size & -WIDTH, WIDTH)
    tree.edge = [[chain.leaf(body) for seq, body in rows if seq < size]]
    while full := size >> (HEIGHT * (level + 1)):
        tiles = store.all(_ROOTS, level, full & -WIDTH, full)
        tree.edge.append([bytes(root) for (root,) in tiles])
        level += 1
    last = rows[-1] if rows else one(store, _LAST)
    if size == 0:
        return (
            None
            if last is None
            else Words(
                "entries stand where the head says there are none", "日志头称无条目,却有条目"
            )
        )
    if last is None or last[0] != size - 1:
        return Words(
            f"the head says {size} entries, the last is {last[0] if last else 'missing'}",
            f"日志头称共 {size} 条,最后一条是 {last[0] if last else '缺失'}",
        )
    if chain.leaf(last[1]) == top:
        return None
    return Words(f"entry {size - 1} was changed", f"第 {size - 1} 条被改动")


_LAST = "SELECT seq, body FROM entry ORDER BY seq DESC"
_TILE = "SELECT hashes, root FROM tile WHERE level=? AND place=?"
_ROOTS = "SELECT root FROM tile WHERE level=? AND place>=? AND place<? ORDER BY place"


def whole(store: Store, days: Days) -> None:
    """Hold a log against itself from the first entry to the last.

    Raises:
        ValueError: names the first thing that is wrong.
    """
    walk = _Walk(store, days)
    channels = walk.channels()
    seq = 0
    while rows := page(store, seq):
        for found, body in rows:
            if found != seq:
                raise Damaged(f"entry {seq} is missing", f"缺第 {seq} 条")
            entry = walk.entry(seq, body)
            if isinstance(entry.record, Segment):
                walk.block(entry, channels)
            seq += 1
    walk.end(seq, channels)


class _Walk:
    """One pass over the entries, carrying what the next must agree with."""

    def __init__(self, store: Store, days: Days) -> None:
        self._store, self._days = store, days
        self._head = chain.GENESIS
        self._tree = Tree(lambda _level, _place: b"")
        self._tiles = self._blocks = 0
        self._edges, self._sum = 0, 0

    def entry(self, seq: int, body: bytes) -> Entry:
        try:
            entry = chain.decode(body)
        except ValueError as wrong:
            raise Damaged(
                f"entry {seq} cannot be read: {wrong}", f"第 {seq} 条读不出:内容不完整或被改动"
            ) from wrong
        if entry.seq != seq or entry.prev != self._head:
            here = self._changed(seq, body)
            raise Damaged(f"entry {here} was changed", f"第 {here} 条被改动")
        leaf = chain.leaf(body)
        self._head = leaf.hex()
        for tile in self._tree.add(leaf):
            self._tile(tile)
        for cause in set(entry.because):
            if not 0 <= cause < seq:
                raise Damaged(
                    f"entry {seq} names {cause} as a cause, which does not come first",
                    f"第 {seq} 条以第 {cause} 条为因,而后者不在其前",
                )
            self._edges += 1
            self._sum = (self._sum + hash((cause, seq))) & _MASK
        return entry

    def _changed(self, seq: int, body: bytes) -> int:
        """Return which of two neighbours that do not fit was changed: the next one vouches."""
        row = one(self._store, "SELECT body FROM entry WHERE seq=?", seq + 1)
        told = chain.decode(row[0]).prev if row else head(self._store)[1].hex()
        return seq - 1 if seq and told == chain.leaf(body).hex() else seq

    def channels(self) -> Channels:
        channels = Channels()
        for place, (number, about, prop, unit) in enumerate(self._store.channels()):
            if number != place or channels.number(about, prop, unit) != place:
                raise Damaged(
                    f"channel {place} is missing or stands twice", f"通道 {place} 缺失或重复"
                )
        return channels

    def block(self, entry: Entry, channels: Channels) -> None:
        assert isinstance(entry.record, Segment)
        body = self._days.body(entry, channels)
        if body is None:
            raise Damaged(
                f"the block of entry {entry.seq} is missing", f"第 {entry.seq} 条的数据块缺失"
            )
        if sha256(body).hexdigest() != entry.record.digest:
            raise Damaged(
                f"the block of entry {entry.seq} was changed", f"第 {entry.seq} 条的数据块被改动"
            )
        try:
            decode(body, channels)
        except ValueError as wrong:
            raise Damaged(
                f"the block of entry {entry.seq} cannot be read: {wrong}",
                f"第 {entry.seq} 条的数据块读不出:{said(wrong).zh}",
            ) from wrong
        self._blocks += 1

    def _tile(self, tile: Tile) -> None:
        row = one(self._store, _TILE, tile.level, tile.place)
        if row is None or (row[0], row[1]) != (tile.hashes, tile.root):
            first = tile.place * WIDTH ** (tile.level + 1)
            raise Damaged(
                f"tile {tile.level}/{tile.place} over entry {first} was changed",
                f"哈希树的 {tile.level}/{tile.place} 段(第 {first} 条起)被改动",
            )
        self._tiles += 1

    def end(self, size: int, channels: Channels) -> None:
        stated, top = head(self._store)
        if stated != size:
            raise Damaged(
                f"the log states {stated} entries and holds {size}",
                f"日志自称 {stated} 条,实有 {size} 条",
            )
        if top.hex() != self._head:
            raise Damaged(
                f"entry {size - 1} was changed: the head does not vouch for it",
                f"第 {size - 1} 条被改动:与日志头不符",
            )
        self._edges_fit()
        (tiles,) = one(self._store, "SELECT count(*) FROM tile") or (0,)
        if tiles != self._tiles:
            raise Damaged(
                f"{tiles} tiles stand where {self._tiles} belong",
                f"哈希树应有 {self._tiles} 段,实有 {tiles} 段",
            )
        (blocks,) = one(self._store, "SELECT count(*) FROM block") or (0,)
        if blocks + self._days.check(channels) != self._blocks:
            raise Damaged(
                f"there are not just {self._blocks} blocks, one for each segment",
                f"数据块不是恰好 {self._blocks} 个(每段读数一个)",
            )
        for fold, seq, digest, state in self._store.each("SELECT * FROM snapshot"):
            if seal(fold, seq, state) != digest:
                raise Damaged(
                    f"the snapshot of {fold} at entry {seq} was changed",
                    f"{fold} 在第 {seq} 条处的快照被改动",
                )

    def _edges_fit(self) -> None:
        count = total = 0
        for edge in self._store.each("SELECT cause, seq FROM because"):
            count, total = count + 1, (total + hash(edge)) & _MASK
        if (count, total) != (self._edges, self._sum):
            raise Damaged("the index of causes was changed", "因果索引被改动")
