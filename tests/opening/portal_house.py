"""A portal over pumps, patients and benches, with somebody at its door."""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

import anyio
import uvicorn
from httpx import ASGITransport, AsyncClient, Cookies, Response
from opening_house import LIN, NOON, House
from starlette.applications import Starlette
from starlette.routing import Mount
from strict import strict

from mindu.base.seal import signer
from mindu.base.time import VirtualClock
from mindu.brain.opening.check import Proposal
from mindu.data.gateway.gateway import Gateway
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.portal.doors import application
from mindu.edge.portal.held import OpenTables
from mindu.edge.portal.portal import Portal
from mindu.engines.text import mask

PLACE = "203.0.113.7"
KEY = signer("sha256-ed25519", bytes(range(32)))


class Desk(House):
    """The house with its portal; pumps are open."""

    def __init__(self, log: Log | None = None) -> None:
        super().__init__(log)
        self.clock = VirtualClock(NOON)
        gateway = Gateway(
            book=self.memory, catalogue=OpenTables(self.memory.opened), pool=self.pool, key=KEY,
            cloak=Vault(None).subject, case=lambda _number, _ask: False, clock=self.clock,
            secret=b"tokens",
        )  # fmt: skip
        self.portal = Portal(
            gateway=gateway, memory=self.memory, office=self.office, openings=self.openings,
            requests=self.requests, mask=lambda text: mask(text).text, secret=b"portal",
        )  # fmt: skip
        if self.memory.opened.get("pumps") is None:
            self.openings.open("pumps", Proposal(), LIN, now=NOON)
        self.app = Starlette(routes=[Mount("/open", app=application(self.portal))])

    def browser(self, **headers: str) -> "Browser":
        """Return a browser that remembers what it is told, and reads HTML."""
        return Browser(self.app, {"accept": "text/html", **headers})

    def machine(self, **headers: str) -> "Browser":
        """Return a program."""
        return Browser(self.app, headers)


class Browser:
    """Somebody at the door, who keeps cookies and follows where they are sent."""

    def __init__(self, app: Starlette, headers: Mapping[str, str]) -> None:
        self._app, self._headers, self._cookies = app, headers, Cookies()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Response:
        return anyio.run(self._call, "GET", path, {"params": params})

    def post(self, path: str, **what: object) -> Response:
        return anyio.run(self._call, "POST", path, what)

    async def _call(self, how: str, path: str, what: Mapping[str, Any]) -> Response:
        wire = ASGITransport(app=self._app, client=(PLACE, 50_000))
        async with AsyncClient(
            transport=wire, base_url="http://city", cookies=self._cookies,
            headers=dict(self._headers), follow_redirects=True,
        ) as client:  # fmt: skip
            told = await client.request(how, path, **what)
            self._cookies = client.cookies
            if "html" in told.headers.get("content-type", ""):
                strict(told.text, told.headers, path)
            return told


def token(page: str) -> str:
    """Return what a form of a page carries."""
    found = re.search(r'name="token" value="([0-9a-f]+)"', page)
    assert found, page[:2_000]
    return found[1]


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Serve the portal on a real port."""
    line = socket.socket()
    line.bind(("127.0.0.1", 0))
    line.listen(64)  # whoever comes before the server stands in line
    config = uvicorn.Config(desk.app, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [line]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{line.getsockname()[1]}/open"
    finally:
        server.should_exit = True
        thread.join(10)
        line.close()
