"""The door to any hydraulic engine: what it is asked, what it answers, in SI units throughout.

Depths and heads in metres, flows in m3/s, volumes in m3, rain in mm/h, energy in kWh,
time in seconds since the model's start. Arrays follow the order of `Network`'s id tuples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A link that can be set: a pump, a gate (orifice), a weir or an outlet."""

    id: str
    kind: str  # "pump" | "orifice" | "weir" | "outlet"
    up: str  # node drawn from
    down: str  # node delivered to
    steps: bool  # True: only 0 or 1 makes sense (a pump); False: anything in 0..1
    capacity: float  # m3/s, the most it was rated for (nan where the file does not say)
    lift: float  # m, typical head raised (0 for a gate)
    to_tide: bool  # delivers straight to an outfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is fixed about a network: names, shapes and machines, read from its file once."""

    path: str
    start: float  # epoch seconds (UTC) of the model's start
    hours: float  # length of the model's own run
    units: str  # flow units of the file, e.g. "CMS"; everything here is SI already
    nodes: tuple[str, ...]
    node_kind: tuple[str, ...]  # "junction" | "outfall" | "storage" | "divider"
    invert: Array
    full_depth: Array  # depth at which it floods or ponds
    initial_depth: Array
    area: Array  # m2: storage surface at half depth, ponded area else (nan unknown)
    volume: Array  # m3: storage volume at full depth (nan for a plain junction)
    links: tuple[str, ...]
    link_kind: tuple[str, ...]  # "conduit" | "pump" | "orifice" | "weir" | "outlet"
    link_up: tuple[str, ...]
    link_down: tuple[str, ...]
    machines: tuple[Machine, ...]
    gauges: tuple[str, ...]  # rain gauges
    outfalls: tuple[str, ...]
    outfall_kind: tuple[str, ...]  # "FREE" | "NORMAL" | "FIXED" | "TIDAL" | "TIMESERIES"
    subcatchments: tuple[str, ...]
    subcatchment_area: Array  # m2
    subcatchment_node: tuple[str, ...]  # where each drains to
    xy: dict[str, tuple[float, float]]  # map place of nodes (empty where the file has none)
    own_rules: bool  # the file brings [CONTROLS] or pump on/off depths
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a policy sees at one instant."""

    t: float
    depth: Array  # per node
    flow: Array  # per link
    setting: Array  # per machine, 0..1
    rain: Array  # per gauge, mm/h
    stage: Array  # per outfall, m (head of the water outside)


class Policy(Protocol):
    """A rule that sets machines from what it sees; must pickle, keep no clock and no dice.

    A policy with memory (hysteresis) reads it from `seen.setting`.
    """

    @property
    def name(self) -> str:
        """Say which rule this is."""
        ...

    def settings(self, seen: Seen) -> Array:
        """Return the wanted setting per machine, 0..1; nan leaves a machine as it is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Fixed settings block by block, then a policy for the rest (and for any nan before)."""

    name: str
    blocks: Array  # (blocks, machines), 0..1, nan = the tail policy decides
    block_s: float
    tail: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Forcing:
    """Weather and tide from `t0` on; the last row holds on after the end."""

    t0: float
    step_s: float
    rain: Array | None = None  # (steps, gauges) mm/h; None = the file's own rain
    stage: Array | None = None  # (steps, outfalls) m; None or nan = the file's own boundary
    inflow: Array | None = None  # (steps, nodes) m3/s added at nodes; None = nothing
    name: str = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One future to run from now: this plan under this weather."""

    plan: Plan
    forcing: Forcing
    horizon_s: float
    report_s: float = 300.0
    policy_s: float = 60.0  # how often policies look


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """What one job came to."""

    ok: bool
    error: str = ""
    flood_m3: float = float("nan")
    node_flood: Array = field(default_factory=lambda: np.empty(0))  # m3 per node
    t: Array = field(default_factory=lambda: np.empty(0))  # (reports,)
    depth: Array = field(default_factory=lambda: np.empty((0, 0)))  # (reports, nodes)
    peak: Array = field(default_factory=lambda: np.empty(0))  # highest depth per node
    final: Array = field(default_factory=lambda: np.empty(0))  # depth per node at the end
    setting: Array = field(default_factory=lambda: np.empty((0, 0)))  # (reports, machines)
    pumped_m3: float = float("nan")
    energy_kwh: float = float("nan")  # rho g Q H / eta, eta = 0.7, summed over pumps
    starts: Array = field(default_factory=lambda: np.empty(0))  # per machine
    moves: Array = field(default_factory=lambda: np.empty(0))  # sum |change| per machine
    outflow_m3: float = float("nan")


@dataclass(frozen=True, slots=True)
class Totals:
    """Water balance since the start, m3, and what the machines used."""

    flood_m3: float
    rain_m3: float
    outflow_m3: float
    pumped_m3: float
    energy_kwh: float


class Twin(Protocol):
    """A live network that can be stepped, read, set, and branched into futures from now."""

    network: Network

    def now(self) -> float:
        """Return the time reached, seconds since the model's start."""
        ...

    def see(self) -> Seen:
        """Read every node, link, machine, gauge and outfall."""
        ...

    def advance(self, to_s: float, *, plan: Plan, forcing: Forcing) -> Seen:
        """Step to `to_s` under the plan (its block 0 starts now) and the weather."""
        ...

    def totals(self) -> Totals:
        """Return the water balance since the start."""
        ...

    def futures(
        self, jobs: Sequence[Job], *, deadline_s: float, workers: int = 2
    ) -> Iterator[tuple[int, Future]]:
        """Run each job from now without disturbing now; yield (index, future) as each ends.

        Jobs not done by the deadline yield `ok=False`. Closing the iterator cancels the rest.
        """
        ...

    def close(self) -> None:
        """End the processes behind the twin."""
        ...
