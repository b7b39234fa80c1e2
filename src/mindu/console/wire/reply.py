"""A reply: what goes back over the wire, as a value."""

from dataclasses import dataclass, field

import msgspec
from starlette.responses import Response

from mindu.console.ask import Bad
from mindu.console.contract.common import Trouble
from mindu.console.wire.visit import Visit

JSON, HTML = "application/json", "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Status, kind, body and headers."""

    status: int = 200
    kind: str = HTML
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def as_json(told: object, status: int = 200) -> Reply:
    """Return a value as JSON."""
    return Reply(status=status, kind=JSON, body=msgspec.json.encode(told))


def trouble_of(no: Bad) -> Trouble:
    """Return a refusal as it goes over the wire."""
    return Trouble(error=no.error, mend=no.mend, status=no.status, field=no.field)


def refused(no: Bad) -> Reply:
    """Return a refusal as JSON."""
    headers = {"Retry-After": "60"} if no.status == 429 else {}
    return Reply(
        status=no.status, kind=JSON, body=msgspec.json.encode(trouble_of(no)), headers=headers
    )


def response(reply: Reply, visit: Visit | None) -> Response:
    """Return a reply as it goes out, with what the browser is to remember."""
    sent = Response(reply.body, status_code=reply.status, media_type=reply.kind)
    sent.headers.update(reply.headers)
    for cookie in visit.set_cookies if visit else ():
        sent.headers.append("Set-Cookie", cookie)
    return sent


def elsewhere(where: str) -> Reply:
    """Send a reader on; only to an address of this site."""
    inside = where.startswith("/") and not where.startswith(("//", "/\\"))
    return Reply(status=303, headers={"Location": where if inside else "/"})
