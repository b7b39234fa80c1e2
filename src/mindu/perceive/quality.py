"""How good a reading is: one bit for each thing that may be wrong with it, and the bounds it broke.

A doubtful reading is still written down; what is marked can be judged, what is lost cannot.
"""

from dataclasses import dataclass
from enum import IntFlag

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
    """What a property can be; rides on the type beside its unit: `Annotated[float, Unit, Bounds]`."""

    low: float = -INF
    high: float = INF
    rate: float = INF  # most change an hour, in the property's unit
    jump: float = INF  # most change from one reading to the next
    still: float = INF  # s it may keep the very same number
    silence: float = INF  # s between readings
