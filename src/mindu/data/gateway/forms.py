"""Forms: an answer as CSV, JSON or Parquet."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

FORMULA = frozenset("=+-@\t\r")  # a spreadsheet would run a cell that begins so


def as_csv(rows: pa.Table) -> bytes:
    """Return rows as UTF-8 CSV with a byte-order mark; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(name) for name in rows.column_names])
    for batch in rows.to_batches(10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            writer.writerow([_cell(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_json(rows: pa.Table) -> bytes:
    """Return rows as a JSON list of objects."""
    return msgspec.json.encode(rows.to_pylist())


def as_parquet(rows: pa.Table) -> bytes:
    """Return rows as Parquet."""
    out = io.BytesIO()
    pq.write_table(rows, out, compression="zstd")
    return out.getvalue()


FORMS: Mapping[str, tuple[str, Callable[[pa.Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "parquet": ("application/vnd.apache.parquet", as_parquet),
}


def _cell(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and value[:1] in FORMULA:
        return f"'{value}"
    return value
