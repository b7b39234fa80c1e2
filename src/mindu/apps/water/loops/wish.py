"""What the machines shall do now: by the weighed plan or the robust rule, and after safety."""

from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control.rules.hand import prepared
from mindu.apps.water.kinds import Machine, Waters
from mindu.apps.water.loops import drawdown, flush
from mindu.apps.water.loops.stand import Stand, stand
from mindu.apps.water.loops.weighed import Standing, weighed
from mindu.city import View

RENEW_MIN = 15.0  # min: half the time after which a station helps itself
OFF = 0.05  # of a stroke: nearer than this is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the machines shall do now: by which plan, and after safety."""

    standing: Standing | None
    stand: Stand
    changes: dict[str, float]
    bent: int

    @property
    def lowers(self) -> bool:
        """Say whether more water is let out than now."""
        return any(v > (self.of(m).setting or 0.0) for m, v in self.changes.items())

    def of(self, machine: str) -> Machine:
        """Return one machine."""
        return self.stand.machines[self.stand.index(machine)]


def _unheard(see: View) -> bool:
    """Say whether the stations would soon take over, having been told nothing for so long."""
    return any((w.order_age or 0.0) >= RENEW_MIN for w in see.all(Waters))


def wish(see: View) -> Wish:
    """Return the changes that the plan in force, or the robust rule, wants and safety allows.

    A plan that wants no change is told again before the stations take silence for a cut line.
    """
    standing, machines = weighed(see), stand(see)
    known = {m.id for m in machines.machines}
    if standing is None:
        want = prepared(machines.frame).settings(machines.seen)
        pairs = zip(machines.machines, want, strict=True)
        wanted = {m.id: float(w) for m, w in pairs if np.isfinite(w)}
        taken = drawdown.claims(see) | flush.claims(see)
    else:
        wanted, taken = standing.wants(see.now, machines), flush.claims(see)
    left = {m: w for m, w in wanted.items() if m in known and m not in taken}
    sent, bent = machines.clear(left)
    now = {m.id: m.setting for m in machines.machines if m.setting is not None}
    changes = {m: round(sent[m], 3) for m in left if m in now and abs(sent[m] - now[m]) > OFF}
    if not changes and standing is not None and _unheard(see):
        changes = {m: round(sent[m], 3) for m in left if m in now}
    return Wish(standing=standing, stand=machines, changes=changes, bent=bent)
