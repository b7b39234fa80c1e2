"""The weighing of plans that stands now, and what it wants of each machine at this minute."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from mindu.apps.water.control.rules.policies import as_told
from mindu.apps.water.loops.stand import Stand
from mindu.apps.water.loops.weather import waters
from mindu.city import MINUTE, Option, View, Weighing

LASTS = 20 * MINUTE  # after this a plan is too old: the weather has moved on


@dataclass(frozen=True, slots=True)
class Standing:
    """A weighing that is young enough to act on, and when it was made."""

    at: datetime
    weighing: Weighing

    def wants(self, now: datetime, stand: Stand) -> dict[str, float]:
        """Return the setting wanted of each machine at this minute.

        Where the plan is a rule, it is asked anew with what the gauges say now, as it was proved;
        else the setting of the block that `now` falls into holds.
        """
        block = int((now - self.at) / self.weighing.block)
        held = {m: v[min(block, len(v) - 1)] for m, v in self.weighing.plan.items() if v}
        wanted = {m: value for m, value in held.items() if np.isfinite(value)}
        told = {stand.index(m): v for m, v in self.weighing.rule.items() if stand.index(m) >= 0}
        if told:
            rule = as_told(self.weighing.chosen, stand.frame, told)
            asked = zip(stand.machines, rule.settings(stand.seen), strict=True)
            wanted |= {m.id: float(v) for m, v in asked if m.id in self.weighing.rule}
        return {m: value for m, value in wanted.items() if np.isfinite(value)}

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
