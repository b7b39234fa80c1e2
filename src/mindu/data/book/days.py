"""Blocks by the day: what is older than a day leaves the log's file for Parquet beside it.

The order is crash-safe: write, flush, rename, read back and hold against the digests, and only
then strike the rows from the file, in one transaction. A day half carried is carried again.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from mindu.base.records import Entry
from mindu.base.wrong import Damaged
from mindu.data.arrays import Floats
from mindu.data.block import Block, Channels, decode, encode
from mindu.data.book.store import Store, one

DAY_S = 86_400
GROUP = 1 << 16  # rows of a Parquet row group
_BLOCKS = "SELECT seq, body FROM block WHERE day=? ORDER BY seq"
_OLD = "SELECT DISTINCT day FROM block WHERE day<? ORDER BY day"
_FILE = "SELECT file FROM day WHERE first<=? AND last>=? ORDER BY file"
_FILES = "SELECT file FROM day WHERE day>=? AND day<=? ORDER BY day, file"


class Days:
    """Where the blocks of one log are: in its file, or in a day's Parquet beside it."""

    def __init__(self, store: Store) -> None:
        """Stand beside the log's room."""
        self._store = store
        self._folder = store.days or Path()
        self._carried_until = -1  # the last day that was looked for
        self._open: tuple[str, dict[int, Block]] = ("", {})  # the day read last

    def body(self, entry: Entry, channels: Channels) -> bytes | None:
        """Return the bytes that the digest of a segment covers, wherever they are."""
        row = one(self._store, "SELECT day, body FROM block WHERE seq=?", entry.seq)
        if row is not None:
            if row[0] != int(entry.at.timestamp()) // DAY_S:
                raise Damaged(
                    f"the day of the block of entry {entry.seq} was changed",
                    f"第 {entry.seq} 条数据块的日期被改动",
                )
            return bytes(row[1])
        found = self._carried(entry.seq, channels)
        return None if found is None else encode(found)

    def check(self, channels: Channels) -> int:
        """Count the carried blocks.

        Raises:
            ValueError: a day does not hold what is written of it.
        """
        count = 0
        for file, first, last in self._store.all("SELECT file, first, last FROM day"):
            held = self._read(file, channels)
            if (min(held), max(held)) != (first, last):
                raise Damaged(
                    f"what is written of the day {file} was changed",
                    f"关于日文件 {file} 的记载被改动",
                )
            count += len(held)
        return count

    def block(self, seq: int, channels: Channels) -> Block | None:
        """Return the rows of a segment, or None for any other entry."""
        row = one(self._store, "SELECT body FROM block WHERE seq=?", seq)
        return decode(row[0], channels) if row is not None else self._carried(seq, channels)

    def carry(self, now: datetime, channels: Channels) -> list[date]:
        """Carry every day that ended a day ago; return the days."""
        until = int((now - timedelta(days=1)).timestamp()) // DAY_S
        if self._store.days is None or until == self._carried_until:
            return []
        days = [day for (day,) in self._store.all(_OLD, until)]
        for day in days:
            self._carry(day, channels)
        self._carried_until = until
        return [datetime.fromtimestamp(day * DAY_S, UTC).date() for day in days]

    def history(
        self, about: str, prop: str, since: datetime, until: datetime, channels: Channels
    ) -> tuple[Floats, Floats]:
        """Return (epoch s, values) of one channel between two instants, oldest first."""
        numbers = [
            i
            for i, name in enumerate(zip(channels.about, channels.prop, strict=True))
            if name == (about, prop)
        ]
        parts: list[tuple[Floats, Floats]] = [(np.zeros(0), np.zeros(0))]
        for block in self._between(since, until, channels):
            on = np.isin(block.channel, numbers)
            on &= (block.at >= since.timestamp()) & (block.at <= until.timestamp())
            parts.append((block.at[on], block.value[on]))
        at, value = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        order = np.argsort(at, kind="stable")
        return at[order], value[order]

    def _between(self, since: datetime, until: datetime, channels: Channels) -> Iterator[Block]:
        """Yield the blocks that may hold readings of those days; news may come a week late."""
        first = int(since.timestamp()) // DAY_S
        last = int((until + timedelta(days=7)).timestamp()) // DAY_S
        for (file,) in self._store.all(_FILES, first, last):
            yield from self._read(file, channels).values()
        for day in range(first, last + 1):
            for _, body in self._store.all(_BLOCKS, day):
                yield decode(body, channels)

    def _carried(self, seq: int, channels: Channels) -> Block | None:
        for (file,) in self._store.all(_FILE, seq, seq):
            found = self._read(file, channels).get(seq)
            if found is not None:
                return found
        return None

    def _carry(self, day: int, channels: Channels) -> None:
        rows = self._store.all(_BLOCKS, day)
        held = {seq: decode(body, channels) for seq, body in rows}
        part = len(self._store.all(_FILES, day, day))
        name = f"{datetime.fromtimestamp(day * DAY_S, UTC):%Y-%m-%d}.{part}.parquet"
        self._folder.mkdir(exist_ok=True)
        _write(self._folder / name, held)
        self._open = ("", {})
        back = self._read(name, channels)
        for seq, body in rows:
            if seq not in back or sha256(encode(back[seq])).digest() != sha256(body).digest():
                raise OSError(f"{name} does not give back block {seq}; the day stays in the log")
        first, last = rows[0][0], rows[-1][0]
        self._store.change(
            ("INSERT INTO day VALUES(?,?,?,?)", (name, day, first, last)),
            ("DELETE FROM block WHERE day=?", (day,)),
        )

    def _read(self, name: str, channels: Channels) -> dict[int, Block]:
        """Return the blocks of one day, by entry; the day read last is kept."""
        if self._open[0] != name:
            self._open = (name, _read(self._folder / name, channels))
        return self._open[1]


def _write(path: Path, held: dict[int, Block]) -> None:
    """Write blocks as one Parquet file that is whole or not there."""
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, and most runs carry nothing
    import pyarrow.parquet as pq  # noqa: PLC0415

    blocks = list(held.values())
    names = blocks[0].channels
    channel = np.concatenate([block.channel for block in blocks])

    def named(words: list[str]) -> Any:  # noqa: ANN401 - pyarrow has no types
        return pa.DictionaryArray.from_arrays(pa.array(channel, pa.int32()), pa.array(words))

    table = pa.table(
        {
            "entry": np.repeat(np.array(list(held)), [len(block) for block in blocks]),
            "channel": pa.array(channel, pa.uint32()),
            "about": named(names.about),
            "prop": named(names.prop),
            "unit": named(names.unit),
            "at": np.concatenate([block.at for block in blocks]),
            "value": np.concatenate([block.value for block in blocks]),
            "quality": np.concatenate([block.quality for block in blocks]),
        }
    )
    empty = ",".join(str(seq) for seq, block in held.items() if not len(block))
    table = table.replace_schema_metadata({"empty": empty})
    half = path.with_suffix(".half")
    with half.open("wb") as file:
        pq.write_table(table, file, compression="zstd", row_group_size=GROUP)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path, channels: Channels) -> dict[int, Block]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - a third of a second, and most runs read none

    try:
        table = pq.read_table(path, columns=["entry", "channel", "at", "value", "quality"])
    except (OSError, ValueError) as wrong:
        raise Damaged(
            f"the day {path.name} cannot be read: {wrong}",
            f"日文件 {path.name} 读不出:{wrong}",
        ) from wrong
    seqs, channel, at, value, quality = (
        table.column(i).to_numpy() for i in range(table.num_columns)
    )
    starts = np.flatnonzero(seqs != np.append(-1, seqs[:-1]))
    ends = np.append(starts[1:], len(seqs))[: len(starts)]
    found = {
        int(seqs[low]): Block(
            at[low:high], channel[low:high].astype(np.int64), value[low:high], quality[low:high],
            channels,
        )
        for low, high in zip(starts, ends, strict=True)
    }  # fmt: skip
    told = (table.schema.metadata or {}).get(b"empty", b"").decode("ascii")
    none = np.zeros(0)
    for seq in filter(None, told.split(",")):
        found[int(seq)] = Block(none, none.astype(int), none, none.astype(np.uint8), channels)
    return found
