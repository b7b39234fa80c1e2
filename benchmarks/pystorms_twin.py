"""A pystorms scenario behind the twin's port: its own score stands where flood stands.

Futures are forked from the scenario as it runs, so a future's score is the scenario's own, step by
step, scaled so that leaving everything alone costs 10,000.
"""

import fcntl
import multiprocessing
import os
import pickle
import select
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pystorms_scenario import READ_BACK, Running, opened
from mindu.engines.hydraulics.port import Forcing, Future, Job, Network, Plan, Seen, Totals

LOOK_S = 0.5  # s between looks at children


def _future(run: Running, job: Job, scale: float) -> Future:
    """Run one job to its end, in a child."""
    before, start = run.score(), run.t
    run.logs = run.scenario.config["name"] in READ_BACK
    seen = run.advance(start + job.horizon_s, job.plan, look_s=job.policy_s)
    t = np.array([s[0] for s in seen])
    depth = np.array([s[1] for s in seen])
    n = len(run.network.machines)
    every = max(int(job.report_s // job.policy_s), 1)
    return Future(
        ok=True,
        flood_m3=(run.score() - before) * scale,
        t=t[::every],
        depth=depth[::every],
        peak=depth.max(axis=0),
        final=depth[-1],
        starts=np.zeros(n),
        moves=np.zeros(n),
        energy_kwh=0.0,
        pumped_m3=0.0,
    )


def _privatise() -> None:
    """Give a child its own place in every open file, and nowhere to write."""
    for name in list(Path("/proc/self/fd").iterdir()):
        fd = int(name.name)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                continue
            flags = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE
            at = os.lseek(fd, 0, os.SEEK_CUR)
            new = os.open(os.devnull if flags else f"/proc/self/fd/{fd}", flags)
            if not flags:
                os.lseek(new, at, os.SEEK_SET)
            os.dup2(new, fd)
            os.close(new)
        except OSError:
            continue


def _child(run: Running, job: Job, scale: float) -> tuple[int, int]:
    reads, writes = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writes)
        return pid, reads
    try:
        os.close(reads)
        _privatise()
        with os.fdopen(writes, "wb") as file:
            file.write(pickle.dumps(_future(run, job, scale)))
    finally:
        os._exit(0)


def _futures(run: Running, jobs: Sequence[Job], scale: float, workers: int) -> Iterator[Any]:
    live: dict[int, tuple[int, int]] = {}
    got: dict[int, bytes] = {}
    todo = list(enumerate(jobs))
    while todo or live:
        while todo and len(live) < workers:
            k, job = todo.pop(0)
            pid, reads = _child(run, job, scale)
            live[reads], got[reads] = (k, pid), b""
        for reads in select.select(list(live), [], [], LOOK_S)[0]:
            part = os.read(reads, 1 << 16)
            got[reads] += part
            if not part:
                k, pid = live.pop(reads)
                os.close(reads)
                used = os.wait4(pid, 0)[2]
                body = got.pop(reads)
                died = Future(ok=False, error="died")
                made = pickle.loads(body) if body else died  # noqa: S301
                yield k, made, used.ru_utime + used.ru_stime


def serve(line: Connection, name: str, path: str, network: Network, scale: float) -> None:
    """Hold a scenario and answer until told to stop."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    run = Running(opened(name, path), network)
    while True:
        verb, *rest = line.recv()
        if verb == "see":
            line.send(run.see())
        elif verb == "advance":
            run.advance(rest[0], rest[1], look_s=rest[2])
            line.send(run.see())
        elif verb == "score":
            line.send((run.score(), run.done))
        elif verb == "actions":
            line.send([str(name) for name in run.scenario.config["action_space"]])
        elif verb == "futures":
            for found in _futures(run, rest[0], scale, rest[1]):
                line.send(found)
        else:
            os._exit(0)


class Storm:
    """The client: a scenario in a process of its own, as a twin."""

    def __init__(self, name: str, network: Network, *, scale: float = 1.0) -> None:
        """Open the scenario; `network` was read from the prepared copy."""
        self.network, self.busy = network, 0.0
        spawn = multiprocessing.get_context("spawn")
        self.line, there = spawn.Pipe()
        self.process = spawn.Process(
            target=serve, args=(there, name, network.path, network, scale), daemon=True
        )
        self.process.start()
        self.seen: Seen = self._ask("see")

    def _ask(self, *what: object) -> Any:  # noqa: ANN401 - whatever the server answers
        self.line.send(what)
        return self.line.recv()

    def now(self) -> float:
        """Return the time reached."""
        return float(self.seen.t)

    def see(self) -> Seen:
        """Return what was seen last: a scenario moves only when it is told to."""
        return self.seen

    def advance(self, to_s: float, *, plan: Plan, forcing: Forcing) -> Seen:
        """Step on; the weather is the scenario's own."""
        del forcing
        self.seen = self._ask("advance", to_s, plan, 60.0)
        return self.seen

    def actions(self) -> list[str]:
        """Return the machines that the scenario lets one set."""
        return list(self._ask("actions"))

    def score(self) -> tuple[float, bool]:
        """Return the scenario's own score so far, and whether it has ended."""
        score, done = self._ask("score")
        return float(score), bool(done)

    def totals(self) -> Totals:
        """Return the score in the place of flood."""
        return Totals(self.score()[0], 0.0, 0.0, 0.0, 0.0)

    def futures(
        self, jobs: Sequence[Job], *, deadline_s: float, workers: int = 2
    ) -> Iterator[tuple[int, Future]]:
        """Run every job; what is begun is ended, so a deadline holds between calls alone."""
        del deadline_s
        self.line.send(("futures", [replace(j) for j in jobs], workers))
        for _ in jobs:
            index, future, used = self.line.recv()
            self.busy += used / workers
            yield index, future

    def watch(self) -> float:
        """Return what futures took so far, s of processor a worker, whatever else runs."""
        return self.busy

    def close(self) -> None:
        """End the process."""
        self.line.send(("stop",))
        self.process.join(5.0)
        if self.process.is_alive():
            self.process.kill()
