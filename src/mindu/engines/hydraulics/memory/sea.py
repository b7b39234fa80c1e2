"""The water outside: the level at each outfall, as the file tells it or as it is set by call.

SWMM keeps only the depth at the node, which a falling tide leaves; so the tide itself is read where
SWMM has just looked it up.
"""

import ctypes

import numpy as np
from numpy.typing import NDArray

from mindu.engines.hydraulics.port import Array

FOOT = 0.3048
FREE, NORMAL, FIXED, TIDAL, SERIES = range(5)  # SWMM's words for an outfall's boundary
DAY_MS = 86_400_000.0


class Sea:
    """The boundaries of one live model."""

    def __init__(
        self,
        lib: ctypes.CDLL,
        outfalls: NDArray[np.void],
        tables: tuple[NDArray[np.void], NDArray[np.void]],
        *,
        length: float,
    ) -> None:
        self._lib, self._outfalls = lib, outfalls
        self._curves, self._series = tables
        self._length = length  # m per unit of the file
        self._own = outfalls.copy()
        self._now = ctypes.c_double.in_dll(lib, "NewRoutingTime")
        self._start = ctypes.c_double.in_dll(lib, "StartDateTime").value
        lib.table_lookup.restype = ctypes.c_double
        lib.table_lookup.argtypes = [ctypes.c_void_p, ctypes.c_double]
        self.look()

    def look(self) -> None:
        """Note which boundary is of which kind; it changes only when one is set."""
        kind = self._outfalls["type"]
        self._falls = (kind == FREE) | (kind == NORMAL)
        self._fixed = kind == FIXED
        self._timed = np.flatnonzero(kind == SERIES)
        self._rows = self._outfalls["stageSeries"][self._timed]
        self._daily = [int(k) for k in np.flatnonzero(kind == TIDAL)]

    def set(self, stage: Array | None) -> None:
        """Set the level outside, m; nan or None gives the word back to the file."""
        given = np.zeros(len(self._own), dtype=np.bool_) if stage is None else ~np.isnan(stage)
        self._outfalls["type"] = np.where(given, FIXED, self._own["type"])
        level = 0.0 if stage is None else np.nan_to_num(stage) / FOOT
        self._outfalls["fixedStage"] = np.where(given, level, self._own["fixedStage"])
        self.look()

    def level(self, head: Array) -> Array:
        """Return the level outside, m; nan where water falls freely, `head` where none is told."""
        level = np.where(self._fixed, self._outfalls["fixedStage"] * FOOT, head)
        level[self._falls] = np.nan
        if len(self._timed):
            tide = self._tide()
            told = np.isfinite(tide)
            level[self._timed[told]] = tide[told]
        for k in self._daily:
            level[k] = self._curve(int(self._outfalls["tideCurve"][k]))
        return np.asarray(level)

    def _tide(self) -> Array:
        """Return each timed outfall's tide from SWMM's own bracket; nan before SWMM has looked."""
        x1, x2, y1, y2 = (self._series[name][self._rows] for name in ("x1", "x2", "y1", "y2"))
        now = self._start + self._now.value / DAY_MS
        share = np.clip((now - x1) / np.where(x2 > x1, x2 - x1, np.inf), 0.0, 1.0)
        return np.where(x1 <= now, (y1 + (y2 - y1) * share) * self._length, np.nan)

    def _curve(self, number: int) -> float:
        """Look a tide of every day up, as SWMM does: from the curve's first hour on."""
        first = ctypes.c_double.from_address(int(self._curves[number]["firstEntry"])).value
        hour = first + self._now.value / DAY_MS % 1.0 * 24.0
        address = self._curves.ctypes.data + number * self._curves.dtype.itemsize
        return float(self._lib.table_lookup(address, hour)) * self._length
