"""Score: pairs that may be of one subject, each with its weight by a scale that was learned.

Splink learns the scale; a pair is weighed here, by the same formula, so that any few pairs can be
weighed without all others and always weigh the same (held against Splink's own in the tests).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import log2
from typing import Any

import duckdb
import pyarrow as pa

from mindu.engines.linkage.clean import cleaned
from mindu.engines.linkage.model import Compared, Level, Model
from mindu.engines.linkage.scale import Learned, Scale, learned, rare

MOST_PAIRS = 50_000_000
LEAST = 1e-12  # a share that was learned as nothing
LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "2GB", "threads": "2", "temp_directory": "",
}  # fmt: skip
Rows = Mapping[str, Sequence[str | None]]


def prepared(model: Model, rows: Rows, ids: Sequence[str]) -> pa.Table:
    """Return the cleaned columns of records; a field that is not there is nothing."""
    columns: dict[str, Any] = {"unique_id": list(ids)}
    nothing: list[str | None] = [None] * len(ids)
    for field, kind, prefix in model.fields:
        columns |= cleaned(kind, prefix, list(rows.get(field, nothing)))
    names = [name for name in columns if name != "unique_id"]
    told = {"unique_id": pa.array(columns["unique_id"], pa.string())}
    table = pa.table(told | {name: pa.array(columns[name], pa.string()) for name in names})
    more = "".join(f", {how} AS {name}" for name, how in model.made)
    with engine() as db:
        db.register("rows", table)
        return _table(db, f"SELECT *{more} FROM rows")  # noqa: S608 - declared by us


def scored(model: Model, records: pa.Table, *, floor: float, seed: int) -> pa.Table:
    """Return the pairs of a few records whose chance is at least `floor`, by their own scale.

    Raises:
        ValueError: so many pairs are to be met that the blocks of the model do not fit the records.
    """
    if records.num_rows < 2:
        return NONE
    told = learned(model, records, records.num_rows, seed=seed)
    known = often(model, records, told)
    return weighed(model, told.scale, known, known, met(model, records), floor=floor)


def often(model: Model, records: pa.Table, told: Learned) -> pa.Table:
    """Return prepared records with how often their values occur, where rare ones weigh more."""
    for name in rare(model):
        shares, once = told.often[name], 1 / max(1, told.scale.sample)
        found = [None if v is None else shares.get(v, once) for v in records[name].to_pylist()]
        records = records.append_column(f"tf_{name}", pa.array(found, pa.float64()))
    return records


def met(model: Model, records: pa.Table) -> pa.Table:
    """Return each pair that shares a block, once: a and b, a before b.

    Raises:
        ValueError: one value is written for so many records that it tells nothing.
    """
    with engine() as db:
        db.register("records", records)
        for block in model.blocks:
            names, there = ", ".join(block), " AND ".join(f"{n} IS NOT NULL" for n in block)
            ((pairs,),) = db.execute(
                f"SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM records "  # noqa: S608
                f"WHERE {there} GROUP BY {names})"
            ).fetchall()
            too_many(pairs or 0, names)
        rules = " UNION ".join(
            "SELECT l.unique_id AS a, r.unique_id AS b FROM records l JOIN records r ON "  # noqa: S608
            + " AND ".join(f"l.{name} = r.{name}" for name in block)
            + " AND l.unique_id < r.unique_id"
            for block in model.blocks
        )
        return _table(db, rules)


def too_many(pairs: float, names: str) -> None:
    """Refuse a block that holds half of everybody.

    Raises:
        ValueError: more than 50 million pairs share it.
    """
    if pairs > MOST_PAIRS:
        raise ValueError(f"{pairs:.0f} pairs have the same {names}: is one value written for many?")


def weighed(
    model: Model, scale: Scale, left: pa.Table, right: pa.Table, pairs: pa.Table, *, floor: float
) -> pa.Table:
    """Return pairs (a of the left, b of the right) with chance, weight and why, surest first."""
    gammas = [_gamma(one) for one in model.compared]
    weights = [_weight(one, scale.shares[one.name]) for one in model.compared]
    told = ", ".join(f"g_{one.name}::TINYINT" for one in model.compared)
    shares = "".join(f", tf_{name}_l, tf_{name}_r" for name in rare(model))
    query = f"""
        SELECT a, b, 1 / (1 + pow(2, -weight)) AS chance, weight, likeness FROM (
            SELECT a, b, [{told}] AS likeness, {scale.prior!r} + {" + ".join(weights)} AS weight
            FROM (
                SELECT a, b{shares}, {", ".join(gammas)} FROM pairs
                JOIN (SELECT {_named(left, "l")} FROM lefts) ON unique_id_l = a
                JOIN (SELECT {_named(right, "r")} FROM rights) ON unique_id_r = b
            )
        ) WHERE chance >= {floor!r} ORDER BY weight DESC, a, b
    """  # noqa: S608 - declared by us
    with engine() as db:
        for name, table in (("lefts", left), ("rights", right), ("pairs", pairs)):
            db.register(name, table)
        return _table(db, query)


def _named(table: pa.Table, side: str) -> str:
    return ", ".join(f"{name} AS {name}_{side}" for name in table.column_names)


def _gamma(told: Compared) -> str:
    """Return which level holds: -1 where nothing can be said, 0 for none of them."""
    whens = [f"WHEN {told.missing} THEN -1"]
    count = len(told.levels)
    whens += [f"WHEN {one.when} THEN {count - place}" for place, one in enumerate(told.levels)]
    return f"CASE {' '.join(whens)} ELSE 0 END AS g_{told.name}"


def _weight(told: Compared, shares: Sequence[tuple[float, float]]) -> str:
    count, whens = len(told.levels), [f"WHEN g_{told.name} = -1 THEN 0.0"]
    for place, one in enumerate(told.levels):
        more = _rarer(one, shares[place][1])
        whens.append(f"WHEN g_{told.name} = {count - place} THEN {_bits(shares[place])!r}{more}")
    return f"CASE {' '.join(whens)} ELSE {_bits(shares[-1])!r} END"


def _rarer(told: Level, other: float) -> str:
    """Return what a rare value adds: the share of two subjects against how often it occurs."""
    if not told.rare:
        return ""
    most = f"greatest(tf_{told.rare}_l, tf_{told.rare}_r)"
    return f" + coalesce({log2(max(other, LEAST))!r} - log2({most}), 0.0)"


def _bits(share: tuple[float, float]) -> float:
    return log2(max(share[0], LEAST) / max(share[1], LEAST))


@contextmanager
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine in memory that spills nothing to disk and draws nothing on the screen."""
    with duckdb.connect(config=LIMITS) as db:
        db.execute("SET enable_progress_bar = false")
        yield db


def _table(db: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    found = db.sql(query)
    assert found is not None, "a SELECT has rows"
    table: pa.Table = found.to_arrow_table()
    return table


NONE = pa.table({
    "a": pa.array([], pa.string()), "b": pa.array([], pa.string()),
    "chance": pa.array([], pa.float64()), "weight": pa.array([], pa.float64()),
    "likeness": pa.array([], pa.list_(pa.int8())),
})  # fmt: skip
