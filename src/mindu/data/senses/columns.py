"""Columns that grow together: one row for each device or series, a few bytes each."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.perceive.declare import Model, Prop

Shape = Mapping[str, tuple[str, float | int]]  # name -> (numpy type, what a new row holds)


class Columns:
    """Named columns of one length."""

    def __init__(self, shape: Shape) -> None:
        """Start with no rows."""
        self._shape = shape
        self._held: dict[str, NDArray[Any]] = {
            name: np.full(0, fill, kind) for name, (kind, fill) in shape.items()
        }
        self.count = 0

    def __len__(self) -> int:
        """Count the rows."""
        return self.count

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a column; it may be written to, and is replaced when rows are added."""
        return self._held[name][: self.count]

    def add(self, more: int) -> slice:
        """Add rows and return where they are."""
        until = self.count + more
        room = len(next(iter(self._held.values())))
        if until > room:
            room = max(until, room + room // 8 + 64)
            for name, (kind, fill) in self._shape.items():
                column = np.full(room, fill, kind)
                column[: self.count] = self._held[name][: self.count]
                self._held[name] = column
        self.count = until
        return slice(until - more, until)

    @property
    def nbytes(self) -> int:
        """Bytes that the columns take."""
        return sum(column.nbytes for column in self._held.values())

    def dump(self) -> dict[str, bytes]:
        """Return every column as bytes."""
        return {name: self[name].tobytes() for name in self._shape}

    def load(self, told: Mapping[str, bytes]) -> None:
        """Take up what `dump` gave; a column that is new since holds its fill."""
        held = {name: kind for name, (kind, _) in self._shape.items() if name in told}
        lengths = {len(told[name]) // np.dtype(kind).itemsize for name, kind in held.items()}
        if len(lengths) != 1:
            raise ValueError(f"columns of {lengths} rows do not belong together")
        self.count = 0
        where = self.add(lengths.pop())
        for name, kind in held.items():
            self._held[name][where] = np.frombuffer(told[name], kind)


def packed(told: object) -> bytes:
    """Return a value as MessagePack, the same bytes for the same value."""
    return msgspec.msgpack.encode(told, order="deterministic")


class Held(msgspec.Struct):
    """Every column of the register."""

    kinds: list[Model]
    props: list[str]
    decls: list[Prop]
    slots: list[list[int]]
    groups: list[str]
    ids: list[str]
    devices: dict[str, bytes]
    series: dict[str, bytes]
    apart: list[tuple[int, int, int]]
    facts: dict[int, dict[str, str | float | bool]]
