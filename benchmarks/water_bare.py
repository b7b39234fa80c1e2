"""The peer of `water_rollouts`: SWMM alone, a plain swmm_step loop, nothing of ours in it.

`python -m benchmarks.water_bare MODEL.inp FROM_S COUNT` steps to FROM_S once, then COUNT forked
children step one hour each; it prints how many seconds each hour took.
"""

import json
import os
import sys
import tempfile
from time import perf_counter

from swmm.toolkit import solver

HOUR_D = 1.0 / 24.0
EPS_D = 1e-9


def step_to(day: float) -> None:
    """Step until the model's clock shows `day`, in days since its start."""
    while 0.0 < solver.swmm_step() < day - EPS_D:
        pass


def hour(start_d: float) -> float:
    """Return how many seconds one hour takes in a forked child."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        began = perf_counter()
        step_to(start_d + HOUR_D)
        os.write(writer, repr(perf_counter() - began).encode())
        os._exit(0)
    os.close(writer)
    told = os.read(reader, 64)
    os.close(reader)
    os.waitpid(child, 0)
    return float(told)


def main() -> None:
    """Open, step to the hour, run it as often as asked."""
    path, start_d, count = sys.argv[1], float(sys.argv[2]) / 86400.0, int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        solver.swmm_open(path, f"{folder}/bare.rpt", f"{folder}/bare.out")
        solver.swmm_start(0)
        step_to(start_d)
        print(json.dumps([hour(start_d) for _ in range(count)]))


if __name__ == "__main__":
    main()
