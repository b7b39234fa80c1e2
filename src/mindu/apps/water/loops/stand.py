"""How the machines stand and what they see: the city's readings in the words of the control room.

Rules, limits and safety of `control` then work on readings just as they do on a model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from mindu.apps.water.control import safety
from mindu.apps.water.control.roles import Frame, Layout, beside
from mindu.apps.water.kinds import Machine, Outfall, Pump, Storage
from mindu.apps.water.loops import where
from mindu.apps.water.loops.weather import waters
from mindu.apps.water.loops.where import FRESH, Place, depth, place_at
from mindu.city import HOUR, View
from mindu.engines.hydraulics.port import Array, Seen

STROKE_S = 300.0  # s: the hand takes a gate where it shall go, at its own pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Machines in a fixed order, with what rules and safety ask of them."""

    machines: tuple[Machine, ...]
    frame: Frame
    seen: Seen
    kept: safety.Kept
    bound: safety.Limits

    def clear(self, wish: Mapping[str, float]) -> tuple[dict[str, float], int]:
        """Return what may be sent of a wish, by machine, and how many wishes were bent."""
        want = np.array([wish.get(m.id, np.nan) for m in self.machines])
        cleared = safety.clear(want, self.frame, self.bound, self.kept, self.seen)
        sent = {m.id: float(s) for m, s in zip(self.machines, cleared.settings, strict=True)}
        return sent, cleared.bent

    def index(self, machine: str) -> int:
        """Return the row of a machine, -1 where there is none of that name."""
        return next((k for k, m in enumerate(self.machines) if m.id == machine), -1)


def stand(see: View) -> Stand:
    """Read every machine and the water on both its sides."""
    machines = tuple(where.machines(see))
    order = sorted({end for m in machines for end in (m.up, m.down)})
    places = {name: place_at(name, see) for name in order}
    frame = _frame(machines, places)
    setting = np.array([_setting(m, see) for m in machines])
    seen = Seen(
        t=see.now.timestamp(),
        depth=np.array([depth(places[name], see) for name in order]),
        flow=np.zeros(0),
        setting=np.nan_to_num(setting),
        rain=_rain(see),
        stage=np.zeros(0),
    )
    kept = safety.Kept(
        setting=seen.setting,
        turned_s=np.array([_turned(m, see) for m in machines]),
        t=seen.t - STROKE_S,
    )
    free = frame.free & np.isfinite(setting)
    return Stand(
        machines=machines,
        frame=replace(frame, free=free),
        seen=seen,
        kept=kept,
        bound=_bound(machines, replace(frame, free=free)),
    )


def _frame(machines: tuple[Machine, ...], places: dict[str, Place | None]) -> Frame:
    row = {name: i for i, name in enumerate(places)}
    up = np.array([row[m.up] for m in machines], dtype=np.int64)
    pump = np.array([isinstance(m, Pump) for m in machines], dtype=np.bool_)
    outlet = np.array([m.role.startswith("outlet") for m in machines], dtype=np.bool_)
    free = np.array([m.ours for m in machines], dtype=np.bool_)
    ups, downs = [places[m.up] for m in machines], [places[m.down] for m in machines]
    return Frame(
        up=up,
        down=np.array([row[m.down] for m in machines], dtype=np.int64),
        up_invert=np.array([0.0 if p is None else p.invert for p in ups]),
        down_invert=np.array([0.0 if p is None else p.invert for p in downs]),
        up_full=np.array([_full(p) for p in ups]),
        down_full=np.array([_full(p) for p in downs]),
        pump=pump,
        outlet=outlet,
        store=np.array([isinstance(p, Storage) for p in ups], dtype=np.bool_),
        basin=np.array([isinstance(p, Storage) for p in downs], dtype=np.bool_),
        sea=np.array([isinstance(p, Outfall) for p in downs], dtype=np.bool_),
        free=free,
        beside=beside(up, pump=pump & outlet, gate=outlet & free & ~pump),
    )


def _rain(see: View) -> Array:
    """Return the rain of now, mm/h; while gauges are silent it rains without end: hold."""
    whole = waters(see)
    if whole is None:
        return np.zeros(0)
    known = whole.rain is not None and see.fresh(whole.id, "rain", FRESH)
    return np.array([whole.rain if known else np.inf])


def _full(place: Place | None) -> float:
    return 0.1 if place is None or isinstance(place, Outfall) else max(place.bank_mark, 0.1)


def _setting(machine: Machine, see: View) -> float:
    if machine.setting is None or not see.fresh(machine.id, "setting", FRESH):
        return float("nan")
    return machine.setting


def _turned(machine: Machine, see: View) -> float:
    """Return when a machine last changed its setting, epoch seconds; long ago if never seen to."""
    at, values = see.window(machine.id, "setting", HOUR)
    changed = np.flatnonzero(np.abs(np.diff(values)) > safety.TOLERANCE)
    return float(at[changed[-1] + 1]) if len(changed) else -np.inf


def _bound(machines: tuple[Machine, ...], frame: Frame) -> safety.Limits:
    """Return common limits, with what people hold by hand laid over them."""
    none: Array = np.zeros(0)
    laid = Layout(
        parts=(),
        frame=frame,
        pool=np.zeros(0, dtype=np.int64),
        pools=0,
        drains=none,
        gravity=np.zeros(0, dtype=np.bool_),
    )
    bound = safety.limits(laid)
    held = [np.nan if m.held is None or m.held < 0.0 else m.held for m in machines]
    return replace(bound, manual=np.array(held))
