"""What the city's readings say of the last hours, in the order and time of the network's model.

A reading speaks for the time up to it: rain that a gauge shows at five past fell since the hour.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.kinds import DEPTH
from mindu.apps.water.names import Names
from mindu.city import View
from mindu.engines.hydraulics.port import Array, Network

STEP_S = 300.0
MINUTE_S = 60.0
NEAR_S = 150.0  # s: a reading stands for an instant at most so far away
WEATHER = timedelta(hours=12)  # of rain that the guesses at coming weather look back on
LONGEST = timedelta(hours=48)  # what the series keep


@dataclass(frozen=True, slots=True)
class Past:
    """The readings behind a moment, read on the model's own clock."""

    network: Network
    names: Names
    see: View

    @property
    def now(self) -> float:
        """Return this moment, s since the model's start."""
        return self.see.now.timestamp() - self.network.start

    def rain(self, begin: float, end: float) -> Array:
        """Return (minutes, gauges) mm/h; a silent gauge shows the mean of those that speak."""
        grid = np.arange(begin, max(end, begin + MINUTE_S), MINUTE_S)
        rate = np.column_stack([self._held(g, "rain", grid) for g in self.names.gauges])
        known = np.isfinite(rate)
        spoken = np.where(known, rate, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        return np.maximum(np.where(known, rate, spoken[:, None]), 0.0)

    def weather(self) -> Rainfall:
        """Return the rain of the last half day, for guesses at what comes."""
        begin = max(self.now - WEATHER.total_seconds(), 0.0)
        steps = np.arange(begin, self.now, STEP_S)
        if not len(self.names.gauges) or not len(steps):
            return Rainfall(t=np.zeros(1), rate=np.zeros((1, len(self.names.gauges))))
        rate = self.rain(begin, self.now)
        row = np.minimum(((steps - begin) // MINUTE_S).astype(int), len(rate) - 1)
        return Rainfall(t=steps, rate=rate[row])

    def settings(self, begin: float, end: float) -> Array:
        """Return (steps of five minutes, machines); a machine never heard of is nan."""
        steps = np.arange(begin, max(end - 1.0, begin + 1.0), STEP_S)
        return np.column_stack([self._held(m, "setting", steps) for m in self.names.machines])

    def stage(self, begin: float, end: float) -> Array:
        """Return (minutes, outfalls) of water outside, m; nan where none is measured."""
        grid = np.arange(begin, max(end, begin + MINUTE_S), MINUTE_S)
        names = [self.names.node(self.network, name) for name in self.network.outfalls]
        found = [self._between(name, "stage", grid) for name in names]
        return np.column_stack(found) if found else np.zeros((len(grid), 0))

    def levels(self, gauged: tuple[str, ...], instants: Array) -> Array:
        """Return (instants, gauges) m above the bed, nan where silent or impossible then."""
        found = np.full((len(instants), len(gauged)), np.nan)
        past = timedelta(seconds=float(self.now - instants[0]) + NEAR_S)
        for g, name in enumerate(gauged):
            at, values = self.see.series.window(name, "level", self.see.now, past)
            can_be = DEPTH.holds(values)
            if can_be.any():
                found[:, g] = _near(at[can_be] - self.network.start, values[can_be], instants)
        return found

    def _window(self, about: str, prop: str, begin: float) -> tuple[Array, Array]:
        past = timedelta(seconds=self.now - begin + 2 * STEP_S)
        at, values = self.see.series.window(about, prop, self.see.now, min(past, LONGEST))
        return at - self.network.start, values

    def _held(self, about: str, prop: str, grid: Array) -> Array:
        """Return the first reading after each instant; the last one holds to the end."""
        at, values = self._window(about, prop, float(grid[0]))
        if not len(at):
            return np.full(len(grid), np.nan)
        row = np.searchsorted(at, grid + 1e-6, side="right")
        return values[np.minimum(row, len(values) - 1)]

    def _between(self, about: str, prop: str, grid: Array) -> Array:
        at, values = self._window(about, prop, float(grid[0]))
        return np.interp(grid, at, values) if len(at) else np.full(len(grid), np.nan)


def _near(at: Array, values: Array, instants: Array) -> Array:
    """Return the value nearest each instant, nan where none is near."""
    right = np.clip(np.searchsorted(at, instants), 0, len(at) - 1)
    left = np.maximum(right - 1, 0)
    closer = np.abs(at[left] - instants) <= np.abs(at[right] - instants)
    row = np.where(closer, left, right)
    return np.where(np.abs(at[row] - instants) <= NEAR_S, values[row], np.nan)
