"""What a dispatch promises, and at which place: something that would not come of itself."""

import numpy as np

from mindu.apps.water.loops.ahead import Z90, ahead
from mindu.apps.water.loops.where import FRESH, Gauged, believed, gauged
from mindu.apps.water.loops.wish import Wish
from mindu.city import MINUTE, Expect, View

WITHIN = 15 * MINUTE
CHECKED = 20  # places, the fullest ones, among which the one to promise by is looked for
HELD = 0.1  # m above the trend, where water is held back
SLACK = 0.02  # m: a promise is not broken by a wave


def promise(place: Gauged, see: View, *, lowers: bool) -> Expect:
    """Promise that the place stays under what its forecast allows at most.

    By trend alone, what lets more water out shall bend the trend, and what holds more back shall
    not let the place rise much faster than it does.
    """
    look = ahead(place, see)
    soon = int(np.searchsorted(look.minutes, WITHIN.total_seconds() / 60.0 - 0.1))
    k = min(soon, len(look.minutes) - 1)
    most = float(look.mid[k] + Z90 * look.up[k]) + SLACK
    if look.by == "trend":
        level = place.level or 0.0
        rise = float(look.mid[k]) - level
        bent = rise if rise > SLACK else min(rise, -SLACK)
        most = level + (bent if lowers else max(rise, 0.0) + HELD)
    return Expect("level", within=WITHIN, below=round(most, 3), about=place.id)


def critical(see: View, near: Wish) -> Gauged | None:
    """Return the place that will be fullest in a quarter of an hour, beside what moves if heard."""
    beside = {end for m in near.changes for end in (near.of(m).up, near.of(m).down)}
    heard = [p for p in gauged(see) if _known(p, see)]
    heard = [p for p in heard if p.id in beside] or heard
    heard.sort(key=lambda p: -(p.level or 0.0) / p.bank_mark)
    return max(heard[:CHECKED], key=lambda p: _fill(p, see), default=None)


def _known(place: Gauged, see: View) -> bool:
    known = believed(place, see) is not None and see.fresh(place.id, "level", FRESH)
    return place.bank_mark > 0.0 and known


def _fill(place: Gauged, see: View) -> float:
    return float(ahead(place, see).mid[:3].max()) / place.bank_mark
