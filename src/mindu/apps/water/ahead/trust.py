"""Which level gauges are believed: not one that lies far off the twin, alone, and for long."""

from dataclasses import dataclass, field

import numpy as np

from mindu.apps.water.control.roles import Mask
from mindu.engines.hydraulics.port import Array

DRIFT = 0.15  # m: further off the twin than this
LONG = 6  # looks in a row
OF_MIDDLE = 4.0  # and so much further than the middle gauge
FADE = 0.7  # of a running mean, each look


@dataclass(slots=True)
class Trust:
    """How far each gauge has been off the twin lately, and for how many looks in a row."""

    places: int
    off: Array = field(init=False)  # m: running mean of what a gauge shows above the twin
    doubt: Array = field(init=False)  # looks in a row at which it was far off

    def __post_init__(self) -> None:
        self.off, self.doubt = np.zeros(self.places), np.zeros(self.places)

    @property
    def believed(self) -> Mask:
        """Return which gauges are believed."""
        return np.asarray(self.doubt < LONG)

    def note(self, miss: Array) -> Array:
        """Note what gauges show above the twin (nan where silent); return it, 0 if not believed."""
        known, told = np.isfinite(miss), np.nan_to_num(miss)
        self.off = np.where(known, FADE * self.off + (1.0 - FADE) * told, self.off)
        off = np.sort(np.abs(self.off[known]))
        middle = float(off[(len(off) - 1) // 2]) if len(off) else 0.0  # of two, the nearer one
        far = known & (np.abs(self.off) > max(DRIFT, OF_MIDDLE * middle))
        self.doubt = np.where(far, self.doubt + 1, np.where(known, 0.0, self.doubt))
        return np.where(known & self.believed, told, 0.0)
