"""A move: a log goes from one room to another, checked on its way, and takes its name last.

Until all of it is there the new log has another name, so nobody can go on with half of it; then
the old one is given another name too, so nobody can go on with both. What was cut off goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import closing

import msgspec

from mindu.base.records import Entry, Segment, Words
from mindu.base.wrong import Damaged
from mindu.data.block import Channels
from mindu.data.book import chain, rooms, verify
from mindu.data.book.days import DAY_S, Days
from mindu.data.book.merkle import Tree
from mindu.data.book.store import MOVED, MOVING, TABLES, Batch, Store, head, one, page, tile
from mindu.data.log import Log

PAGE = 2_000  # entries of one transaction
WEIGHT = 16 << 20  # bytes of blocks that end one earlier
ALL = 1 << 30  # snapshots of a fold that are taken along: every one there is
_SNAPSHOTS = "SELECT fold, seq, digest, state FROM snapshot ORDER BY fold, seq"
Tell = Callable[[int, int], None]  # entries that are there, entries in all


class Moved(msgspec.Struct, frozen=True):
    """What a move came to; the counts are those of both rooms."""

    source: str
    target: str
    entries: int
    head: str
    root: str
    counts: dict[str, int]  # rows by table


def move(source: str, target: str, tell: Tell, check: Callable[[Log, Log], None]) -> Moved:
    """Move a log; one that was cut off goes on where it was.

    `check` is given both logs, open to be read, before the new one takes its name.

    Raises:
        ValueError: the target holds another log, the source is not sound, or a check fails.
        RuntimeError: somebody writes one of them.
        OSError: a disk or server refuses.
    """
    half = f"{target}{MOVING}"
    if not rooms.there(source):
        raise ValueError(f"{rooms.shown(source)} is not there: nothing was moved")
    if rooms.there(f"{source}{MOVED}"):
        raise ValueError(f"{rooms.shown(source + MOVED)} is left of an earlier move: put it away")
    with closing(rooms.opened(source, writing=True)) as old:
        if rooms.there(target):
            told = _same(old, target)
        else:
            with closing(rooms.opened(half, writing=True)) as new:
                _copy(old, new, tell)
            told = _verified(old, half, check)
            rooms.rename(half, target)
    rooms.rename(source, f"{source}{MOVED}")
    return msgspec.structs.replace(told, source=rooms.shown(source), target=rooms.shown(target))


def _same(old: Store, target: str) -> Moved:
    """Return what is at a target that has its name already, if it is this very log.

    Raises:
        ValueError: it is another.
    """
    with closing(rooms.opened(target, writing=False)) as new:
        if head(new) != head(old):
            raise ValueError(
                f"{new.path} holds a log of {head(new)[0]} entries already; a log moves only to "
                "where nothing is: name another place, or put that one away"
            )
        return _told(old, new)


def copied(source: str, target: str) -> None:
    """Copy a log as it is at this moment, beside its writer; the target is a new place.

    Raises:
        ValueError: the source is not sound.
        OSError: a disk or server refuses.
    """
    with (
        closing(rooms.opened(source, writing=False)) as old,
        closing(rooms.opened(target, writing=True)) as new,
        old.still(),
    ):
        _copy(old, new, lambda _done, _total: None)


def _copy(old: Store, new: Store, tell: Tell) -> None:
    """Copy every row that is not there yet, page by page, each a whole log by itself."""
    begun, (total, end) = head(new), head(old)
    tree = Tree(lambda level, place: tile(new, level, place))
    wrong = verify.grow(tree, *begun, new) or _strange(old, *begun)
    if wrong:
        raise Damaged(
            f"{new.path} was begun by another move ({wrong.en}): put it away",
            f"{new.path} 是另一次搬移开始的({wrong.zh}):请将其移开",
        )
    names = Channels()
    for _, *name in old.channels():
        names.number(*name)
    first = Batch(channel=[row for row in old.channels() if row[0] >= len(new.channels())])
    if first:
        new.write(first, *begun, ALL)
    for batch, size, top in _batches(old, names, tree, *begun):
        new.write(batch, size, top, ALL)
        tell(size, total)
    if head(new) != (total, end):
        raise Damaged(
            f"{old.path} is not sound at entry {head(new)[0]}: verify it",
            f"{old.path} 在第 {head(new)[0]} 条处有误:请校验",
        )
    kept = old.all(_SNAPSHOTS)
    if kept:
        new.write(Batch(snapshot=kept), total, end, ALL)


def _strange(old: Store, size: int, top: bytes) -> Words | None:
    """Say how a beginning differs from that of the log; None where it is the same."""
    row = one(old, "SELECT body FROM entry WHERE seq=?", size - 1) if size else None
    if not size or (row and chain.leaf(row[0]) == top):
        return None
    return Words(f"its entry {size - 1} is another", f"其第 {size - 1} 条不同")


def _batches(
    old: Store, names: Channels, tree: Tree, size: int, top: bytes
) -> Iterator[tuple[Batch, int, bytes]]:
    """Yield what comes after the first `size` entries, with the size and head after each.

    Raises:
        ValueError: an entry does not follow from the one before, or its block is missing.
    """
    days, batch, weight = Days(old), Batch(), 0
    while rows := page(old, size, PAGE):
        for seq, body in rows:
            entry = chain.decode(body)
            if (seq, entry.seq, entry.prev) != (size, size, top.hex()):
                raise ValueError(f"entry {size} was changed or is missing; verify the log")
            top, size = chain.leaf(body), size + 1
            batch.entry.append((seq, body))
            batch.because += [(cause, seq) for cause in entry.because]
            batch.tile += tree.add(top)
            if isinstance(entry.record, Segment):
                batch.block.append(_block(entry, days, names))
                weight += len(batch.block[-1][2])
            if weight > WEIGHT:
                yield batch, size, top
                batch, weight = Batch(), 0
        if batch.entry:
            yield batch, size, top
            batch, weight = Batch(), 0


def _block(entry: Entry, days: Days, names: Channels) -> tuple[int, int, bytes]:
    body = days.body(entry, names)
    if body is None:
        raise ValueError(f"the block of entry {entry.seq} is missing; verify the log")
    return entry.seq, int(entry.at.timestamp()) // DAY_S, body


def _verified(old: Store, half: str, check: Callable[[Log, Log], None]) -> Moved:
    """Hold the new log against itself and the old one."""
    with closing(rooms.opened(half, writing=False)) as new:
        told = _told(old, new)
    was = Log(old)
    with Log.read(half) as now:
        now.verify()
        if (was.head, was.root()) != (now.head, now.root()):
            raise ValueError(f"{half} has another head or tree than {old.path}; move it again")
        check(was, now)
    return told


def _told(old: Store, new: Store) -> Moved:
    """Count the rows of both; carried blocks count as blocks.

    Raises:
        ValueError: the counts differ.
    """
    names = Channels()
    for _, *name in old.channels():
        names.number(*name)
    was, now = _counts(old, names), _counts(new, names)
    if was != now:
        raise Damaged(
            f"{new.path} counts {now} where {was} were; move it again",
            f"{new.path} 计有 {now},原有 {was};请重新搬移",
        )
    size, top = head(new)
    tree = Tree(lambda level, place: tile(new, level, place))
    verify.grow(tree, size, top, new)
    return Moved(old.path, new.path, size, top.hex(), tree.root(size).hex(), was)


def _counts(store: Store, names: Channels) -> dict[str, int]:
    with store.still():
        counts = {t: int(store.all(f"SELECT count(*) FROM {t}")[0][0]) for t in TABLES}  # noqa: S608
        counts["block"] += Days(store).check(names)
    return counts
