"""A fold's state as bytes, and back; bytes of another shape are refused in words."""

from typing import TypeVar

import msgspec

S = TypeVar("S")


def pack(state: object) -> bytes:
    """Return the state as bytes, the same for the same state."""
    return msgspec.msgpack.encode(state)


def unpack(told: bytes, shape: type[S]) -> S:
    """Return the state that `pack` gave.

    Raises:
        ValueError: the bytes are no such state.
    """
    try:
        return msgspec.msgpack.decode(told, type=shape)
    except msgspec.MsgspecError as wrong:
        raise ValueError(f"these bytes are no {shape.__name__}: {wrong}") from wrong
