"""The stations of a pretend city: they take orders, keep machines safe, and know what to do alone.

Whatever is ordered passes safety every minute. A station that has heard no plan for half an hour
falls back on its own level switches, and says so; a person at the station outranks everybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from mindu.apps.water.control import safety
from mindu.apps.water.control.roles import Frame, Layout, Mask
from mindu.apps.water.control.rules import hand
from mindu.apps.water.plant.eyes import Spell, spell
from mindu.city import Refused
from mindu.engines.hydraulics.port import Array, Policy, Seen

LOOK_S = 60.0  # s between two looks of a station at its water
ALONE_S = 1800.0  # s without a plan, after which a station helps itself
VERBS = ("set", "restore", "undo", "hold", "release")
Told = tuple[str, str, dict[str, float]]  # about, name of the event, its numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What goes wrong with the machines this night: a gate that jams, a pump that trips."""

    jammed: Spell | None
    tripped: Spell | None

    def why(self, machine: str, t: float) -> str:
        """Return why a machine cannot move now; empty when it can."""
        if self.jammed is not None and self.jammed.about == machine and self.jammed.on(t):
            return f"{machine} is jammed: send somebody to free it, or do without it"
        if self.tripped is not None and self.tripped.about == machine and self.tripped.on(t):
            return f"{machine} has tripped: reset it at the station, or do without it"
        return ""


def trouble(
    names: tuple[str, ...], laid: Layout, hours: float, dice: np.random.Generator
) -> Trouble:
    """Draw which gate jams and which pump trips."""
    frame = laid.frame

    def one(among: Mask) -> Spell | None:
        rows = np.flatnonzero(among)
        return spell(names[int(dice.choice(rows))], hours, dice) if len(rows) else None

    return Trouble(jammed=one(frame.free & ~frame.pump), tripped=one(frame.free & frame.pump))


class Stations:
    """Every machine of the city, at its station."""

    def __init__(self, names: tuple[str, ...], laid: Layout, truth: Seen, faults: Trouble) -> None:
        """Stand as the truth stands, with nobody's orders."""
        self.names, self.faults = names, faults
        self.bound = safety.limits(laid)
        self.alone = True
        self.infeasible = 0  # settings that a second set of rules finds impossible or unsafe
        self._frame = laid.frame
        self._rule: Policy = hand.static(laid.frame)
        self._wish = np.full(len(names), np.nan)
        self._before = truth.setting.copy()
        self._kept = replace(safety.first(truth), t=truth.t - LOOK_S)
        self._heard = -np.inf
        self._told: list[Told] = []
        self._down: set[str] = set()

    def follow(self, rule: Callable[[Frame], Policy]) -> None:
        """Take another rule for what a station does by itself: a night is lived under it."""
        self._rule = rule(self._frame)

    def order(self, verb: str, wanted: Mapping[str, object], t: float) -> None:
        """Take an order; machines that cannot move are left out, and said to be.

        Raises:
            Refused: a verb or a machine that is not known, a setting that none can take, or none
                of the machines can move.
        """
        if verb not in VERBS:
            raise Refused(f"no station does {verb!r}; known are: {', '.join(VERBS)}")
        rows = {machine: self._row(machine) for machine in wanted}
        if not rows:
            raise Refused(f"{verb} names no machine; give machine: setting")
        if verb in {"hold", "release"}:
            self._manual(verb, {k: self._fit(m, wanted[m], verb) for m, k in rows.items()})
            return
        able = self._able(rows, t)
        values = {
            k: float(self._before[k]) if verb != "set" else self._fit(m, wanted[m], verb)
            for m, k in able.items()
        }
        for k, value in values.items():
            self._before[k] = self._kept.setting[k]
            self._wish[k] = value
        self._heard, self.alone = t, False

    def settings(self, truth: Seen) -> Array:
        """Return what the machines do in the coming minute, having looked at the water."""
        t = truth.t
        if t - self._heard >= ALONE_S and not self.alone:
            self.alone = True
            self._wish[:] = np.nan
            self._told.append(("", "stations_alone", {"minutes": ALONE_S / 60.0}))
        want = self._rule.settings(truth) if self.alone else self._wish
        cleared = safety.clear(want, self._frame, self.bound, self._kept, truth)
        self.infeasible += safety.infeasible(
            cleared.settings, self._frame, self.bound, self._kept, truth
        )
        done = self._faulty(cleared.settings, t)
        turned = np.where(done == self._kept.setting, self._kept.turned_s, cleared.kept.turned_s)
        self._kept = safety.Kept(setting=done, turned_s=turned, t=t)
        return done

    def unheard(self, t: float) -> float:
        """Return how long ago an order was heard, s; a day where none ever was."""
        return min(t - self._heard, 86400.0)

    def told(self) -> list[Told]:
        """Return what the stations have to say since they were last asked."""
        said, self._told = self._told, []
        return said

    def held(self) -> dict[str, float]:
        """Return the machines that people hold, and at what."""
        manual = self.bound.manual
        return {self.names[k]: float(manual[k]) for k in np.flatnonzero(np.isfinite(manual))}

    def _row(self, machine: str) -> int:
        if machine not in self.names:
            raise Refused(f"no machine called {machine!r} stands here; look at the list of things")
        row = self.names.index(machine)
        if not self._frame.free[row]:
            raise Refused(f"{machine} cannot be set: it is fixed")
        return row

    def _fit(self, machine: str, value: object, verb: str) -> float:
        if verb == "release":
            return float("nan")
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise Refused(f"{machine} cannot be set to {value!r}; give a number from 0 to 1")
        if not 0.0 <= value <= 1.0:
            raise Refused(f"{machine} cannot be set to {value:g}; give a number from 0 to 1")
        return float(value)

    def _able(self, rows: Mapping[str, int], t: float) -> dict[str, int]:
        away = {m: why for m in rows if (why := self.faults.why(m, t))}
        away |= {m: f"{m} is held by hand" for m, k in rows.items() if self._by_hand(k)}
        if len(away) == len(rows):
            raise Refused("; ".join(away.values()))
        self._told += [(machine, "not_moved", {}) for machine in away]
        return {m: k for m, k in rows.items() if m not in away}

    def _by_hand(self, row: int) -> bool:
        return bool(np.isfinite(self.bound.manual[row]))

    def _manual(self, verb: str, values: Mapping[int, float]) -> None:
        for k, value in values.items():
            self.bound = safety.laid_down(self.bound, k, None if verb == "release" else value)
            self._told.append((self.names[k], verb, {}))

    def _faulty(self, settings: Array, t: float) -> Array:
        """Let the jammed gate stand and the tripped pump fall still."""
        done = settings.copy()
        for fault, fallen in ((self.faults.jammed, False), (self.faults.tripped, True)):
            if fault is None or not fault.on(t):
                continue
            k = self.names.index(fault.about)
            done[k] = 0.0 if fallen else self._kept.setting[k]
            if fault.about not in self._down:
                self._down.add(fault.about)
                self._told.append((fault.about, "tripped" if fallen else "jammed", {}))
        return done
