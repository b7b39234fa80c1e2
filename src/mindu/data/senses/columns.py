"""Columns that grow together: one row for each device or series, a few bytes each."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.data.arrays import Ints, Truths
from mindu.perceive.declare import STAGES, Model, Prop, Stage

Shape = Mapping[str, tuple[str, float | int]]  # name -> (numpy type, what a new row holds)

Fact = str | float | bool
_FROM = msgspec.msgpack.Decoder(dict[str, Fact])
_TO = msgspec.msgpack.Encoder(order="deterministic")
NONE = 0  # the place of no facts at all
ACTIVE = STAGES.index(Stage.ACTIVE)
UNTOLD = 0  # since when a device is in service: nobody said, or it is not
_LAST = int(np.iinfo(np.uint32).max)


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

    def dump(self) -> dict[str, memoryview]:
        """Return every column as bytes that are not copied: they hold until a row changes."""
        return {name: self[name].view(np.uint8).data for name in self._shape}

    def load(self, told: Mapping[str, bytes | memoryview]) -> None:
        """Take up what `dump` gave; a column that is new since holds its fill."""
        held = {name: kind for name, (kind, _) in self._shape.items() if name in told}
        lengths = {len(told[name]) // np.dtype(kind).itemsize for name, kind in held.items()}
        if len(lengths) != 1:
            raise ValueError(f"columns of {lengths} rows do not belong together")
        self.count = 0
        where = self.add(lengths.pop())
        for name, kind in held.items():
            self._held[name][where] = np.frombuffer(told[name], kind)


class Facts:
    """The facts of every device, by its row."""

    def __init__(self) -> None:
        """Know none."""
        self._told: list[bytes] = [b""]
        self._places: dict[bytes, int] = {b"": NONE}
        self._of = np.zeros(64, np.int32)

    def put(self, row: int, facts: Mapping[str, Fact]) -> None:
        """Note the facts of a device; what it had before is forgotten."""
        told = _TO.encode(dict(facts)) if facts else b""
        place = self._places.setdefault(told, len(self._told))
        if place == len(self._told):
            self._told.append(told)
        if row >= len(self._of):
            more = np.zeros(max(row + 1 - len(self._of), len(self._of) // 8), np.int32)
            self._of = np.concatenate([self._of, more])
        self._of[row] = place

    def of(self, row: int) -> dict[str, Fact]:
        """Return the facts of a device."""
        told = self._told[self._of[row]] if row < len(self._of) else b""
        return _FROM.decode(told) if told else {}

    def dump(self) -> tuple[list[bytes], bytes]:
        """Return what is still told of some device, and which of it of whom."""
        places, of = np.unique(np.append(NONE, self._of), return_inverse=True)
        return [self._told[it] for it in places.tolist()], of[1:].astype(np.int32).tobytes()

    def load(self, told: list[bytes], of: bytes, old: Mapping[int, dict[str, Fact]]) -> None:
        """Take up what `dump` gave, and what an older version kept."""
        self._told = told or [b""]
        self._places = {it: place for place, it in enumerate(self._told)}
        self._of = np.frombuffer(of, np.int32).copy() if of else np.zeros(64, np.int32)
        for row, facts in old.items():
            self.put(row, facts)


def move(devices: Columns, rows: Ints, stages: list[int], now: int) -> None:
    """Move devices to stages; one that comes into service stands in it since `now` (epoch ms)."""
    enters = np.array(stages, np.int64) == ACTIVE
    stays = enters & (devices["stage"][rows] == ACTIVE)
    came = np.where(enters, second(now), UNTOLD)
    devices["since"][rows] = np.where(stays, devices["since"][rows], came)
    devices["stage"][rows] = stages


def untold(devices: Columns) -> Truths:
    """Say which devices are in service since nobody knows when."""
    found: Truths = (devices["stage"] == ACTIVE) & (devices["since"] == UNTOLD)
    return found


def begin(devices: Columns, now: int) -> None:
    """Let devices that are in service since nobody knows when count from `now` (epoch ms)."""
    devices["since"][untold(devices)] = second(now)


def second(now: int) -> int:
    """Return the second of an instant (epoch ms), as it is kept in four bytes."""
    return min(max(now // 1000, UNTOLD), _LAST)


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
    devices: dict[str, memoryview]
    series: dict[str, memoryview]
    apart: list[tuple[int, int, int]]
    facts: dict[int, dict[str, str | float | bool]]  # of an older version
    told: list[bytes] = []
    of: bytes = b""
