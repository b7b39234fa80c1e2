"""Risk: how alike the people of a table are, by what is declared to tell who somebody may be.

k-anonymity (L. Sweeney, 2002): each combination of the quasi-identifiers is shared by at least k
people. l-diversity (A. Machanavajjhala and others, 2007), its distinct form: among those who share
one, each delicate field has at least l values.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from mindu.base.records import Words
from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.scan import identifier, source_of

K, L = 5, 2  # least people alike, least values among them; a city may ask for more, not for less
HIGHEST = 1_000
MOST_QUASI = 12  # quasi-identifiers of one table; each more makes the groups smaller

Run = Callable[[str], pa.Table]
Files = Sequence[Path]


class Measured(NamedTuple):
    """What was found: the least of each, and how many rows and groups fall short."""

    rows: int
    people: int  # fewest alike; 0: nothing to be alike by
    few_rows: int
    few_groups: int
    kinds: dict[str, int]  # delicate field -> fewest values
    flat_rows: dict[str, int]  # delicate field -> rows of groups with too few values


class Asked(NamedTuple):
    """What to measure: by which fields people are told, what is delicate, how much is enough."""

    quasi: tuple[str, ...]
    delicate: tuple[str, ...] = ()
    k: int = K
    l: int = L  # noqa: E741 - as the measure is called
    subject: str = ""  # column that says whom a row is about; none: each row is somebody else


def measured(dataset: Dataset, files: Files, asked: Asked, run: Run) -> Measured:
    """Measure the rows as they lie; people are counted by the subject where one is named."""
    source = source_of(dataset, files)
    if not asked.quasi:
        rows = run(f"SELECT count(*) AS n FROM {source} AS t").to_pylist()[0]["n"]  # noqa: S608
        return Measured(int(rows), 0, 0, 0, {}, {})
    told = run(_sql(source, asked)).to_pylist()[0]
    kinds = {name: int(told[f"least_{i}"] or 0) for i, name in enumerate(asked.delicate)}
    flat = {name: int(told[f"flat_{i}"] or 0) for i, name in enumerate(asked.delicate)}
    return Measured(
        int(told["rows"] or 0), int(told["people"] or 0), int(told["few_rows"] or 0),
        int(told["few_groups"] or 0), kinds, flat,
    )  # fmt: skip


def wanting(
    dataset: Dataset, found: Measured, asked: Asked, without: dict[str, int]
) -> list[Words]:
    """Return what is wrong with so many people alike, in words: which columns, how many rows.

    `without` says how many rows would still fall short if one column were left out.
    """
    said = []
    if found.few_rows:
        en, zh = (_spoken(dataset, asked.quasi, lang) for lang in ("en", "zh"))
        hints_en = "; ".join(f"without {name} {n}" for name, n in without.items())
        hints_zh = "、".join(f"去掉 {name} 后 {n} 行" for name, n in without.items())
        said.append(Words(
            f"{found.few_rows} of {found.rows} rows are of fewer than {asked.k} people alike by "
            f"{en} ({found.few_groups} groups, the smallest of {found.people}). Leave a column out "
            f"or make it coarser: {hints_en or 'there is only this one'}",
            f"{found.rows} 行中有 {found.few_rows} 行按 {zh} 组合后不足 {asked.k} 人相同"
            f"(共 {found.few_groups} 组,最小 {found.people} 人)。请去掉或概化某列:"
            f"{hints_zh or '仅此一列'}",
        ))  # fmt: skip
    for name, rows in found.flat_rows.items():
        if rows:
            en, zh = (_spoken(dataset, asked.quasi, lang) for lang in ("en", "zh"))
            said.append(Words(
                f"{rows} of {found.rows} rows stand among people alike by {en} of whom {name} has "
                f"fewer than {asked.l} values: who knows somebody there knows their {name}. Leave "
                f"{name} out, or make {en} coarser",
                f"{found.rows} 行中有 {rows} 行,按 {zh} 相同的人中 {name} 不足 {asked.l} 种取值,"
                f"可由此推知其 {name}。请去掉 {name} 或概化 {zh}",
            ))  # fmt: skip
    return said


def lessened(dataset: Dataset, files: Files, asked: Asked, run: Run) -> dict[str, int]:
    """Return how many rows would still fall short with each one of the columns left out."""
    if len(asked.quasi) < 2:
        return {}
    found = {}
    for name in asked.quasi:
        rest = asked._replace(quasi=tuple(q for q in asked.quasi if q != name), delicate=())
        found[name] = measured(dataset, files, rest, run).few_rows
    return found


def _sql(source: str, asked: Asked) -> str:
    by = ", ".join(f"t.{identifier(name)}" for name in asked.quasi)
    people = f"count(DISTINCT t.{identifier(asked.subject)})" if asked.subject else "count(*)"
    each = "".join(
        f", count(DISTINCT coalesce(CAST(t.{identifier(name)} AS VARCHAR), '')) AS d{i}"
        for i, name in enumerate(asked.delicate)
    )
    outer = "".join(
        f", min(d{i}) AS least_{i}, sum(CASE WHEN d{i} < {asked.l} THEN n ELSE 0 END) AS flat_{i}"
        for i in range(len(asked.delicate))
    )
    inner = f"SELECT count(*) AS n, {people} AS p{each} FROM {source} AS t GROUP BY {by}"  # noqa: S608 - names are quoted by us
    return (
        f"SELECT sum(n) AS rows, min(p) AS people, count(*) FILTER (p < {asked.k}) AS few_groups, "  # noqa: S608
        f"sum(CASE WHEN p < {asked.k} THEN n ELSE 0 END) AS few_rows{outer} FROM ({inner})"
    )


def _spoken(dataset: Dataset, names: Sequence[str], lang: str) -> str:
    told = []
    for name in names:
        field = dataset.field(name)
        meaning = "" if field is None else (field.meaning.zh if lang == "zh" else field.meaning.en)
        told.append(f"{name} ({meaning})" if meaning and meaning != name else name)
    return (" + " if lang == "en" else "、").join(told)
