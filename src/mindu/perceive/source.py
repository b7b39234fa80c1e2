"""A source is anything that can be asked what is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Event

Floats = NDArray[np.float64]


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a source says of one number of one entity at one instant."""

    at: datetime  # when it was so
    about: str
    prop: str
    value: float
    unit: str = ""
    quality: int = 0  # `Quality` bits that the source itself knows of


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says happened to one entity at one instant."""

    at: datetime
    about: str
    event: Event


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Many numbers at once, as columns of one length: for sources with thousands of gauges."""

    at: Floats  # epoch seconds
    about: Sequence[str]
    prop: Sequence[str]
    value: Floats
    unit: Sequence[str]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.at)


class Source(Protocol):
    """A gauge network, a hotline, a file, another city."""

    name: str

    def read(self, now: datetime) -> Iterable[Reading | Happening | Readings]:
        """Return everything that became known since the last call."""
        ...
