"""A piece: one sorted Parquet file of readings of one day, and what its footer says of every part.

Values whose property declares decimals are kept as scaled 32-bit integers (`scaled`, `decimals`);
any number that would not come back bit for bit is kept as it is (`exact`). `bucket` is the number
of the five minutes since 1970; `arrived` is the second (rounded up) at which the city knew.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mindu.data.arrays import Floats, Ints
from mindu.data.senses.memory.plain import column, numbers
from mindu.data.senses.tail import NO_ROWS, Rows

FIVE = 300_000  # ms
DAY_MS = 86_400_000
COLD = "cold"  # folder within the table, may be another disk
GROUP = 65_536  # rows that are read at once
FOOTERS = 2_048  # parts of which the footers are held, 14 MB
ONCE = 4 * GROUP  # rows that are made ready for the disk at once
SCHEMA = pa.schema(
    [
        pa.field("series", pa.int32(), nullable=False),
        pa.field("at", pa.int64(), nullable=False),
        pa.field("bucket", pa.int32(), nullable=False),
        pa.field("scaled", pa.int32()),
        pa.field("exact", pa.float64()),
        pa.field("decimals", pa.int8(), nullable=False),
        pa.field("quality", pa.int16(), nullable=False),
        pa.field("arrived", pa.int32(), nullable=False),
    ]
)
TABLE = SCHEMA.append(pa.field("day", pa.int32(), nullable=False))
_RUNS = dict.fromkeys(("series", "bucket", "scaled", "arrived"), "DELTA_BINARY_PACKED")
_RUNS["at"] = "PLAIN"  # with jitter, bytes under zstd are a fifth smaller than packed deltas
_FULL = ["series", "at", "scaled", "exact", "decimals", "quality", "arrived"]
_BIG = (1 << 31) - 1
_TENS = 10.0 ** np.arange(0, 10)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One file: its rows by part, each from which series to which, from when to when."""

    path: Path
    day: int
    rows: int
    first: Ints
    last: Ints
    since: Ints
    until: Ints
    counts: Ints
    decimals: Ints  # of every value of a part, EXACT where they differ or some are floats
    footers: "Footers"

    @property
    def tier(self) -> str:
        """The folder of the tier that it stands in, empty for what is at hand."""
        above = self.path.parents[1].name
        return above if above == COLD else ""

    def parts(self, first: int, last: int, since: int, until: int) -> list[int]:
        """Return the parts that may hold readings of series `first`..`last` in that time."""
        hits = (self.first <= last) & (self.last >= first)
        hits &= (self.since <= until) & (self.until >= since)
        return np.flatnonzero(hits).tolist()

    def read(self, parts: list[int]) -> Rows:
        """Return the rows of some parts."""
        if not parts:
            return NO_ROWS
        return rows_of(self.table(parts, _FULL))

    def table(self, parts: list[int], columns: list[str]) -> Any:  # noqa: ANN401
        """Return columns of some parts as they are stored."""
        footer = self.footers.of(self.path, len(self.counts))
        with pq.ParquetFile(self.path, metadata=footer, memory_map=True) as file:
            return file.read_row_groups(parts, columns=columns, use_threads=False)


class Footers:
    """The footers of the pieces that were asked last: one takes 7 KB a part."""

    def __init__(self) -> None:
        """Start with none."""
        self._held: dict[Path, tuple[Any, int]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """Count the pieces."""
        return len(self._held)

    def of(self, path: Path, parts: int) -> Any:  # noqa: ANN401
        """Return the footer of a piece of so many parts, from the file where it is not held."""
        with self._lock:
            held = self._held.pop(path, None)
        footer = pq.read_metadata(path) if held is None else held[0]
        with self._lock:
            self._held[path] = footer, parts
            over = sum(count for _, count in self._held.values()) - FOOTERS
            while over > 0 and len(self._held) > 1:
                over -= self._held.pop(next(iter(self._held)))[1]
        return footer


def look(path: Path, day: int, footers: Footers) -> Piece:
    """Read the footer of a piece."""
    footer = pq.read_metadata(path)
    bounds: dict[str, list[tuple[int, int]]] = {"series": [], "at": []}
    for i in range(footer.num_row_groups):
        group = footer.row_group(i)
        for place, name in enumerate(("series", "at")):
            told = group.column(place).statistics
            bounds[name].append((told.min, told.max))
    series = np.array(bounds["series"], np.int64).reshape(-1, 2)
    at = np.array(bounds["at"], np.int64).reshape(-1, 2)
    counts = [footer.row_group(i).num_rows for i in range(footer.num_row_groups)]
    return Piece(
        path, day, footer.num_rows, series[:, 0], series[:, 1], at[:, 0], at[:, 1],
        np.array(counts, np.int64), _decimals(footer), footers,
    )  # fmt: skip


def _decimals(footer: Any) -> Ints:  # noqa: ANN401
    """Return the one number of decimals of each part, or -1."""
    found = []
    for i in range(footer.num_row_groups):
        group = footer.row_group(i)
        exact, decimals = group.column(4).statistics, group.column(5).statistics
        whole = exact is not None and exact.null_count == group.num_rows
        same = decimals is not None and decimals.min == decimals.max
        found.append(int(decimals.min) if whole and same else -1)
    return np.array(found, np.int64)


def daily(at: Ints) -> Iterator[tuple[int, Ints | slice]]:
    """Yield each day (since 1970) of some times, and which of them are of it."""
    if not len(at):
        return
    first, last = int(at.min()) // DAY_MS, int(at.max()) // DAY_MS
    if first == last:
        yield first, slice(None)
        return
    days = at // DAY_MS
    for day in np.unique(days).tolist():
        yield day, np.flatnonzero(days == day)


def scaled(value: Floats, decimals: Ints) -> tuple[Ints, "np.typing.NDArray[np.bool_]"]:
    """Return values as scaled integers, and which of them come back bit for bit."""
    tens = _TENS[np.maximum(decimals, 0)]
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.rint(value * tens)
        fits = (decimals >= 0) & (np.abs(whole) <= _BIG)
        fits &= (whole / tens == value) & ~((value == 0) & np.signbit(value))
    return np.where(fits, whole, 0).astype(np.int64), fits


def table_of(rows: Rows, decimals: Ints) -> Any:  # noqa: ANN401 - an Arrow table
    """Return sorted rows as a table; `decimals` of each row."""
    whole, fits = scaled(rows.value, decimals)
    has_exact = not fits.all()
    exact = column(rows.value, fits) if has_exact else pa.nulls(len(whole), pa.float64())
    columns = [
        column(rows.series.astype(np.int32)),
        column(rows.at),
        column((rows.at // FIVE).astype(np.int32)),
        column(whole.astype(np.int32), ~fits if has_exact else None),
        exact,
        column(decimals.astype(np.int8)),
        column(rows.quality.astype(np.int16)),
        column(rows.arrived.astype(np.int32)),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def rows_of(table: Any) -> Rows:  # noqa: ANN401
    """Return a table as rows."""
    return Rows(
        numbers(table["series"]).astype(np.int64),
        numbers(table["at"]),
        values(table),
        numbers(table["quality"]).astype(np.uint8),
        numbers(table["arrived"]).astype(np.int64),
    )


def values(table: Any) -> Floats:  # noqa: ANN401
    """Return the numbers of a table."""
    tens = _TENS[np.maximum(numbers(table["decimals"]), 0)]
    whole: Floats = numbers(table["scaled"]) / tens
    if table["exact"].null_count < len(table):
        exact = numbers(table["exact"])
        whole = np.where(np.isnan(exact), whole, exact)
    return whole


class Writer:
    """Writes one piece, run by run in the order of series."""

    def __init__(self, path: Path) -> None:
        """Begin a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.rows = path, 0
        self._writer = pq.ParquetWriter(
            path, SCHEMA, compression="zstd", compression_level=3,
            use_dictionary=["decimals", "quality"], column_encoding=_RUNS,
        )  # fmt: skip

    def write(self, rows: Rows, decimals: Ints) -> None:
        """Add rows."""
        for start in range(0, len(rows.series), ONCE):
            some = slice(start, start + ONCE)
            told = table_of(rows.take(some), decimals[some])
            self._writer.write_table(told, row_group_size=GROUP)
        self.rows += len(rows.series)

    def close(self) -> None:
        """End the file and make it durable."""
        self._writer.close()
        fd = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
