"""Columns of Arrow made of numbers and texts, and turned back into numbers, buffer by buffer.

`pa.array` and `to_numpy` do the same, but load pandas where it is installed: half a second of
processor and 45 MB that a node has no other use for.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mindu.data.arrays import Truths

Column = NDArray[Any]  # of numbers, of any kind


def column(values: Column, missing: Truths | None = None) -> Any:  # noqa: ANN401 - an Arrow array
    """Return numbers as an Arrow array of their own kind; `missing` says which are null."""
    kind = pa.from_numpy_dtype(values.dtype)
    held = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [_valid(missing), held])


def nested(values: Sequence[Any], kind: Any) -> Any:  # noqa: ANN401 - types and arrays of Arrow
    """Return what JSON may say as an Arrow array: structs, maps from dicts or pairs, plain ones."""
    missing = np.array([it is None for it in values], bool)
    valid, children = _valid(missing if missing.any() else None), list[Any]()
    if pa.types.is_struct(kind):
        held, fields = list[Any](), [kind.field(i) for i in range(kind.num_fields)]
        children = [nested([(it or {}).get(f.name) for it in values], f.type) for f in fields]
    elif pa.types.is_map(kind):
        runs = [list(it.items() if isinstance(it, dict) else it or ()) for it in values]
        held, pairs = [_offsets(runs)], [pair for run in runs for pair in run]
        parts = ((0, kind.key_type), (1, kind.item_type))
        inner = [nested([pair[i] for pair in pairs], part) for i, part in parts]
        entry = pa.struct([kind.key_field, kind.item_field])
        children = [pa.Array.from_buffers(entry, len(pairs), [None], children=inner)]
    elif pa.types.is_list(kind):
        runs = [list(it or ()) for it in values]
        held = [_offsets(runs)]
        children = [nested([it for run in runs for it in run], kind.value_type)]
    else:
        held = _held(values, kind)
    return pa.Array.from_buffers(kind, len(values), [valid, *held], children=children or None)


def _held(values: Sequence[Any], kind: Any) -> list[Any]:  # noqa: ANN401 - a type of Arrow
    """Return the buffers of texts, truths or numbers."""
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        told = [it.encode() if isinstance(it, str) else it or b"" for it in values]
        return [_offsets(told), pa.py_buffer(b"".join(told))]
    if pa.types.is_boolean(kind):
        return [_bits(np.array(values, bool))]
    return [pa.py_buffer(np.array([it or 0 for it in values], kind.to_pandas_dtype()))]


def numbers(told: Any) -> Column:  # noqa: ANN401 - an Arrow column
    """Return a column as numbers of its own kind; as floats, NaN for null, where some are null."""
    parts = [_of(chunk) for chunk in told.chunks]
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts or [np.zeros(0, told.type.to_pandas_dtype())])


def _of(chunk: Any) -> Column:  # noqa: ANN401 - an Arrow array
    """Return one chunk; it shares the memory of Arrow where none of it is null."""
    kind, count, first = chunk.type.to_pandas_dtype(), len(chunk), chunk.offset
    valid, held = chunk.buffers()
    if held is None or not count:
        return np.full(count, np.nan) if count else np.zeros(0, kind)
    whole: Column = np.frombuffer(held, kind, count, first * np.dtype(kind).itemsize)
    if not chunk.null_count:
        return whole
    bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
    return np.where(bits[first : first + count] != 0, whole, np.nan)


def _valid(missing: Truths | None) -> Any:  # noqa: ANN401 - a buffer of Arrow
    return None if missing is None else _bits(~missing)


def _bits(truths: Truths) -> Any:  # noqa: ANN401 - a buffer of Arrow
    return pa.py_buffer(np.packbits(truths, bitorder="little"))


def _offsets(runs: Sequence[Sequence[Any]]) -> Any:  # noqa: ANN401 - a buffer of Arrow
    return pa.py_buffer(np.cumsum([0, *map(len, runs)]).astype(np.int32))
