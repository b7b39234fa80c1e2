"""A small honest town: a lake, a river, a pump, two gates and the tide, exact in volume.

Water that the river cannot hold stands on the street and drains back. The weather service of the
town is sometimes wrong, and the hand refuses what no machine can do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import cos, isfinite, pi, sqrt

from mindu.apps.water.changes import weather
from mindu.apps.water.town import (
    BANK,
    BED,
    GATE,
    HILLS,
    LAKE,
    PUMP,
    RIVER,
    SLUICE,
    START,
    TOWN,
    things,
)
from mindu.city import Action, Random, Reading, Refused

__all__ = ["BANK", "START", "Town", "things", "tide"]

SHARE = 0.6  # of rain that runs off
STEP_S = 60.0
STROKE = STEP_S / 300.0  # of a full opening a step
DRY = 0.15  # m: the pump stops by itself
NOISE = 0.005  # m
BASE = 0.05  # m3/s of dry-weather flow
WOOD = 0.3  # chance that the first storm brings driftwood
STORMS = 12  # drawn for the first days, one or two days apart


def tide(age: float) -> float:
    """Return the tide as the tables have it, m, so many seconds after the start."""
    return 1.4 + 1.3 * cos(2.0 * pi * age / (12.42 * 3600.0))


@dataclass(slots=True)
class Town:
    """The town as it is; the brain sees it through its gauges only."""

    rng: Random
    name: str = "town"
    start: datetime = START
    age: float = 0.0  # s since the start
    lake: float = 2.0  # m
    river: float = 1.2
    street: float = 0.0  # m3 standing on the street
    flood_m3: float = 0.0  # that ever rose onto it
    energy_kwh: float = 0.0
    rain: float = 0.0
    setting: dict[str, float] = field(default_factory=dict)
    goal: dict[str, float] = field(default_factory=dict)
    before: dict[str, float] = field(default_factory=dict)
    flow: dict[str, float] = field(default_factory=dict)
    storms: list[tuple[float, float, float]] = field(default_factory=list)
    bias: float = 1.0
    wetter: float = 1.0  # times the rain, since somebody asked what if
    surge: float = 0.0  # m above the tide tables
    wood: tuple[str, float, float] = ("", 0.0, 0.0)  # driftwood before a gate: which, from, until

    def __post_init__(self) -> None:
        self.setting = {"gate": 0.3, "sluice": 0.0, "pump": 0.0}
        self.goal = dict(self.setting)
        self.before = dict(self.setting)
        self.flow = dict.fromkeys(self.setting, 0.0)
        start = self.rng.uniform(4.0, 10.0) * 3600.0
        for _ in range(STORMS):
            length = self.rng.uniform(2.0, 4.0) * 3600.0
            self.storms.append((start, length, self.rng.uniform(8.0, 60.0)))
            start += length + self.rng.uniform(16.0, 40.0) * 3600.0
        self.bias = self.rng.uniform(0.7, 1.3)
        first = self.storms[0][0] + self.storms[0][1] / 2.0
        if self.rng.random() < WOOD:
            self.wood = (self.rng.choice(("gate", "sluice")), first, first + 3.0 * 3600.0)

    def step(self, span: timedelta) -> None:
        """Let `span` pass, minute by minute."""
        for _ in range(round(span.total_seconds() / STEP_S)):
            self._minute()

    def read(self, now: datetime) -> Iterator[Reading]:
        """Return what the gauges show."""
        soon = self.bias * sum(self._fall(self.age + k * 900.0) for k in range(12)) / 12.0
        told = [
            ("town", "rain", self.rain, "mm/h"),
            ("town", "outlook", soon, "mm/h"),
            ("rain", "rain", self.rain, "mm/h"),
            ("lake", "level", self.lake + self.rng.gauss(0.0, NOISE), "m"),
            ("river", "level", self.level + self.rng.gauss(0.0, NOISE), "m"),
            ("sea", "stage", self.stage, "m"),
            *((name, "setting", value, "1") for name, value in self.setting.items()),
            *((name, "flow", value, "m3/s") for name, value in self.flow.items()),
        ]
        for about, prop, value, unit in told:
            yield Reading(at=now, about=about, prop=prop, value=value, unit=unit)

    def send(self, action: Action, now: datetime) -> None:  # noqa: ARG002 - no delay in a town
        """Set machines, or put them back as they were before the last order."""
        names = [m for m in action.args if m not in self.setting]
        if names or action.verb not in {"set", "restore"}:
            raise Refused(f"nothing here does {action.verb} to {', '.join(names) or 'that'}")
        if action.verb == "restore":
            self.goal = {m: self.before[m] if m in action.args else g for m, g in self.goal.items()}
            return
        wanted = {m: self._fit(m, value) for m, value in action.args.items()}
        self.before = {**self.before, **{m: self.goal[m] for m in wanted}}
        self.goal = {**self.goal, **wanted}

    def alter(self, changes: Mapping[str, float]) -> None:
        """Change the weather from now on: `rain` by a factor, `tide_m` the sea by metres.

        Raises:
            ValueError: another name, or a number beyond what is pretended.
        """
        asked = weather(changes)
        self.wetter *= asked.rain
        self.surge += asked.tide_m

    @property
    def level(self) -> float:
        """Return the river's level; a tenth of the town lies low and takes what rises out of it."""
        return self.river + self.street / TOWN * 10.0

    @property
    def stage(self) -> float:
        """Return the water outside, m."""
        return tide(self.age) + self.surge

    def _fit(self, machine: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise Refused(f"{machine} cannot be set to {value!r}")
        if not 0.0 <= value <= 1.0 or (machine == "pump" and value not in {0.0, 1.0}):
            raise Refused(f"{machine} cannot be set to {value:g}")
        return float(value)

    def _fall(self, age: float) -> float:
        """Return the rain at that time, mm/h: rising to the middle of a storm and falling."""
        for start, length, peak in self.storms:
            if start <= age < start + length:
                return self.wetter * peak * (1.0 - abs(2.0 * (age - start) / length - 1.0)) * 1.5
        return 0.0

    def _move(self) -> None:
        """Move each machine towards its goal; a pump that would run dry stops."""
        for name, goal in self.goal.items():
            now = self.setting[name]
            reach = 1.0 if name == "pump" else STROKE
            self.setting[name] = now + max(-reach, min(reach, goal - now))
        if self.river < DRY:
            self.setting["pump"] = 0.0

    def _free(self, gate: str) -> float:
        """Return how far a gate lets water by: nothing while driftwood lies before it."""
        name, begin, end = self.wood
        return 0.0 if gate == name and begin <= self.age < end else self.setting[gate]

    def _minute(self) -> None:
        self._move()
        self.rain = self._fall(self.age)
        runoff = self.rain / 3.6e6 * SHARE * STEP_S
        lake = self.lake * LAKE + runoff * HILLS
        river = self.river * RIVER + self.street + runoff * TOWN + BASE * STEP_S
        heads = self.lake + BED["lake"], self.river, max(self.stage, 0.0)
        self.flow["gate"] = max(_through(GATE, self._free("gate"), heads[0] - heads[1]), 0.0)
        self.flow["sluice"] = _through(SLUICE, self._free("sluice"), heads[1] - heads[2])
        self.flow["pump"] = PUMP * self.setting["pump"]
        given = min(self.flow["gate"] * STEP_S, lake)
        out = min((self.flow["sluice"] + self.flow["pump"]) * STEP_S, river)
        lake, river = lake - given, river + given - out
        over = max(lake - BANK * LAKE, 0.0)  # the lake spills into the river
        self.lake, river = (lake - over) / LAKE, river + over
        held = max(river - BANK * RIVER, 0.0)
        self.flood_m3 += max(held - self.street, 0.0)
        self.river, self.street = (river - held) / RIVER, held
        lift = max(heads[2] - heads[1], 0.5)
        self.energy_kwh += 9.81 * self.flow["pump"] * lift / 0.7 * STEP_S / 3600.0
        self.age += STEP_S


def _through(rated: float, opening: float, head: float) -> float:
    """Return the flow through a gate, m3/s: as the root of the head, backwards where it is."""
    return rated * opening * sqrt(abs(head)) * (1.0 if head > 0.0 else -1.0)
