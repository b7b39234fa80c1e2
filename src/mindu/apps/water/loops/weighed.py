"""The weighing of plans that stands now, and what it wants of each machine at this minute."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from mindu.apps.water.loops.weather import waters
from mindu.city import MINUTE, Option, View, Weighing

LASTS = 20 * MINUTE  # after this a plan is too old: the weather has moved on


@dataclass(frozen=True, slots=True)
class Standing:
    """A weighing that is young enough to act on, and when it was made."""

    at: datetime
    weighing: Weighing

    def wants(self, now: datetime) -> dict[str, float]:
        """Return the setting wanted of each machine in the block that `now` falls into."""
        block = int((now - self.at) / self.weighing.block)
        held = {m: v[min(block, len(v) - 1)] for m, v in self.weighing.plan.items() if v}
        return {m: value for m, value in held.items() if np.isfinite(value)}

    def option(self, name: str) -> Option | None:
        """Return one course that was weighed."""
        return next((o for o in self.weighing.options if o.name == name), None)


def weighed(see: View) -> Standing | None:
    """Return the weighing in force; None where there is none or it is too old to act on."""
    whole = waters(see)
    told = see.weighing(whole.id) if whole is not None else None
    if told is None or see.now - told[0] > LASTS or not told[1].plan:
        return None
    return Standing(*told)
