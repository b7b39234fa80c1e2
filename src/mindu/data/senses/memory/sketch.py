"""A sketch of many numbers that gives any quantile within 1 % of its value.

Numbers are counted in bins whose edges grow by a constant factor: DDSketch (Masson, Rim, Lee,
VLDB 2019). Two sketches are merged by adding their counts.
"""

import numpy as np

from mindu.data.arrays import Floats, Ints

ERROR = 0.01  # relative error of a quantile
_GROWTH = np.log((1 + ERROR) / (1 - ERROR))
HALF = 4096  # bins of one sign; |x| from 1e-18 to 1e18
_ENTRY = np.dtype([("bin", "<i2"), ("count", "<u4")])


_EDGES = np.append(np.exp((np.arange(HALF - 1) - HALF / 2) * _GROWTH), np.inf)  # each ends its bin
_SHIFT = 46  # bits of a float that are left out: two of its neighbours by the others share an edge
_LOWEST = (np.arange(1 << 63 - _SHIFT, dtype=np.int64) << _SHIFT).view(np.float64)
_FIRST = np.minimum(np.searchsorted(_EDGES, _LOWEST), HALF - 1)  # bin of the lowest of its like


def bins(value: Floats) -> Ints:
    """Return the bin of each number, from 0 to 2 * HALF, in the order of the numbers."""
    size = np.abs(value)
    place = _FIRST[size.view(np.int64) >> _SHIFT]
    place += size > _EDGES[place]
    place[size == 0] = 0
    found: Ints = HALF + np.where(value < 0, -place, place)
    return found


def middle(bin_: Ints) -> Floats:
    """Return the number that stands for each bin."""
    place = np.abs(bin_ - HALF)
    size = np.exp((place - HALF / 2) * _GROWTH) * (2 / (1 + np.exp(_GROWTH)))
    found: Floats = np.where(place == 0, 0.0, size) * np.sign(bin_ - HALF)
    return found


def packed(bin_: Ints, count: Ints) -> bytes:
    """Return counts by bin as bytes."""
    told = np.zeros(len(bin_), _ENTRY)
    told["bin"], told["count"] = bin_, count
    return told.tobytes()


def added(sketches: list[bytes]) -> bytes:
    """Return the sketch of everything in several sketches."""
    told = np.frombuffer(b"".join(sketches), _ENTRY)
    bin_, inverse = np.unique(told["bin"], return_inverse=True)
    return packed(bin_, np.bincount(inverse, told["count"]).astype(np.int64))


def quantile(sketch: bytes, share: float) -> float:
    """Return the number below which that share (0..1) lies; NaN of nothing."""
    told = np.frombuffer(sketch, _ENTRY)
    if not len(told):
        return float("nan")
    upto = np.cumsum(told["count"].astype(np.int64))
    rank = share * (upto[-1] - 1)
    place = int(np.searchsorted(upto, rank, side="right"))
    return float(middle(told["bin"][place : place + 1].astype(np.int64))[0])
