"""A storm over the city: its rain gauge by gauge and the tide site by site, step by step."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mindu.apps.water.fuzhou.network import Weather
from mindu.apps.water.storms.catalogue import GAUGES, Storm, storm
from mindu.apps.water.storms.shape import STEP_MIN
from mindu.apps.water.storms.tide import level, surge, told

Array = NDArray[np.float64]
STEP = timedelta(minutes=STEP_MIN)
LEAD_H = 3.0  # h between the night's start and the first rain
BEYOND_H = 7.0  # h of weather written past the night's end, so that futures never run out


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """When a storm night starts, how long it lasts, and its weather from the start on."""

    storm: Storm
    start: datetime
    hours: float
    rain: Array  # (steps, gauges) mm/h
    tide: dict[str, Array]  # site -> (steps,) m: what the tables and the river's gauges promise
    push: Array  # (steps,) m: what the wind adds and nobody was promised

    def weather(self, *, rain: bool, surge: bool) -> Weather:
        """Return the weather to write into a model: with the rain and the surge, or without."""
        extra = self.push if surge else np.zeros_like(self.push)
        fallen = {g: tuple(self.rain[:, k]) for k, g in enumerate(GAUGES)} if rain else {}
        return Weather(
            start=self.start,
            hours=self.hours + BEYOND_H,
            step=STEP,
            rain=fallen,
            tide={site: tuple(values + extra) for site, values in self.tide.items()},
        )


def night(name: str) -> Night:
    """Return the night of a storm.

    Raises:
        ValueError: no such storm.
    """
    fallen = storm(name)
    facts = fallen.told
    start = fallen.begin - timedelta(hours=LEAD_H)
    steps = round((facts.hours + BEYOND_H) * 60 / STEP_MIN) + 1
    rain = np.zeros((steps, len(GAUGES)))
    lead = round(LEAD_H * 60 / STEP_MIN)
    rain[lead : lead + len(fallen.rate)] = fallen.rate[: steps - lead]
    at: Array = start.astimezone(UTC).timestamp() + 60.0 * STEP_MIN * np.arange(steps, dtype=float)
    peak = fallen.begin.timestamp() + 60.0 * facts.peak_min.value
    return Night(
        storm=fallen,
        start=start,
        hours=facts.hours,
        rain=rain,
        tide={site: level(site, at, river_m=facts.river_m.value) for site in told().sites},
        push=surge(at, peak=peak, top_m=facts.surge_m.value),
    )
