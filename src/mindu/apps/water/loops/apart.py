"""Is it the gauge or the twin that is wrong: off for long, off twice over, and off alone."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from mindu.apps.water.kinds import Reach
from mindu.apps.water.loops.where import Gauged, gauged_at, machines
from mindu.city import MINUTE, Forecast, View

OLD = 10 * MINUTE  # a forecast older than this no longer says what should be so now
OLDER = 20 * MINUTE  # and the one before it
LONG, READINGS = 20 * MINUTE, 4  # a wave passes; a gauge that drifts stays off, reading by reading
APART, WIDE = 0.15, 3.0  # m, and half-widths of its interval: further off is not by chance
ALSO = 0.5  # of how far off a gauge is: a neighbour as far off the same way clears it
HOPS = 4  # links walked to the next gauge


def off(place: Gauged, see: View) -> float | None:
    """Return how far a gauge stands off what the twin and the others say, m; None if it does not.

    The newest forecast begins in five minutes: alone it would blame a gauge for what is about to
    happen. So the forecast before it, which spoke of now, must say the same, the gauge must have
    been off for a while, and no neighbour may be off as well: then the twin is wrong there.
    """
    now = _twice(place, see)
    if now is None or not _long(place, now, see):
        return None
    return None if any(_also(near, now, see) for near in neighbours(place, see)) else now


def _twice(place: Gauged, see: View) -> float | None:
    newest = _beyond(place, see.forecast(place.id, "level"), see)
    if newest is None or see.now - newest[0] > OLD:
        return None
    before = _beyond(place, see.forecast_before(place.id, "level"), see)
    if before is None or see.now - before[0] > OLDER:
        return None
    return newest[1] if newest[1] * before[1] > 0.0 else None


def _beyond(
    place: Gauged, told: tuple[datetime, Forecast] | None, see: View
) -> tuple[datetime, float] | None:
    """Return when a forecast was made and how far beyond its interval the gauge stands."""
    if told is None or not told[1].mid or place.level is None:
        return None
    made, said = told
    gone = (see.now - made).total_seconds() / 60.0
    told_now = (float(np.interp(gone, said.leads, x)) for x in (said.low, said.mid, said.high))
    low, mid, high = told_now
    far = place.level - mid
    return (made, far) if abs(far) > max(APART, WIDE * (high - low) / 2.0) else None


def _long(place: Gauged, now: float, see: View) -> bool:
    """Say whether every reading of the last while was off the same way."""
    _, values = see.window(place.id, "level", LONG)
    if place.level is None or len(values) < READINGS:
        return False
    far = (values - (place.level - now)) * np.sign(now)
    return bool(far.min() > APART)


def _also(near: Gauged, now: float, see: View) -> bool:
    told = see.forecast(near.id, "level")
    if told is None or near.level is None or not told[1].mid:
        return False
    return float(near.level - told[1].mid[0]) * float(np.sign(now)) > ALSO * abs(now)


def neighbours(place: Gauged, see: View) -> Iterator[Gauged]:
    """Yield the nearest believed gauges up and down the water, over a few links."""
    links: dict[str, set[str]] = {}
    for link in (*see.all(Reach), *machines(see)):
        links.setdefault(link.up, set()).add(link.down)
        links.setdefault(link.down, set()).add(link.up)
    seen, edge = {place.id}, {place.id}
    for _ in range(HOPS):
        edge = {far for near in sorted(edge) for far in links.get(near, ())} - seen
        seen |= edge
        found = {name: it for name in sorted(edge) if (it := gauged_at(name, see)) is not None}
        yield from found.values()
        edge -= found.keys()
