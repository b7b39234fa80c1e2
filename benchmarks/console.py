"""The desk's pages: what one of 5,000 things costs, calm and after a turn."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median, quantiles
from time import monotonic

from benchmarks.console_stand import PATIENCE_S, Child, served
from benchmarks.figure import Figure

THINGS, ASKED, FIRST = 5_000, 40, 5
MAPPED = 1_000  # things that the map without script draws
DENSE = b"MDP1"
GOAL_MS = 50.0
TURNS = {"": "", ", a tenth changed each time": "move 0.1", ", all changed each time": "move 1"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One page as a user asks for it, and what makes it whole."""

    name: str
    path: str
    whole: Callable[[bytes], bool]


def _rows(count: int) -> Callable[[bytes], bool]:
    return lambda body: body.count(b'<th scope="row"><a href="/thing/') == count


def _marks(count: int) -> Callable[[bytes], bool]:
    return lambda body: body.count(b"data-place=") == count


PAGES = (
    Asked("5,000 things on one page", "/data?lang=en&limit=5000", _rows(THINGS)),
    Asked("the first 100 of 5,000 things", "/data?lang=en", _rows(100)),
    Asked("situation of 5,000 things", "/situation?lang=en", _marks(MAPPED)),
    Asked("alerts, 1,000 open", "/alerts?lang=en", lambda b: b.count(b'type="checkbox"') == 100),
    Asked("5,000 things as JSON", "/api/v1/entities?limit=5000",
          lambda b: len({row["id"] for row in json.loads(b)["items"]}) == THINGS),
    Asked("5,000 dense points", "/api/v1/points?prop=level", lambda b: b[:4] == DENSE),
)  # fmt: skip


def figures() -> Iterator[Figure]:
    """Ask for every page in every state of the city; none that is not whole counts.

    Server time is what the desk says that the page cost its processor; the whole time, from the
    request to the last byte, also holds whatever else the machine does.
    """
    with served(THINGS) as child:
        for page in PAGES:
            for state, turn in TURNS.items():
                server, whole = _asked(child, page, turn)
                name = f"console: {page.name}{state}"
                yield _figure(f"{name}, server time p95", _p95(server), GOAL_MS)
                yield _figure(f"{name}, whole time median", median(whole), None)
                yield _figure(f"{name}, whole time p95", _p95(whole), None)


def _figure(name: str, value: float, most: float | None) -> Figure:
    goal, holds = (f"< {most:g} ms", value < most) if most else ("", None)
    return Figure(name=name, value=round(value, 2), unit="ms", peer=None, goal=goal, holds=holds)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def _asked(child: Child, page: Asked, turn: str) -> tuple[list[float], list[float]]:
    """Ask again and again; return ms of the server, and ms from each request to its last byte."""
    line = HTTPConnection("127.0.0.1", child.port, timeout=PATIENCE_S)
    server, whole = [], []
    for n in range(ASKED + FIRST):
        if turn:
            child.tell(turn)
        began = monotonic()
        line.request("GET", page.path)
        answer = line.getresponse()
        body = answer.read()
        took = (monotonic() - began) * 1e3
        assert answer.status == 200, page.path
        assert page.whole(body), f"{page.path} is not whole"
        if n >= FIRST:
            whole.append(took)
            server.append(float(answer.headers["Server-Timing"].partition("dur=")[2]))
    line.close()
    return server, whole
