"""Storms that are over: when each began and ended, found in the rain of the last two days."""

from dataclasses import dataclass

import numpy as np

from mindu.apps.water.ahead.past import LONGEST, STEP_S, Past

WET = 1.0  # mm/h, mean of the gauges
LEAST_MM = 10.0  # a storm that brought less teaches little
DRY_S = 2 * 3600.0  # s without rain between two storms, and after one before it is over
BEFORE_S = 1800.0  # s of calm looked at before a storm
AFTER_S = 2 * 3600.0  # s of draining looked at after it


@dataclass(frozen=True, slots=True)
class Storm:
    """One storm with what ran off after it, s since the model's start."""

    begin: float
    end: float
    depth_mm: float


def storms(past: Past, since: float) -> list[Storm]:
    """Return the storms that are over and began after `since`, oldest first."""
    first = max(past.now - LONGEST.total_seconds(), 0.0, since)
    t = np.arange(first, past.now, STEP_S)
    if not past.names.gauges or len(t) < 2:
        return []
    rate = past.rain(first, past.now).mean(axis=1)
    mean = np.array([rate[int((x - first) // 60.0) :][:5].mean() for x in t])
    wet = t[mean > WET]
    if not len(wet):
        return []
    parts = np.split(wet, np.flatnonzero(np.diff(wet) > DRY_S) + 1)
    found = []
    for part in parts:
        inside = (t >= part[0]) & (t <= part[-1])
        depth = float(mean[inside].sum()) * STEP_S / 3600.0
        end = float(part[-1]) + AFTER_S
        if depth >= LEAST_MM and end <= past.now:
            found.append(Storm(max(float(part[0]) - BEFORE_S, 0.0), end, depth))
    return found
