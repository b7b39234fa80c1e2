"""The room where the waters are run ahead: one twin, the dispatcher, and what both have learned.

    engines = {"network": room(twin, laid)}

Readings reach the room only through the view that a projection is handed; the same readings give
the same answers. It holds no clock: without a stopwatch rollouts are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mindu.apps.water.ahead.belief import ROUGHER, Belief
from mindu.apps.water.ahead.calibrate import Numbers, School, Taught, in_force
from mindu.apps.water.ahead.fan import Calibration, held
from mindu.apps.water.ahead.follow import Shown, Twins, follow
from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.lagged import STEP_S, Lagged, Present, Stretch
from mindu.apps.water.ahead.past import LONGEST, Past
from mindu.apps.water.ahead.trust import Trust
from mindu.apps.water.control import cost
from mindu.apps.water.control.dispatcher import Dispatcher
from mindu.apps.water.control.roles import Layout, Places, layout
from mindu.apps.water.names import Names, names_of
from mindu.city import View
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Network, Twin


@dataclass(slots=True, kw_only=True)
class Room:
    """All that changes between two looks ahead; `close` ends the twin's process."""

    twin: Twin
    rough: Twin | None  # a rougher model in step with it, where one can be opened
    laid: Layout
    yard: cost.Yard
    names: Names
    habit: Habit
    dispatcher: Dispatcher | None  # None where nothing can be set
    gauged: tuple[str, ...]  # the city's names of the places that are foretold
    places: Places  # node index of each
    belief: Belief = field(init=False)
    calibration: Calibration = field(init=False)
    trust: Trust = field(init=False)
    numbers: Numbers = field(default_factory=Numbers)  # the models were opened with
    schooling: School = field(init=False)
    present: Present | None = None
    wanted: Array | None = None  # (machines,) what the weighed plan wants in its first block

    def __post_init__(self) -> None:
        n = len(self.gauged)
        gauges = max(len(self.names.gauges), 1)
        self.belief = Belief.first(gauges, rough=self.rough is not None)
        self.calibration = Calibration(n)
        self.trust = Trust(n)
        self.schooling = School(Taught(land=float(self.twin.network.subcatchment_area.sum())))

    def come_up(self, see: View) -> Present:
        """Bring the twin up to this moment by what the city's readings say; once a moment."""
        if self.present is not None and self.present.at == see.now:
            return self.present
        if self.present is None:  # what was learned before the last restart
            self.calibration = Calibration(len(self.gauged), held(see))
        past = Past(self.twin.network, self.names, see)
        if past.now < self.twin.now() - 1.0:
            told = (
                f"the room has lived to {self.twin.now():.0f} s and is asked about {past.now:.0f}"
            )
            raise ValueError(f"{told}; open it anew to go back")
        self._take_up(in_force(see), past)
        self._catch_up(past)
        stretch = self._stretch(past, self.twin.now(), past.now)
        self.belief.wander(1.0)
        self._follow(past, stretch)
        lagged = self._lagged(self.twin, stretch)
        rough = None if self.rough is None else self._lagged(self.rough, stretch)
        levels = past.levels(self.gauged, np.array([past.now]))[0]
        self.present = Present(
            at=see.now,
            past=past,
            twin=lagged,
            rough=rough,
            levels=levels,
            miss=self.trust.note(levels - self._nowcast(lagged, rough)),
        )
        self.calibration.due(past.now, levels)
        return self.present

    def close(self) -> None:
        """End the twin's process."""
        self.twin.close()
        if self.rough is not None:
            self.rough.close()

    def _lagged(self, twin: Twin, stretch: Stretch) -> Lagged:
        return Lagged(twin, stretch, self.belief.factor, deadline_s=self.habit.deadline_s)

    def _nowcast(self, lagged: Lagged, rough: Lagged | None) -> Array:
        """Return the level now at each place, by the twin at the roughness that is believed."""
        level = lagged.see().depth[self.places]
        if rough is None:
            return level
        return self.belief.mended(level, rough.see().depth[self.places])

    def _take_up(self, numbers: Numbers, past: Past) -> None:
        """Open the models anew where other numbers were learned, as far as readings reach back."""
        reopen = self.habit.reopen
        if numbers == self.numbers or reopen is None or past.now > LONGEST.total_seconds():
            return
        self.close()
        changes = numbers.changes()
        self.twin = reopen(changes)
        if self.rough is not None:
            self.rough = reopen(replace(changes, roughness=changes.roughness * ROUGHER))
        self.belief = Belief.first(self.belief.gauges, rough=self.rough is not None)
        self.numbers = numbers

    def _catch_up(self, past: Past) -> None:
        """Let the live model follow, a lag behind, in whole steps."""
        steps = np.floor((past.now - self.habit.lag_s - self.twin.now() + 1.0) / STEP_S)
        if steps >= 1.0:
            until = self.twin.now() + float(steps) * STEP_S
            done = self._stretch(past, self.twin.now(), until)
            felt = done.forcing(self.belief.factor)
            for twin in (self.twin, self.rough):
                if twin is not None:
                    twin.advance(until, plan=done.plan(), forcing=felt)

    def _stretch(self, past: Past, begin: float, end: float) -> Stretch:
        settings = past.settings(begin, end)
        stands = self.twin.see().setting
        settings = np.where(np.isnan(settings), stands[None, :], settings)
        stage = past.stage(begin, end) if self.habit.tide is not None else None
        return Stretch(
            begin=begin, end=end, settings=settings, rain=past.rain(begin, end), stage=stage
        )

    def _follow(self, past: Past, stretch: Stretch) -> None:
        if stretch.end - stretch.begin < STEP_S:
            return
        instants = np.arange(stretch.begin + STEP_S, stretch.end + 1.0, STEP_S)
        levels = past.levels(self.gauged, instants)
        shown = Shown(
            instants=instants, levels=levels, places=self.places, trusted=self.trust.believed
        )
        self.belief = follow(
            Twins(self.twin, self.rough),
            stretch,
            shown,
            self.belief,
            dice=past.see.dice("follow"),
            habit=self.habit,
        )


def room(
    twin: Twin,
    laid: Layout | None = None,
    *,
    waters: str = "waters",
    gauged: tuple[str, ...] | None = None,
    habit: Habit | None = None,
) -> Room:
    """Furnish a room for a twin that stands at the city's start.

    `waters` is the id of the network's own thing; `gauged` are node ids of the file with a level
    gauge (all but outfalls when not given); nodes beside machines are foretold as well.
    """
    network, chosen = twin.network, habit or Habit()
    plan = laid or layout(network)
    names, yard = names_of(network, waters=waters), cost.yard(network, plan, weights=chosen.weights)
    places = _places(network, plan, gauged)
    return Room(
        twin=twin,
        rough=chosen.reopen(Changes(roughness=ROUGHER)) if chosen.reopen is not None else None,
        laid=plan,
        yard=yard,
        names=names,
        habit=chosen,
        dispatcher=_dispatcher(twin, plan, yard, chosen),
        gauged=tuple(names.nodes[i] for i in places),
        places=np.array(places, dtype=np.int64),
    )


def _places(network: Network, plan: Layout, gauged: Sequence[str] | None) -> list[int]:
    """Return the nodes with a gauge, then those beside machines: to set them, know these."""
    inside = [i for i, kind in enumerate(network.node_kind) if kind != "outfall"]
    first = inside if gauged is None else [network.nodes.index(name) for name in gauged]
    beside = {int(i) for i in (*plan.frame.up, *plan.frame.down)} & set(inside)
    return first + sorted(beside - set(first))


def _dispatcher(twin: Twin, plan: Layout, yard: cost.Yard, habit: Habit) -> Dispatcher | None:
    if not plan.frame.free.any():
        return None
    rng = np.random.default_rng(habit.seed)
    return Dispatcher(twin, plan, yard, rng=rng, watch=habit.watch, tuning=habit.tuning)
