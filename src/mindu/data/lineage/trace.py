"""Field by field: what a query makes its columns from, and the whole way back from a field."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.scope import Scope, traverse_scope

MOST_SQL = 100_000  # signs
DEEP = 50  # steps of a way back
ROWS = "*"  # the field of an edge that is of every field
CHOOSE = ("where", "having", "qualify", "group")  # clauses that decide which rows there are


class Edge(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A field was made from another: `same` if it is the very value, `made` if computed.

    `used` says that another field decides which rows there are: joined, filtered or grouped by;
    it stands for every field, as `ROWS`.
    """

    table: str
    field: str
    of_table: str
    of_field: str
    how: str = "same"


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """A derived table: its name, its query, and what each of its fields is made from."""

    name: str
    sql: str
    edges: tuple[Edge, ...]


class Step(NamedTuple):
    """One step of a way back, `deep` steps from the field that was asked about."""

    deep: int
    edge: Edge


def derived(name: str, sql: str, tables: Mapping[str, Iterable[str]]) -> Derived:
    """Trace every column of a query over known tables.

    Raises:
        ValueError: it is no single SELECT, or reads what is not known.
    """
    query = _select(sql)
    known = {table: dict.fromkeys(fields, "text") for table, fields in tables.items()}
    ctes = {cte.alias for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        if table.name not in known and table.name not in ctes:
            raise ValueError(f"{name} reads {table.name!r}, which the catalogue does not know")
    edges: set[Edge] = set()
    try:
        names = _columns(query, known)
        for column in names:
            root = lineage(column, query.copy(), schema=dict(known), dialect="duckdb")
            edges |= set(_edges(name, column, root))
        edges |= {Edge(name, ROWS, *of, "used") for of in _used(query, known)}
    except (SqlglotError, ValueError) as wrong:
        raise ValueError(f"the query of {name} cannot be traced: {wrong}") from None
    return Derived(name=name, sql=sql, edges=tuple(sorted(edges)))


def _select(sql: str) -> exp.Query:
    if len(sql) > MOST_SQL:
        raise ValueError(f"a query has at most {MOST_SQL} signs")
    try:
        told = [one for one in sqlglot.parse(sql, dialect="duckdb") if one is not None]
    except SqlglotError:
        raise ValueError("this is no SQL that can be read") from None
    if len(told) != 1 or not isinstance(told[0], exp.Query):
        raise ValueError("a derived table is one SELECT")
    return told[0]


def _columns(query: exp.Query, known: Mapping[str, Mapping[str, str]]) -> list[str]:
    from sqlglot.optimizer.qualify import qualify  # noqa: PLC0415 - loads slowly

    told = qualify(query.copy(), schema=dict(known), dialect="duckdb")
    assert isinstance(told, exp.Query)
    return list(told.named_selects)


def _used(query: exp.Query, known: Mapping[str, Mapping[str, str]]) -> set[tuple[str, str]]:
    """Return the fields of tables that decide which rows a query has."""
    from sqlglot.optimizer.qualify import qualify  # noqa: PLC0415 - loads slowly

    told = qualify(query.copy(), schema=dict(known), dialect="duckdb")
    found: set[tuple[str, str]] = set()
    for scope in traverse_scope(told):
        clauses = [scope.expression.args.get(name) for name in CHOOSE]
        clauses += [join.args.get("on") for join in scope.expression.args.get("joins") or ()]
        for clause in filter(None, clauses):
            for column in clause.find_all(exp.Column):
                found |= _roots(scope, column, 0)
    return found


def _roots(scope: Scope, column: exp.Column, deep: int) -> set[tuple[str, str]]:
    """Return the fields of tables that a column of a query comes from."""
    source = scope.sources.get(column.table)
    if isinstance(source, exp.Table):
        return {(source.name, column.name)}
    if source is None or deep > DEEP:  # of a query around this one, which has its own turn
        return set()
    whole = source.expression
    names = whole.named_selects if isinstance(whole, exp.Query) else []
    if column.name not in names:
        return set()
    place, found = names.index(column.name), set[tuple[str, str]]()
    for part in _parts(source):
        one = part.expression
        for inner in one.selects[place].find_all(exp.Column) if isinstance(one, exp.Query) else ():
            found |= _roots(part, inner, deep + 1)
    return found


def _parts(scope: Scope) -> list[Scope]:
    """Return the selects that a union is made of, one below the other."""
    parts: list[Scope] = scope.set_operation_scopes
    return [one for part in parts for one in _parts(part)] or [scope]


def _edges(table: str, column: str, root: Node) -> Iterator[Edge]:
    """Yield what a column comes from: the leaves of its tree that are fields of tables."""
    for node in root.walk():
        leaf = node.expression
        if isinstance(leaf, exp.Table) and "." in node.name:
            field = node.name.rpartition(".")[2].strip('"')
            how = "same" if _plain(root) else "made"
            yield Edge(table, column, leaf.name, field, how)


def _plain(root: Node) -> bool:
    """Say whether every step of the way only names the column anew."""
    return all(
        isinstance(node.expression.unalias(), exp.Column)
        for node in root.walk()
        if not isinstance(node.expression, exp.Table)
    )


def back(edges: Iterable[Edge], table: str, field: str = "") -> list[Step]:
    """Return the way back from a field, or from all fields of a table, nearest first."""
    made: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        made.setdefault((edge.table, edge.field), []).append(edge)
    begin = {key for key in made if key[0] == table and field in {"", key[1]}}
    waiting = [(0, key) for key in sorted(begin | ({(table, field)} if field else set()))]
    seen, found = set(), []
    while waiting:
        deep, key = waiting.pop(0)
        for edge in _of(made, key):
            if edge not in seen and deep < DEEP:
                seen.add(edge)
                found.append(Step(deep, edge))
                waiting.append((deep + 1, (edge.of_table, edge.of_field)))
    return found


def _of(made: Mapping[tuple[str, str], list[Edge]], key: tuple[str, str]) -> list[Edge]:
    """Return the edges of a field, with those of the rows that it stands in."""
    table, field = key
    if field == ROWS:
        return [edge for (name, _), some in made.items() if name == table for edge in some]
    return [*made.get(key, ()), *made.get((table, ROWS), ())]


def onward(edges: Iterable[Edge], table: str, field: str = "") -> list[Step]:
    """Return what was made from a field, or from any field of a table, nearest first."""
    turned = [Edge(e.of_table, e.of_field, e.table, e.field, e.how) for e in edges]
    return back(turned, table, field)
