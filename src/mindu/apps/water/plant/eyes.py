"""What the gauges of a pretend city show: the truth with noise, and the faults of this night.

Each night has, by its seed, a gauge that falls silent, one that sticks and one that drifts.
"""

from dataclasses import dataclass, replace

import numpy as np

from mindu.apps.water.readings import Channel
from mindu.engines.hydraulics.port import Array, Seen

NOISE_M = 0.01  # m: sd of a level reading; assumed, 0.005 to 0.03
CATCH = 0.05  # sd of a rain gauge, relative; assumed, 0.02 to 0.1
DRIFT_M_S = 0.15 / 3600.0  # m/s: how fast the drifting gauge walks off; assumed
FAULT_H = (2.0, 4.0)  # h a gauge stays silent or stuck; assumed
FROM, TO = 0.15, 0.45  # share of the night within which a fault begins


@dataclass(frozen=True, slots=True)
class Spell:
    """A fault of one thing, from a time to a time, s since the start."""

    about: str
    begin: float
    end: float

    def on(self, t: float) -> bool:
        """Say whether it is on."""
        return self.begin <= t < self.end


def spell(about: str, hours: float, dice: np.random.Generator) -> Spell:
    """Draw when a fault begins and ends."""
    begin = float(dice.uniform(FROM, TO)) * hours * 3600.0
    return Spell(about, begin, begin + 3600.0 * float(dice.uniform(*FAULT_H)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong with the gauges this night."""

    silent: Spell
    stuck: Spell
    drifting: Spell


class Eyes:
    """Shows what is so, through gauges; remembers where the stuck one stopped."""

    def __init__(
        self, chosen: tuple[Channel, ...], *, hours: float, dice: np.random.Generator
    ) -> None:
        """Draw the faults of the night."""
        self.levels = tuple(c for c in chosen if c.prop == "level")
        self.faults = self._drawn(hours, dice)
        self._places = {c.about: c.index for c in self.levels}
        self._dice = dice
        self._stopped = float("nan")

    def look(self, truth: Seen, caught: Array) -> Seen:
        """Return what the gauges show of the truth; rain as caught over the last five minutes."""
        depth = truth.depth + self._dice.normal(0.0, NOISE_M, len(truth.depth))
        depth = np.maximum(depth, 0.0)
        faults, t = self.faults, truth.t
        stuck, drifting = self._places[faults.stuck.about], self._places[faults.drifting.about]
        if faults.stuck.on(t):
            if np.isnan(self._stopped):
                self._stopped = float(depth[stuck])
            depth[stuck] = self._stopped
        if faults.drifting.on(t):
            depth[drifting] += DRIFT_M_S * (t - faults.drifting.begin)
        rain = np.maximum(caught * (1.0 + self._dice.normal(0.0, CATCH, len(caught))), 0.0)
        return replace(truth, depth=depth, rain=rain)

    def heard(self, channel: Channel, t: float) -> bool:
        """Say whether a channel reports at all."""
        silent = self.faults.silent
        return not (channel.prop == "level" and channel.about == silent.about and silent.on(t))

    def _drawn(self, hours: float, dice: np.random.Generator) -> Faults:
        names = [c.about for c in self.levels]
        assert len(names) >= 3, f"faults want three level gauges; there are {len(names)}"
        silent, stuck, drifting = (names[k] for k in dice.choice(len(names), 3, replace=False))
        return Faults(
            silent=spell(silent, hours, dice),
            stuck=spell(stuck, hours, dice),
            drifting=spell(drifting, hours, dice),
        )
