"""How much a stream of Arrow unfolds to, told from its heads before anything is unfolded.

Compressed buffers say in their first eight bytes how long they will be, and each batch says how
many rows it has: both are summed up and bounded. Layout after the Arrow columnar format (Message
and RecordBatch in its flatbuffers schema).
"""

import struct
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

MOST_BYTES = 256 << 20  # that one message may unfold to
MOST_ROWS = 4_000_000
_BATCH, _DICTIONARY = 3, 2  # types of messages


class TooLarge(ValueError):  # noqa: N818 - it is an answer to a sender
    """A message unfolds to more than is taken."""


def check(body: bytes) -> None:
    """See that a stream stays within bounds.

    Raises:
        TooLarge: it does not.
        ValueError: it is no stream of Arrow.
    """
    rows = size = 0
    for message in pa.ipc.MessageReader.open_stream(pa.BufferReader(body)):
        try:
            more, bytes_ = _unfolded(bytes(message.metadata), message.body)
        except struct.error as wrong:
            raise ValueError(f"a message of the stream is damaged: {wrong}") from wrong
        rows, size = rows + more, size + bytes_
        if rows > MOST_ROWS or size > MOST_BYTES:
            raise TooLarge(
                f"it unfolds to more than {MOST_ROWS} rows or {MOST_BYTES} bytes; cut it in several"
            )


def _unfolded(head: bytes, body: Any) -> tuple[int, int]:  # noqa: ANN401 - pyarrow's buffer
    """Return rows and bytes of one message; none for a schema."""
    table = _there(head, 0)
    kind_at, header_at = _field(head, table, 1), _field(head, table, 2)
    kind = head[kind_at] if kind_at else 0
    if kind not in {_BATCH, _DICTIONARY} or not header_at:
        return 0, 0
    batch = _there(head, header_at)
    if kind == _DICTIONARY:
        batch = _there(head, _field(head, batch, 1))
    length_at, nodes, buffers = (_field(head, batch, i) for i in (0, 1, 2))
    rows = struct.unpack_from("<q", head, length_at)[0] if length_at else 0
    rows = max([rows, *(length for length, _ in _pairs(head, nodes))])
    if not _field(head, batch, 3):
        return rows, body.size if body is not None else 0
    view, size = memoryview(body), 0
    for offset, length in _pairs(head, buffers):
        (told,) = struct.unpack_from("<q", view, offset) if length >= 8 else (length,)
        size += length if told < 0 else told
    return rows, size


def _there(head: bytes, at: int) -> int:
    """Follow an offset."""
    return at + int(struct.unpack_from("<I", head, at)[0])


def _field(head: bytes, table: int, number: int) -> int:
    """Return where a field of a table is, 0 where it is left out."""
    about = table - struct.unpack_from("<i", head, table)[0]
    (size,) = struct.unpack_from("<H", head, about)
    place = 4 + 2 * number
    offset = struct.unpack_from("<H", head, about + place)[0] if place < size else 0
    return table + int(offset) if offset else 0


def _pairs(head: bytes, at: int) -> list[tuple[int, int]]:
    """Return a vector of pairs of numbers."""
    if not at:
        return []
    start = _there(head, at)
    (count,) = struct.unpack_from("<I", head, start)
    if count * 16 > len(head):
        raise struct.error("a vector is longer than the head that it is in")
    flat = struct.unpack_from(f"<{2 * count}q", head, start + 4)
    return list(zip(flat[::2], flat[1::2], strict=True))


def plain(column: Any) -> Any:  # noqa: ANN401 - a chunked array of pyarrow
    """Return a column without dictionary.

    Raises:
        TooLarge: its texts would come to too much.
        ValueError: its type says one thing many times in another way; it is not taken.
    """
    kind = column.type
    if pa.types.is_nested(kind) or kind.id in _FOLDED:
        raise ValueError(f"a column of {kind} is not taken: send plain texts or numbers")
    if pa.types.is_dictionary(kind):
        if not pa.types.is_string(kind.value_type) and not pa.types.is_large_string(
            kind.value_type
        ):
            raise ValueError(f"a column of {kind} is not taken: only texts may be in a dictionary")
        longest = max(
            (pc.max(pc.binary_length(it.dictionary)).as_py() or 0 for it in column.chunks),
            default=0,
        )
        if longest * len(column) > MOST_BYTES:
            raise TooLarge(f"it unfolds to more than {MOST_BYTES} bytes; cut it in several")
        return column.cast(kind.value_type)
    return column


_FOLDED = {
    pa.string_view().id, pa.binary_view().id, pa.run_end_encoded(pa.int32(), pa.string()).id,
}  # fmt: skip
