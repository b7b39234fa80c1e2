"""The brain at the wheel: a twin fed by readings alone, a plan every quarter of an hour."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.cost import Yard
from mindu.apps.water.control.dispatcher import CERTIFY_S, Decided, Dispatcher
from mindu.apps.water.control.ensemble import DESIGN_S, design, members
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.control.follow import Window, catch_up, likeliest
from mindu.apps.water.control.posture import posture
from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.roles import Layout
from mindu.apps.water.control.trials import NEVER_S, Tuning
from mindu.engines.hydraulics.port import Array, Forcing, Plan, Policy, Seen, Twin

WANTED = 16  # rollouts a decision, to be worth the name
WALL_S = 200.0  # s: all decisions of an event together, when the network is slow
LONGEST_S = 15.0  # s: one decision at most, stretched
SHORTEST_S = 10800.0  # s: a look ahead is not cut below this


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How the brain works through an event."""

    every_s: float
    tuning: Tuning
    seed: int
    hours: float
    brought: Rainfall | None = None
    sure: float = 0.0
    own: Sequence[Policy] = ()  # the file's own rules, weighed beside ours
    stage: Array | None = None  # the tide by the minute, known ahead


def with_tide(forcing: Forcing, stage: Array | None, t0: float) -> Forcing:
    """Lay the tide, known by the minute from the start, beside rain from `t0` in longer steps."""
    if stage is None:
        return forcing
    rows = int(6 * 3600.0 // forcing.step_s) + 1 if forcing.rain is None else len(forcing.rain)
    minute = ((t0 + np.arange(rows) * forcing.step_s) // 60.0).astype(int)
    return replace(forcing, stage=stage[np.clip(minute, 0, len(stage) - 1)])


@dataclass(slots=True)
class Mind:
    """Drives by the plan in hand; keeps its own twin level with the readings."""

    twin: Twin
    laid: Layout
    yard: Yard
    habit: Habit
    watch: Callable[[], float]
    name: str = "mindu"
    factor: float = 1.0
    next_s: float = 0.0
    every_s: float = 0.0
    plan: Plan | None = None
    since: float = 0.0
    log: list[Array] = field(default_factory=list)
    rain_t: list[float] = field(default_factory=list)
    rain: list[Array] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    prepared_s: float = 0.0  # what holding the hand rules against design storms took
    failures: list[str] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    dispatcher: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.habit.seed)
        self.every_s = self.habit.every_s
        tuning = self.habit.tuning
        self.dispatcher = Dispatcher(
            self.twin, self.laid, self.yard, rng=rng, watch=self.watch, tuning=tuning
        )
        self.dispatcher.weigh_also(self.habit.own)

    @property
    def history(self) -> Rainfall:
        """Return the rain that its gauges have shown."""
        return Rainfall(t=np.array(self.rain_t), rate=np.array(self.rain))

    def settings(self, seen: Seen) -> Array:
        """Read, decide when it is time, and follow the plan in between."""
        self.rain_t.append(seen.t)
        self.rain.append(np.asarray(seen.rain))
        if seen.t >= self.next_s - 1.0:
            self.try_preparing(seen)
            self.try_deciding(seen)
        assert self.plan is not None
        block = int((seen.t - self.since + 1.0) // self.plan.block_s)
        tail = self.plan.tail.settings(seen)
        if block >= len(self.plan.blocks):
            return tail
        held = self.plan.blocks[block]
        return np.where(np.isnan(held), tail, held)

    def sent(self, settings: Array) -> None:
        """Remember what was sent, for the twin."""
        self.log.append(settings)

    def try_preparing(self, seen: Seen) -> None:
        """Hold the hand rules against design storms, once; a twin that fails leaves the first."""
        if self.decided or self.prepared_s:
            return
        begun = self.watch()
        left = max(self.habit.hours * 3600.0 - seen.t, 900.0)
        far = min(left, DESIGN_S)
        storms = [
            replace(m, forcing=self.felt(m.forcing)) for m in design(self.history, seen.t, far)
        ]
        try:
            self.catch_up(seen, self.history)
            most = NEVER_S if self.habit.tuning.rollouts else CERTIFY_S
            self.dispatcher.certify(storms, horizon_s=far, within_s=most)
        except (RuntimeError, OSError, EOFError) as broken:
            self._failed(seen, broken)
        self.prepared_s = max(self.watch() - begun, 1e-9)

    def try_deciding(self, seen: Seen) -> None:
        """Decide; where the twin has failed, the robust rule stands, and it is said."""
        try:
            self.decide(seen)
        except (RuntimeError, OSError, EOFError) as broken:
            self._failed(seen, broken)
            robust = self.dispatcher.robust
            self.plan = ruled(robust, block_s=self.habit.every_s, machines=len(seen.setting))
            self.since = seen.t
        self.next_s = seen.t + self.every_s

    def _failed(self, seen: Seen, broken: Exception) -> None:
        self.failures.append(f"at {seen.t / 3600.0:.2f} h: {type(broken).__name__} {broken}")

    def decide(self, seen: Seen) -> None:
        """Bring the twin up to now, then let the dispatcher choose."""
        begun = self.watch()
        history = self.history
        self.catch_up(seen, history)
        left = max(self.habit.hours * 3600.0 - seen.t, 900.0)
        horizon = min(self.habit.tuning.horizon_s, left)
        weathers = members(
            history, seen.t, horizon, brought=self.habit.brought, sure=self.habit.sure
        )
        felt = [replace(m, forcing=self.felt(m.forcing)) for m in weathers]
        stance = posture(history, seen.t)
        choice = self.dispatcher.decide(felt, now=seen.t, left_s=left, posture=stance)
        self.plan, self.since = choice.plan, seen.t
        self.decided.append(choice)
        self.seconds.append(self.watch() - begun)
        self.pace(choice)

    def catch_up(self, seen: Seen, history: Rainfall) -> None:
        """Advance the twin under what was sent, with the rain factor the gauges bear out."""
        if not self.log or seen.t <= self.twin.now():
            return
        gauged = np.unique(np.concatenate([self.laid.frame.up, self.laid.frame.down]))
        step = (seen.t - self.twin.now()) / len(self.log)
        plan = Plan(name="sent", blocks=np.array(self.log), block_s=step, tail=Still())
        window = Window(
            until=seen.t,
            sent=np.array(self.log),
            step_s=step,
            rain=history,
            gauged=gauged,
            depth=seen.depth[gauged],
            stage=self.habit.stage,
        )
        self.factor = likeliest(self.twin, plan, window, self.factor, deadline_s=LONGEST_S)
        catch_up(self.twin, plan, window, self.factor)
        self.log.clear()

    def felt(self, forcing: Forcing) -> Forcing:
        """Return the weather as the ground will feel it, with the tide that is known ahead."""
        rain = None if forcing.rain is None else forcing.rain * self.factor
        return with_tide(replace(forcing, rain=rain), self.habit.stage, forcing.t0)

    def pace(self, choice: Decided) -> None:
        """On a slow network decide less often and longer, so that each decision is proved."""
        tuning = self.dispatcher.tuning
        if tuning.rollouts or len(self.decided) > 1:
            return
        need = WANTED * choice.seconds / max(choice.rollouts, 1)
        if need <= tuning.budget_s:
            return
        budget = max(min(need, LONGEST_S), tuning.budget_s)
        horizon = tuning.horizon_s
        if need > 2 * LONGEST_S:
            horizon = max(horizon * 2 * LONGEST_S / need, min(horizon, SHORTEST_S))
        self.dispatcher.tuning = replace(tuning, budget_s=budget, horizon_s=horizon)
        most = max(int(WALL_S / budget), 6)
        self.every_s = max(self.every_s, float(np.ceil(self.habit.hours * 60.0 / most)) * 60.0)
