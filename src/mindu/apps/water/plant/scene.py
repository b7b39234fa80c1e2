"""The weather that a plant lives through, minute by minute, and what the weather service says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from mindu.engines.hydraulics.port import Array, Network

MINUTE_S = 60.0
PATCHY = 0.08  # sd of the log of felt over gauged rain, gauge by gauge; assumed, 0.05 to 0.2
SERVICE = 0.3  # the service is off by up to so much, either way; assumed, 0.1 to 0.5
OUTLOOK_H = 3
RAIN_FACTOR = 1.15  # felt over gauged rain where control is scored (decision page 0006)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One night by the minute: (minutes, gauges) mm/h and (minutes, outfalls) m."""

    start: datetime
    hours: float
    gauged: Array  # rain that a perfect gauge would show
    felt: Array  # rain that the land feels
    stage: Array  # water outside
    outlook: Array  # (minutes,) mm/h expected over the next three hours, mean of the gauges

    def minute(self, t: float) -> int:
        """Return the row at a time, s since the start; the last row holds on."""
        return int(np.clip(t // MINUTE_S, 0, len(self.gauged) - 1))

    def at(self, t: float) -> datetime:
        """Return the instant, so many seconds after the start."""
        return self.start + timedelta(seconds=t)

    def altered(self, t: float, *, rain: float, tide_m: float) -> "Scene":
        """Return the same night with other rain and tide from `t` on."""
        row = self.minute(t)
        gauged, felt, stage = self.gauged.copy(), self.felt.copy(), self.stage.copy()
        gauged[row:] *= rain
        felt[row:] *= rain
        stage[row:] += tide_m
        return replace(self, gauged=gauged, felt=felt, stage=stage)


def scene(
    rain: Array,
    stage: Array,
    *,
    start: datetime,
    hours: float,
    step_s: float,
    dice: np.random.Generator,
) -> Scene:
    """Lay a night out by the minute; dice say how patchy the rain is, how wrong the service."""
    minutes = round(hours * 60.0) + 1
    t = MINUTE_S * np.arange(minutes)
    row = np.clip((t // step_s).astype(int), 0, len(rain) - 1)
    gauged = rain[row]
    grid = step_s * np.arange(len(stage))
    outside = np.column_stack([np.interp(t, grid, stage[:, k]) for k in range(stage.shape[1])])
    patchy = np.exp(dice.normal(0.0, PATCHY, gauged.shape[1]))
    patchy /= patchy.mean() if len(patchy) else 1.0  # patchy, not wetter: RAIN_FACTOR says how wet
    bias = 1.0 + dice.uniform(-SERVICE, SERVICE)
    return Scene(
        start=start,
        hours=hours,
        gauged=gauged,
        felt=gauged * RAIN_FACTOR * patchy,
        stage=outside,
        outlook=bias * _ahead(gauged),
    )


def _ahead(gauged: Array) -> Array:
    """Return the mean rain of the next three hours at each minute."""
    span = OUTLOOK_H * 60
    mean = gauged.mean(axis=1) if gauged.shape[1] else np.zeros(len(gauged))
    total = np.concatenate([[0.0], np.cumsum(mean), np.full(span, mean.sum())])
    return np.asarray((total[span : span + len(mean)] - total[: len(mean)]) / span)


def stages(network: Network, tide: dict[str, Array], site_of: dict[str, str]) -> Array:
    """Return (steps, outfalls) of the tide, each outfall by its site."""
    return np.column_stack([tide[site_of[name]] for name in network.outfalls])
