"""One SWMM 5.2 model, live in this process: stepped, read and set in SI.

SWMM holds one model a process. Only the server process and its forked children come here.
"""

import ctypes
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mindu.engines.hydraulics.memory import layout
from mindu.engines.hydraulics.memory.gait import Gait
from mindu.engines.hydraulics.memory.library import library, started
from mindu.engines.hydraulics.memory.sea import Sea
from mindu.engines.hydraulics.port import Array, Network, Seen
from mindu.engines.hydraulics.reading.options import US

FOOT = 0.3048
CUBIC_FOOT = {"US": 0.028316846592, "SI": 0.02832}  # m3: SWMM's own rounding where a file is SI
INCH = 25.4  # mm
OF_SOURCE = (
    "dataSource",
    "coGage",
    "isUsed",
    "rainfall",
    "nextRainfall",
)  # what a call changes in a gauge
RHO_G = 9.81  # kN/m3
ETA = 0.7  # pump efficiency
SWMM_KW = 0.7457 / 8.814  # SWMM's own kW per ft of head and ft3/s
FAR = 1e4  # m: no depth is believed beyond


class EngineError(RuntimeError):
    """The solver failed or its state cannot be believed."""


class Swmm:
    """The model that this process runs."""

    def __init__(self, path: Path, network: Network, *, ruled: bool = True) -> None:
        self.network = network
        self._ruled = ruled and network.own_rules  # its own rules may set machines too
        self._lib, self.box = library(path)
        started(self._lib, path, network.path)
        self.proven: bool | None = None  # that the box can be put back
        us = network.units in US
        self.rain_unit = INCH if us else 1.0  # mm/h per unit of rain
        self.cubic = CUBIC_FOOT["US" if us else "SI"]
        self._bind()

    def _array(self, name: str, record: np.dtype[np.void], count: int) -> NDArray[np.void]:
        """Look at an array of SWMM in place."""
        address = ctypes.c_void_p.in_dll(self._lib, name).value
        if not address or not count:
            return np.zeros(0, dtype=record)
        raw = (ctypes.c_char * (record.itemsize * count)).from_address(address)
        return np.frombuffer(memoryview(raw).cast("B"), dtype=record)

    def _tables(self, name: str, kind: int) -> NDArray[np.void]:
        """Look at SWMM's curves or time series; `kind` is its number for them."""
        counts = (ctypes.c_int * (kind + 1)).in_dll(self._lib, "Nobjects")
        return self._array(name, layout.TABLE, int(counts[kind]))

    def _bind(self) -> None:
        """Look at SWMM's arrays in place, after making sure that they are what we take them for."""
        net = self.network
        nodes, links = len(net.nodes), len(net.links)
        self.gait = Gait(self._lib)
        self._nodes = self._array("Node", layout.NODE, nodes)
        self._links = self._array("Link", layout.LINK, links)
        self._check()
        place = {name: k for k, name in enumerate(net.nodes)}
        self._sea = np.array([place[name] for name in net.outfalls], dtype=np.int64)
        self._out = Sea(
            self._lib,
            self._array("Outfall", layout.OUTFALL, len(net.outfalls)),
            (self._tables("Curve", 7), self._tables("Tseries", 8)),
            length=FOOT if net.units in US else 1.0,
        )
        self._gauges = self._array("Gage", layout.GAUGE, len(net.gauges))
        self._sources = self._gauges[list(OF_SOURCE)]
        self._own_sources = self._sources.copy()  # as they were before a call changed them
        at = {name: k for k, name in enumerate(net.links)}
        self._machines = _places([at[m.id] for m in net.machines])
        self._stats = self._array("NodeStats", layout.NODE_STATS, nodes)
        pumps = sum(kind == "pump" for kind in net.link_kind)
        self._pumps = self._array("PumpStats", layout.PUMP_STATS, pumps)
        flows = (ctypes.c_char * layout.ROUTING.itemsize).in_dll(self._lib, "FlowTotals")
        self._flows = np.frombuffer(memoryview(flows).cast("B"), dtype=layout.ROUTING)
        self._rained = ctypes.c_double.in_dll(self._lib, "RunoffTotals")
        self._given: list[float | None] = [None] * len(net.gauges)
        self.seep = np.zeros(nodes)
        self._view()

    def _view(self) -> None:
        self._depth, self._overflow = self._nodes["newDepth"], self._stats["volFlooded"]
        self._old_depth = self._nodes["oldDepth"]
        self._inflow = self._nodes["apiExtInflow"]
        self._flow, self._setting = self._links["newFlow"], self._links["setting"]
        self._target = self._links["targetSetting"]
        self._told: bytes | None = None  # the last settings that changed nothing
        self.invert = self._nodes["invertElev"] * FOOT
        self._sea_bed = self.invert[self._sea]

    def _check(self) -> None:
        for what, held, ids in (
            (2, self._nodes, self.network.nodes),
            (3, self._links, self.network.links),
        ):
            count = int(self._lib.swmm_getCount(what))
            if count != len(ids):
                raise EngineError(f"SWMM holds {count} nodes or links, our reader {len(ids)}")
            for record, name in zip(held, ids, strict=True):
                told = ctypes.string_at(int(record["ID"])).decode("utf-8", "replace")
                if told != name:
                    raise EngineError(f"SWMM's memory shows {told!r} where {name!r} should stand")
        for k in range(len(self.network.nodes)):
            if abs(float(self._nodes["invertElev"][k]) * FOOT - self.network.invert[k]) > 1e-3:
                raise EngineError(f"the invert of {self.network.nodes[k]!r} is not where we look")

    def known(self) -> Network:
        """Return the network with brims as SWMM takes them."""
        return replace(self.network, full_depth=np.asarray(self._nodes["fullDepth"] * FOOT))

    @property
    def t(self) -> float:
        """Return the time reached, s since the start."""
        return self.gait.t

    def reach(self, then: float, cut: float) -> None:
        """Step on until `then` is reached or just passed, never past `cut`, s."""
        wrong = self.gait.reach(then, cut)
        if wrong:
            raise EngineError(f"SWMM stopped with error {wrong} at {self.t:.0f} s")

    def keep(self) -> bool:
        """Keep the state, to be put back many times; False where the system cannot."""
        if self.box is None or not self.box.whole():
            return False
        self.box.keep()
        self._kept = (list(self._given), self._own_sources.copy())
        return True

    def back(self) -> bool:
        """Put the kept state back; False where the model has outgrown its box."""
        if self.box is None or not self.box.whole():
            return False
        self.box.back()
        self._given, self._own_sources = list(self._kept[0]), self._kept[1].copy()
        self._told = None
        self._out.look()
        return True

    def see(self) -> Seen:
        """Read everything."""
        return Seen(
            t=self.t,
            depth=self.depth(),
            flow=self.flow(),
            setting=self.setting(),
            rain=self.rain(),
            stage=self.stage(),
        )

    def depth(self) -> Array:
        """Return the depth per node, m."""
        return np.asarray(self._depth * FOOT)

    def depth_at(self, t: float) -> Array:
        """Return the depth per node within the last routing step, m, as SWMM's own reports do."""
        share = self.gait.share(t)
        if share >= 1.0:
            return self.depth()
        return np.asarray((self._old_depth * (1.0 - share) + self._depth * share) * FOOT)

    def flow(self) -> Array:
        """Return the flow per link, m3/s."""
        return np.asarray(self._flow * self.cubic)

    def setting(self) -> Array:
        """Return the setting per machine."""
        return np.array(self._setting[self._machines])

    def setting_raw(self) -> bytes:
        """Return the settings as bytes: the quickest way to see that nothing changed."""
        return self._setting[self._machines].tobytes()

    def rain(self) -> Array:
        """Return what each gauge shows, mm/h."""
        value = ctypes.c_double()
        shown = np.zeros(len(self._given))
        for k in range(len(shown)):
            self._lib.swmm_getGagePrecip(k, 0, ctypes.byref(value))
            shown[k] = value.value * self.rain_unit
        return shown

    def stage(self) -> Array:
        """Return the level outside each outfall, m; nan where water falls freely."""
        return self._out.level(self._depth[self._sea] * FOOT + self._sea_bed)

    def settled(self, raw: bytes) -> bool:
        """Say whether settings, as bytes, stay as they are until machines are told otherwise."""
        return not self._ruled and self._target[self._machines].tobytes() == raw

    def set_machines(self, wanted: Array) -> bool:
        """Set each machine, 0..1; nan leaves it. Say whether any was told anything new."""
        raw = wanted.tobytes()
        if raw == self._told and not self._ruled:
            return False
        now = self._target[self._machines]
        changed = ((wanted != now) & ~np.isnan(wanted)).nonzero()[0]
        places = np.arange(len(self._links))[self._machines]
        for k in changed:
            value = min(max(float(wanted[k]), 0.0), 1.0)
            self._lib.swmm_setLinkSetting(int(places[k]), value)
        self._told = None if len(changed) else raw
        return len(changed) > 0

    def set_rain(self, rate: Array | None) -> None:
        """Let it rain, mm/h per gauge; None gives the word back to the file."""
        for k, held in enumerate(self._given):
            if rate is None:
                if held is not None:
                    self._sources[k] = self._own_sources[k]
                    self._given[k] = None
            elif held != float(rate[k]):
                if held is None:
                    self._own_sources[k] = self._sources[k]
                self._given[k] = float(rate[k])
                self._lib.swmm_setGagePrecip(k, max(float(rate[k]), 0.0) / self.rain_unit)

    def set_stage(self, stage: Array | None) -> None:
        """Set the level outside each outfall, m; nan or None gives the word back to the file."""
        self._out.set(stage)

    def set_inflow(self, inflow: Array | None) -> None:
        """Let water in at nodes, m3/s, beside what seeps in."""
        total = self.seep if inflow is None else self.seep + inflow
        self._inflow[:] = total / self.cubic

    def reset_peaks(self) -> None:
        """Let the highest depths begin again from now."""
        self._stats["maxDepth"][:] = self._depth

    def peaks(self) -> Array:
        """Return the highest depth per node at any routing step since `reset_peaks`, m."""
        return np.asarray(self._stats["maxDepth"] * FOOT)

    def flooded(self) -> Array:
        """Return the water that came out at each node since the start, m3."""
        return np.asarray(self._overflow * self.cubic)

    def pumped(self) -> tuple[float, float]:
        """Return m3 pumped and kWh used (rho g Q H / eta) since the start."""
        volume = float(self._pumps["volume"].sum()) * self.cubic
        metric = RHO_G * FOOT * CUBIC_FOOT["US"] / SWMM_KW / ETA
        return volume, float(self._pumps["energy"].sum()) * metric

    def rained(self) -> float:
        """Return the rain that fell on all subcatchments since the start, m3."""
        return float(self._rained.value) * self.cubic

    def outflow(self) -> float:
        """Return what left by the outfalls since the start, m3."""
        return float(self._flows["outflow"][0]) * self.cubic

    def trouble(self) -> str:
        """Say why the state cannot be believed; empty when it can."""
        depth = np.array(self._depth)
        if not math.isfinite(depth.sum()) or not math.isfinite(self._flow.sum()):
            return "the solver diverged: a depth or flow is no number"
        if len(depth) and (float(depth.min()) < -1e-6 or float(depth.max()) * FOOT > FAR):
            return "the solver diverged: a depth is negative or beyond all measure"
        return ""

    def imbalance(self) -> float:
        """Return SWMM's own continuity error of the routing so far, per cent; only in a child."""
        error = float(self._lib.massbal_getFlowError(b"\0"))
        return error if math.isfinite(error) else math.inf


def _places(rows: list[int]) -> NDArray[np.int64] | slice:
    """Return where the machines stand among the links: as a slice, the quicker way, if so."""
    if rows and rows == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return np.array(rows, dtype=np.int64)
