"""The guard: what every request and answer passes, whatever lies behind."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.base.time import monotonic
from mindu.console.beside import Beside
from mindu.console.contract.common import Trouble
from mindu.console.report.report import print_of_sheet
from mindu.console.wire.desk import Desk
from mindu.console.wire.visit import COOKIE, read_cookie

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refusal = tuple[int, Words, Words, int]  # status, what is wrong, how to mend it, s to wait

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
REPORT = (  # one file to be kept carries its sheet; this digest lets in no other
    f"default-src 'none'; style-src '{print_of_sheet()}'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
FEATURES = ("camera", "microphone", "geolocation", "payment", "usb")  # nobody may use them
CACHED = b"cache-control"
DRAWINGS = ("/api/v1/models/", "/models/")
MAPS = "/data/maps/bring"
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
STRANGE = Words("This desk does not go by that name.", "此服务不用该域名。")
PRINTED = Words("Use the address that `mindu up` printed.", "请用启动时给出的地址。")
OFTEN = Words("Too many requests.", "请求过于频繁。")
LATER = Words("Come again in a moment.", "请稍后再试。")
BIG = Words("The body is too big.", "请求体过大。")
LESS = Words("Send less at once, and say how long it is.", "请分次提交,并注明长度。")


class Guard:
    """Checks the host, the rate and the size on the way in; sets the headers on the way out."""

    def __init__(self, app: App, desk: Desk) -> None:
        """Stand before the app."""
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        sent = _with_headers(send, scope["path"], self._allowed(scope["path"]))
        refused = self._refused(scope, headers)
        if refused is not None:
            await _say(sent, *refused)
            return
        await self._app(scope, receive, sent)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> Refusal | None:
        desk = self._desk
        if desk.names and _host(headers.get("host", "")) not in desk.names:
            return 421, STRANGE, PRINTED, 0
        change = scope["method"] in CHANGES
        client = scope["client"][0] if scope.get("client") else ""
        wait = (desk.changes if change else desk.reads).take(client, monotonic())
        if wait:
            return 429, OFTEN, LATER, max(1, round(wait))
        told = headers.get("content-length", "0")
        chunked = "transfer-encoding" in headers
        if chunked or not told.isdigit() or int(told) > self._most(scope["path"], headers):
            return 413, BIG, LESS, 0
        return None

    def _most(self, path: str, headers: dict[str, str]) -> int:
        """Return how many bytes may be sent here; drawings and maps are staff's alone."""
        desk, drawing = self._desk, path.startswith(DRAWINGS)
        if drawing or path == MAPS:
            sid = read_cookie(headers.get("cookie", ""), COOKIE)[:128]
            if sid and desk.people.sessions.who(sid, desk.now) is not None:
                return desk.limits.model if drawing else desk.limits.map
        room = self._room(path)
        return room.body if room and room.body else desk.limits.body

    def _room(self, path: str) -> Beside | None:
        return next((room for room in self._desk.beside if room.lies(path)), None)

    def _allowed(self, path: str) -> Sequence[str]:
        room = self._room(path)
        return room.allows if room else ()


def _with_headers(send: Send, path: str, allowed: Sequence[str]) -> Send:
    policy = REPORT if path == "/report" else POLICY
    kept = path.startswith(("/static/", "/geo/"))

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            told = list(message.get("headers", ()))
            own = {name for name, _ in told}  # a room may be stricter
            headers = [*told, *(header for header in HEADERS if header[0] not in own)]
            headers.append((b"permissions-policy", _features(allowed)))
            headers.append((b"content-security-policy", policy.encode()))
            if not kept and CACHED not in dict(headers):
                headers.append((CACHED, b"no-store"))
            message = {**message, "headers": headers}
        await send(message)

    return sent


def _features(allowed: Sequence[str]) -> bytes:
    """Return which features of a browser a page may use: none but what its room asks for."""
    told = (f"{name}=({'self' if name in allowed else ''})" for name in FEATURES)
    return ", ".join(told).encode()


async def _say(send: Send, status: int, error: Words, mend: Words, wait: int) -> None:
    body = msgspec.json.encode(Trouble(error=error, mend=mend, status=status))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if wait:
        headers.append((b"retry-after", str(wait).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _host(host: str) -> str:
    """Return the name of a Host header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host
