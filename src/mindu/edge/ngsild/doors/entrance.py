"""What stands before every endpoint of NGSI-LD: a key with the right, and problems as answers."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from mindu.edge.http.bodies import Unfit, caller_of
from mindu.edge.keys import Caller, Keys
from mindu.edge.ngsild.doors.call import Call
from mindu.edge.ngsild.model.contexts import Contexts
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.parcel import Full

Do = Callable[[Call], Awaitable[Response]]


class Entrance:
    """Lets callers in."""

    def __init__(self, keys: Keys, contexts: Contexts, clock: Callable[[], int]) -> None:
        """Let those in who have a key."""
        self._keys, self._contexts, self._clock = keys, contexts, clock

    def _let_in(self, request: Request, right: str) -> Caller:
        caller = caller_of(request.scope, self._keys)
        if right != "sends" and not getattr(caller, right):
            raise Problem("Forbidden", f"this key lacks `{right}`", 403)
        return caller

    def __call__(self, right: str, do: Do) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that asks for a right."""

        async def endpoint(request: Request) -> Response:
            try:
                caller = self._let_in(request, right)
                return await do(Call(request, caller, self._contexts, self._clock()))
            except Problem as problem:
                return problem.response()
            except Unfit as unfit:
                return Problem("Refused", str(unfit), unfit.status, **unfit.headers).response()
            except Full as full:
                headers = {"Retry-After": str(full.seconds)}
                return Problem("TooManyPendingChanges", str(full), 429, **headers).response()

        return endpoint
