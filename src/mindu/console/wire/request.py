"""A request as values: parsed once, at the edge."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from starlette.requests import Request

from mindu.console.wire.visit import Visit

FIELDS = 40  # of a query; those beyond are not read


def values(request: Request, body: bytes = b"") -> Visit:
    """Return what was asked; nothing else of the request goes further."""
    try:
        jar = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        jar = SimpleCookie()
    return Visit(
        method=request.method,
        path=request.scope["path"],
        query=dict(parse_qsl(request.url.query)[:FIELDS]),
        headers={name.lower(): value for name, value in request.headers.items()},
        cookies={name: morsel.value for name, morsel in jar.items()},
        body=body,
        client=request.client.host if request.client else "",
    )
