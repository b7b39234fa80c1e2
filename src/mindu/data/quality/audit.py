"""An audit: every rule held against the rows of a table, and a profile of its fields.

Queries are made of quoted names and bound values only, and run in a DuckDB that cannot leave the
files it is given. Nothing that names a person comes out: counts, lengths, bounds of numbers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import duckdb

from mindu.data.collect.declare import span
from mindu.data.quality.rules import Report, Result, Rule, plausible

SOME = 5  # broken rows that are named
LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "1GB", "threads": "2"}
Value = float | int | str | list[str]


class Field(NamedTuple):
    """What a field is like: bounds of numbers, lengths of words."""

    name: str
    type: str
    rows: int
    missing: int
    distinct: int  # about
    low: float | None
    high: float | None
    mean: float | None
    longest: int | None


class Look(NamedTuple):
    """When an audit looks (epoch ms), at which pull, and when that came; 0: none."""

    now: int
    pull: int = 0
    pulled: int = 0


class Table:
    """The files of one table, opened for asking."""

    def __init__(self, files: Sequence[str]) -> None:
        """Open them."""
        self._db = duckdb.connect(config=LIMITS)
        if files:
            told = self._db.read_parquet(list(files))
            if "_row" not in told.columns:
                told = told.project('*, row_number() OVER () AS "_row"')
            told.create_view("rows")
        else:
            self._db.execute('CREATE VIEW rows AS SELECT 0 AS "_row" WHERE false')
        types = self._db.execute("DESCRIBE rows").fetchall()
        self.types = {str(row[0]): str(row[1]) for row in types}

    def close(self) -> None:
        """Close them."""
        self._db.close()

    def one(self, query: str, values: Sequence[Value] = ()) -> tuple[float | int | None, ...]:
        """Return the one row of an answer."""
        found = self._db.execute(query, list(values)).fetchone()
        assert found is not None
        return tuple(found)

    def rows(self, where: str, values: Sequence[Value]) -> tuple[int, ...]:
        """Return the numbers of some rows."""
        query = f'SELECT "_row" FROM rows WHERE {where} ORDER BY 1 LIMIT {SOME}'  # noqa: S608
        return tuple(int(row[0]) for row in self._db.execute(query, list(values)).fetchall())

    def count(self) -> int:
        """Count the rows."""
        return int(self.one("SELECT count(*) FROM rows")[0] or 0)


def audit(
    dataset: str,
    files: Sequence[str],
    rules: Sequence[Rule],
    before: Sequence[Report],
    look: Look,
) -> Report:
    """Hold all rules against a table; `before` are earlier audits.

    Raises:
        ValueError: a rule names a field that is not there.
    """
    table = Table(files)
    try:
        for rule in rules:
            missing = [n for n in (rule.field, rule.other) if n and n not in table.types]
            if missing and files:
                raise ValueError(f"{rule.name}: {dataset} has no field {missing[0]!r}")
        rows = table.count()
        means = _means(table, rules)
        results = []
        for rule in rules:
            if rule.of == "fresh":
                results.append(_fresh(table, rule, look))
            elif rule.of == "plausible":
                results.append(_plausible(rule, rows, means, before))
            elif files:
                results.append(_by_row(table, rule, rows))
    finally:
        table.close()
    return Report(
        dataset=dataset, at=look.now, pull=look.pull, rows=rows, results=tuple(results), means=means
    )


def _by_row(table: Table, rule: Rule, rows: int) -> Result:
    where, values = broken(rule)
    count = int(table.one(f"SELECT count(*) FROM rows WHERE {where}", values)[0] or 0)  # noqa: S608
    return Result(
        rule=rule.name, of=rule.of, field=rule.field, checked=rows, broken=count,
        held=rows == 0 or 1 - count / rows >= rule.least, weight=rule.weight,
        rows=table.rows(where, values) if count else (),
    )  # fmt: skip


def broken(rule: Rule) -> tuple[str, list[Value]]:
    """Return the condition that rows breaking a rule meet, and the values bound in it."""
    name = quoted(rule.field)
    if rule.of == "complete":
        return f"({name} IS NULL OR trim(CAST({name} AS VARCHAR)) = '')", []
    if rule.of == "consistent":
        other = quoted(rule.other)
        return (
            f"({name} IS NOT NULL AND {other} IS NOT NULL AND NOT ({name} {rule.sign} {other}))",
            [],
        )
    if rule.of == "unique":
        twice = f"SELECT {name} FROM rows GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
        return f"{name} IN ({twice})", []
    parts: list[str] = []
    values: list[Value] = []
    for sign, bound in (("<", rule.low), (">", rule.high)):
        if bound is not None:
            parts.append(f"{name} {sign} ?")
            values.append(bound)
    if rule.pattern:
        parts.append(f"NOT regexp_full_match(CAST({name} AS VARCHAR), ?)")
        values.append(rule.pattern)
    if rule.among:
        parts.append(f"NOT list_contains(?, CAST({name} AS VARCHAR))")
        values.append(list(rule.among))
    return f"({' OR '.join(parts) or 'false'})", values


def _fresh(table: Table, rule: Rule, look: Look) -> Result:
    newest: float | int | None = look.pulled or None
    if rule.field and rule.field in table.types:
        newest = table.one(f"SELECT max({quoted(rule.field)}) FROM rows")[0]  # noqa: S608
    age = (look.now - newest) / 1000 if newest is not None else None
    late = age is None or age > span(rule.within).total_seconds()
    return Result(
        rule=rule.name, of=rule.of, field=rule.field, checked=1, broken=int(late), held=not late,
        weight=rule.weight, value=age,
    )  # fmt: skip


def _plausible(rule: Rule, rows: int, means: dict[str, float], before: Sequence[Report]) -> Result:
    if rule.field:
        value = means.get(rule.field)
        past = [one.means[rule.field] for one in before if rule.field in one.means]
    else:
        value, past = float(rows), [float(one.rows) for one in before]
    good = value is not None and plausible(value, past)
    return Result(
        rule=rule.name, of=rule.of, field=rule.field, checked=1, broken=int(not good), held=good,
        weight=rule.weight, value=value,
    )  # fmt: skip


def _means(table: Table, rules: Sequence[Rule]) -> dict[str, float]:
    found = {}
    for name in {rule.field for rule in rules if rule.of == "plausible" and rule.field}:
        if name in table.types:
            value = table.one(f"SELECT avg(CAST({quoted(name)} AS DOUBLE)) FROM rows")[0]  # noqa: S608
            if value is not None:
                found[name] = float(value)
    return found


def profile(files: Sequence[str]) -> list[Field]:
    """Return what each field of a table is like."""
    table = Table(files)
    found = []
    try:
        for name, type_ in table.types.items():
            if not name.startswith("_"):
                found.append(_field(table, name, type_))
    finally:
        table.close()
    return found


def _field(table: Table, name: str, type_: str) -> Field:
    column = quoted(name)
    number = type_ in {"BIGINT", "DOUBLE", "INTEGER"}
    more = (
        f"min({column}), max({column}), avg({column}), NULL"
        if number
        else (f"NULL, NULL, NULL, max(length(CAST({column} AS VARCHAR)))")
    )
    told = table.one(
        f"SELECT count(*), count(*) - count({column}), approx_count_distinct({column}), {more} "  # noqa: S608
        "FROM rows"
    )
    rows, missing, distinct, low, high, mean, longest = told
    return Field(
        name, type_, int(rows or 0), int(missing or 0), int(distinct or 0), low, high, mean,
        None if longest is None else int(longest),
    )  # fmt: skip


def quoted(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
