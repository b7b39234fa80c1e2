"""What comes over HTTP: the body within its bounds, the key, and answers that say how to mend."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from mindu.edge.keys import Caller, Keys

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
BIGGEST = 16 << 20  # bytes of one body
_ENCODER = msgspec.json.Encoder()


class Unfit(Exception):  # noqa: N818 - it is an answer to a sender
    """A request that is answered with a status, why, and how to mend it."""

    def __init__(self, status: int, why: str, **headers: str) -> None:
        """Carry the answer."""
        super().__init__(why)
        self.status, self.headers = status, headers


async def body_of(receive: Receive) -> bytes:
    """Return the whole body.

    Raises:
        Unfit: it is too big, or the sender went away.
    """
    parts, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Unfit(400, "the sender went away before the body was whole")
        part = event.get("body", b"")
        size += len(part)
        if size > BIGGEST:
            raise Unfit(413, f"a body has at most {BIGGEST} bytes: send it in several")
        parts.append(part)
        if not event.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def header(scope: Scope, name: bytes) -> str:
    """Return a header, empty where there is none."""
    for key, value in scope["headers"]:
        if key == name:
            told: str = value.decode("latin-1")
            return told
    return ""


def caller_of(scope: Scope, keys: Keys) -> Caller:
    """Return who calls.

    Raises:
        Unfit: there is no key, or it is void.
    """
    return caller_with(key_of(scope), keys, scope.get("mindu.peer"))


def key_of(scope: Scope) -> str:
    """Return the key of `Authorization: Bearer KEY`, or the password of `Basic`; else nothing."""
    told = header(scope, b"authorization")
    scheme, _, key = told.strip().partition(" ")
    read = {"basic": _password, "bearer": _utf8}.get(scheme.lower())
    return read(key) if read else ""


def caller_with(key: str, keys: Keys, peer: tuple[str, int] | None) -> Caller:
    """Return whose key it is, or without one whose certificate.

    Raises:
        Unfit: there is no key, or it is void.
    """
    if not key and peer is not None:
        return certified(peer, keys)
    if not key:
        raise Unfit(
            401, "send your key as `Authorization: Bearer KEY`", **{"WWW-Authenticate": "Bearer"}
        )
    caller = keys.caller(key)
    if caller is None:
        raise Unfit(401, "this key is void; ask for a new one", **{"WWW-Authenticate": "Bearer"})
    return caller


def certified(peer: tuple[str, int], keys: Keys) -> Caller:
    """Return which device a certificate stands for.

    Raises:
        Unfit: the device is gone, or its keys are of another epoch.
    """
    caller = keys.certified(*peer)
    if caller is None:
        raise Unfit(401, "this certificate is void; ask for a new one")
    return caller


def _utf8(told: str) -> str:
    return told.encode("latin-1").decode("utf-8", "replace")  # headers come as latin-1


def _password(told: str) -> str:
    try:
        return b64decode(told, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


async def answer(
    send: Send, status: int, told: object, headers: dict[str, str] | None = None
) -> None:
    """Send a JSON answer."""
    body = _ENCODER.encode(told)
    lines = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    lines += [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})
