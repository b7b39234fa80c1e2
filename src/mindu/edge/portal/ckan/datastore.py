"""The datastore: rows of an open table by filters, words, order and page, as CKAN's clients ask."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from sqlglot import exp

from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.allow import refused
from mindu.data.gateway.plan import tables
from mindu.data.grants.ask import User
from mindu.data.opening.opening import Opening
from mindu.edge.portal.ckan import packages
from mindu.edge.portal.portal import Portal

PAGE, MOST, DEEPEST = 100, 10_000, 1_000_000  # rows of one answer; rows that may be passed over
CONDITIONS, VALUES = 50, 200
_PAIR = re.compile(r'([\w.]+):\s*(?:"([^"]*)"|\(?"?([^\s")]+)"?\)?)')


class Asked(NamedTuple):
    """What to read of one table."""

    held: Opening
    fields: tuple[str, ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    words: str
    sort: tuple[tuple[str, bool], ...]  # field, whether downward
    limit: int
    offset: int
    total: bool
    lists: bool


def asked(held: Opening, args: dict[str, Any]) -> Asked:
    """Read what a client asked for.

    Raises:
        ValueError: a field is not there, or a number is none.
    """
    of = held.dataset
    fields = [_known(of, name) for name in _listed(args.get("fields"))]
    told = args.get("filters") or {}
    told = msgspec.json.decode(told) if isinstance(told, str) else told
    if not isinstance(told, dict) or len(told) > CONDITIONS:
        raise ValueError(f"filters is an object of at most {CONDITIONS} fields")
    filters = tuple(
        (_known(of, str(name)), tuple(str(v) for v in _listed(value, split=False)[:VALUES]))
        for name, value in told.items()
    )
    sort = [part.split() for part in _listed(args.get("sort"))]
    order = tuple((_known(of, s[0].strip('"')), s[-1].lower() == "desc") for s in sort if s)
    words = args.get("q") or ""
    return Asked(
        held, tuple(fields) or tuple(f.name for f in of.fields), filters,
        str(words)[:200] if isinstance(words, str) else "", order,
        min(_number(args.get("limit"), PAGE), MOST), _number(args.get("offset"), 0),
        str(args.get("include_total", True)).lower() not in {"false", "0"},
        args.get("records_format") == "lists",
    )  # fmt: skip


def search(told: Asked, portal: Portal, user: User, root: str) -> dict[str, Any]:
    """Return the rows, and how many there are in all."""
    of = told.held.dataset
    records: list[Any] = []
    if told.limit:
        found = portal.query(user, of.name, _rows(told)).rows
        records = found.to_pylist()
        records = [list(row.values()) for row in records] if told.lists else records
    url = f"{root}/api/3/action/datastore_search?resource_id={of.name}&limit={told.limit}"
    answer = {
        "resource_id": of.name, "fields": packages.columns(of, told.fields), "records": records,
        "limit": told.limit, "offset": told.offset, "include_total": told.total,
        "records_format": "lists" if told.lists else "objects",
        "_links": {"start": url, "next": f"{url}&offset={told.offset + told.limit}"},
    }  # fmt: skip
    if told.total:
        answer |= {"total": _total(told, portal, user), "total_was_estimated": False}
    return answer


def sql(told: str, portal: Portal, user: User) -> dict[str, Any]:
    """Return what SQL says of open tables; the gateway reads, checks and bounds it."""
    for name in sorted(tables(told)):
        portal.opening(name)
    found = portal.ask(user, told)
    fields = [{"id": name, "type": str(kind)} for name, kind in zip(
        found.rows.column_names, found.rows.schema.types, strict=True)]  # fmt: skip
    return {"sql": told, "fields": fields, "records": found.rows.to_pylist(),
            "records_truncated": found.more}  # fmt: skip


def pairs(told: str) -> Iterator[tuple[str, str]]:
    """Yield what stands as key:value in a filter of CKAN."""
    for found in _PAIR.finditer(told):
        yield found[1], found[2] if found[2] is not None else found[3]


def _total(told: Asked, portal: Portal, user: User) -> int:
    of = told.held.dataset
    count = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(exp.to_table(of.name))
    rows = portal.query(user, of.name, _where(count, told).sql("duckdb")).rows.to_pylist()
    return int(rows[0]["n"])


def _rows(told: Asked) -> str:
    of = told.held.dataset
    if not 0 <= told.offset <= DEEPEST:
        raise refused(f"offset is 0 to {DEEPEST}; filter instead", "offset 过大,请改用筛选")
    names = [_column(name) for name in told.fields]
    rows = _where(exp.select(*names).from_(exp.to_table(of.name)), told)
    for name, down in told.sort:
        rows = rows.order_by(exp.Ordered(this=_column(name), desc=down))
    return rows.limit(told.limit).offset(told.offset).sql("duckdb")


def _where(query: exp.Select, told: Asked) -> exp.Select:
    for name, values in told.filters:
        listed = [exp.Literal.string(value) for value in values]
        query = query.where(exp.In(this=_text(name), expressions=listed))
    if told.words:
        pattern = exp.Literal.string(f"%{told.words}%")
        texts = [f.name for f in told.held.dataset.fields if f.type == "text"]
        hits = [exp.ILike(this=_column(name), expression=pattern.copy()) for name in texts]
        query = query.where(exp.or_(*hits) if hits else exp.Boolean(this=False))
    return query


def _text(name: str) -> exp.Expr:
    return exp.TryCast(this=_column(name), to=exp.DataType.build("VARCHAR"))


def _known(of: Dataset, name: str) -> str:
    if of.field(name) is None:
        raise ValueError(f"{of.name} has no field {name[:63]!r}")
    return name


def _listed(told: Any, *, split: bool = True) -> list[Any]:  # noqa: ANN401 - JSON
    if told in (None, ""):
        return []
    if isinstance(told, list | tuple):
        return list(told)
    return [part.strip() for part in str(told).split(",")] if split else [told]


def _number(told: Any, other: int) -> int:  # noqa: ANN401 - JSON
    if told in (None, ""):
        return other
    if not str(told).isdigit():
        raise ValueError("limit and offset are natural numbers")
    return int(str(told))


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))
