"""A town of three nodes in plain numbers: a lake, a river and the sea, to prove control on."""

from collections.abc import Iterator, Sequence

import numpy as np

from mindu.engines.hydraulics.port import (
    Array,
    Forcing,
    Future,
    Job,
    Machine,
    Network,
    Plan,
    Seen,
    Totals,
)

AREA = np.array([40_000.0, 20_000.0])  # m2: lake, river
LAND = np.array([200_000.0, 900_000.0])  # m2
FULL = np.array([3.0, 3.0])
INVERT = np.array([1.0, 0.0, 0.0])
PUMP = 4.0  # m3/s
STEP_S = 60.0


def machine(name: str, kind: str, up: str, down: str, capacity: float) -> Machine:
    return Machine(
        id=name,
        kind=kind,
        up=up,
        down=down,
        steps=kind == "pump",
        capacity=capacity,
        lift=0.0,
        to_tide=down == "sea",
    )


MACHINES = (
    machine("gate", "orifice", "lake", "river", 5.0),
    machine("sluice", "orifice", "river", "sea", 12.0),
    machine("pump", "pump", "river", "sea", PUMP),
)


def network(machines: tuple[Machine, ...] = MACHINES) -> Network:
    """Return the town."""
    return Network(
        path="town.inp",
        start=0.0,
        hours=12.0,
        units="CMS",
        nodes=("lake", "river", "sea"),
        node_kind=("storage", "storage", "outfall"),
        invert=INVERT,
        full_depth=np.array([3.0, 3.0, 0.0]),
        initial_depth=np.array([1.5, 1.5, 0.0]),
        area=np.array([*AREA, np.nan]),
        volume=np.array([*(AREA * FULL), np.nan]),
        links=tuple(m.id for m in machines),
        link_kind=tuple(m.kind for m in machines),
        link_up=tuple(m.up for m in machines),
        link_down=tuple(m.down for m in machines),
        machines=machines,
        gauges=("rain",),
        outfalls=("sea",),
        outfall_kind=("TIDAL",),
        subcatchments=("hills", "town"),
        subcatchment_area=LAND,
        subcatchment_node=("lake", "river"),
        xy={},
        own_rules=False,
    )


def storm(t: float) -> float:
    """Rain the town was built to fear, mm/h: 70 mm/h from the second to the fourth hour."""
    return 70.0 if 7200.0 <= t < 14400.0 else 0.0


def tide(t: float) -> float:
    """Water outside, m: high while it rains."""
    return float(1.6 + 1.4 * np.cos(2 * np.pi * (t / 3600.0 - 3.0) / 12.42))


class Pond:
    """The town's twin; exact in volume: what comes in is stored, let out or flooded."""

    def __init__(self, *, wetter: float = 1.0, broken: str = "") -> None:
        self.broken = broken
        self.network = network()
        self.wetter = wetter
        self.t = 0.0
        self.depth = np.array([1.5, 1.5])
        self.setting = np.array([1.0, 1.0, 0.0])
        self.flood = np.zeros(2)
        self.rained = self.out = self.pumped = self.energy = 0.0
        self.starts, self.moves = np.zeros(3), np.zeros(3)
        self.rain = 0.0

    def now(self) -> float:
        return self.t

    def see(self) -> Seen:
        depth = np.array([*self.depth, max(tide(self.t), 0.0)])
        rain = np.array([self.rain])
        return Seen(self.t, depth, np.zeros(3), self.setting.copy(), rain, depth[2:])

    def _flows(self, stage: float) -> Array:
        heads = np.array([self.depth[0] + 1.0, self.depth[1], max(stage, 0.0)])
        gate = 5.0 * self.setting[0] * np.sign(heads[0] - heads[1])
        sluice = 12.0 * self.setting[1] * np.sign(heads[1] - heads[2])
        ease = np.minimum(np.abs([heads[0] - heads[1], heads[1] - heads[2]]) / 0.5, 1.0)
        return np.array([gate * ease[0], sluice * ease[1], PUMP * self.setting[2]])

    def _step(self, forcing: Forcing) -> None:
        row = int((self.t - forcing.t0 + 1e-6) // forcing.step_s)
        given = forcing.rain
        fall = storm(self.t) if given is None else float(given[min(row, len(given) - 1)][0])
        self.rain = fall
        inflow = fall * self.wetter / 3.6e6 * LAND * STEP_S
        flow = self._flows(tide(self.t)) * STEP_S
        spare = AREA * self.depth + inflow
        flow[0] = np.clip(flow[0], -spare[1] / 3, spare[0])
        spare[0], spare[1] = spare[0] - flow[0], spare[1] + flow[0]
        flow[2] = min(flow[2], spare[1] / 2)
        flow[1] = min(flow[1], spare[1] / 2)
        spare[1] -= flow[1] + flow[2]
        over = np.maximum(spare - AREA * FULL, 0.0)
        self.depth = (spare - over) / AREA
        self.flood += over
        self.rained += float(inflow.sum())
        self.out += float(flow[1] + flow[2])
        self.pumped += float(flow[2])
        lift = max(tide(self.t) - self.depth[1], 0.0)
        self.energy += 9.81 * float(flow[2]) * lift / 0.7 / 3600.0
        self.t += STEP_S

    def advance(self, to_s: float, *, plan: Plan, forcing: Forcing) -> Seen:
        begun = self.t
        while self.t < to_s - 1e-6:
            block = int((self.t - begun + 1e-6) // plan.block_s)
            want = plan.blocks[block] if block < len(plan.blocks) else np.full(3, np.nan)
            want = np.where(np.isnan(want), plan.tail.settings(self.see()), want)
            new = np.where(np.isnan(want), self.setting, want)
            self.starts += new - self.setting > 0.5
            self.moves += np.abs(new - self.setting)
            self.setting = new
            self._step(forcing)
        return self.see()

    def totals(self) -> Totals:
        return Totals(float(self.flood.sum()), self.rained, self.out, self.pumped, self.energy)

    def copy(self) -> "Pond":
        other = Pond(wetter=self.wetter)
        other.t, other.depth, other.setting = self.t, self.depth.copy(), self.setting.copy()
        return other

    def futures(
        self, jobs: Sequence[Job], *, deadline_s: float, workers: int = 2
    ) -> Iterator[tuple[int, Future]]:
        if self.broken:
            raise RuntimeError(self.broken)
        assert deadline_s > 0
        assert workers > 0
        for k, job in enumerate(jobs):
            yield k, self.copy().future(job)

    def future(self, job: Job) -> Future:
        t, depths = [], []
        end, peak, plan = self.t + job.horizon_s, self.depth.copy(), job.plan
        while self.t < end - 1e-6:
            seen = self.advance(min(self.t + job.report_s, end), plan=plan, forcing=job.forcing)
            gone = int(job.report_s // plan.block_s)
            plan = Plan(
                name=plan.name, blocks=plan.blocks[gone:], block_s=plan.block_s, tail=plan.tail
            )
            peak = np.maximum(peak, self.depth)
            t.append(self.t)
            depths.append(seen.depth)
        return Future(
            ok=True,
            flood_m3=float(self.flood.sum()),
            node_flood=np.array([*self.flood, 0.0]),
            t=np.array(t),
            depth=np.array(depths),
            peak=np.array([*peak, 0.0]),
            final=self.see().depth,
            pumped_m3=self.pumped,
            energy_kwh=self.energy,
            starts=self.starts,
            moves=self.moves,
            outflow_m3=self.out,
        )

    def close(self) -> None:
        """Nothing stands behind it."""
