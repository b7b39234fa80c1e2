"""Somebody at the hall's pages: signs in through the provider, in one browser, over one log."""

import asyncio
import base64
import re
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import segno
import zxingcpp
from PIL import Image
from services_desk import NOW, open_nodes
from starlette.applications import Starlette
from strict import strict

from mindu.cli.services import hall as halls
from mindu.console.identity.keyring import made
from mindu.console.people.password import digest_of
from mindu.engines.process.happenings import Complete

BASE = "http://localhost:8024"
GOOD = "kelp-orbit-quartz"


@cache
def digest() -> str:
    """Return what is stored of the password: made once, it is slow on purpose."""
    return digest_of(GOOD, "nobody")


@cache
def key() -> bytes:
    """Return one signing key for all tests."""
    return made()


class Hall:
    """Services, provider and desk over one folder, with a clock that is turned by hand."""

    def __init__(self, folder: Path, base: str = BASE) -> None:
        self.time = NOW
        self.hall = halls.opened(folder, base, now=lambda: self.time, make=key)
        self.site, self.provider = self.hall.site, self.hall.provider
        self.counter = self.site.counter
        self.app: Starlette = halls.application(self.hall)

    def person(self, account: str, name: str) -> None:
        facts = {"name": name, "phone": "13800000000"}
        self.provider.citizens.enrol(account, "person", "", facts, now=self.time)
        sql = "UPDATE account SET digest=? WHERE name=?"
        list(self.provider.store.run(sql, (digest(), account)))

    def later(self, **span: float) -> datetime:
        self.time += timedelta(**span)
        return self.time

    def approve_all(self, instance: int) -> None:
        """Complete every open task as approved, until nothing waits for anybody."""
        processes = self.counter.processes
        while open_nodes(self.counter, instance):
            for wait in processes.state(instance).waits:
                if wait.kind == "task":
                    told = Complete(wait=wait.id, by="officer", vars={"approved": True})
                    processes.step(instance, told, by="officer", now=self.time)
                    break
        self.site.look()


class Person:
    """One browser."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.jar = hall, httpx.Cookies()
        self.body, self.status, self.raw = "", 0, b""

    def get(self, path: str) -> "Person":
        return asyncio.run(self._ask("GET", path, None))

    def post(self, path: str, **told: Any) -> "Person":  # noqa: ANN401
        found = re.search(r'name="_token" value="([^"]*)"', self.body)
        waits = re.search(r'name="r" value="([^"]*)"', self.body)
        sent = {"_token": found[1] if found else "", "r": waits[1] if waits else "", **told}
        return asyncio.run(self._ask("POST", path, urlencode(sent, doseq=True)))

    async def _ask(self, method: str, path: str, body: str | None) -> "Person":
        way = httpx.ASGITransport(self.hall.app, client=("192.0.2.1", 4000))
        headers = {"accept-language": "zh-CN"}
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        async with httpx.AsyncClient(transport=way, base_url=BASE, cookies=self.jar,
                                     headers=headers, follow_redirects=True) as line:  # fmt: skip
            answer = await line.request(method, path, content=body)
            self.jar = line.cookies
        self.status, self.body, self.raw = answer.status_code, answer.text, answer.content
        if "html" in answer.headers.get("content-type", ""):
            strict(answer.text, answer.headers, path)
        return self

    def signs_in(self, account: str, kind: str = "person", *, then: str = "/mine") -> "Person":
        self.get(f"/sign-in?then={then}")
        self.post("/id/password", name=account, password=GOOD, kind=kind)
        return self.agrees()

    def agrees(self, acting: str = "") -> "Person":
        if 'value="yes"' in self.body:
            self.post("/id/consent", answer="yes", acting=acting)
        return self

    def proves(self, who: str) -> "Person":
        """Bind the simulator's online identity, on the provider's own page."""
        self.get("/id/")
        self.post("/id/prove", bind="1")
        proof = re.search(r'name="proof" value="([^"]*)"', self.body)
        assert proof
        return self.post("/id/pretend", who=who, proof=proof[1])


def scanned(person: Person) -> str:
    """Return what an independent reader reads from the code on the page."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', person.body)
    assert found, person.body
    text = re.search(r"文本内容</dt>\s*<dd>([^<]+)</dd>", person.body)
    assert text
    out = BytesIO()
    segno.make(text[1], error="l", boost_error=False).save(out, kind="png", scale=4, border=4)
    svg = BytesIO()
    segno.make(text[1], error="l", boost_error=False).save(svg, kind="svg", scale=4)
    assert base64.b64decode(found[1]) == svg.getvalue(), "the page shows this very code"
    image = Image.open(BytesIO(out.getvalue()))
    every = zxingcpp.read_barcodes(image)  # a pattern inside may pass for another kind of code
    (read,) = (one for one in every if one.format == zxingcpp.BarcodeFormat.QRCode)
    return str(read.text)
