"""Futures a second through a live twin, against the bare engine on the same network and cores.

Three generated cities of 100, 1,000 and 10,000 nodes, one hour ahead in mid-storm, a look each
minute. The peer forks too, but is timed in its child only, so its fork costs it nothing. Ours and
the peer's are measured in turns, and the medians compared, since machines drift.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from benchmarks.figure import Figure
from mindu.apps.water.cities.generate import SCALE, Spec
from mindu.apps.water.control.event.live import Still
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.patch import Patch, written
from mindu.engines.hydraulics.port import Forcing, Job, Plan, Twin
from mindu.engines.hydraulics.reading.options import read_options
from mindu.engines.hydraulics.reading.sections import read_sections
from mindu.engines.hydraulics.twin import Client, open_twin

CORES = os.cpu_count() or 1
MID_STORM_S = 4 * 3600.0
HOUR_S = 3600.0
GOAL = 0.95
BUDGET_S = 300.0  # one decision
TURNS = 5
COUNTS = {100: 60, 1000: 8, 10000: 2}  # futures a turn and core, by size


@dataclass(frozen=True, slots=True)
class Rate:
    """Rollouts a second: by the clock with all cores at work, and of processor time."""

    clock: float
    processor: float


def _job(twin: Twin, horizon_s: float) -> Job:
    """Return a future that looks every minute and touches nothing: both sides run one water."""
    nothing = np.empty((0, len(twin.network.machines)))
    plan = Plan(name="still", blocks=nothing, block_s=900.0, tail=Still())
    return Job(plan=plan, forcing=Forcing(t0=0.0, step_s=300.0), horizon_s=horizon_s)


def _used(twin: Twin) -> float:
    """Return the seconds of processor time that a twin and its ended futures have used."""
    assert isinstance(twin, Client)
    told = Path(f"/proc/{twin.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(int(ticks) for ticks in told[11:15]) / os.sysconf("SC_CLK_TCK")


def _ours(twin: Twin, count: int, *, horizon_s: float = HOUR_S, workers: int = CORES) -> Rate:
    """Return futures a second, and of processor time."""
    jobs = [_job(twin, horizon_s)] * count
    began, used = perf_counter(), _used(twin) + process_time()
    for _, future in twin.futures(jobs, deadline_s=1200.0, workers=workers):
        assert future.ok, future.error
    clock, processor = perf_counter() - began, _used(twin) + process_time() - used
    return Rate(count / clock, count / max(processor, 1e-3))


def _bare(path: Path, count: int) -> Rate:
    """Return hours a second of the bare engine on all cores at once, and of processor time."""
    command = [sys.executable, "-m", "benchmarks.water_bare", str(path)]
    command += [str(MID_STORM_S), str(count)]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) for _ in range(CORES)
    ]
    took = np.array([json.loads(p.communicate(timeout=1200.0)[0]) for p in running])
    slowest = float(took[:, :, 0].sum(axis=1).max())
    return Rate(CORES * count / slowest, CORES * count / float(took[:, :, 1].sum()))


def _model(spec: Spec, folder: Path) -> Path:
    """Write the city as both sides run it: one thread, the same steps."""
    path = folder / f"{spec.name}.inp"
    path.write_text(spec.text(), encoding="utf-8")
    file = read_sections(path)
    return written(Patch(file, read_options(file), Changes(), folder, own_rules=False))


@dataclass(frozen=True, slots=True)
class Measured:
    """What one city came to: medians over the turns."""

    nodes: int
    ours: Rate
    bare: Rate
    empty_s: float  # an empty future


def _measured(spec: Spec, folder: Path) -> Measured:
    """Measure ours and the bare engine in turns."""
    path = _model(spec, folder)
    twin = open_twin(path)
    try:
        job = _job(twin, HOUR_S)
        twin.advance(MID_STORM_S, plan=job.plan, forcing=job.forcing)
        nodes = len(twin.network.nodes)
        count = next(n for size, n in COUNTS.items() if nodes < 5 * size)
        pairs = [(_ours(twin, count * CORES), _bare(path, count)) for _ in range(TURNS)]
        empty = 1.0 / _ours(twin, 100, horizon_s=0.0, workers=1).clock
    finally:
        twin.close()
    ours, bare = (_median(side) for side in zip(*pairs, strict=True))
    return Measured(nodes, ours, bare, empty)


def _median(rates: Sequence[Rate]) -> Rate:
    return Rate(
        statistics.median(r.clock for r in rates), statistics.median(r.processor for r in rates)
    )


def figures() -> Iterator[Figure]:
    """Yield rates, ratios, latencies and the slope over the size of the network."""
    found = []
    for spec in SCALE:
        print(f"  {spec.name}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            found.append(_measured(spec, Path(folder)))
        yield from _told(found[-1])
    sizes = np.log([m.nodes for m in found])
    costs = -np.log([m.ours.processor for m in found])
    slope = float(np.polyfit(sizes, costs, 1)[0])
    yield _figure("cost of a rollout over nodes, slope of the logarithms", slope, "1")


def _told(m: Measured) -> Iterator[Figure]:
    of = f"{m.nodes} nodes, 1 h ahead, {CORES} cores"
    peer = f"a bare swmm_step loop, {m.bare.clock:.3g} a second"
    ratio = m.ours.clock / m.bare.clock
    yield _figure(f"rollouts a second, {of}", m.ours.clock, "1/s", peer=peer)
    yield Figure(
        name=f"rollouts against the bare engine, {of}",
        value=round(ratio, 3),
        unit="1",
        peer=peer,
        goal=f">= {GOAL}",
        holds=ratio >= GOAL,
    )
    work = m.ours.processor / m.bare.processor
    yield _figure(f"the same by processor time, {of}", work, "1", peer="a bare swmm_step loop")
    yield _figure(f"futures in {BUDGET_S:.0f} s, {of}", m.ours.clock * BUDGET_S, "1")
    yield _figure(f"an empty future: fork, answer, end; {m.nodes} nodes", m.empty_s * 1e3, "ms")
    yield _figure(f"processor time of a rollout, {m.nodes} nodes", 1e3 / m.ours.processor, "ms")


def _figure(name: str, value: float, unit: str, *, peer: str | None = None) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit, peer=peer, goal="", holds=None)
