"""What stands before every endpoint: a key with the right, and answers instead of exceptions."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mindu.edge.http.bodies import Unfit, body_of, caller_of
from mindu.edge.keys import Keys
from mindu.edge.parcel import Full

Endpoint = Callable[[Request], Awaitable[Response]]


class Guard:
    """Lets those in whose key has one right, and turns what goes wrong into an answer."""

    def __init__(self, keys: Keys, right: str) -> None:
        """Ask for this right."""
        self._keys, self._right = keys, right

    def check(self, request: Request) -> None:
        """Refuse who has no key with the right."""
        request.state.caller = caller_of(request.scope, self._keys)
        if self._right != "sends" and not getattr(request.state.caller, self._right):
            raise Unfit(403, f"this key may not do that: it lacks `{self._right}`")

    def __call__(self, do: Callable[[Request], Any]) -> Endpoint:
        """Return an endpoint that answers with what `do` returns, as JSON."""

        async def endpoint(request: Request) -> Response:
            try:
                self.check(request)
                request.state.body = b""
                if request.method in {"POST", "PUT", "PATCH"}:
                    request.state.body = await body_of(request.receive)
                waits = iscoroutinefunction(do)
                found = await (do(request) if waits else run_in_threadpool(do, request))
            except Full as full:
                headers = {"Retry-After": str(full.seconds)}
                return plain({"error": str(full)}, 429, headers)
            except Unfit as unfit:
                return plain({"error": str(unfit)}, unfit.status, unfit.headers)
            return found if isinstance(found, Response) else plain(found)

        return endpoint


def plain(told: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return an answer in JSON; what is not a number is null."""
    return Response(
        msgspec.json.encode(told), status, headers=headers, media_type="application/json"
    )
