"""How an office with 100,000 open cases comes back after `kill -9`, from files and from PostgreSQL.

A child begins the cases, each with three open tasks, and goes on completing tasks until it is
killed; then the office is opened anew: once with instances alone, once where each is a case of the
kernel with a part for every department. `MINDU_BENCH_STORE` (postgresql://user@host/database) adds
the server; its own CPU seconds are not counted, the wall tells of both.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import psycopg
from psycopg import sql

from benchmarks.figure import Figure
from benchmarks.services import DEPARTMENTS, GROUP, NOW, begin, complete, drawn, office
from mindu.apps.services.kind import KIND

OPEN = int(os.environ.get("MINDU_OPEN", "100000"))
TOLD = 40  # groups of steps after the last case was begun, before the office is killed
SRC = Path(__file__).parents[1]


def figures() -> Iterator[Figure]:
    """Measure state bytes and the time to come back, on each store."""
    for kind in ("", KIND.name):
        with TemporaryDirectory() as folder:
            yield from _back("files", str(Path(folder) / "log.db"), kind)
        server, name = os.environ.get("MINDU_BENCH_STORE", ""), f"bench{os.getpid()}"
        if server:
            yield from _back("PostgreSQL", f"{server}#{name}", kind)
            with psycopg.connect(server) as link:
                link.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def _back(store: str, where: str, kind: str) -> Iterator[Figure]:
    name = f"{store}{', each a case of the kernel' if kind else ''}"
    known = _killed(where, kind)
    clock, began = perf_counter(), process_time()
    again = office(where)
    spent, took = process_time() - began, perf_counter() - clock
    assert len(again.instances.states) == OPEN, "every case is there"
    assert len(again.memory.log) >= known, "what was acknowledged is there"
    if kind:
        parts = sum(map(len, again.memory.courses.parts.values()))
        assert parts == OPEN * len(DEPARTMENTS), "each case has all its parts"
    size = sum(map(len, again.instances.states.values())) / OPEN
    again.memory.log.close()
    peer = "SpiffWorkflow 12,401 (research)"
    yield Figure(name=f"state of a case with three open tasks, {name}", value=round(size),
                 unit="bytes", peer=peer, goal="", holds=None)  # fmt: skip
    for how, value, unit in (("CPU", spent, "CPU s"), ("wall", took, "s")):
        yield Figure(name=f"back after kill -9 with {OPEN:,} open cases, {name}, {how}",
                     value=round(value, 2), unit=unit, peer=None, goal="", holds=None)  # fmt: skip


def _killed(where: str, kind: str) -> int:
    """Let a child work and kill it; return how many entries it had acknowledged."""
    env = {**os.environ, "PYTHONPATH": f"{SRC / 'src'}:{SRC}"}
    command = [sys.executable, "-m", "benchmarks.services_back", where, kind]
    known = 0
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None, "it tells what is durable"
        for _ in range(TOLD):
            known = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
    return known


def _work(where: str, kind: str) -> None:
    """Begin all cases, then complete task after task, telling what is durable; never end."""
    processes = office(where)
    processes.publish(drawn(kind), by="bench", now=NOW)
    cases: list[int] = []
    while len(cases) < OPEN:
        with processes.together():
            cases += [begin(processes) for _ in range(min(GROUP, OPEN - len(cases)))]
    for at in range(0, len(cases), GROUP):
        with processes.together():
            for case in cases[at : at + GROUP]:
                complete(processes, case)
        sys.stdout.write(f"{processes.memory.log.durable}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _work(*sys.argv[1:])
