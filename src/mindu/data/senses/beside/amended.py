"""Amended: readings that were told anew or taken back later; what was first said stays as it is.

A correction is an entry of its own with the time at which it arrived, and a reading taken back is
a mark. Whoever reads lays them over the readings, up to the hour that is asked for.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from mindu.data.arrays import Floats, Ints, Truths
from mindu.data.senses.tail import Rows

MOST = 100_000  # amendments that are held: they are exceptions
WORDS = 500  # characters of a reason


class Amendment(msgspec.Struct, frozen=True, array_like=True):
    """A reading is told anew, or taken back (`value` None). Times in epoch ms.

    `was`: its value until then. `before`: (time, value, quality) of the reading before the newest
    one, where that is taken back.
    """

    series: int
    at: int
    arrived: int
    value: float | None
    was: float
    by: str
    why: str = ""
    before: tuple[int, float, int] | None = None

    @property
    def second(self) -> int:
        """The second at which it was known, rounded up as that of a reading."""
        return -(-self.arrived // 1000)


_TOLD = msgspec.msgpack.Decoder(list[Amendment])


class Amended:
    """What is amended, by series and time, the newest of each last."""

    def __init__(self) -> None:
        """Start with nothing amended."""
        self.told: dict[int, dict[int, list[Amendment]]] = {}
        self.order: list[Amendment] = []  # as they came

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for it in decode(body):
            self.told.setdefault(it.series, {}).setdefault(it.at, []).append(it)
            self.order.append(it)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.order)

    def dump(self) -> bytes:
        """Return the state."""
        return encode(self.order)

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        self.told, self.order = {}, []
        self.count(told)

    def all(self, series: Sequence[int] | None = None) -> Iterator[Amendment]:
        """Yield the amendments of some series or of all, by series and time."""
        for one in list(self.told) if series is None else series:
            for many in list(self.told.get(one, {}).values()):
                yield from list(many)

    def laid(self, series: int, rows: Rows, known: int | None) -> Rows:
        """Return rows of one series as they are amended, up to `known` (epoch ms)."""
        mine = self.told.get(series)
        if not mine or not rows:
            return rows
        value, arrived, stands = rows.value.copy(), rows.arrived.copy(), np.ones(len(rows.at), bool)
        for at, many in list(mine.items()):
            place = int(np.searchsorted(rows.at, at))
            told = [it for it in many if known is None or it.second * 1000 <= known]
            if not told or place == len(rows.at) or rows.at[place] != at:
                continue
            if told[-1].value is None:
                stands[place] = False
            else:
                value[place], arrived[place] = told[-1].value, told[-1].second
        return rows._replace(value=value, arrived=arrived).take(stands)

    def touches(self, since: int, until: int) -> bool:
        """Say whether a reading in [since, until) is amended."""
        return any(since <= at < until for many in list(self.told.values()) for at in list(many))

    def over(self, series: Ints, at: Ints, value: Floats) -> tuple[Truths, Floats]:
        """Return which rows of many series stand, and their values, as they are amended now."""
        stands = np.ones(len(series), bool)
        times = [at_ for many in list(self.told.values()) for at_ in list(many)]
        rows = np.flatnonzero(np.isin(series, list(self.told)) & np.isin(at, times))
        value = value.copy() if len(rows) else value
        for row in rows.tolist():
            many = self.told[int(series[row])].get(int(at[row]))
            if many and (told := many[-1].value) is None:
                stands[row] = False
            elif many:
                value[row] = told
        return stands, value


class Followed:
    """Up to which amendment rolls tell what holds, kept in a file; and of which they never will."""

    def __init__(self, path: Path) -> None:
        """Take up what was kept."""
        self._path, told = path, _Place()
        if path.exists():
            told = msgspec.msgpack.decode(path.read_bytes(), type=_Place)
        self.upto, self.left = told.upto, told.left

    def keep(self, upto: int, left: list[tuple[int, int]]) -> None:
        """Note how far rolls came. A kill before that only makes them come there once more."""
        draft = self._path.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(msgspec.msgpack.encode(_Place(upto, left)))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._path)
        self.upto, self.left = upto, left


class _Place(msgspec.Struct):
    upto: int = 0
    left: list[tuple[int, int]] = []  # (series, epoch ms)


def encode(told: Sequence[Amendment]) -> bytes:
    """Return amendments as the body of a frame."""
    return msgspec.msgpack.encode(list(told))


def decode(body: bytes) -> list[Amendment]:
    """Return what a frame holds."""
    return _TOLD.decode(body)
