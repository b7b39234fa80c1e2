"""Rollups: every five minutes, hour and day, what each property did in each group of devices.

Kept as the tables grow: each flush adds the partial sums of its rows, and reading adds partials up,
so a late reading only adds one more. Per roll: count, sum, min, max, last and a sketch.
"""

import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mindu.data.arrays import Floats, Ints, Truths
from mindu.data.senses.beside.amended import Followed
from mindu.data.senses.memory import sketch
from mindu.data.senses.memory.delta import Delta
from mindu.data.senses.memory.pieces import DAY_MS, daily
from mindu.data.senses.memory.plain import column, nested, numbers
from mindu.data.senses.tail import Rows

LEVELS = (300_000, 3_600_000, 86_400_000)  # ms
SMALL = 12  # files of a day before they are added up
DENSE = 4  # times as many keys as rows are counted one by one; more are sorted
SCHEMA = pa.schema(
    [
        pa.field("level", pa.int32(), nullable=False),  # s
        pa.field("group", pa.int32(), nullable=False),
        pa.field("prop", pa.int32(), nullable=False),
        pa.field("bucket", pa.int64(), nullable=False),  # epoch ms at which it begins
        pa.field("count", pa.int64(), nullable=False),
        pa.field("sum", pa.float64(), nullable=False),
        pa.field("min", pa.float64(), nullable=False),
        pa.field("max", pa.float64(), nullable=False),
        pa.field("last_at", pa.int64(), nullable=False),
        pa.field("last", pa.float64(), nullable=False),
        pa.field("sketch", pa.binary(), nullable=False),
    ]
)
TABLE = SCHEMA.append(pa.field("day", pa.int32(), nullable=False))
_STORED = [(it.name, it.type.to_pandas_dtype()) for it in SCHEMA][:-1]  # all but the sketch


class Roll(NamedTuple):
    """Rolls as columns, sorted by (level, group, prop, bucket)."""

    level: Ints
    group: Ints
    prop: Ints
    bucket: Ints
    rows: Ints
    sum: Floats
    min: Floats
    max: Floats
    last_at: Ints
    last: Floats
    sketch: list[bytes]

    def take(self, where: Ints) -> "Roll":
        """Return some rolls."""
        columns: list[Any] = [column[where] for column in self[:-1]]
        return Roll(*[*columns, [self.sketch[i] for i in where.tolist()]])

    def quantile(self, share: float) -> Floats:
        """Return a quantile of each roll, within 1 %."""
        return np.array([sketch.quantile(told, share) for told in self.sketch], np.float64)


def _all(roll: Roll) -> Truths:
    return np.ones(len(roll.level), bool)


def rolled(rows: Rows, group: Ints, prop: Ints, level: int) -> Roll:
    """Return what rows come to, by (group, prop, bucket of `level` ms)."""
    bucket = rows.at // level
    low = int(bucket.min())
    spans = (int(bucket.max()) - low + 1, int(prop.max()) + 1)
    keys, slot, count = _numbered((group * spans[1] + prop) * spans[0] + (bucket - low))
    value, at, many = rows.value, rows.at, len(keys)
    least, most = np.full(many, np.inf), np.full(many, -np.inf)
    newest, last = np.full(many, np.iinfo(np.int64).min), np.empty(many)
    np.minimum.at(least, slot, value)
    np.maximum.at(most, slot, value)
    np.maximum.at(newest, slot, at)
    ends = np.flatnonzero(at == newest[slot])
    last[slot[ends]] = value[ends]  # of those of one instant the one that stands last
    owner, place = np.divmod(keys, spans[0])
    return Roll(
        np.full(many, level // 1000), owner // spans[1], owner % spans[1], (place + low) * level,
        count, np.bincount(slot, value).astype(np.float64), least, most, newest, last,
        _sketches(slot, many, sketch.bins(value)),
    )  # fmt: skip


def _numbered(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the keys there are in order, which of them each row has, and how many rows each."""
    span = int(keys.max(initial=0)) + 1
    if span > DENSE * len(keys):
        return np.unique(keys, return_inverse=True, return_counts=True)
    count = np.bincount(keys, minlength=span)
    there = np.flatnonzero(count)
    number = np.empty(span, np.int64)
    number[there] = np.arange(len(there))
    return there, number[keys], count[there]


def coarser(roll: Roll, level: int) -> Roll:
    """Return what rolls come to by longer buckets of `level` ms."""
    bucket = roll.bucket // level * level
    seconds = np.full(len(bucket), level // 1000)
    return summed([roll._replace(level=seconds, bucket=bucket)])


def _sketches(slot: Ints, many: int, bins: Ints) -> list[bytes]:
    """Return one sketch for each of so many slots."""
    wide = 2 * sketch.HALF
    pairs, _, counts = _numbered(slot * wide + bins)
    cuts = np.searchsorted(pairs // wide, np.arange(many + 1)).tolist()
    return [sketch.packed(pairs[a:b] % wide, counts[a:b]) for a, b in pairwise(cuts)]


def summed(parts: Sequence[Roll]) -> Roll:
    """Return partial rolls added up."""
    columns: list[Any] = [np.concatenate(c) for c in list(zip(*parts, strict=True))[:-1]]
    sketches = [told for part in parts for told in part.sketch]
    all_ = Roll(*[*columns, sketches])
    order = np.lexsort((all_.last_at, all_.bucket, all_.prop, all_.group, all_.level))
    all_ = all_.take(order)
    keys = np.stack(all_[:4])
    fresh = np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))[: len(order)]
    starts = np.flatnonzero(fresh)
    if len(starts) == len(order):
        return all_
    ends = np.append(starts[1:], len(order))
    lasts = ends - 1
    return Roll(
        all_.level[starts], all_.group[starts], all_.prop[starts], all_.bucket[starts],
        np.add.reduceat(all_.rows, starts), np.add.reduceat(all_.sum, starts),
        np.minimum.reduceat(all_.min, starts), np.maximum.reduceat(all_.max, starts),
        all_.last_at[lasts], all_.last[lasts],
        [
            all_.sketch[a] if b - a == 1 else sketch.added(all_.sketch[a:b])
            for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
        ],
    )  # fmt: skip


class Rolls:
    """The table of rolls."""

    def __init__(self, folder: Path) -> None:
        """Open it."""
        self.delta = Delta(folder, TABLE, ["day"])
        self._serial = self.delta.version
        self._thinned: dict[int, object] = {}  # day -> what it was thinned by
        self.followed = Followed(folder.with_suffix(".followed"))

    def add(self, rows: Rows, group: Ints, prop: Ints, position: int, now: int) -> None:
        """Add the partial sums of rows whose group and property are given."""
        new: dict[str, tuple[dict[str, str], int]] = {}
        for day, mine in daily(rows.at):
            finest = rolled(rows.take(mine), group[mine], prop[mine], LEVELS[0])
            parts = [finest, *(coarser(finest, level) for level in LEVELS[1:])]
            new.update(self._write(day, summed(parts)))
        self.delta.change(new, [], now, position=position)
        self._merge(now)

    def _write(self, day: int, roll: Roll) -> dict[str, tuple[dict[str, str], int]]:
        self._serial += 1
        while (self.delta.folder / f"day={day}" / f"{self._serial:08d}.parquet").exists():
            self._serial += 1
        name = f"day={day}/{self._serial:08d}.parquet"
        path = self.delta.folder / name
        path.parent.mkdir(exist_ok=True)
        pairs = zip(roll[:-1], _STORED, strict=True)
        columns = [column(it.astype(kind)) for it, (_, kind) in pairs]
        columns.append(nested(roll.sketch, SCHEMA.field("sketch").type))
        pq.write_table(
            pa.Table.from_arrays(columns, schema=SCHEMA),
            path,
            compression="zstd",
        )
        fd = os.open(path, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)
        return {name: ({"day": str(day)}, len(roll.level))}

    def _merge(self, now: int) -> None:
        for day, paths in self._days().items():
            if len(paths) >= SMALL:
                parts = [self._read(path) for path in paths]
                self.delta.change(self._write(day, summed(parts)), paths, now)

    def _read(self, path: str, wanted: Callable[[Roll], Truths] = _all) -> Roll:
        with pq.ParquetFile(self.delta.folder / path) as file:
            told = file.read(use_threads=False)
        columns: list[Any] = [numbers(told[name]) for name, _ in _STORED]
        columns = [it.astype(np.float64 if it.dtype == np.float64 else np.int64) for it in columns]
        roll = Roll(*[*columns, []])
        where = np.flatnonzero(wanted(roll))
        sketches = told["sketch"].take(column(where)).to_pylist()
        return Roll(*[*[it[where] for it in columns], sketches])

    def read(
        self,
        level: int,
        since: int,
        until: int,
        *,
        group: int | None = None,
        prop: int | None = None,
    ) -> Roll:
        """Return the rolls of one level (ms) that begin in [since, until) (epoch ms)."""

        def wanted(roll: Roll) -> Truths:
            found: Truths = (roll.level == level // 1000) & (roll.bucket >= since)
            found &= roll.bucket < until
            for held, told in ((roll.group, group), (roll.prop, prop)):
                found &= True if told is None else held == told
            return found

        parts = []
        for path, add in self.delta.files.items():
            day = int(add["partitionValues"]["day"])
            if since // DAY_MS <= day <= (until - 1) // DAY_MS:
                parts.append(self._read(path, wanted))
        return summed(parts) if parts else NOTHING

    def thin(self, gone: Ints, now: int) -> int:
        """Drop the rolls of each property of days before `gone` of it; return how many went."""
        dropped = 0
        for day, paths in sorted(self._days().items()):
            props = np.flatnonzero(gone > day)
            key = (tuple(paths), props.tobytes())
            if not len(props) or self._thinned.get(day) == key:
                continue
            whole = self.of_day(day)
            left = np.flatnonzero(~np.isin(whole.prop, props))
            if len(left) < len(whole.prop):
                self.put_day(day, whole.take(left), now)
                dropped += len(whole.prop) - len(left)
                key = (tuple(self._days().get(day, ())), props.tobytes())
            self._thinned[day] = key
        return dropped

    def _days(self) -> dict[int, list[str]]:
        days: dict[int, list[str]] = {}
        for path, add in self.delta.files.items():
            days.setdefault(int(add["partitionValues"]["day"]), []).append(path)
        return days

    def of_day(self, day: int) -> Roll:
        """Return all rolls of a day, of every level."""
        parts = [self._read(path) for path in self._days().get(day, ())]
        return summed(parts) if parts else NOTHING

    def put_day(self, day: int, whole: Roll, now: int) -> None:
        """Let these be all rolls of a day, in one commit."""
        new = self._write(day, whole) if len(whole.level) else {}
        self.delta.change(new, self._days().get(day, []), now, position=self.delta.position)

    def forget(self, before: int, now: int) -> None:
        """Drop whole days that end before that instant (epoch ms)."""
        old = [
            path
            for path, add in self.delta.files.items()
            if (int(add["partitionValues"]["day"]) + 1) * DAY_MS <= before
        ]
        if old:
            self.delta.change({}, old, now, position=self.delta.position)


_INT, _FLOAT = np.zeros(0, np.int64), np.zeros(0)
NOTHING = Roll(_INT, _INT, _INT, _INT, _INT, _FLOAT, _FLOAT, _FLOAT, _INT, _FLOAT, [])
