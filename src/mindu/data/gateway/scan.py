"""A scan: what a query sees instead of a table, with masks, rows and groups applied below it."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mindu.data.catalog.dataset import Dataset, Field, Grade, Type
from mindu.data.collect.sift import WHO
from mindu.data.gateway.allow import check, refused
from mindu.data.gateway.shelf import COLLECTED
from mindu.data.grants.duties import Duties, Mask

WITNESS = "_subject"  # a column of ours beside those of the catalogue; no field is called so
SHARE = 0.5  # of a group's total that one person may make up; above, the total is left out
TYPES: Mapping[Type, str] = {
    "text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "truth": "BOOLEAN", "day": "DATE",
    "moment": "TIMESTAMP", "place": "VARCHAR",
}  # fmt: skip
_MASKS: Mapping[Mask, str] = {
    "hide": "CAST(NULL AS {type})",
    "clear": "{col}",
    "middle": "CASE WHEN length({col}) >= 7 THEN left({col}, 3) || '****' || right({col}, 4) "
    "WHEN {col} IS NOT NULL THEN '****' END",
    "last4": "CASE WHEN length({col}) >= 8 THEN '****' || right({col}, 4) "
    "WHEN {col} IS NOT NULL THEN '****' END",
    "initial": "left({col}, 1) || '**'",
    "year": "date_trunc('year', {col})",
    "month": "date_trunc('month', {col})",
    "hundred": "round({col} / 100) * 100",
    "token": "left(sha256({salt} || {col}), 16)",
}
_FIT: Mapping[Mask, frozenset[Type]] = {
    "middle": frozenset({"text"}), "last4": frozenset({"text"}), "initial": frozenset({"text"}),
    "token": frozenset({"text"}), "year": frozenset({"day", "moment"}),
    "month": frozenset({"day", "moment"}), "hundred": frozenset({"whole", "number"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scan:
    """One dataset as one ask may see it."""

    dataset: Dataset
    columns: Mapping[str, str]  # name -> type in SQL
    below: exp.Query  # stands in the table's place
    filtered: bool  # True: rows are left out, so nothing of them may be told by an error
    keys: tuple[str, ...] = ()  # groups alone are seen, by these
    measures: frozenset[str] = field(default_factory=frozenset)


def scan(
    dataset: Dataset, files: Sequence[Path], duties: Duties, *, who: Mapping[str, str],
    secret: bytes,
    witness: bool = False,
) -> Scan:  # fmt: skip
    """Return how a dataset is seen under some duties; `who` fills `:user` and `:department`.

    With a `witness`, each row also says whom it is about, for the receipt alone, and sealed fields
    go out as cells, for the gateway to open; else they are hidden, but for the subject's token.

    Raises:
        Refused: a duty does not fit the dataset, so nothing is shown.
    """
    fields = [f for f in dataset.fields if not duties.fields or f.name in duties.fields]
    asked = dict(duties.masks)
    how = {f.name: asked.get(f.name, _by_grade(f)) for f in fields}
    told = salt(who, secret)
    seen = {f.name: _masked(f, how[f.name], told) for f in fields}
    seen |= {f.name: _sealed(dataset, f, how[f.name], told, witness) for f in fields if f.sealed}
    source = source_of(dataset, files)
    where = " AND ".join(f"({_condition(dataset, row, who)})" for row in duties.rows)
    base = f"FROM {source} AS t" + (f" WHERE {where}" if where else "")
    if duties.group:
        return _groups(dataset, duties, seen, base, fields)
    columns = {f.name: "VARCHAR" if f.sealed else TYPES[f.type] for f in fields}
    if witness:
        seen |= {WITNESS: f"CAST({subject_of(dataset)} AS VARCHAR)"}
        columns |= {WITNESS: "VARCHAR"}
    shown = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in seen.items())
    return Scan(dataset, columns, _ours(f"SELECT {shown} {base}"), bool(where))


def salt(who: Mapping[str, str], secret: bytes) -> str:
    """Return what is mixed into the tokens that one asker sees."""
    return hmac.new(secret, "\n".join(who.values()).encode(), sha256).hexdigest()


def subject_of(dataset: Dataset) -> str:
    """Return the column that says whom a row is about, as the vault names them where sealed."""
    held = any(field.sealed for field in dataset.fields)
    return f"t.{identifier(WHO if held else dataset.subject)}"


def _sealed(dataset: Dataset, told: Field, how: Mask, salted: str, witness: object) -> str:
    if witness and how != "hide":
        return f"t.{identifier(told.name)}"
    if how == "token" and told.name == dataset.subject:
        return f"left(sha256({_text(salted)} || t.{identifier(WHO)}), 16)"
    return "CAST(NULL AS VARCHAR)"


def source_of(dataset: Dataset, files: Sequence[Path]) -> str:
    """Return the rows as they lie; moments that were collected stand there in epoch ms."""
    source = f"read_parquet([{', '.join(_text(str(path)) for path in files)}])"
    moments = [identifier(f.name) for f in dataset.fields if f.type == "moment" and not f.sealed]
    if not moments or not dataset.stored.startswith(COLLECTED):
        return source
    told = ", ".join(f"epoch_ms({name}) AS {name}" for name in moments)
    return f"(SELECT * REPLACE ({told}) FROM {source})"  # noqa: S608 - names are quoted


def _groups(
    dataset: Dataset, duties: Duties, seen: Mapping[str, str], base: str, fields: list[Field]
) -> Scan:
    """Return the groups that may be spoken of, as the only rows there are.

    Whatever is asked above comes to sums over whole groups of enough people, always the same
    groups, so neither joins nor CASE nor differences between answers come below one.
    """
    if missing := [key for key in duties.keys if key not in seen]:
        raise refused(f"groups by {missing[0]} cannot be made", "分组字段不可用")
    numbers = [
        f.name for f in fields
        if f.type in {"whole", "number"} and f.name not in duties.keys and not f.sealed
    ]  # fmt: skip
    open_ones = [n for n in numbers if not seen[n].startswith("CAST(NULL")]
    person = subject_of(dataset) if dataset.subject else "row_number() OVER ()"
    keys = [f"{seen[key]} AS {identifier(key)}" for key in duties.keys]
    raw = [*keys, f"{person} AS _who", *(f"{seen[n]} AS {identifier(n)}" for n in open_ones)]
    by = ", ".join(identifier(key) for key in duties.keys)
    each = [
        f"sum({identifier(n)}) AS {identifier(n)}, count({identifier(n)}) AS _c_{n}"
        for n in open_ones
    ]
    inner = ", ".join([by, "_who", "count(*) AS _n", *each])
    among = f"(SELECT {', '.join(raw)} {base})"
    one = f"(SELECT {inner} FROM {among} WHERE _who IS NOT NULL GROUP BY {by}, _who)"  # noqa: S608
    outer = [by, "count(*) AS people", f"{_even('_n')} AS rows"]
    columns = {key: TYPES[_field(dataset, key).type] for key in duties.keys}
    columns |= {"people": "BIGINT", "rows": "DOUBLE"}
    for n in open_ones:
        outer += [f"{_even(identifier(n))} AS {n}_sum", f"sum(_c_{n}) AS {n}_count"]
        columns |= {f"{n}_sum": "DOUBLE", f"{n}_count": "BIGINT"}
    enough = f"GROUP BY {by} HAVING count(*) >= {duties.group}"
    told = f"SELECT {', '.join(outer)} FROM {one} {enough}"  # noqa: S608 - as above
    return Scan(dataset, columns, _ours(told), True, duties.keys, frozenset(open_ones))  # noqa: FBT003


def _even(column: str) -> str:
    """Return a total that is left out where one person makes up too much of it."""
    return (
        f"CASE WHEN max(abs({column})) <= {SHARE} * sum(abs({column})) THEN sum({column}) "
        f"WHEN sum(abs({column})) = 0 THEN 0 END"
    )


def _by_grade(told: Field) -> Mask:
    return "hide" if told.grade >= Grade.SENSITIVE else "clear"


def _masked(told: Field, how: Mask, salted: str) -> str:
    if how in _FIT and told.type not in _FIT[how]:
        raise refused(f"{told.name} cannot be masked by {how}", f"{told.name} 不能按 {how} 脱敏")
    return _MASKS[how].format(
        col=f"t.{identifier(told.name)}", type=TYPES[told.type], salt=_text(salted)
    )


def _condition(dataset: Dataset, row: str, who: Mapping[str, str]) -> str:
    """Return a row condition of a policy, every column of it checked and named in full."""
    try:
        told = sqlglot.parse_one(row, read="duckdb", into=exp.Condition)
    except SqlglotError as wrong:
        raise refused(f"a policy's @rows cannot be read: {row}", "策略的 @rows 无法解析") from wrong
    for node in list(told.find_all(exp.Placeholder)):
        if str(node.this) not in who:
            raise refused(
                f"a policy's @rows knows :user and :department, not :{node.this}",
                "@rows 占位符未知",
            )
        node.replace(exp.Literal.string(who[str(node.this)]))
    check(told)
    if told.find(exp.Select, exp.AggFunc):
        raise refused("a policy's @rows compares fields and words alone", "@rows 只能比较字段")
    for column in told.find_all(exp.Column):
        if _field(dataset, column.name).sealed:
            raise refused(f"a policy's @rows asks for {column.name}, which is sealed",
                          f"@rows 不能用封存字段 {column.name}")  # fmt: skip
        column.set("table", exp.to_identifier("t"))
    return told.sql("duckdb", identify=True, comments=False)


def _field(dataset: Dataset, name: str) -> Field:
    found = dataset.field(name)
    if found is None:
        raise refused(f"{dataset.name} has no field {name}", f"{dataset.name} 没有字段 {name}")
    return found


def _ours(sql: str) -> exp.Query:
    told = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(told, exp.Query)
    return told


def identifier(told: str) -> str:
    """Return a name as SQL takes it, whatever it holds."""
    return exp.to_identifier(told, quoted=True).sql("duckdb")


def _text(told: str) -> str:
    return exp.Literal.string(told).sql("duckdb")
