"""Is it dry, is a storm expected, and will the tide shut the sluices: from readings alone."""

from datetime import timedelta

import numpy as np

from mindu.apps.water.kinds import Outfall, Waters
from mindu.apps.water.params import DRY, WARNED
from mindu.city import HOUR, MINUTE, View

WET = 0.5  # mm/h: more than this is rain
TIDE = timedelta(hours=12, minutes=25)  # principal lunar semidiurnal period, M2
SOON = 3 * HOUR  # what an outlook speaks of, and how far ahead the tide is looked at
TOLD = HOUR  # an outlook older than this is no outlook


def waters(see: View) -> Waters | None:
    """Return the network as a whole, if it stands in this city."""
    found = see.all(Waters)
    return found[0] if found else None


def outlook(see: View) -> float:
    """Return the rain expected over the next three hours, mm/h; 0 where nobody says."""
    whole = waters(see)
    if whole is None or whole.outlook is None or not see.fresh(whole.id, "outlook", TOLD):
        return 0.0
    return max(whole.outlook, 0.0)


def dry(see: View) -> bool:
    """Say whether no rain fell for long and none is expected; unknown rain is not dry."""
    whole = waters(see)
    if whole is None or not see.fresh(whole.id, "rain", HOUR):
        return False
    _, rate = see.window(whole.id, "rain", timedelta(hours=see[DRY]))
    return bool(len(rate)) and float(rate.max()) < WET and outlook(see) < WET


def storm(see: View, *, shut: bool) -> bool:
    """Say whether a storm is expected; half as much will do while the tide shuts the sluices."""
    return outlook(see) >= see[WARNED] * (0.5 if shut else 1.0)


def high_water(outfall: Outfall, see: View) -> float | None:
    """Return the highest stage of the next three hours, as it was a tide ago; None if unknown."""
    at, stage = see.window(outfall.id, "stage", TIDE)
    if not len(at):
        return None
    ago = at <= (see.now - TIDE + SOON).timestamp()
    known = float(stage[ago].max()) if ago.any() else float(stage[-1])
    return max(known, float(stage[-1])) if _rising(at, stage) else known


def _rising(at: np.ndarray, stage: np.ndarray) -> bool:
    recent = at >= at[-1] - (30 * MINUTE).total_seconds()
    return bool(stage[recent][-1] > stage[recent][0])
