"""A provider for tests: a clock that is turned by hand, people with passwords, and a browser."""

import asyncio
import base64
import json
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount
from strict import strict

from mindu.base.records import Event, Words
from mindu.base.time import SystemClock
from mindu.brain.memory import Memory
from mindu.console.identity.keyring import made
from mindu.console.identity.proof import PEOPLE, Simulator
from mindu.console.identity.provider import Provider, Wiring, provider
from mindu.console.identity.web.routes import application
from mindu.console.people.house import People
from mindu.console.people.password import digest_of
from mindu.data.log import Log
from mindu.data.vault import Vault

BASE = "http://localhost:8024"
ISSUER = f"{BASE}/id"
BACK = "http://localhost:9000/back"
GOOD = "kelp-orbit-quartz"


@cache
def keys() -> list[bytes]:
    """Return keys that are made once for all tests: making one costs a tenth of a second."""
    return [made() for _ in range(3)]


@cache
def digest() -> str:
    """Return what is stored of the password: made once, it is slow on purpose."""
    return digest_of(GOOD, "nobody")


class House:
    """A provider with its clock; it starts now, as the relying party reads the machine's clock."""

    def __init__(self, start: datetime | None = None) -> None:
        self.now = start or SystemClock().now().astimezone(UTC)
        self.log = Log.open(":memory:")
        self.staff = People()
        left = iter(keys())
        self.farewells: list[tuple[str, str]] = []
        self.answers: list[int] = []  # of clients who are told of a sign-out; 0: nobody answers
        self.provider: Provider = provider(Wiring(
            folder=None, memory=Memory(self.log, {}, seed=0), vault=Vault(None), issuer=ISSUER,
            now=lambda: self.now, staff=self.staff.accounts,
            proof=Simulator(f"{ISSUER}/pretend", PEOPLE), make=lambda: next(left),
            tells=self.tells,
        ))  # fmt: skip
        self.app = Starlette(routes=[Mount("/id", application(self.provider))])
        for name, told in (("elder", "林依嬷"), ("son", "陈明"), ("stranger", "王五")):
            facts = {"name": told, "phone": "13800000000"}
            self.provider.citizens.enrol(name, "person", "", facts, now=self.now)
            sql = "UPDATE account SET digest=? WHERE name=?"
            list(self.provider.store.run(sql, (digest(), name)))

    def tells(self, url: str, token: str) -> int:
        """Carry a sign-out to a client: its answers are laid out by a test."""
        self.farewells.append((url, token))
        status = self.answers.pop(0) if self.answers else 200
        if not status:
            raise OSError("nobody answers")
        return status

    def tells_or_0(self, url: str, token: str) -> int:
        """Return what a client answers; 0 where nobody does."""
        try:
            return self.tells(url, token)
        except OSError:
            return 0

    def client(
        self, *scopes: str, back: str = BACK, name: str = "Clinic", sector: str = "",
        hears: str = "",
    ) -> tuple[str, str]:  # fmt: skip
        told, secret = self.provider.clients.register(
            Words(name, name), [back], ["openid", *scopes], now=self.now, sector=sector,
            logouts=[f"{back}/out"], hears=hears,
        )  # fmt: skip
        return told.id, secret

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def written(self, name: str) -> list[dict[str, Any]]:
        return [
            {**entry.record.args, "about": entry.about, "by": entry.by}
            for entry in self.log.since(0)
            if isinstance(entry.record, Event) and entry.record.name == name
        ]

    def text(self) -> str:
        """Return all that the log says, as one text."""
        return "\n".join(repr(entry) for entry in self.log.since(0))


class Line:
    """Asks the application inside this process, and keeps cookies as a browser does."""

    def __init__(self, app: Starlette, **headers: str) -> None:
        self.app, self.headers = app, headers
        self.cookies = httpx.Cookies()

    def request(self, method: str, url: str, **told: Any) -> httpx.Response:  # noqa: ANN401
        return asyncio.run(self._asked(method, url, told))

    async def _asked(self, method: str, url: str, told: dict[str, Any]) -> httpx.Response:
        way = httpx.ASGITransport(self.app, client=("192.0.2.1", 4000))
        async with httpx.AsyncClient(transport=way, headers=self.headers, base_url=BASE,
                                     cookies=self.cookies) as line:  # fmt: skip
            answer = await line.request(method, url, **told)
            self.cookies = line.cookies
        return answer


class Browser:
    """Follows redirects inside the provider, and stops where it is sent elsewhere."""

    def __init__(self, house: House, lang: str = "zh-CN") -> None:
        self.line = Line(house.app, **{"accept-language": lang})
        self.at, self.body, self.status = "", "", 0
        self.headers: httpx.Headers = httpx.Headers()

    def get(self, url: str) -> "Browser":
        return self._took(self.line.request("GET", url))

    def post(self, path: str, **told: Any) -> "Browser":  # noqa: ANN401
        found = re.search(r'name="_token" value="([^"]*)"', self.body)
        waits = re.search(r'name="r" value="([^"]*)"', self.body)
        sent = {"_token": found[1] if found else "", "r": waits[1] if waits else "", **told}
        answer = self.line.request(
            "POST", f"{ISSUER}{path}", content=urlencode(sent, doseq=True),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        return self._took(answer)

    def _took(self, answer: httpx.Response) -> "Browser":
        self.status, self.headers = answer.status_code, answer.headers
        where = answer.headers.get("location", "")
        if answer.status_code in {302, 303} and (where.startswith(("/", ISSUER))):
            return self.get(where if where.startswith("http") else f"{BASE}{where}")
        self.at, self.body = where, answer.text
        strict(answer.text, answer.headers, self.at)
        return self

    @property
    def sent_back(self) -> dict[str, str]:
        """What the client's address was given."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.at).query).items()}

    def password(self, name: str, kind: str = "person") -> "Browser":
        return self.post("/password", name=name, password=GOOD, kind=kind)

    def pretend(self, who: str, **told: str) -> "Browser":
        """Prove it by the simulator."""
        self.post("/prove", **told)
        assert "模拟" in self.body or "SIMULATOR" in self.body
        proof = re.search(r'name="proof" value="([^"]*)"', self.body)
        assert proof
        return self.post("/pretend", who=who, proof=proof[1])

    def bound(self, name: str, who: str) -> "Browser":
        """Sign in by password, and bind the simulator's identity: a strong session."""
        self.get(f"{ISSUER}/sign-in").password(name)
        return self.pretend(who, bind="1")


class Client:
    """A client by hand: says exactly what a test wants said."""

    verifier = "v" * 64

    def __init__(self, house: House, *scopes: str, **more: str) -> None:
        self.house, self.scopes = house, ("openid", *scopes)
        self.id, self.secret = house.client(*scopes, **more)
        self.line = Line(house.app)
        self.nonces = iter(range(99))

    def url(self, **more: str | None) -> str:
        challenge = base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest())
        told = {
            "response_type": "code", "client_id": self.id, "redirect_uri": BACK, "state": "s",
            "scope": " ".join(self.scopes), "nonce": f"n{next(self.nonces)}",
            "code_challenge": challenge.rstrip(b"=").decode(), "code_challenge_method": "S256",
            **more,
        }  # fmt: skip
        return f"{ISSUER}/authorize?{urlencode({k: v for k, v in told.items() if v is not None})}"

    def code(self, browser: Browser, **more: str) -> str:
        """Return a code that a browser, signed in or not, brings back."""
        browser.get(self.url(**more))
        if 'name="password"' in browser.body:
            browser.password("elder")
        if 'value="yes"' in browser.body:
            browser.post("/consent", answer="yes")
        return browser.sent_back["code"]

    def redeem(self, code: str, **more: str) -> httpx.Response:
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK,
                "code_verifier": self.verifier}  # fmt: skip
        return self.send("/token", {**told, **more})

    def refresh(self, token: str) -> httpx.Response:
        return self.send("/token", {"grant_type": "refresh_token", "refresh_token": token})

    def send(self, path: str, told: dict[str, str]) -> httpx.Response:
        proof = base64.b64encode(f"{self.id}:{self.secret}".encode()).decode()
        return self.line.request("POST", f"{ISSUER}{path}", data=told,
                                 headers={"Authorization": f"Basic {proof}"})  # fmt: skip

    def userinfo(self, token: str) -> httpx.Response:
        held = {"Authorization": f"Bearer {token}"}
        return self.line.request("GET", f"{ISSUER}/userinfo", headers=held)


def claims(token: str) -> dict[str, Any]:
    """Return what a token says, unchecked."""
    body = token.split(".")[1]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return told
