"""Forms: an answer as CSV, JSON, Parquet or GeoJSON, piece by piece; no file is held whole."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

# A spreadsheet would run a cell that begins so; those of East Asian keyboards too.
FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
STEP = 10_000  # rows of one piece
LONGITUDES, LATITUDES = ("lon", "lng", "longitude"), ("lat", "latitude")
GEOMETRY = ("geometry", "geom")

Pieces = Callable[[pa.Table], Iterator[bytes]]


def csv_pieces(rows: pa.Table) -> Iterator[bytes]:
    """Yield rows as UTF-8 CSV with a byte-order mark; no cell is a formula."""
    yield b"\xef\xbb\xbf" + _csv([[_cell(name) for name in rows.column_names]])
    for batch in rows.to_batches(STEP):
        columns = (column.to_pylist() for column in batch.columns)
        yield _csv([[_cell(value) for value in row] for row in zip(*columns, strict=True)])


def json_pieces(rows: pa.Table) -> Iterator[bytes]:
    """Yield rows as a JSON list of objects."""
    yield b"["
    before = b""
    for batch in rows.to_batches(STEP):
        told = batch.to_pylist()
        if told:
            yield before + msgspec.json.encode(told)[1:-1]
            before = b","
    yield b"]"


def parquet_pieces(rows: pa.Table) -> Iterator[bytes]:
    """Yield rows as Parquet, one row group after the other."""
    out = _Drained()
    with pq.ParquetWriter(out, rows.schema, compression="zstd") as writer:
        for batch in rows.to_batches(STEP * 10):
            writer.write_batch(batch)
            yield out.taken()
    yield out.taken()


def geojson_pieces(rows: pa.Table) -> Iterator[bytes]:
    """Yield rows as features in longitude and latitude (WGS 84); one without a place has none."""
    where = placed(rows.column_names)
    assert where, "only rows with a place are features"
    yield b'{"type":"FeatureCollection","features":['
    before = b""
    for batch in rows.to_batches(STEP):
        told = [_feature(row, where) for row in batch.to_pylist()]
        if told:
            yield before + msgspec.json.encode(told)[1:-1]
            before = b","
    yield b"]}"


FORMS: Mapping[str, tuple[str, Pieces]] = {
    "csv": ("text/csv; charset=utf-8", csv_pieces),
    "json": ("application/json", json_pieces),
    "parquet": ("application/vnd.apache.parquet", parquet_pieces),
    "geojson": ("application/geo+json", geojson_pieces),
}


def forms_of(names: list[str]) -> tuple[str, ...]:
    """Return the forms that rows of these columns can take."""
    return tuple(form for form in FORMS if form != "geojson" or placed(names))


def placed(names: list[str]) -> tuple[str, ...]:
    """Return the columns that say where a row is: longitude and latitude, or one of GeoJSON."""
    whole = next((name for name in names if name in GEOMETRY), "")
    if whole:
        return (whole,)
    east = next((name for name in LONGITUDES if name in names), "")
    north = next((name for name in LATITUDES if name in names), "")
    return (east, north) if east and north else ()


def as_csv(rows: pa.Table) -> bytes:
    """Return rows as one CSV."""
    return b"".join(csv_pieces(rows))


class _Drained(io.RawIOBase):
    """A file that gives away what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._held, self._at = bytearray(), 0

    def writable(self) -> bool:  # type: ignore[explicit-override]
        return True

    def write(self, told: Any) -> int:  # type: ignore[explicit-override]  # noqa: ANN401
        self._held += told
        self._at += len(told)
        return len(told)

    def tell(self) -> int:  # type: ignore[explicit-override]
        return self._at

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        found = bytes(self._held)
        self._held.clear()
        return found


def _feature(row: dict[str, Any], where: tuple[str, ...]) -> dict[str, Any]:
    rest = {name: value for name, value in row.items() if name not in where}
    return {"type": "Feature", "geometry": _geometry(row, where), "properties": rest}


def _geometry(row: dict[str, Any], where: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    if len(where) == 1:
        return _drawn(row[where[0]])
    east, north = (row[name] for name in where)
    if not (isinstance(east, int | float) and isinstance(north, int | float)):
        return None
    if not (-180 <= east <= 180 and -90 <= north <= 90):  # also what is no number at all
        return None
    return {"type": "Point", "coordinates": [east, north]}


def _drawn(told: object) -> object:
    """Return a geometry that was collected as text."""
    try:
        found = msgspec.json.decode(str(told))
    except msgspec.DecodeError:
        return None
    return found if isinstance(found, dict) and "type" in found else None


def _csv(rows: list[list[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and value.lstrip(" \u3000")[:1] in FORMULA:
        return f"'{value}"
    return value
