"""A node with open doors on a loop of its own, for tests that come from outside."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from town import town

from mindu.base.time import SystemClock
from mindu.data.senses.senses import Senses
from mindu.edge.doors import Doors
from mindu.edge.keys import Keys, Sender
from mindu.edge.settings import Http, Mqtt, Settings

PATIENCE = 120.0  # s until a test gives up waiting


def clock() -> int:
    return round(SystemClock().now().timestamp() * 1000)


class Node:
    """What a test may reach of an open node."""

    def __init__(self, senses: Senses, doors: Doors) -> None:
        self.senses, self.doors = senses, doors
        self.key = doors.keys.grant("tester", Sender(keeps=True))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.doors.http_port}"

    def asked(
        self, path: str, body: bytes | None = None, *, method: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Ask over HTTP with the tester's key, or another; return the status and what was told."""
        told = {"Authorization": f"Bearer {self.key}"}
        told |= {name.replace("_", "-"): word for name, word in headers.items()}
        request = Request(self.url + path, body, told, method=method)  # noqa: S310 - our own
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310 - our own
                return answer.status, json.loads(answer.read() or b"null")
        except HTTPError as wrong:
            with wrong:
                return wrong.code, json.loads(wrong.read() or b"null")


@contextmanager
def node(folder: Path, settings: Settings | None = None, devices: int = 4) -> Iterator[Node]:
    """Open a town's doors; HTTP and MQTT on free ports unless told otherwise."""
    told = settings or Settings(http=Http(port=0), mqtt=Mqtt(port=0))
    senses = town(folder, devices)
    doors = Doors(senses, Keys(senses.folder / "keys", senses.registry), clock)
    ready, over = threading.Event(), threading.Event()

    async def live() -> None:
        async with doors.open(told):
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=asyncio.run, args=(live(),), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the doors did not open"
    try:
        yield Node(senses, doors)
    finally:
        over.set()
        thread.join(PATIENCE)
        senses.close()


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds."""
    end = monotonic() + PATIENCE
    tick = threading.Event()
    while not holds():
        assert monotonic() < end, f"{what}: not within {PATIENCE} s"
        tick.wait(0.02)
