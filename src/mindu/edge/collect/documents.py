"""Documents: JSON, lines of JSON, GeoJSON and Parquet."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mindu.data.collect.declare import Source
from mindu.data.collect.part import Broken, Cursor, Fault, Part
from mindu.edge.collect.objects import STEP, decoded, headings, listed, part, pointed

MOST_BODY = 256 << 20  # bytes of one JSON document
MOST_LINE = 1 << 20
MOST_GROUP = 4 << 30  # bytes that a row group unfolds to
MOST_BATCH = 256 << 20  # bytes of words that the rows of one batch unfold to
MOST_ROWS = 65_536  # of one batch


class Documents:
    """A file of JSON: a list of objects, or an object a line."""

    def __init__(self, source: Source, path: Path, pointer: str) -> None:
        """Read this file."""
        self._source, self._path, self._pointer = source, path, pointer

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield objects from the cursor on."""
        del mark
        with _opened(self._path) as file:
            start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
            file.seek(0)
            if start.startswith(b"[") or self._pointer or len(start.splitlines()) < 2:
                told = pointed(decoded(_whole(file, self._path), self._path.name), self._pointer)
                yield from sliced(self._source, listed(told, self._path.name), cursor)
            else:
                yield from self._lines(file, cursor)

    def _lines(self, file: BinaryIO, cursor: Cursor) -> Iterator[Part]:
        at, row = int(cursor.get("at", 0)), int(cursor.get("row", 1))
        file.seek(at)
        waiting: list[object] = []
        while line := file.readline(MOST_LINE + 1):
            at += len(line)
            long = len(line) > MOST_LINE
            while long and not line.endswith(b"\n") and (more := file.readline(MOST_LINE)):
                at, line = at + len(more), more
            if line.strip():
                waiting.append(_Bad("too_long") if long else _object(line))
            if len(waiting) >= STEP:
                yield _faulty(self._source, waiting, row, {"at": at, "row": row + len(waiting)})
                row, waiting = row + len(waiting), []
        if waiting:
            yield _faulty(self._source, waiting, row, {"at": at, "row": row + len(waiting)})


class _Bad(msgspec.Struct):
    rule: str


def _object(line: bytes) -> object:
    try:
        found: object = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return _Bad("json")
    return found


def _faulty(source: Source, told: list[object], first: int, cursor: Cursor) -> Part:
    """Return a part whose unreadable lines say by which rule they are none."""
    made = part(source, told, first, cursor)
    rules = {first + i: one.rule for i, one in enumerate(told) if isinstance(one, _Bad)}
    broken = [
        Fault(f.row, f.column, rules[f.row], "") if f.row in rules else f for f in made.broken
    ]
    return made._replace(broken=broken)


def sliced(source: Source, told: list[object], cursor: Cursor) -> Iterator[Part]:
    """Yield a list of objects some at a time, from the cursor on."""
    for at in range(int(cursor.get("row", 0)), len(told), STEP):
        some = told[at : at + STEP]
        yield part(source, some, at + 1, {"row": at + len(some)})


class Features:
    """A GeoJSON feature collection: properties, `lon`, `lat` and `geometry`."""

    def __init__(self, source: Source, path: Path) -> None:
        """Read this file."""
        self._source, self._path = source, path

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield features from the cursor on."""
        del mark
        with _opened(self._path) as file:
            told = decoded(_whole(file, self._path), self._path.name)
        features = listed(pointed(told, "/features"), self._path.name)
        yield from sliced(self._source, [feature(one) for one in features], cursor)


def feature(one: object) -> object:
    """Return a feature as a flat object; what is none comes back as it is."""
    if not isinstance(one, dict) or not isinstance(one.get("properties") or {}, dict):
        return one
    geometry = one.get("geometry")
    flat: dict[str, object] = {"id": one.get("id"), **(one.get("properties") or {})}
    if isinstance(geometry, dict):
        flat["geometry"] = msgspec.json.encode(geometry).decode()
        point = geometry.get("coordinates")
        if geometry.get("type") == "Point" and isinstance(point, list) and len(point) >= 2:
            flat["lon"], flat["lat"] = point[0], point[1]
    return flat


class Columns:
    """A Parquet file."""

    def __init__(self, source: Source, path: Path) -> None:
        """Read this file."""
        self._source, self._path = source, path

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield rows from the cursor on."""
        del mark
        done, at = int(cursor.get("row", 0)), 0
        with _opened(self._path) as file:
            try:
                held = pq.ParquetFile(file, read_dictionary=_words(pq.ParquetFile(file)))
                for group in range(held.metadata.num_row_groups):
                    told = held.metadata.row_group(group)
                    if told.total_byte_size > MOST_GROUP:
                        raise Broken(f"{self._path.name}: a row group unfolds to more than 4 GiB")
                    if at + told.num_rows > done:
                        yield from self._group(held, group, at, done)
                    at += told.num_rows
            except pa.ArrowException as wrong:
                raise Broken(f"{self._path.name} is no whole Parquet file") from wrong

    def _group(self, held: pq.ParquetFile, group: int, at: int, done: int) -> Iterator[Part]:
        told = held.metadata.row_group(group)
        each = told.total_byte_size // max(1, told.num_rows)
        wanted = [name for name in headings(self._source) if name in held.schema_arrow.names]
        columns = wanted or held.schema_arrow.names
        size = max(1, min(MOST_ROWS, MOST_BATCH // max(1, each)))
        for batch in held.iter_batches(size, row_groups=[group], columns=columns):
            count = batch.num_rows
            if at + count > done:
                table = self._plain(pa.Table.from_batches([batch])).slice(max(0, done - at))
                rows = at + count - table.num_rows + 1 + np.arange(table.num_rows)
                yield Part(table, rows, [], table.num_rows, {"row": at + count})
            at += count

    def _plain(self, table: pa.Table) -> pa.Table:
        """Return words written out, unless one that stands for many unfolds to far too much."""
        for place, field in enumerate(table.schema):
            if not pa.types.is_dictionary(field.type):
                continue
            size = 0
            for chunk in table.column(place).chunks:
                lengths = pc.fill_null(pc.binary_length(chunk.dictionary), 0)
                size += pc.sum(lengths.take(chunk.indices)).as_py() or 0
            if size > MOST_BATCH:
                raise Broken(
                    f"{self._path.name}: {table.num_rows} rows of {field.name} unfold to "
                    f"{size >> 20} MB; at most {MOST_BATCH >> 20}: ask for shorter values"
                )
            words = table.column(place).cast(field.type.value_type)
            table = table.set_column(place, field.name, words)
        return table


def _words(held: pq.ParquetFile) -> list[str]:
    """Return the plain columns of words: they are read as the few words that they are made of."""
    told = held.schema_arrow
    return [f.name for f in told if pa.types.is_string(f.type) or pa.types.is_binary(f.type)]


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as wrong:
        raise Broken(f"{path} is not there: put it there, or mend the path") from wrong


def _whole(file: BinaryIO, path: Path) -> bytes:
    body = file.read(MOST_BODY + 1)
    if len(body) > MOST_BODY:
        raise Broken(f"{path.name} has more than {MOST_BODY >> 20} MB: give one object a line")
    return body
