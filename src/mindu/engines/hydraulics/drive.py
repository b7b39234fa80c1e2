"""Drive a live model from now to then under a plan and a weather, and say what it came to.

Time is cut at every moment when something must change: a row of weather, a block of the plan, the
end. Between two cuts SWMM takes its own routing steps, never longer ones: a policy looks at the
first of them that is due, and a report is read between two, as SWMM's own are.
"""

from dataclasses import dataclass, field

import numpy as np

from mindu.engines.hydraulics.port import Array, Forcing, Future, Job, Plan, Seen
from mindu.engines.hydraulics.swmm import EngineError, Swmm

LOOK_S = 60.0  # how often policies look while a twin advances
IMBALANCE = 50.0  # %: beyond, the balance of water is absurd
EPS = 1e-3  # s: the grain of SWMM's clock
PARTS = ("depth", "flow", "rain", "stage")  # of what is seen, read when looked at
FLOAT = np.dtype(np.float64)
NEW, PUT = object.__new__, object.__setattr__  # past the frozen front of what is seen


class Weather:
    """A forcing as it is felt: only what changes is told to the model."""

    def __init__(self, forcing: Forcing) -> None:
        self.forcing = forcing
        rows = [len(a) for a in (forcing.rain, forcing.stage, forcing.inflow) if a is not None]
        self.rows = max(rows, default=0)
        self.until = -np.inf  # the row that was told holds so long

    def tell(self, model: Swmm, t: float) -> None:
        """Tell the model the weather of now."""
        f = self.forcing
        row = max(int((t - f.t0 + EPS) // f.step_s), 0)
        last = row + 1 >= self.rows
        self.until = np.inf if last else f.t0 + (row + 1) * f.step_s
        model.set_rain(_at(f.rain, row))
        model.set_stage(_at(f.stage, row))
        model.set_inflow(_at(f.inflow, row))


def _at(series: Array | None, row: int) -> Array | None:
    if series is None or not len(series):
        return None
    return np.asarray(series[min(row, len(series) - 1)])


@dataclass(slots=True)
class Tally:
    """What machines did: starts and strokes, seen at every stop."""

    setting: Array
    raw: bytes = b""
    settled: bool = False  # no setting moves until one is told to
    starts: Array = field(init=False)
    moves: Array = field(init=False)

    def __post_init__(self) -> None:
        self.starts, self.moves = np.zeros(len(self.setting)), np.zeros(len(self.setting))

    def saw(self, model: Swmm) -> None:
        """Note the settings of now."""
        if self.settled:
            return
        raw = model.setting_raw()
        if raw == self.raw:
            self.settled = model.settled(raw)
            return
        setting, self.raw = model.setting(), raw
        setting.flags.writeable = False  # policies see it too
        self.starts += (self.setting <= 0.0) & (setting > 0.0)
        self.moves += np.abs(setting - self.setting)
        self.setting = setting


class Glance(Seen):
    """What a policy sees, each part read when it is looked at; good for the instant only."""

    __slots__ = ("_model",)
    _model: Swmm

    def __getattr__(self, name: str) -> Array:
        """Read what has not been read yet."""
        if name not in PARTS:
            raise AttributeError(f"what is seen has no {name!r}")
        value: Array = getattr(self._model, name)()
        PUT(self, name, value)
        return value


def _glance(model: Swmm, t: float, setting: Array) -> Seen:
    seen = NEW(Glance)
    PUT(seen, "t", t)
    PUT(seen, "setting", setting)
    PUT(seen, "_model", model)
    return seen


class Drive:
    """One drive: where it began, under what, and when the next look is due."""

    def __init__(self, model: Swmm, plan: Plan, forcing: Forcing, look_s: float) -> None:
        self.model, self.plan = model, plan
        self.weather = Weather(forcing)
        self.since = model.t
        self.look_s = max(look_s, model.gait.route_s)
        self.look = self.since
        self._partly = [bool(np.isnan(block).any()) for block in plan.blocks]  # leave some open
        self._row = -1  # the block that stands; beyond the last one the policy has the word
        self._turns = self.since  # when weather or block is another
        self._ask = plan.tail.settings
        self.tally = Tally(model.setting())

    def to(self, then: float, *, end: float | None = None) -> None:
        """Drive on to `then`, or to the model's end.

        With an `end` beyond it, `then` is reached or just passed, by less than a routing step: what
        is read on the way leaves the water as it would be unread.
        """
        gait, tally = self.model.gait, self.tally
        last = min(then if end is None else end, gait.end)
        then = min(then, last)
        while then - (t := gait.t) > EPS:
            turned = t >= self._turns - EPS and self._turn(t)
            if turned or t >= self.look - EPS:
                self._steer(t)
            self.model.reach(min(then, self.look), min(last, self._turns))
            if not tally.settled:
                tally.saw(self.model)

    def _turn(self, t: float) -> bool:
        """Tell the weather of now and see which block stands; say whether it is another."""
        if t >= self.weather.until - EPS:
            self.weather.tell(self.model, t)
        row, before = int((t - self.since + EPS) // self.plan.block_s), self._row
        self._row = min(row, len(self._partly))
        gone = self._row == len(self._partly)
        block_end = np.inf if gone else self.since + (row + 1) * self.plan.block_s
        self._turns = min(self.weather.until, block_end)
        return self._row != before

    def _steer(self, t: float) -> None:
        """Set machines from the block of now, and ask the policy where the block leaves some."""
        while self.look <= t + EPS:
            self.look += self.look_s
        block = self._row
        spoken = block < len(self._partly)
        wanted = self.plan.blocks[block] if spoken and not self._partly[block] else self._asked(t)
        if spoken and self._partly[block]:
            fixed = self.plan.blocks[block]
            wanted = np.where(np.isnan(fixed), wanted, fixed)
        if self.model.set_machines(wanted):
            self.tally.settled = False
            self.tally.saw(self.model)

    def _asked(self, t: float) -> Array:
        """Ask the policy what it wants now."""
        setting = self.tally.setting
        asked = self._ask(_glance(self.model, t, setting))
        if type(asked) is not np.ndarray or asked.dtype != FLOAT:
            asked = np.asarray(asked, dtype=np.float64)
        if asked.shape != setting.shape:
            raise EngineError(
                f"policy {self.plan.tail.name!r} gave settings of shape {asked.shape}; "
                f"{setting.shape} is wanted, one a machine"
            )
        return asked


def future(model: Swmm, job: Job) -> Future:
    """Run one job to its end in this process, which must be a branch of its own."""
    begun, flooded, outflow = model.t, model.flooded(), model.outflow()
    end = begun + job.horizon_s
    if end > model.gait.end + 0.5:
        return Future(
            ok=False,
            error=f"the model ends at {model.gait.end / 3600:.1f} h, "
            f"the future at {end / 3600:.1f} h: open it with more hours (Changes)",
        )
    pumped, energy = model.pumped()
    model.reset_peaks()
    drive = Drive(model, job.plan, job.forcing, job.policy_s)
    t, depth, setting = [], [], []
    cut = begun
    while cut < end - EPS:
        cut = min(cut + job.report_s, end)
        drive.to(cut, end=end)
        t.append(cut)
        depth.append(model.depth_at(cut))
        setting.append(model.setting())
    wrong = model.trouble() or _absurd(model)
    node_flood = model.flooded() - flooded
    volume, used = model.pumped()
    return Future(
        ok=not wrong,
        error=wrong,
        flood_m3=float(node_flood.sum()),
        node_flood=node_flood,
        t=np.array(t),
        depth=np.array(depth).reshape(len(t), len(model.network.nodes)),
        peak=model.peaks(),
        final=model.depth(),
        setting=np.array(setting).reshape(len(t), len(model.network.machines)),
        pumped_m3=volume - pumped,
        energy_kwh=used - energy,
        starts=drive.tally.starts,
        moves=drive.tally.moves,
        outflow_m3=model.outflow() - outflow,
    )


def _absurd(model: Swmm) -> str:
    error = model.imbalance()
    if abs(error) > IMBALANCE:
        return f"the balance of water is off by {error:.0f} %: shorten the routing step"
    return ""
