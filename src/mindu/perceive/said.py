"""What one sender said in one message: readings as columns, whichever door they came by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mindu.perceive.names import Names, Spans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNTOLD = -1  # no sequence number was told
NOW = np.iinfo(np.int64).min  # no time was told: it was so when it arrived
WRONGS = 20  # rows whose fault is told one by one
MALFORMED, FAULT = "malformed", "our own fault"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Said:
    """Readings as columns of one length, and how many more could not be read.

    `at`: epoch ms UTC, `NOW` where the sender has no clock. `seq`: `UNTOLD` where there is none.
    `unit`, `datum`: None where no row tells one. `lost`: rows that could not be read.
    """

    device: Sequence[str] | Names | Spans
    prop: Sequence[str] | Names | Spans
    at: Ints
    value: Floats
    seq: Ints | None = None
    unit: Sequence[str] | None = None
    datum: Sequence[str] | None = None
    doubted: NDArray[np.uint8] | None = None  # `Quality` bits that the sender knows of
    lost: int = 0
    words: Mapping[int, str] | None = None  # row -> what it tells, as JSON, where it is no number
    wrongs: Sequence[str] = field(default=())  # the first faults, each in a sentence
    why: str = MALFORMED  # the reason by which lost rows are counted

    def __len__(self) -> int:
        """Count the rows that could be read."""
        return len(self.at)

    @property
    def received(self) -> int:
        """Count every row, read or not."""
        return len(self.at) + self.lost


def nothing(lost: int, wrong: str, why: str = MALFORMED) -> Said:
    """Return a message of which nothing could be read."""
    none = np.zeros(0, np.int64)
    return Said(
        device=(), prop=(), at=none, value=none.astype(float), lost=lost, wrongs=(wrong,), why=why
    )
