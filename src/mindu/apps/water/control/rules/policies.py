"""Rules that set machines from levels alone: they pickle, keep no clock, and need no forecast.

Fill is depth over the depth at which a node floods. A pump's memory is its own setting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control.roles import Frame, Mask
from mindu.engines.hydraulics.port import Array, Seen

LEAVE = -1.0  # in `Rule.fixed`: the machine stays as it is
RAMP = 0.08  # fill over which a gate goes from shut to open
FEW = 0.01  # fill below which a steady flow is not asked for
WET = 1.0  # mm/h, mean of the gauges: it rains, and what a storage gives ahead would meet the storm
HEAD_EPS = 0.01  # m: below this difference water does not say which way it goes
STOPS = 0.03  # m, 0.01..0.1, tried: so much more head it takes to stop a pump that runs
HALF = 0.5  # of a gate: open at least so far, it lets water out


def fills(frame: Frame, seen: Seen) -> tuple[Array, Array]:
    """Return the fill above and below each machine; the sea below is never full."""
    below = seen.depth[frame.down] / frame.down_full
    return seen.depth[frame.up] / frame.up_full, np.where(frame.sea, 0.0, below)


def heads(frame: Frame, seen: Seen) -> Array:
    """Return the head above minus the head below each machine, m."""
    above = seen.depth[frame.up] + frame.up_invert
    return np.asarray(above - seen.depth[frame.down] - frame.down_invert)


@dataclass(frozen=True, slots=True)
class Hold:
    """Does nothing: every machine stays as the file left it."""

    frame: Frame
    name: str = "nothing"

    def settings(self, seen: Seen) -> Array:
        """Leave all."""
        return np.full(len(seen.setting), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Levels at which each machine acts, one number a machine, all in fill.

    A pump starts at `on`, stops at `off`, and stops when its receiver is above `guard`.
    A gate whose head points forward opens above `hold`, or while the receiver is below `low` and
    its own side above `keep`, unless gauges show more than `wet` mm/h on average; while the head
    points back it opens only to take water off a receiver above `take`. It never opens further than
    lets out a steady flow: `steady` is its opening when full, more the lower the water stands (inf:
    no such bound), nor is it ever less open than `ajar`. A pump stands still below the fill `spare`
    while no rain falls and the gate beside it stands open under a head of `drain` m (0, inf: it
    never does). `fixed` overrides all: a setting, or `LEAVE`, or nan for none.
    """

    name: str
    frame: Frame
    on: Array
    off: Array
    guard: Array
    hold: Array
    low: Array
    keep: Array
    wet: Array
    take: Array
    steady: Array
    fixed: Array
    ajar: Array
    spare: Array
    drain: Array

    def settings(self, seen: Seen) -> Array:
        """Set pumps by hysteresis and gates by fill and head."""
        above, below = fills(self.frame, seen)
        head = heads(self.frame, seen)
        run = np.where(above >= self.on, 1.0, np.where(above <= self.off, 0.0, seen.setting > 0.5))
        run = np.where((below > self.guard) | self._spared(seen, above, head), 0.0, run)
        ramp = np.clip((above - self.hold) / RAMP, 0.0, 1.0)
        dry = (float(seen.rain.mean()) if len(seen.rain) else 0.0) <= self.wet
        ahead = (below < self.low) & (above > self.keep) & dry
        back = (below > self.take) & (above < below)
        gate = np.where(
            head > HEAD_EPS, np.maximum(ramp, ahead), np.where(head < -HEAD_EPS, back, ramp)
        )
        gate = np.minimum(gate, self.steady / np.sqrt(np.clip(above, FEW, 1.0)))
        want = np.where(self.frame.pump, run, np.maximum(gate, self.ajar))
        want = np.where(np.isnan(self.fixed), want, self.fixed)
        return np.where(self.frame.free & (want != LEAVE), want, np.nan)

    def _spared(self, seen: Seen, above: Array, head: Array) -> Mask:
        """Say which pumps need not run, for the tide lets their water out by the gate beside."""
        gate, rain = self.frame.beside, float(seen.rain.mean()) if len(seen.rain) else 0.0
        enough = np.where(seen.setting > 0.5, self.drain + STOPS, self.drain)
        drains = (gate >= 0) & (head[gate] > enough) & (seen.setting[gate] >= HALF)
        return drains & (above < self.spare) & (rain <= WET)


LEVELS = (
    "on",
    "off",
    "guard",
    "hold",
    "low",
    "keep",
    "take",
    "steady",
    "fixed",
    "wet",
    "ajar",
    "spare",
    "drain",
)
"""A machine's levels as they are written down, in this order; None where there is no bound.

A log that is older than the last of them has fewer: those that it does not name have no bound.
"""


def levels(rule: Rule, machine: int) -> tuple[float | None, ...]:
    """Return the levels at which one machine acts, as they are written down."""
    found = (float(getattr(rule, name)[machine]) for name in LEVELS)
    return tuple(value if np.isfinite(value) else None for value in found)


def as_told(name: str, frame: Frame, told: Mapping[int, Sequence[float | None]]) -> Rule:
    """Return the rule that acts at these levels, machine by machine; the others are left."""
    table = np.full((len(LEVELS), len(frame.up)), np.inf)
    table[LEVELS.index("fixed")] = LEAVE
    for machine, values in told.items():
        assert len(values) <= len(LEVELS), "a rule is told by its levels, and no more"
        bounds = [np.inf if value is None else value for value in values]
        table[: len(bounds), machine] = bounds
    fixed = table[LEVELS.index("fixed")]
    fixed[~np.isfinite(fixed)] = np.nan
    for name_ in ("ajar", "spare"):
        absent = table[LEVELS.index(name_)]
        absent[~np.isfinite(absent)] = 0.0
    return Rule(name=name, frame=frame, **dict(zip(LEVELS, table, strict=True)))


@dataclass(frozen=True, slots=True)
class EqualFilling:
    """Fills all alike: what is fuller than the mean gives, what is emptier holds."""

    frame: Frame
    name: str = "equal_filling"
    gain: float = 2.0  # setting per unit of fill above the mean
    on: float = 0.6
    off: float = 0.45

    def settings(self, seen: Seen) -> Array:
        """Open in proportion to fill above the mean; run pumps by level; shut against the tide."""
        frame = self.frame
        above, _ = fills(frame, seen)
        mean = float(np.mean(above[frame.free])) if frame.free.any() else 0.0
        gate = np.clip(0.5 + self.gain * (above - mean), 0.0, 1.0)
        gate = np.where(frame.outlet & (heads(frame, seen) < 0.0), 0.0, gate)
        run = np.where(above >= self.on, 1.0, np.where(above <= self.off, 0.0, seen.setting > 0.5))
        return np.where(frame.free, np.where(frame.pump, run, gate), np.nan)
