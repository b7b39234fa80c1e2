"""How long `mindu up` takes to all that its page shall show: a real process, asked over HTTP."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from benchmarks.figure import Figure

NOTHING: dict[str, Any] = {"points": []}
GOAL_S, READY_S = 20.0, 10.0
PATIENCE_S = 120.0
BUILD_S = 600.0  # s that a city may be measured for; then its process is ended
LOOK_S = 0.1  # between looks at the page
SHOWN: tuple[tuple[str, str, Callable[[Any], object]], ...] = (  # what, where, and is it there
    ("banner 演示数据", "/?lang=zh", lambda page: "演示数据" in page),
    ("rain on the way", "/api/v1/series?about=fuzhou&prop=outlook",
     lambda told: any(mm_h > 0 for _, mm_h in told["points"])),
    ("alerts open", "/api/v1/alerts?limit=1", lambda told: told["total"]),
    ("one action waiting", "/api/v1/approvals?state=waiting&limit=1", lambda told: told["total"]),
    ("a replay ready", "/api/v1/moments", lambda told: [n for n in told["nights"] if n["ready"]]),
)  # fmt: skip
PLAN = ("first plan on the page", "/api/v1/log?kind=Weighing&limit=1", lambda told: told["total"])


def figures() -> Iterator[Figure]:
    """Measure from the start of the process to the page, and to each thing that it shall show."""
    with TemporaryDirectory() as folder, up(Path(folder)) as (process, began):
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        page = monotonic() - began
        seen = _seen(str(told["url"]), began)
        night = _opened(str(told["url"]), began)
    yield _figure("page answers", page, None)
    yield _figure(PLAN[0], seen.pop(PLAN[0]), GOAL_S)
    for name, after in seen.items():
        yield _figure(name, after, READY_S)
    yield _figure("the replay is open on the page", night, READY_S)


def _figure(name: str, after: float, goal: float | None) -> Figure:
    return Figure(
        name=f"mindu up: {name}",
        value=round(after, 2),
        unit="s",
        peer=None,
        goal="" if goal is None else f"< {goal:.0f}",
        holds=None if goal is None else after < goal,
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


def _seen(url: str, began: float) -> dict[str, float]:
    """Return how long after the start each thing was first seen."""
    seen: dict[str, float] = {}
    pause = Event()
    while monotonic() - began < PATIENCE_S:
        for name, path, there in (*SHOWN, PLAN):
            if name not in seen and there(_got(url, path)):
                seen[name] = monotonic() - began
        if len(seen) > len(SHOWN):
            return seen
        pause.wait(LOOK_S)
    missing = [name for name, _, _ in (*SHOWN, PLAN) if name not in seen]
    raise TimeoutError(f"not on the page after {PATIENCE_S:.0f} s: {', '.join(missing)}")


def _opened(url: str, began: float) -> float:
    """Open the replay that is listed first; return how long after the start it stood there."""
    name = _got(url, "/api/v1/moments")["nights"][0]["name"]
    page = _got(url, f"/replay?night={name}&lang=zh")
    assert 'data-mode="stored"' in page, "a stored night says so"
    return monotonic() - began


def _got(url: str, path: str) -> Any:  # noqa: ANN401 - a page, or what its address answers
    where = urlsplit(url)
    assert where.hostname is not None
    line = HTTPConnection(where.hostname, where.port or 80, timeout=60)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        body = answer.read()
        if answer.status == HTTPStatus.NOT_FOUND:
            return NOTHING  # no such thing yet
        assert answer.status == HTTPStatus.OK, f"{path}: {answer.status}"
        return json.loads(body) if path.startswith("/api/") else body.decode()
    finally:
        line.close()
