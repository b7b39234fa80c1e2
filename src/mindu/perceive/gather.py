"""Readings one by one, gathered into columns."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import msgspec
import numpy as np

from mindu.perceive.source import Floats, Reading, Readings

_NONE = np.zeros(0)


def gathered(readings: Sequence[Reading]) -> Readings:
    """Return readings as columns; a value that is no number, or a time without zone, as NaN."""
    if not readings:
        return Readings(_NONE, (), (), _NONE, (), _NONE.astype(np.uint8))
    rows = zip(*map(msgspec.structs.astuple, readings), strict=True)
    at, about, prop, value, unit, quality = rows
    count = len(readings)
    marks = np.fromiter(quality, np.uint8, count) if any(quality) else np.zeros(count, np.uint8)
    return Readings(_epochs(at), about, prop, _numbers(value), unit, marks)


def _epochs(at: Sequence[datetime]) -> Floats:
    first = at[0]
    if at.count(first) == len(at):  # one tick's readings mostly share one instant
        return np.full(len(at), _epoch(first))
    return np.fromiter(map(_epoch, at), np.float64, len(at))


def _epoch(at: datetime) -> float:
    return at.timestamp() if at.tzinfo is not None else np.nan


def _numbers(value: Sequence[object]) -> Floats:
    try:
        return np.fromiter(cast("Sequence[float]", value), np.float64, len(value))
    except (TypeError, ValueError):
        return np.array([v if isinstance(v, int | float) else np.nan for v in value], np.float64)
