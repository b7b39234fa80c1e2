"""A part: some files of a table, counted by DuckDB where they lie, into sums that can be added up.

Readings kept as scaled integers are summed as integers, so what they come to is the same to the
last bit however the files were dealt out; of floats the last bits of a sum may differ.
"""

from collections.abc import Sequence
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from mindu.data.arrays import Bytes, Floats, Ints
from mindu.data.senses.memory.reads import Means

_SQL = """
SELECT "at" // $every AS step, decimals, count(*)::BIGINT AS rows,
  coalesce(sum(scaled::BIGINT), 0)::BIGINT AS scaled, coalesce(fsum(exact), 0) AS exact,
  min(coalesce(exact, scaled / pow(10, decimals))) AS low,
  max(coalesce(exact, scaled / pow(10, decimals))) AS high
FROM {readings}
WHERE "at" >= $since AND "at" < $until {chosen}
GROUP BY ALL
"""
_PLAIN = "read_parquet($files, hive_partitioning = false)"
_LAID = """(
  SELECT r.series, r."at", CASE WHEN c."at" IS NULL THEN r.decimals ELSE -1 END AS decimals,
    CASE WHEN c."at" IS NULL THEN r.scaled END AS scaled,
    CASE WHEN c."at" IS NULL THEN r.exact ELSE c.value END AS exact
  FROM read_parquet($files, hive_partitioning = false) r
  LEFT JOIN (SELECT * FROM read_parquet($corrected) WHERE newest) c
    ON r.series = c.series AND r."at" = c."at"
  WHERE c."at" IS NULL OR c.value IS NOT NULL
)"""
_CHOSEN = "AND series IN (SELECT series FROM chosen)"


class Part(NamedTuple):
    """Files to be counted: [since, until) in epoch ms, by steps of `every` ms.

    `chosen`: a bit for every series that counts; None: all do. `corrected`: files of corrections.
    """

    files: tuple[str, ...]
    since: int
    until: int
    every: int
    chosen: Bytes | None
    corrected: tuple[str, ...] = ()


class Partial(NamedTuple):
    """What a part came to, by step and decimals."""

    step: Ints
    decimals: Ints
    rows: Ints
    scaled: Ints
    exact: Floats
    low: Floats
    high: Floats


def count(part: Part) -> Partial:
    """Count a part on one thread; every machine that sees the files can.

    Raises:
        duckdb.Error: a file cannot be read.
    """
    with duckdb.connect(config={"threads": 1, "autoload_known_extensions": False}) as base:
        told = ""
        if part.chosen is not None:
            series = np.flatnonzero(np.unpackbits(part.chosen)).astype(np.int32)
            base.register("chosen", pa.table({"series": series}))
            told = _CHOSEN
        asked: dict[str, object] = {
            "files": list(part.files), "since": part.since, "until": part.until,
            "every": part.every,
        }  # fmt: skip
        readings = _PLAIN
        if part.corrected:
            readings, asked["corrected"] = _LAID, list(part.corrected)
        found = base.execute(_SQL.format(readings=readings, chosen=told), asked).fetchnumpy()
    kinds = ("i8", "i8", "i8", "i8", "f8", "f8", "f8")
    return Partial(*(np.asarray(found[n]).astype(k) for n, k in zip(_NAMES, kinds, strict=True)))


def added(parts: Sequence[Partial], every: int, how: str) -> Means:
    """Return what parts come to together: mean, sum, min, max or count by step."""
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    step, inverse = np.unique(columns[0].astype(np.int64), return_inverse=True)
    decimals, rows, scaled, exact, low, high = columns[1:]
    count_ = np.zeros(len(step), np.int64)
    np.add.at(count_, inverse, rows.astype(np.int64))
    total = np.zeros(len(step))
    for digits in np.unique(decimals).tolist():
        mine = decimals == digits
        whole = np.zeros(len(step), np.int64)
        np.add.at(whole, inverse[mine], scaled[mine].astype(np.int64))
        total += whole / 10.0 ** max(digits, 0)
    order = np.lexsort((exact, inverse))  # floats are added in the order of their size
    np.add.at(total, inverse[order], exact[order])
    edges = {"min": np.full(len(step), np.inf), "max": np.full(len(step), -np.inf)}
    np.minimum.at(edges["min"], inverse, low)
    np.maximum.at(edges["max"], inverse, high)
    told = {"sum": total, "mean": total / count_, "count": count_.astype(np.float64), **edges}
    return Means(step * every, told[how], count_)


_NAMES = Partial._fields
