"""Readings in the city's own units and over its own datum."""

from collections.abc import Sequence
from itertools import repeat

import numpy as np

from mindu.data.arrays import Floats, Ints
from mindu.data.senses.account import CODES
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.perceive.said import Said
from mindu.perceive.scale import turned


def scaled(
    said: Sequence[Said], series: Ints, value: Floats, code: Ints, registry: Registry
) -> Floats:
    """Return values in the declared unit and over the declared datum."""
    if any(s.unit is not None for s in said):
        value = _in_unit(said, series, value, code, registry)
    zero = registry.devices["zero"]
    told = any(s.datum is not None for s in said)
    if told or zero.any():
        value = _over_datum(said, series, value, code, registry)
    return value


def _in_unit(
    said: Sequence[Said], series: Ints, value: Floats, code: Ints, registry: Registry
) -> Floats:
    names: dict[str, int] = {"": 0}
    told = np.array(
        [
            names.setdefault(unit, len(names))
            for s in said
            for unit in (s.unit if s.unit is not None else repeat("", len(s)))
        ],
        np.int64,
    )
    rows = np.flatnonzero((told > 0) & (series >= 0))
    decl = registry.series["decl"][series[rows]].astype(np.int64)
    pairs, which = np.unique(decl * len(names) + told[rows], return_inverse=True)
    units = list(names)
    found = [
        turned(units[pair % len(names)], registry.decls[pair // len(names)].unit)
        for pair in pairs.tolist()
    ]
    factor = np.array([np.nan if f is None else f[0] for f in found])[which]
    offset = np.array([np.nan if f is None else f[1] for f in found])[which]
    code[rows[np.isnan(factor)]] = CODES["another unit"]
    value = value.copy()
    value[rows] = value[rows] * factor + offset
    return value


def _over_datum(
    said: Sequence[Said], series: Ints, value: Floats, code: Ints, registry: Registry
) -> Floats:
    """Lift heights from the device's zero to the datum, unless the reading is over it already."""
    rows = np.flatnonzero(series >= 0)
    over = np.array([bool(decl.datum) for decl in registry.decls] or [False])
    decl = registry.series["decl"][series[rows]].astype(np.int64)
    rows, decl = rows[over[decl]], decl[over[decl]]
    lift = registry.devices["zero"][registry.series["device"][series[rows]]].astype(float)
    if any(s.datum is not None for s in said):
        told = [d for s in said for d in (s.datum if s.datum is not None else repeat("", len(s)))]
        mine = [registry.decls[number].datum for number in decl.tolist()]
        there = np.array([told[r] == m for r, m in zip(rows.tolist(), mine, strict=True)], bool)
        strange = np.array([bool(told[r]) for r in rows.tolist()], bool) & ~there
        code[rows[strange]] = CODES["unknown datum"]
        lift = np.where(there, 0.0, lift)
    value, moved = value.copy(), lift != 0  # what is not lifted stays as it is, also -0.0
    value[rows[moved]] += lift[moved]
    return value


def timed(at: Ints, rows: Ints, series: Ints, now: Now, clock: int) -> Ints:
    """Give readings without a time that of their arrival, each of a series its own ms."""
    at = at.copy()
    at[rows] = clock
    rows = rows[series[rows] >= 0]
    rows = rows[np.argsort(series[rows], kind="stable")]
    mine = series[rows]
    first = np.append(True, mine[1:] != mine[:-1])[: len(mine)]
    place = np.arange(len(mine))
    nth = place - np.maximum.accumulate(np.where(first, place, 0))
    at[rows] = np.maximum(clock, now.heard(mine, clock) + 1) + nth
    return at
