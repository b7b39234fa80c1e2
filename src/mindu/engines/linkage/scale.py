"""A scale: how much each likeness weighs, learned once, so that two records always weigh the same.

Shares are learned by Splink from the records themselves where there are enough of them: those of
two subjects from random pairs, those of one by expectation maximisation inside blocks.
"""

import logging
from collections.abc import Mapping
from math import log2
from typing import Any, NamedTuple

import duckdb
import msgspec
import pyarrow as pa
import splink.comparison_level_library as levels
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from mindu.engines.linkage.model import Compared, Level, Model

ENOUGH = 2_000  # records from which on shares are learned
SAMPLE = 100_000  # records that are learned from at most
GROWN = 1.25  # times as many records, or so much fewer: it is learned anew
RANDOM = 1e6  # random pairs


class Scale(msgspec.Struct, frozen=True):
    """What was learned from some records: chances that hold until there are many more of them.

    `shares` has for each thing that is compared the shares of its levels and of none of them, of
    one subject and of two; `prior` is the weight of any pair (log2 of its odds).
    """

    records: int
    sample: int
    prior: float
    shares: dict[str, list[tuple[float, float]]]

    def fits(self, records: int) -> bool:
        """Say whether it still holds for so many records."""
        return self.records <= records * GROWN and records <= self.records * GROWN


class Learned(NamedTuple):
    """A scale, and how often the values of each column occur whose rare ones weigh more."""

    scale: Scale
    often: dict[str, dict[str, float]]


def rare(model: Model) -> list[str]:
    """Return the columns whose rare values weigh more."""
    return sorted({level.rare for one in model.compared for level in one.levels if level.rare})


def learned(model: Model, sample: pa.Table, total: int, *, seed: int) -> Learned:
    """Learn a scale from prepared records, a sample of `total` of them."""
    often = {}
    for name in rare(model):
        told = [value for value in sample[name].to_pylist() if value]
        counts: dict[str, int] = {}
        for value in told:
            counts[value] = counts.get(value, 0) + 1
        often[name] = {value: count / len(told) for value, count in counts.items()}
    chance = min(0.5, 2 * model.each / max(2, total))
    shares = {one.name: _declared(one) for one in model.compared}
    if sample.num_rows >= ENOUGH:
        shares = _trained(model, sample, chance, seed)
    prior = log2(chance / (1 - chance))
    return Learned(Scale(total, sample.num_rows, prior, shares), often)


def _declared(told: Compared) -> list[tuple[float, float]]:
    return [*((one.same, one.other) for one in told.levels), (told.same, told.other)]


def _trained(
    model: Model, sample: pa.Table, chance: float, seed: int
) -> dict[str, list[tuple[float, float]]]:
    config: dict[str, Any] = {"memory_limit": "2GB", "threads": "2", "temp_directory": ""}
    with duckdb.connect(config=config) as db:
        db.execute("SET enable_progress_bar = false")
        linker = linked(model, sample, chance, db)
        linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM, seed=seed)
        for block in model.train:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*block), fix_probability_two_random_records_match=True
            )
        return _told(model, linker)


def linked(
    model: Model, records: pa.Table, chance: float, db: duckdb.DuckDBPyConnection,
    shares: Mapping[str, list[tuple[float, float]]] | None = None,
) -> Linker:  # fmt: skip
    """Return Splink's own linker over prepared records, with the model's shares or learned ones."""
    told = shares or {one.name: _declared(one) for one in model.compared}
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(one, told[one.name]) for one in model.compared],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in model.blocks],
        probability_two_random_records_match=chance,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        linker_uid=model.name,
    )
    api = DuckDBAPI(connection=db)
    return Linker(api.register(records), settings, log_level=None, validate_settings=False)


def _told(model: Model, linker: Linker) -> dict[str, list[tuple[float, float]]]:
    """Return the shares that a linker has come to; a level that it never met keeps Splink's own."""
    found: dict[str, list[tuple[float, float]]] = {}
    for one, told in zip(model.compared, linker._settings_obj.comparisons, strict=True):  # noqa: SLF001
        real = [level for level in told.comparison_levels if not level.is_null_level]
        found[one.name] = [
            (float(level.m_probability or 0), float(level.u_probability or 0)) for level in real
        ]
    return found


def _comparison(told: Compared, shares: list[tuple[float, float]]) -> CustomComparison:
    nothing = levels.CustomLevel(told.missing, "missing").configure(is_null_level=True)
    same, other = shares[-1]
    none = levels.ElseLevel().configure(m_probability=same, u_probability=other)
    made = [_level(one, *share) for one, share in zip(told.levels, shares[:-1], strict=True)]
    return CustomComparison(output_column_name=told.name, comparison_levels=[nothing, *made, none])


def _level(told: Level, same: float, other: float) -> ComparisonLevelCreator:
    made = levels.CustomLevel(told.when, told.says)
    more: dict[str, Any] = {"tf_adjustment_column": told.rare} if told.rare else {}
    fixed: dict[str, Any] = {"fix_m_probability": True} if told.fixed else {}
    return made.configure(m_probability=same, u_probability=other, **more, **fixed)


logging.getLogger("splink").setLevel(logging.ERROR)
