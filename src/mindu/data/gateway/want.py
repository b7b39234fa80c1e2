"""A want: rows of one table by field, condition and page, spelt as SQL by us."""

from typing import Literal, get_args

import msgspec
from sqlglot import exp

from mindu.data.catalog.dataset import Dataset, Field
from mindu.data.gateway.allow import refused
from mindu.data.gateway.scan import WITNESS

Compare = Literal["eq", "ne", "lt", "le", "gt", "ge"]
PAGE, DEEPEST = 10_000, 1_000_000  # rows of one page; rows that may be passed over
CONDITIONS = 50
_SIGNS = {"eq": exp.EQ, "ne": exp.NEQ, "lt": exp.LT, "le": exp.LTE, "gt": exp.GT, "ge": exp.GTE}
_DATES = {"day": "DATE", "moment": "TIMESTAMP"}


class Condition(msgspec.Struct, frozen=True):
    """One condition on a field."""

    field: str
    compare: Compare
    value: str


class Want(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of a table; no fields: all that may be seen."""

    dataset: str
    fields: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    order: str = ""
    limit: int = 100
    offset: int = 0
    subject: str = ""  # the person or firm it is about, as the dataset writes them


def condition(told: str) -> Condition:
    """Read "district.eq.350102".

    Raises:
        Refused: it is no condition.
    """
    field, _, rest = told.partition(".")
    compare, _, value = rest.partition(".")
    if compare not in get_args(Compare):
        raise refused(
            "write a condition as field.eq.value (eq ne lt le gt ge)", "条件写作 字段.eq.值"
        )
    return Condition(field, compare, value)  # type: ignore[arg-type]


def sql(want: Want, dataset: Dataset, *, witness: bool, most: int = PAGE) -> str:
    """Return the SQL of a want; with a `witness` also whom each row is about.

    Raises:
        Refused: a field is not there, or a number is out of bounds.
    """
    if not (0 < want.limit <= most and 0 <= want.offset <= DEEPEST):
        raise refused(f"limit is 1 to {most}, offset 0 to {DEEPEST}", "limit 或 offset 超出范围")
    if len(want.where) > CONDITIONS:
        raise refused(f"give at most {CONDITIONS} conditions", f"条件至多 {CONDITIONS} 个")
    names = [_known(dataset, name).name for name in want.fields]
    chosen: list[exp.Expr] = [_column(name) for name in names]
    told = exp.select(*(chosen or [exp.Star()]))
    if names and witness:
        told = told.select(_column(WITNESS))
    told = told.from_(exp.to_table(dataset.name))
    for one in want.where:
        found = _known(dataset, one.field)
        told = told.where(
            _SIGNS[one.compare](this=_column(one.field), expression=_value(found, one))
        )
    if want.subject:
        told = told.where(
            exp.EQ(this=_column(WITNESS), expression=exp.Literal.string(want.subject))
        )
    if want.order:
        name = want.order.removeprefix("-")
        down = want.order.startswith("-")
        told = told.order_by(exp.Ordered(this=_column(_known(dataset, name).name), desc=down))
    return told.limit(want.limit).offset(want.offset).sql("duckdb")


def _known(dataset: Dataset, name: str) -> Field:
    found = dataset.field(name)
    if found is None:
        raise refused(f"{dataset.name} has no such field: {name[:63]!r}", f"没有字段 {name[:63]!r}")
    return found


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _value(field: Field, one: Condition) -> exp.Expr:
    text = exp.Literal.string(one.value)
    if field.type in {"whole", "number"}:
        try:
            float(one.value)
        except ValueError as wrong:
            raise refused(f"{field.name} is a number", f"{field.name} 为数值") from wrong
        return exp.TryCast(this=text, to=exp.DataType.build("DOUBLE"))
    if field.type == "truth":
        return exp.Boolean(this=one.value.lower() == "true")
    if field.type in _DATES:
        return exp.TryCast(this=text, to=exp.DataType.build(_DATES[field.type]))
    return text
