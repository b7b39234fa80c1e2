"""Score: every pair that may be of one subject, with its weight, by Splink over DuckDB.

Shares are learned from the records themselves where there are enough of them: those of two
subjects from random pairs, those of one by expectation maximisation inside blocks.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as levels
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from mindu.engines.linkage.clean import cleaned
from mindu.engines.linkage.model import Compared, Level, Model

ENOUGH = 2_000  # records from which on shares are learned
RANDOM = 1e6  # random pairs
MOST_PAIRS = 50_000_000
LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "3GB", "threads": "2", "temp_directory": "",
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
    """Return the pairs whose chance is at least `floor`: a, b, chance, weight, and why.

    Raises:
        ValueError: so many pairs are to be met that the blocks of the model do not fit the records.
    """
    if records.num_rows < 2:
        return _NONE
    with engine() as db:
        return _scored(db, model, records, floor, seed)


@contextmanager
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine in memory that spills nothing to disk and draws nothing on the screen."""
    with duckdb.connect(config=LIMITS) as db:
        db.execute("SET enable_progress_bar = false")
        yield db


def _scored(
    db: duckdb.DuckDBPyConnection, model: Model, records: pa.Table, floor: float, seed: int
) -> pa.Table:
    api = DuckDBAPI(connection=db)
    _few_enough(db, model, records)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(one) for one in model.compared],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in model.blocks],
        probability_two_random_records_match=min(0.5, 2 * model.each / records.num_rows),
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        linker_uid=model.name,
    )
    linker = Linker(api.register(records), settings, log_level=None, validate_settings=False)
    if records.num_rows >= ENOUGH:
        _train(linker, model, seed)
    told = linker.inference.predict(threshold_match_probability=floor, warning_mode="never")
    gammas = ", ".join(f"gamma_{one.name}::TINYINT" for one in model.compared)
    return _table(
        db,
        "SELECT least(unique_id_l, unique_id_r) AS a, greatest(unique_id_l, unique_id_r) AS b, "  # noqa: S608
        f"match_probability AS chance, match_weight AS weight, [{gammas}] AS likeness "
        f"FROM {told.physical_name} ORDER BY weight DESC, a, b",
    )


def _table(db: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    found = db.sql(query)
    assert found is not None, "a SELECT has rows"
    table: pa.Table = found.to_arrow_table()
    return table


def _train(linker: Linker, model: Model, seed: int) -> None:
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM, seed=seed)
    for block in model.train:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*block), fix_probability_two_random_records_match=True
        )


def _few_enough(db: duckdb.DuckDBPyConnection, model: Model, records: pa.Table) -> None:
    db.register("records", records)
    for block in model.blocks:
        names = ", ".join(block)
        there = " AND ".join(f"{name} IS NOT NULL" for name in block)
        ((pairs,),) = db.execute(
            f"SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM records WHERE {there} "  # noqa: S608
            f"GROUP BY {names})"
        ).fetchall()
        if (pairs or 0) > MOST_PAIRS:
            raise ValueError(
                f"{pairs:.0f} pairs have the same {names}: is one value written for many?"
            )


def _comparison(told: Compared) -> CustomComparison:
    nothing = levels.CustomLevel(told.missing, "missing").configure(is_null_level=True)
    other = levels.ElseLevel().configure(m_probability=told.same, u_probability=told.other)
    made = [_level(one) for one in told.levels]
    return CustomComparison(output_column_name=told.name, comparison_levels=[nothing, *made, other])


def _level(told: Level) -> ComparisonLevelCreator:
    made = levels.CustomLevel(told.when, told.says)
    more: dict[str, Any] = {"tf_adjustment_column": told.rare} if told.rare else {}
    fixed: dict[str, Any] = {"fix_m_probability": True} if told.fixed else {}
    return made.configure(m_probability=told.same, u_probability=told.other, **more, **fixed)


_NONE = pa.table({
    "a": pa.array([], pa.string()), "b": pa.array([], pa.string()),
    "chance": pa.array([], pa.float64()), "weight": pa.array([], pa.float64()),
    "likeness": pa.array([], pa.list_(pa.int8())),
})  # fmt: skip
logging.getLogger("splink").setLevel(logging.ERROR)
