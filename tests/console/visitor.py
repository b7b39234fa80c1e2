"""A visitor with a browser's manners: keeps cookies, follows nothing, sends forms and JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from strict import strict

from mindu.base.time import SystemClock
from mindu.console.contract.common import Role
from mindu.console.server import Serving

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
GOOD = "kelp-orbit-quartz"  # a password that is taken
STOPS = ("situation", "alerts", "look-ahead", "approvals", "replay", "data", "learning")
PUBLIC = ("status", "warnings", "decisions", "score-cards", "accessibility", "sign-in")


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]
    cookies: list[str]

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was sent
        return json.loads(self.text)


@dataclass
class Visitor:
    """One browser."""

    desk: Serving
    jar: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return str(self.get("/api/v1/session").json["token"])

    def get(self, path: str, **headers: str) -> Got:
        return self._ask("GET", path, None, headers)

    def form(self, path: str, told: Mapping[str, object], **headers: str) -> Got:
        body = urlencode({"token": self.token} | dict(told), doseq=True)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | headers
        return self._ask("POST", path, body, headers)

    def send(self, path: str, told: object = None, *, method: str = "POST", **headers: str) -> Got:
        held = {"X-CSRF-Token": self.token, "Content-Type": "application/json"} | headers
        return self._ask(method, path, json.dumps(told if told is not None else {}), held)

    def as_(self, role: Role, name: str = "") -> "Visitor":
        """Sign in as somebody of that role, past the door."""
        people, now = self.desk.desk.people, SystemClock().now()
        name = name or f"{role} 陈"
        if people.accounts.person(name) is None:
            people.accounts.add(name, role, now=now)
        self.jar["mindu"] = people.sessions.open(name, now)
        return self

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Got:
        line = HTTPConnection("127.0.0.1", self.desk.port, timeout=180)
        told = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.jar:
            told["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.jar.items())
        try:
            line.request(method, path, body=body, headers=told)
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        cookies = answer.headers.get_all("Set-Cookie") or []
        for cookie in cookies:
            for name, morsel in SimpleCookie(cookie).items():
                self.jar[name] = morsel.value
        strict(text, dict(answer.headers.items()), path)
        return Got(answer.status, text, dict(answer.headers.items()), cookies)


def between(text: str, first: str, last: str) -> str:
    """Return what stands between two marks."""
    start = text.index(first)
    return text[start : text.index(last, start)]


def in_order(text: str, parts: Sequence[str]) -> bool:
    """Say whether the parts come one after the other."""
    places = [text.index(part) for part in parts]
    return places == sorted(places)
