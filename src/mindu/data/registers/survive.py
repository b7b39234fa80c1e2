"""Survivorship: of what several sources say of one subject, which value is taken, and why."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from mindu.data.registers.declare import Feed, Register, Rule

# What decides, in this order; a code whose check sign holds goes before all.
_ORDER: Mapping[Rule, str] = {
    "authority": "rank, changed DESC, agreed DESC, length(value) DESC",
    "newest": "changed DESC, rank, agreed DESC, length(value) DESC",
    "fullest": "length(value) DESC, rank, changed DESC, agreed DESC",
    "agreed": "agreed DESC, rank, changed DESC, length(value) DESC",
}
LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "2GB", "threads": "2", "temp_directory": "",
}  # fmt: skip


def survivors(
    register: Register, records: pa.Table, feeds: Sequence[Feed], sound: Mapping[str, pa.Array]
) -> pa.Table:
    """Return what is taken: subject, trait, value, and its origin.

    `records` name their subject; `sound` says by trait which values' check signs hold. Columns:
    `record`, `source`, `changed` (epoch ms), `rank`, `agreed` (records that say the same),
    `told` (records that say anything), `values` (different ones), `rule`.
    """
    with _engine() as db:
        found = [_one(db, register, trait.name, records, feeds, sound) for trait in register.traits]
    return pa.concat_tables(found).combine_chunks()


def _one(
    db: duckdb.DuckDBPyConnection, register: Register, name: str, records: pa.Table,
    feeds: Sequence[Feed], sound: Mapping[str, pa.Array],
) -> pa.Table:  # fmt: skip
    rule = register.trait(name).rule
    ranks = pa.table({
        "source": pa.array([feed.source for feed in feeds], pa.string()),
        "rank": pa.array([feed.rank(name) for feed in feeds], pa.int32()),
    })  # fmt: skip
    good = sound.get(name)
    columns: dict[str, Any] = {
        one: records[one] for one in ("subject", "record", "source", "changed")
    }
    columns["value"] = records[name]
    columns["sound"] = pa.array([False] * records.num_rows, pa.bool_()) if good is None else good
    db.register("told", pa.table(columns))
    db.register("ranks", ranks)
    query = f"""
        SELECT subject, '{name}' AS trait, value, record, source, changed, rank,
            agreed::INTEGER AS agreed, told::INTEGER AS told, "values"::INTEGER AS "values",
            '{rule}' AS rule
        FROM (
            SELECT *, row_number() OVER (PARTITION BY subject
                ORDER BY sound DESC, {_ORDER[rule]}, value, record) AS place
            FROM (
                SELECT told.*, rank, count(*) OVER (PARTITION BY subject) AS told,
                    count(*) OVER (PARTITION BY subject, value) AS agreed,
                    count(DISTINCT value) OVER (PARTITION BY subject) AS "values"
                FROM told JOIN ranks USING (source) WHERE value IS NOT NULL
            )
        ) WHERE place = 1 ORDER BY subject
    """  # noqa: S608 - names and rules are declared by us
    return _asked(db, query)


@contextmanager
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine in memory that spills nothing to disk and draws nothing on the screen."""
    with duckdb.connect(config=LIMITS) as db:
        db.execute("SET enable_progress_bar = false")
        yield db


def _asked(db: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    found = db.sql(query)
    assert found is not None, "a SELECT has rows"
    table: pa.Table = found.to_arrow_table()
    return table


def wide(register: Register, records: pa.Table, taken: pa.Table) -> pa.Table:
    """Return one row a subject: what is taken of each trait, of how many records, from where."""
    told = ", ".join(
        f"max(value) FILTER (trait = '{trait.name}') AS {trait.name}" for trait in register.traits
    )
    with _engine() as db:
        db.register("records", records)
        db.register("taken", taken)
        return _asked(
            db,
            f"SELECT subject, {told}, any_value(n)::BIGINT AS records, "  # noqa: S608 - as above
            "any_value(s)::BIGINT AS sources, max(changed)::BIGINT AS changed FROM taken JOIN "
            "(SELECT subject, count(*) AS n, count(DISTINCT source) AS s FROM records GROUP BY 1) "
            "USING (subject) GROUP BY subject ORDER BY subject",
        )
