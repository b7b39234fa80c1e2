"""A derived table as it is stored: its query run once, its fields typed by what came of it."""

from collections.abc import Mapping

import msgspec
import pyarrow as pa

from mindu.data.catalog.dataset import Dataset, Type
from mindu.data.collect.sift import WHO
from mindu.data.lineage.trace import Derived
from mindu.data.vault import CELL

_TYPES: tuple[tuple[str, Type, pa.DataType | None], ...] = (
    ("bool", "truth", None), ("int", "whole", pa.int64()), ("uint", "whole", pa.int64()),
    ("decimal", "number", pa.float64()), ("float", "number", pa.float64()),
    ("double", "number", pa.float64()), ("date", "day", None),
    ("timestamp", "moment", pa.timestamp("us")),
)  # fmt: skip


def kept(told: Derived, tables: Mapping[str, Dataset]) -> dict[str, str]:
    """Return the sealed fields of a derived table, and the sealed field that each one is.

    Raises:
        ValueError: a field is computed from a sealed one.
    """
    found: dict[str, str] = {}
    for edge in told.edges:
        source = tables[edge.of_table].field(edge.of_field)
        if source is None or not source.sealed or edge.how == "used":
            continue
        if edge.how != "same":
            raise ValueError(
                f"{told.name}.{edge.field} is computed from {edge.of_table}.{edge.of_field}, "
                "which is sealed: take it as it is, or leave it out"
            )
        found[edge.field] = f"{edge.of_table}.{edge.of_field}"
    return found


def stored(
    told: Derived, dataset: Dataset, rows: pa.Table, tables: Mapping[str, Dataset]
) -> tuple[Dataset, pa.Table]:
    """Return how the catalogue lists the table now, and its rows as they are stored.

    A row with cells is about whom its first cell is about; its subject is the field that is the
    subject of the table it comes from.

    Raises:
        ValueError: a field is computed from a sealed one.
    """
    sealed = kept(told, tables)
    fields = []
    for field in dataset.fields:
        of: Type = "text"
        column = rows[field.name]
        for begin, type_, cast in _TYPES:
            if str(column.type).startswith(begin):
                of = type_
                column = column if cast is None else column.cast(cast, safe=False)
                break
        place = rows.column_names.index(field.name)
        rows = rows.set_column(place, field.name, column)
        fields.append(msgspec.structs.replace(field, type=of, sealed=field.name in sealed))
    subject = _subject(told, tables)
    if sealed:
        columns = [rows[name].to_pylist() for name in sealed]
        who = [_who(cells) for cells in zip(*columns, strict=True)]
        rows = rows.append_column(WHO, pa.array(who, pa.string()))
        subject = subject or next(iter(sealed))
    return msgspec.structs.replace(
        dataset, fields=tuple(fields), subject=subject, stored=f"file:{told.name}.parquet"
    ), rows


def _subject(told: Derived, tables: Mapping[str, Dataset]) -> str:
    """Return the field that is, unchanged, the subject of a table that is read."""
    for edge in told.edges:
        if edge.how == "same" and tables[edge.of_table].subject == edge.of_field:
            return edge.field
    return ""


def _who(cells: tuple[str | None, ...]) -> str | None:
    cell = next((one for one in cells if one is not None), None)
    return None if cell is None else cell.removeprefix(CELL).partition(".")[0]
