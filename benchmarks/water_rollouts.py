"""Futures a second through a live twin, against the bare engine on the same network and cores.

Three generated cities of 100, 1,000 and 10,000 nodes, one hour ahead in mid-storm. Ours and the
peer's are measured in turns, and the medians compared, since machines drift.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.figure import Figure
from mindu.apps.water.cities.generate import SCALE, Spec
from mindu.apps.water.control.event.live import Still
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.patch import Patch, written
from mindu.engines.hydraulics.port import Forcing, Job, Plan, Twin
from mindu.engines.hydraulics.reading.options import read_options
from mindu.engines.hydraulics.reading.sections import read_sections
from mindu.engines.hydraulics.twin import open_twin

CORES = os.cpu_count() or 1
MID_STORM_S = 4 * 3600.0
HOUR_S = 3600.0
GOAL = 0.95
BUDGET_S = 300.0  # one decision
TURNS = 5
COUNTS = {100: 60, 1000: 8, 10000: 2}  # futures a turn and core, by size


def _job(twin: Twin, horizon_s: float) -> Job:
    """Return a future that looks every minute and touches nothing: both sides run one water."""
    nothing = np.empty((0, len(twin.network.machines)))
    plan = Plan(name="still", blocks=nothing, block_s=900.0, tail=Still())
    return Job(plan=plan, forcing=Forcing(t0=0.0, step_s=300.0), horizon_s=horizon_s)


def _ours(twin: Twin, count: int, *, horizon_s: float = HOUR_S, workers: int = CORES) -> float:
    """Return futures a second."""
    jobs = [_job(twin, horizon_s)] * count
    began = perf_counter()
    for _, future in twin.futures(jobs, deadline_s=1200.0, workers=workers):
        assert future.ok, future.error
    return count / (perf_counter() - began)


def _bare(path: Path, count: int) -> float:
    """Return hours a second of the bare engine on all cores at once."""
    command = [sys.executable, "-m", "benchmarks.water_bare", str(path)]
    command += [str(MID_STORM_S), str(count)]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) for _ in range(CORES)
    ]
    seconds: list[float] = []
    for process in running:
        told, _ = process.communicate(timeout=1200.0)
        seconds += json.loads(told)
    return CORES / statistics.fmean(seconds)


def _model(spec: Spec, folder: Path) -> Path:
    """Write the city as both sides run it: one thread, the same steps."""
    path = folder / f"{spec.name}.inp"
    path.write_text(spec.text(), encoding="utf-8")
    file = read_sections(path)
    return written(Patch(file, read_options(file), Changes(), folder, own_rules=False))


def _measured(spec: Spec, folder: Path) -> tuple[int, float, float, float]:
    """Return nodes, futures a second, the bare engine's, and seconds of an empty future."""
    path = _model(spec, folder)
    twin = open_twin(path)
    try:
        twin.advance(MID_STORM_S, plan=_job(twin, HOUR_S).plan, forcing=_job(twin, HOUR_S).forcing)
        nodes = len(twin.network.nodes)
        count = next(n for size, n in COUNTS.items() if nodes < 5 * size)
        pairs = [(_ours(twin, count * CORES), _bare(path, count)) for _ in range(TURNS)]
        empty = 1.0 / _ours(twin, 100, horizon_s=0.0, workers=1)
    finally:
        twin.close()
    ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    return nodes, ours, bare, empty


def figures() -> Iterator[Figure]:
    """Yield rates, ratios, latencies and the slope over the size of the network."""
    sizes, costs = [], []
    for spec in SCALE:
        print(f"  {spec.name}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            nodes, ours, bare, empty = _measured(spec, Path(folder))
        sizes.append(nodes)
        costs.append(CORES / ours)
        ratio = ours / bare
        of = f"{nodes} nodes, 1 h ahead, {CORES} cores"
        peer = f"a bare swmm_step loop, {bare:.3g} a second"
        yield _figure(f"rollouts a second, {of}", ours, "1/s", peer=peer)
        yield Figure(
            name=f"rollouts against the bare engine, {of}",
            value=round(ratio, 3),
            unit="1",
            peer=peer,
            goal=f">= {GOAL}",
            holds=ratio >= GOAL,
        )
        yield _figure(f"futures in {BUDGET_S:.0f} s, {of}", ours * BUDGET_S, "1")
        yield _figure(f"an empty future: fork, answer, end; {nodes} nodes", empty * 1e3, "ms")
        yield _figure(f"processor time of a rollout, {nodes} nodes", costs[-1] * 1e3, "ms")
    slope = float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])
    yield _figure("cost of a rollout over nodes, slope of the logarithms", slope, "1")


def _figure(name: str, value: float, unit: str, *, peer: str | None = None) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit, peer=peer, goal="", holds=None)
