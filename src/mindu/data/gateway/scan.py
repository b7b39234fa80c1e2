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
    assert not duties.group, "what is given in groups has a scan of its own"
    seen = seen_of(dataset, masks_of(dataset, duties), who, secret, witness=witness)
    columns = {f.name: "VARCHAR" if f.sealed else TYPES[f.type]
               for f in dataset.fields if f.name in seen}  # fmt: skip
    if witness:
        seen |= {WITNESS: f"CAST({subject_of(dataset)} AS VARCHAR)"}
        columns |= {WITNESS: "VARCHAR"}
    shown = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in seen.items())
    base = rows_of(dataset, duties, who, source_of(dataset, files))
    return Scan(dataset, columns, ours(f"SELECT {shown} {base}"), bool(duties.rows))


def masks_of(dataset: Dataset, duties: Duties) -> dict[str, Mask]:
    """Return how each field that may be seen is masked."""
    asked = dict(duties.masks)
    return {f.name: asked.get(f.name, _by_grade(f)) for f in dataset.fields
            if not duties.fields or f.name in duties.fields}  # fmt: skip


def seen_of(
    dataset: Dataset, how: Mapping[str, Mask], who: Mapping[str, str], secret: bytes, *,
    witness: bool = False,
) -> dict[str, str]:  # fmt: skip
    """Return what stands for each field that may be seen."""
    told = salt(who, secret)
    return {
        f.name: _sealed(dataset, f, how[f.name], told, witness)
        if f.sealed else _masked(f, how[f.name], told)
        for f in dataset.fields if f.name in how
    }  # fmt: skip


def rows_of(dataset: Dataset, duties: Duties, who: Mapping[str, str], source: str) -> str:
    """Return from where the rows come, those alone that the duties leave."""
    where = " AND ".join(f"({_condition(dataset, row, who)})" for row in duties.rows)
    return f"FROM {source} AS t" + (f" WHERE {where}" if where else "")


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


def ours(sql: str) -> exp.Query:
    """Return a query of our own as a tree."""
    told = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(told, exp.Query)
    return told


def identifier(told: str) -> str:
    """Return a name as SQL takes it, whatever it holds."""
    return exp.to_identifier(told, quoted=True).sql("duckdb")


def _text(told: str) -> str:
    return exp.Literal.string(told).sql("duckdb")
