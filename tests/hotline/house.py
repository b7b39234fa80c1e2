"""A hotline that runs alone: a counter over a log in memory, and its doors on a free port."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from socket import socket
from threading import Thread

import httpx
import uvicorn
from starlette.applications import Starlette

from mindu.apps.hotline import APP
from mindu.base.records import Table
from mindu.base.time import VirtualClock, monotonic
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.open311.keys import COLUMNS

NOON = datetime(2026, 9, 16, 4, tzinfo=UTC)  # Wednesday 12:00 in the city
KIND = APP.cases[0]
KEY = "a-key-of-the-tests"
DEADLINE = 60.0  # s until a server answers
PATIENCE = 600.0  # s for one answer on a machine that is busy
WIRE = httpx.Client(timeout=PATIENCE)


def counter(folder: Path, log: Log | None = None) -> Counter:
    memory = Memory(Log.open(":memory:") if log is None else log, {}, seed=0)
    office = Office(memory, {KIND.name: KIND})
    rows = (("tests", sha256(KEY.encode()).hexdigest(), "*", "", "report update"),)
    office.lay("api_keys", Table(COLUMNS, rows, "the tests"), by="tests", now=NOON)
    return Counter(office, Vault(None), Photos(folder / "media"), VirtualClock(NOON))


@contextmanager
def served(app: Starlette, door: socket | None = None) -> Iterator[str]:
    """Serve at a door that is open, else on a free port; yield the address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    doors = {} if door is None else {"sockets": [door]}
    thread = Thread(target=server.run, kwargs=doors, daemon=True)
    thread.start()
    until = monotonic() + DEADLINE
    while not server.started and monotonic() < until:
        thread.join(0.01)
    assert server.started, "the server never answered"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(DEADLINE)
