"""Find a place by its name, and tell how deep the water stands there."""

import numpy as np

from mindu.apps.water.kinds import Gate, Junction, Machine, Node, Outfall, Pump, Storage
from mindu.apps.water.loops.ahead import OLD
from mindu.city import MINUTE, Quality, View

FRESH = 15 * MINUTE
NAN = float("nan")

Gauged = Junction | Storage
Place = Gauged | Node | Outfall


def place_at(name: str, see: View) -> Place | None:
    """Return the place of that name, None where none stands."""
    found = see.twins.get(name) if name in see.twins else None
    return found if isinstance(found, Place) else None


def gauged_at(name: str, see: View) -> Gauged | None:
    """Return the place of that name if it has a level gauge whose reading can be."""
    found = place_at(name, see)
    return found if isinstance(found, Gauged) and believed(found, see) is not None else None


def believed(place: Gauged, see: View) -> float | None:
    """Return the level that a gauge shows, m; None if never heard, or beyond what water can do."""
    beyond = Quality.RANGE in see.quality(place.id, "level")
    return None if beyond else place.level


def gauged(see: View) -> list[Gauged]:
    """Return every place with a level gauge."""
    return [*see.all(Junction), *see.all(Storage)]


def machines(see: View) -> list[Machine]:
    """Return every gate and pump."""
    return [*see.all(Gate), *see.all(Pump)]


def depth(place: Place | None, see: View) -> float:
    """Return the water above the bed: by the gauge, else by the twin's forecast, else nan."""
    if isinstance(place, Outfall):
        return _outside(place, see)
    if isinstance(place, Gauged) and see.fresh(place.id, "level", FRESH):
        level = believed(place, see)
        return _foretold(place, see) if level is None else level
    return NAN if place is None else _foretold(place, see)


def _foretold(place: Gauged | Node, see: View) -> float:
    told = see.forecast(place.id, "level")
    if told is None or see.now - told[0] > OLD or not told[1].mid:
        return NAN
    gone = (see.now - told[0]).total_seconds() / 60.0
    return float(np.interp(gone, told[1].leads, told[1].mid))


def _outside(place: Outfall, see: View) -> float:
    """Return the tide above the outfall's bed; an outfall without a tide is never in the way."""
    if place.stage is not None and see.fresh(place.id, "stage", FRESH):
        return max(place.stage - place.invert, 0.0)
    return NAN if place.tidal else 0.0
