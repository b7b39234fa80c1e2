"""A plan: a query as it was asked, checked part by part, over scans instead of tables."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from mindu.data.gateway.allow import AGGREGATES, LONGEST, Refused, check, refused
from mindu.data.gateway.scan import Scan

# What can fail on the value of a row; wrapped, it gives NULL and tells nothing.
RISKY = (
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Abs, exp.Substring,
    exp.DateDiff, exp.DateTrunc, exp.TimestampTrunc, exp.Extract, exp.Round, exp.Left, exp.Right,
)  # fmt: skip


_NAME = re.compile(r"\w{1,63}")


@lru_cache(maxsize=1_000)
def tables(sql: str) -> frozenset[str]:
    """Return the names that a query reads, other than its own.

    Raises:
        Refused: it is no query that may be asked.
    """
    tree = _parsed(sql)
    return frozenset(table.name.lower() for table in _read(tree))


def plan(sql: str, scans: Mapping[str, Scan], *, most: int | None) -> str:
    """Return the query to run: the one asked, over what may be seen, one row beyond `most`.

    Raises:
        Refused: names the first thing that may not be, or is not there.
    """
    tree = _parsed(sql)
    for scan in scans.values():
        if scan.keys:
            _spell_sums(tree, scan)
    known = {name: dict(scan.columns) for name, scan in scans.items()}
    for table in _read(tree):
        table.set("this", exp.to_identifier(table.name.lower(), quoted=True))
        if table.name not in scans:
            raise refused(f"there is no such table: {table.name[:63]}", f"没有表 {table.name[:63]}")
    told = _qualified(tree, known)
    check(told)
    _cast_softly(told)
    if any(scan.filtered for scan in scans.values()):
        _hush(told)
    for table in list(_read(told)):
        below = scans[table.name].below.copy()
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
        table.replace(exp.Subquery(this=below, alias=alias))
    _nothing_left(told)
    inner = told.sql("duckdb", identify=True, comments=False)
    if most is None:
        return inner
    return f"SELECT * FROM ({inner}) AS _asked LIMIT {most + 1}"  # noqa: S608 - every part was checked


def _parsed(sql: str) -> exp.Query:
    _plain(sql)
    try:
        found = sqlglot.parse(sql, read="duckdb")
    except (SqlglotError, RecursionError) as wrong:
        raise refused("this is no SQL that can be read", "无法解析该 SQL") from wrong
    told = [tree for tree in found if tree is not None]
    if len(told) != 1 or not isinstance(told[0], exp.Query):
        raise refused("ask one SELECT at a time", "一次只能提交一条 SELECT")
    tree = told[0]
    try:
        check(tree)
    except RecursionError as wrong:
        raise refused("the query is nested too deeply", "查询嵌套过深") from wrong
    for named in tree.find_all(exp.CTE, exp.TableAlias, exp.Alias):
        if named.alias_or_name and not _NAME.fullmatch(named.alias_or_name):
            raise refused(
                "name things by letters, digits and _ alone", "名称只能用文字、数字和下划线"
            )
    return tree


def _plain(sql: str) -> None:
    """Refuse text that does not read as it looks."""
    if not sql.strip() or len(sql) > LONGEST:
        raise refused(f"give 1 to {LONGEST} characters of SQL", f"SQL 须为 1 至 {LONGEST} 字符")
    for sign in sql:
        if sign in "\n\t\r " or (sign.isascii() and sign.isprintable()):
            continue
        if unicodedata.category(sign)[0] not in "LN" and not _written(sign):
            raise refused("a sign in it cannot be seen or is no letter", "SQL 含不可见或异常字符")
        if unicodedata.normalize("NFKC", sign) != sign:
            raise refused("a sign in it only looks like another; type it plainly", "SQL 含形近字符")


def _written(sign: str) -> bool:
    """Say whether a sign is the punctuation of Chinese text."""
    return sign in "、。·—…《》〈〉「」『』【】“”‘’"


def _read(tree: exp.Expr) -> Iterator[exp.Table]:
    """Yield the tables that are no WITH of the query itself, each by the scope it stands in."""
    for scope in traverse_scope(tree):
        for table in scope.tables:
            source = scope.sources.get(table.alias_or_name)
            if isinstance(source, exp.Table) or source is None:
                yield table


def _nothing_left(told: exp.Expr) -> None:
    """Hold that every table is a scan or a name of the query's own, wherever it stands."""
    own = {cte.alias for cte in told.find_all(exp.CTE)}
    for table in told.find_all(exp.Table):
        if not isinstance(table.this, exp.ReadParquet) and table.name not in own:
            raise refused(f"that may not be read there: {table.name[:63]}", "该处不允许读取此表")


def _qualified(tree: exp.Query, known: Mapping[str, Mapping[str, str]]) -> exp.Query:
    schema = MappingSchema({name: dict(cols) for name, cols in known.items()}, dialect="duckdb")
    try:
        told = qualify(tree, dialect="duckdb", schema=schema, identify=True)
    except SqlglotError as wrong:
        raise refused(
            f"a column cannot be found: {_first(str(wrong))}", f"字段不存在:{_first(str(wrong))}"
        ) from wrong
    except RecursionError as wrong:
        raise refused("the query is nested too deeply", "查询嵌套过深") from wrong
    assert isinstance(told, exp.Query)
    if any(not isinstance(star.parent, exp.Count) for star in told.find_all(exp.Star)):
        raise refused("name the columns, or write * alone", "请列出字段,或单独使用 *")
    for column in told.find_all(exp.Column):
        if not column.table and not isinstance(column.this, exp.Star):
            named = {one.alias for one in told.find_all(exp.Alias)}
            if column.name not in named:
                raise refused(f"there is no such column: {column.name[:63]}", "没有该字段")
    return told


def _first(told: str) -> str:
    return told.split(". Line", maxsplit=1)[0][:120]


def _cast_softly(tree: exp.Expr) -> None:
    """Let a value that cannot be cast come to NULL, not to an error that shows it."""
    for cast in list(tree.find_all(exp.Cast)):
        if type(cast) is exp.Cast:
            cast.replace(exp.TryCast(this=cast.this, to=cast.to))


def _hush(node: exp.Expr) -> None:
    """Wrap what can fail on a row's value, as far out as no aggregate stands inside."""
    if isinstance(node, RISKY) and not node.find(*AGGREGATES, exp.Query):
        node.replace(exp.Anonymous(this="TRY", expressions=[node.copy()]))
        return
    for child in list(node.iter_expressions()):
        _hush(child)


def _spell_sums(tree: exp.Query, scan: Scan) -> None:
    """Let count(*), sum and avg over a grouped table alone mean what they say: people's rows."""
    name = scan.dataset.name
    for select in list(tree.find_all(exp.Select)):
        source = select.args.get("from_")
        only = source.this if isinstance(source, exp.From) else None
        if not isinstance(only, exp.Table) or only.name != name or select.args.get("joins"):
            continue
        for found in list(select.find_all(exp.Count, exp.Sum, exp.Avg)):
            if found.parent_select is select:
                spelt = _spelt(found, scan.measures)
                if spelt is not None:
                    found.replace(spelt)


def _spelt(found: exp.Expr, measures: frozenset[str]) -> exp.Expr | None:
    inner = found.this
    if isinstance(found, exp.Count) and isinstance(inner, exp.Star):
        return _sql('coalesce(sum("rows"), 0)')
    if not isinstance(inner, exp.Column) or inner.name not in measures:
        return None
    n = inner.name
    total, count = f'sum("{n}_sum")', f'sum("{n}_count")'
    if isinstance(found, exp.Count):
        return _sql(f"coalesce({count}, 0)")
    return _sql(total if isinstance(found, exp.Sum) else f"{total} / nullif({count}, 0)")


def _sql(told: str) -> exp.Expr:
    return sqlglot.parse_one(told, read="duckdb")


__all__ = ["Refused", "plan", "tables"]
