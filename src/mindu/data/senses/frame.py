"""A frame: the readings of one group commit as bytes, with what became of every row received."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from mindu.data.arrays import Bytes, Floats, Ints

_WIDE_AT, _WIDE_SEQ = 1, 2
_SMALL = (1 << 32) - 1


class _Packed(msgspec.Struct, array_like=True):
    arrived: int
    base: int
    flags: int
    series: bytes
    at: bytes
    value: bytes
    quality: bytes
    seq: bytes
    sources: list[tuple[str, int]]
    source: bytes
    account: bytes


_FROM = msgspec.msgpack.Decoder(_Packed)
_TO = msgspec.msgpack.Encoder()
BOOKED = np.dtype([("source", "u2"), ("device", "i4"), ("code", "u1"), ("count", "u4")])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Frame:
    """Rows sorted by (series, at), and the account of the group they came in.

    `arrived`: epoch ms. `sources`: (name, rows received). `source`: which of them each row is of.
    `booked`: rows that were not stored, as (source, device, code, count).
    """

    arrived: int
    series: Ints
    at: Ints
    value: Floats
    quality: Bytes
    seq: Ints | None
    sources: list[tuple[str, int]]
    source: Ints
    booked: "np.typing.NDArray[np.void]"

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.series)


def sources(told: Sequence[tuple[str, int]]) -> tuple[list[tuple[str, int]], Ints]:
    """Return what each source sent of (source, rows received), and which source each one is."""
    received: dict[str, int] = {}
    for name, count in told:
        received[name] = received.get(name, 0) + count
    numbers = {name: number for number, name in enumerate(received)}
    return list(received.items()), np.array([numbers[name] for name, _ in told], np.int64)


def booked(
    source: Ints, device: Ints, code: Ints, lost: Sequence[tuple[int, int, int]]
) -> "np.typing.NDArray[np.void]":
    """Return what became of rows that are not stored, and of `lost` (source, code, count)."""
    if not len(source) and not lost:
        return np.zeros(0, BOOKED)
    keys = np.stack([source, device, code])
    unique, count = np.unique(keys, axis=1, return_counts=True) if len(source) else (keys, source)
    told = np.zeros(unique.shape[1] + len(lost), BOOKED)
    for name, column in zip(("source", "device", "code"), unique, strict=True):
        told[name][: unique.shape[1]] = column
    told["count"][: unique.shape[1]] = count
    for i, (number, why, many) in enumerate(lost, unique.shape[1]):
        told[i] = (number, -1, why, many)
    return told


def encode(frame: Frame) -> bytes:
    """Return the bytes of a frame."""
    flags, base = 0, int(frame.at.min()) if len(frame) else 0
    offset = frame.at - base
    if len(frame) and int(offset.max()) > _SMALL:
        flags |= _WIDE_AT
    seq = b""
    if frame.seq is not None:
        wide = len(frame) > 0 and int(frame.seq.max()) >= _SMALL
        flags |= _WIDE_SEQ if wide else 0
        seq = (frame.seq + 1).astype("<u8" if wide else "<u4").tobytes()
    return _TO.encode(
        _Packed(
            frame.arrived,
            base,
            flags,
            frame.series.astype("<u4").tobytes(),
            offset.astype("<u8" if flags & _WIDE_AT else "<u4").tobytes(),
            frame.value.astype("<f8", copy=False).tobytes(),
            frame.quality.tobytes() if frame.quality.any() else b"",
            seq,
            frame.sources,
            frame.source.astype("<u2").tobytes() if len(frame.sources) > 1 else b"",
            frame.booked.tobytes(),
        )
    )


def decode(body: bytes) -> Frame:
    """Return the frame in those bytes.

    Raises:
        ValueError: they are no frame.
    """
    try:
        told = _FROM.decode(body)
    except msgspec.MsgspecError as wrong:
        raise ValueError(f"a frame cannot be read: {wrong}") from wrong
    series = np.frombuffer(told.series, "<u4").astype(np.int64)
    count = len(series)
    at = np.frombuffer(told.at, "<u8" if told.flags & _WIDE_AT else "<u4")
    quality = np.frombuffer(told.quality, np.uint8) if told.quality else np.zeros(count, np.uint8)
    seq = None
    if told.seq:
        seq = np.frombuffer(told.seq, "<u8" if told.flags & _WIDE_SEQ else "<u4").astype(np.int64)
        seq -= 1
    source = np.frombuffer(told.source, "<u2") if told.source else np.zeros(count, "<u2")
    frame = Frame(
        arrived=told.arrived,
        series=series,
        at=at.astype(np.int64) + told.base,
        value=np.frombuffer(told.value, "<f8"),
        quality=quality,
        seq=seq,
        sources=told.sources,
        source=source.astype(np.int64),
        booked=np.frombuffer(told.account, BOOKED),
    )
    if {len(frame.at), len(frame.value), len(quality), len(frame.source)} != {count}:
        raise ValueError("the columns of a frame are not of one length")
    return frame
