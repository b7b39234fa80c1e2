"""Readings in Arrow, the cheapest form in bulk: columns named as the fields of the JSON form."""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.ipc

from mindu.perceive.said import NOW, UNTOLD, WRONGS, Ints, Said, nothing
from mindu.perceive.wire import unfolded

_FILE = b"ARROW1"
NEEDED = ("device", "prop", "value")
KNOWN = (*NEEDED, "at", "seq", "unit", "datum", "quality", "word")


def from_arrow(body: bytes) -> Said:
    """Return what an Arrow IPC stream says; a file (`ARROW1`) is read as well."""
    try:
        told = body[len(_FILE) + 2 :] if body[:6] == _FILE else body  # a file is a stream inside
        unfolded.check(told)
        table = pa.ipc.open_stream(pa.BufferReader(told)).read_all()
        table.validate(full=True)
        names = [name for name in KNOWN if name in table.column_names]
        if table.column_names != names and len(set(table.column_names)) == table.num_columns:
            table = table.select(names)
        columns = [unfolded.plain(column) for column in table.columns]
        table = pa.table(columns, names=table.column_names)
    except (pa.ArrowException, OSError, ValueError) as wrong:
        return nothing(1, f"this is no Arrow IPC stream: {wrong}")
    return from_table(table)


def from_csv(body: bytes) -> Said:
    """Return what a CSV text with a heading says."""
    bad: list[str] = []

    def skip(row: Any) -> str:  # noqa: ANN401 - pyarrow's own row
        bad.append(f"row {row.number}: {row.actual_columns} columns of {row.expected_columns}")
        return "skip"

    try:
        text = body.decode("utf-8-sig")  # whole: a row that is no text must not reach the handler
        heading = text.split("\n", 1)[0].strip().split(",")
        names = [name.strip().strip('"') for name in heading]
        table = pyarrow.csv.read_csv(
            pa.BufferReader(body),
            read_options=pyarrow.csv.ReadOptions(
                column_names=names, skip_rows=1, use_threads=False
            ),
            parse_options=pyarrow.csv.ParseOptions(invalid_row_handler=skip),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True
            ),
        )
    except (pa.ArrowException, UnicodeDecodeError, ValueError) as wrong:
        return nothing(1, f"this is no CSV: {wrong}")
    return from_table(table, len(bad), bad[:WRONGS])


def from_table(table: Any, lost: int = 0, wrongs: list[str] | None = None) -> Said:  # noqa: ANN401
    """Return what a table says; rows without device or property are lost."""
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        return nothing(max(1, len(table)) + lost, f"there is no column {', '.join(missing)}")
    if len(set(table.column_names)) < len(table.column_names):
        return nothing(max(1, len(table)) + lost, "a column stands twice: name each once")
    try:
        named = pc.and_(pc.is_valid(table["device"]), pc.is_valid(table["prop"]))
        whole = table.filter(named)
        cut = len(table) - len(whole)
        told = [*(wrongs or ()), *(["rows without device or property"] if cut else ())]
        return Said(
            device=whole["device"].cast(pa.string()).to_pylist(),
            prop=whole["prop"].cast(pa.string()).to_pylist(),
            at=_times(whole),
            value=_floats(whole["value"]),
            words=_told(whole),
            seq=_whole(whole["seq"]) if "seq" in whole.column_names else None,
            unit=_words(whole, "unit"),
            datum=_words(whole, "datum"),
            doubted=_marks(whole),
            lost=lost + cut,
            wrongs=told,
        )
    except (pa.ArrowException, ValueError, OverflowError) as wrong:
        return nothing(max(1, len(table)) + lost, str(wrong))


def _words(table: Any, name: str) -> list[str] | None:  # noqa: ANN401
    if name not in table.column_names:
        return None
    found = pc.fill_null(table[name].cast(pa.string()), "").to_pylist()
    return found if any(found) else None


def _marks(table: Any) -> "np.typing.NDArray[np.uint8] | None":  # noqa: ANN401
    if "quality" not in table.column_names:
        return None
    found = pc.fill_null(table["quality"].cast(pa.int64()), 0)
    return (np.asarray(found.to_numpy(), np.int64) & 255).astype(np.uint8)


def _floats(column: Any) -> "np.typing.NDArray[np.float64]":  # noqa: ANN401
    if pa.types.is_string(column.type):
        return np.array([_number(text) for text in column.to_pylist()], np.float64)
    found = column.cast(pa.float64())
    return np.asarray(pc.fill_null(found, float("nan")).to_numpy(), np.float64)


def _told(table: Any) -> dict[int, str] | None:  # noqa: ANN401
    """Return the rows that tell words: in a column of their own, as JSON, or as their value."""
    if "word" in table.column_names:
        told = enumerate(table["word"].cast(pa.string()).to_pylist())
        return {i: word for i, word in told if word is not None and _is_json(word)} or None
    if not pa.types.is_string(table["value"].type):
        return None
    texts = enumerate(table["value"].to_pylist())
    found = ((i, it) for i, it in texts if it and np.isnan(_number(it)))
    return {i: msgspec.json.encode(it).decode() for i, it in found} or None


def _is_json(word: str) -> bool:
    try:
        msgspec.json.decode(word)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return {"true": 1.0, "false": 0.0}.get((text or "").strip().lower(), float("nan"))


def _whole(column: Any) -> Ints:  # noqa: ANN401
    found = pc.fill_null(column.cast(pa.int64()), UNTOLD)
    return np.maximum(np.asarray(found.to_numpy(), np.int64), UNTOLD)


def _times(table: Any) -> Ints:  # noqa: ANN401
    """Return epoch ms from timestamps (with or without zone: UTC), integers or texts."""
    if "at" not in table.column_names:
        return np.full(len(table), NOW, np.int64)
    column = table["at"]
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        digits = pc.all(pc.match_substring_regex(column, r"^\s*-?\d+\s*$")).as_py()
        if digits:
            column = pc.utf8_trim_whitespace(column).cast(pa.int64())
        else:
            finest = pc.replace_substring_regex(column, r"(\.\d{6})\d+", r"\1")
            column = finest.cast(pa.timestamp("us", "UTC"))
    if pa.types.is_timestamp(column.type):
        column = pc.floor_temporal(column, unit="millisecond").cast(
            pa.timestamp("ms", column.type.tz)
        )
    if pa.types.is_floating(column.type):
        column = column.cast(pa.int64(), safe=False)
    found = column.cast(pa.int64())
    return np.asarray(pc.fill_null(found, NOW).to_numpy(), np.int64)
