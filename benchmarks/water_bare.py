"""The peer of `water_rollouts`: SWMM alone, a plain swmm_step loop, nothing of ours in it.

`python -m benchmarks.water_bare MODEL.inp FROM_S COUNT` steps to FROM_S once, then COUNT forked
children step one hour each; it prints how many seconds each hour took, by the clock and of
processor time.
"""

import json
import os
import sys
import tempfile
from time import perf_counter, process_time

from swmm.toolkit import solver

HOUR_D = 1.0 / 24.0
EPS_D = 1e-9


def step_to(day: float) -> None:
    """Step until the model's clock shows `day`, in days since its start."""
    while 0.0 < solver.swmm_step() < day - EPS_D:
        pass


def hour(start_d: float) -> tuple[float, float]:
    """Return the seconds that one hour takes in a forked child: by the clock, of processor time."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        began, used = perf_counter(), process_time()
        step_to(start_d + HOUR_D)
        took = perf_counter() - began, process_time() - used
        os.write(writer, json.dumps(took).encode())
        os._exit(0)
    os.close(writer)
    clock, processor = json.loads(os.read(reader, 256))
    os.close(reader)
    os.waitpid(child, 0)
    return float(clock), float(processor)


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
