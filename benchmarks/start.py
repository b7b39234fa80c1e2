"""How long `mindu up` takes to its first plan on the page: a real process, asked over HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from time import monotonic
from urllib.parse import urlsplit

from benchmarks.figure import Figure

GOAL_S = 20.0
PATIENCE_S = 120.0
BUILD_S = 600.0  # s that a city may be measured for; then its process is ended
LOOK_S = 0.1  # between looks at the page


def figures() -> Iterator[Figure]:
    """Measure from the start of the process to the page and to the first plan on it."""
    with TemporaryDirectory() as folder, up(Path(folder)) as (process, began):
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        page = monotonic() - began
        plan = _first_plan(str(told["url"]), began)
    yield Figure(
        name="mindu up: page answers",
        value=round(page, 2),
        unit="s",
        peer=None,
        goal="",
        holds=None,
    )
    yield Figure(
        name="mindu up: first plan on the page",
        value=round(plan, 2),
        unit="s",
        peer=None,
        goal=f"< {GOAL_S:.0f}",
        holds=plan < GOAL_S,
    )


@contextmanager
def up(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", float]]:
    """Run `mindu up` over a folder; yield the process and when it began."""
    began = monotonic()
    command = [sys.executable, "-m", "mindu", "up", "--json", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    given_up = Timer(BUILD_S, process.kill)  # whoever waits for its first line is not kept for ever
    given_up.start()
    try:
        yield process, began
    finally:
        given_up.cancel()
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def _first_plan(url: str, began: float) -> float:
    where = urlsplit(url)
    assert where.hostname is not None
    pause = Event()
    while monotonic() - began < PATIENCE_S:
        line = HTTPConnection(where.hostname, where.port or 80, timeout=10)
        try:
            line.request("GET", "/api/v1/log?kind=Weighing&limit=1")
            if json.loads(line.getresponse().read())["total"]:
                return monotonic() - began
        except (OSError, HTTPException):
            pass
        finally:
            line.close()
        pause.wait(LOOK_S)
    raise TimeoutError(f"no plan on the page after {PATIENCE_S:.0f} s")
