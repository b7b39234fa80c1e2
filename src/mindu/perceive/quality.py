"""How good a reading is: one bit for each thing that may be wrong with it, and the bounds it broke.

A doubtful reading is still written down; what is marked can be judged, what is lost cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntFlag
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mindu.perceive.source import Floats

INF = float("inf")


class Quality(IntFlag):
    """What is doubtful about one reading; none is good."""

    GOOD = 0
    RANGE = 1  # outside what the property can be
    RATE = 2  # changed faster than the property can
    STUCK = 4  # the very same number for longer than the property can stand still
    SPIKE = 8  # far from both readings before it
    GAP = 16  # the first after a silence longer than declared
    SKEW = 32  # the source's clock ran ahead; the time was set back to now
    LATE = 64  # news of the past: newer news had already come
    SOURCE = 128  # the source itself marked it doubtful


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a property can be; rides on the type: `Annotated[float, Unit(...), Bounds(...)]`."""

    low: float = -INF
    high: float = INF
    rate: float = INF  # most change an hour, in the property's unit
    jump: float = INF  # most change from one reading to the next
    still: float = INF  # s that it may keep the very same number
    silence: float = INF  # s between readings

    def holds(self, values: Floats) -> NDArray[np.bool_]:
        """Say which values lie within the range."""
        return (values >= self.low) & (values <= self.high)


FREE = Bounds()
NAMES = tuple(field.name for field in fields(Bounds))


class Limits:
    """The bounds of many properties, as columns."""

    def __init__(self) -> None:
        """Start with none."""
        self.columns = np.zeros((len(NAMES), 0))
        self.any = False

    def add(self, bounds: Sequence[Bounds]) -> None:
        """Add the bounds of the next properties."""
        rows = [[getattr(it, name) for name in NAMES] for it in bounds]
        more = np.array(rows).reshape(-1, len(NAMES)).T
        self.columns = np.concatenate([self.columns, more], axis=1)
        self.any = self.any or any(it != FREE for it in bounds)

    def of(self, slots: NDArray[np.int64]) -> Floats:
        """Return low, high, rate, jump, still and silence of these properties, as rows."""
        return self.columns[:, slots]


class Past(NamedTuple):
    """What was heard before: the last value and when, the one before, and since when it stands."""

    value: Floats
    heard: Floats
    before: Floats
    changed: Floats


def doubts(at: Floats, value: Floats, past: Past, limits: Floats) -> NDArray[np.uint8]:
    """Mark what breaks its bounds; of late news only the range can be judged."""
    low, high, rate, jump, still, silence = limits
    span = at - past.heard
    step = np.abs(value - past.value)  # NaN where nothing was heard before: breaks nothing
    with np.errstate(invalid="ignore", over="ignore"):
        newer = span > 0
        spike = (step > jump) & (np.abs(value - past.before) > jump)
        return (
            mark(Quality.RANGE, (value < low) | (value > high))
            | mark(Quality.RATE, newer & (step * 3600.0 > rate * span))
            | mark(Quality.STUCK, newer & (step == 0) & (at - past.changed > still))
            | mark(Quality.SPIKE, newer & spike)
            | mark(Quality.GAP, np.isfinite(span) & (span > silence))
        )


def mark(bit: Quality, where: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return that bit for the readings where it holds."""
    return where * np.uint8(bit)
