"""Readings on an even grid, and the period that they repeat by."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Ints = NDArray[np.int64]
DAY = 86_400.0
PERIODS = (DAY, 7 * DAY)  # s that a city repeats by
MOST = 20_000  # steps of a grid; the newest are kept
NEEDED = 2  # whole periods before one is believed


def even(at: Floats, value: Floats, step: float | None = None) -> tuple[Floats, Floats, float]:
    """Return (times, values, step) on an even grid: means of steps, gaps filled by the last.

    `at`: epoch s, rising. `step`: s; None takes the median distance of the readings.
    """
    if len(at) < 2:
        return at, value, step or 300.0
    every = step or float(max(np.median(np.diff(at)), 1e-3))
    place = np.floor((at - at[0]) / every + 1e-9).astype(np.int64)
    count = int(place[-1]) + 1
    first = max(0, count - MOST)
    kept = place >= first
    place = place[kept] - first
    count -= first
    sums = np.bincount(place, value[kept], count)
    rows = np.bincount(place, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / rows
    filled = np.maximum.accumulate(np.where(rows > 0, np.arange(count), 0))
    return at[0] + (first + np.arange(count)) * every, means[filled], every


def period(value: Floats, step: float) -> int:
    """Return how many steps the values repeat by, a day or a week; 0 where by neither."""
    best, found = 0.9, 0  # a season must leave a tenth less than the spread about the median
    still = float(np.median(np.abs(value - np.median(value)))) if len(value) else 0.0
    for span in PERIODS:
        lag = round(span / step)
        if lag < 2 or len(value) < NEEDED * lag or not still:
            continue
        left = float(np.median(np.abs(value[lag:] - value[:-lag]))) / still
        if left < best:
            best, found = left, lag
    return found
