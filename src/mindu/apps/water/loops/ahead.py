"""What the coming hour holds for one place: by the forecast while it is fresh, else by trend."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import erf, sqrt

import numpy as np

from mindu.apps.water.kinds import DEPTH, Junction, Storage
from mindu.apps.water.params import SPREAD
from mindu.city import HOUR, MINUTE, Evidence, Forecast, View
from mindu.engines.hydraulics.port import Array

OLD = 20 * MINUTE  # a forecast older than this no longer speaks for the hour
Z90 = 1.645  # half-width of a 90 % interval of a normal, in sd
LEAST_SD = 0.005  # m: nobody knows a level better
TREND = 30 * MINUTE  # how far back a trend is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Quantiles of a level over the leads, and how they were come by."""

    by: str  # "forecast" | "trend"
    made: datetime
    minutes: Array  # leads from now
    mid: Array  # m
    up: Array  # sd above the middle, m
    down: Array  # sd below the middle, m

    def chance(self, mark: float) -> Array:
        """Return, lead by lead, the chance that the level stands above the mark."""
        sd = np.maximum(np.where(self.mid < mark, self.up, self.down), LEAST_SD)
        z = (mark - self.mid) / sd
        return np.array([0.5 * (1.0 - erf(x / sqrt(2.0))) for x in z])

    def passes(self, mark: float, sure: float) -> tuple[float, timedelta | None]:
        """Return the highest chance within the hour, and when it first comes to `sure`."""
        chance = self.chance(mark)
        likely = np.flatnonzero(chance >= sure)
        lead = timedelta(minutes=float(self.minutes[likely[0]])) if len(likely) else None
        return float(chance.max()), lead


def ahead(place: Junction | Storage, see: View) -> Ahead:
    """Look an hour ahead; the level of `place` must be known."""
    told = see.forecast(place.id, "level")
    if told is not None and see.now - told[0] <= OLD:
        found = _by_forecast(told[0], told[1], see.now)
        if found is not None:
            return found
    return _by_trend(place, see)


def evidence(place: Junction | Storage, see: View) -> tuple[Evidence, ...]:
    """Return the newest reading of the level."""
    at, values = see.window(place.id, "level", HOUR)
    if not len(at):
        return ()
    when = see.now - timedelta(seconds=see.now.timestamp() - float(at[-1]))
    return (Evidence(place.id, "level", when, float(values[-1])),)


def trend(place: Junction | Storage, see: View, past: timedelta = TREND) -> float:
    """Return how fast the level rises, m/h: the slope through the readings of the last while."""
    at, values = see.window(place.id, "level", past)
    can_be = DEPTH.holds(values)
    at, values = at[can_be], values[can_be]
    if len(at) < 2 or at[-1] <= at[0]:
        return 0.0
    hours = (at - at[-1]) / 3600.0
    lean = hours - hours.mean()
    return float((lean @ (values - values.mean())) / (lean @ lean))


def _by_forecast(made: datetime, told: Forecast, now: datetime) -> Ahead | None:
    gone = (now - made).total_seconds() / 60.0
    left = np.asarray(told.leads) - gone
    keep = left > 0.0
    if not keep.any():
        return None
    low, mid, high = (np.asarray(x)[keep] for x in (told.low, told.mid, told.high))
    return Ahead(
        by="forecast",
        made=made,
        minutes=left[keep],
        mid=mid,
        up=np.maximum(high - mid, 0.0) / Z90,
        down=np.maximum(mid - low, 0.0) / Z90,
    )


def _by_trend(place: Junction | Storage, see: View) -> Ahead:
    assert place.level is not None, f"the level of {place.id} was never heard of"
    minutes = np.array(list(_leads(see.horizon)))
    rise = trend(place, see)
    sd = see[SPREAD] * np.sqrt(minutes / 60.0)
    mid = np.maximum(place.level + rise * minutes / 60.0, 0.0)
    return Ahead(by="trend", made=see.now, minutes=minutes, mid=mid, up=sd, down=sd)


def _leads(horizon: timedelta) -> Iterator[float]:
    for k in range(1, max(int(horizon / (5 * MINUTE)), 1) + 1):
        yield 5.0 * k
