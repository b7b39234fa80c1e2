"""The application that the HTTP server runs: readings by the short way, all else by Starlette."""

from collections.abc import Callable

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.edge.http.asks import Asks
from mindu.edge.http.bodies import Receive, Scope, Send
from mindu.edge.http.guard import Endpoint, Guard, plain
from mindu.edge.http.intake import Intake
from mindu.edge.http.register import Register, read
from mindu.edge.http.where import Where
from mindu.edge.keys import Keys
from mindu.edge.porch import Porch

READINGS = "/v1/readings"
_ANY = msgspec.json.Decoder()


class Door:
    """The HTTP door of one store."""

    def __init__(self, porch: Porch, keys: Keys, more: list[Route] | None = None) -> None:
        """Serve this porch; `more` are routes of other standards."""
        self._intake = Intake(porch, keys)
        told = [*routes(porch, keys), *(more or ())]
        standards = {_standard(route.path) for route in told}
        self._rest = {
            one: Starlette(routes=[route for route in told if _standard(route.path) == one])
            for one in standards
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] == READINGS:
            await self._intake(scope, receive, send)
        else:
            rest = self._rest.get(_standard(scope["path"]), self._rest["v1"])
            await rest(scope, receive, send)


def _standard(path: str) -> str:
    """Return the first part of a path: each standard has its own, and is searched alone."""
    return path.split("/", 2)[1] if path.startswith("/") else ""


def routes(porch: Porch, keys: Keys) -> list[Route]:
    """Return the routes of our own API."""
    asks, register = Asks(porch.senses, porch.clock), Register(porch.senses, keys, porch.clock)
    where = Where(porch.senses)
    reading, keeping = Guard(keys, "reads"), Guard(keys, "keeps")
    series = "/{device:path}/{prop}"
    return [
        Route("/v1/window" + series, reading(lambda r: asks.window(r.path_params, r.query_params))),
        Route("/v1/as-of" + series, reading(lambda r: asks.as_of(r.path_params, r.query_params))),
        Route("/v1/grid" + series, reading(lambda r: asks.grid(r.path_params, r.query_params))),
        Route("/v1/means", reading(lambda r: asks.means(r.query_params))),
        Route("/v1/rolls", reading(lambda r: asks.rolls(r.query_params))),
        Route("/v1/latest", reading(lambda r: where.latest(r.query_params))),
        Route("/v1/nearest", reading(lambda r: where.nearest(r.query_params))),
        Route("/v1/inside", reading(lambda r: where.inside(told(r))), methods=["POST"]),
        Route("/v1/clock", clock(porch)),
        Route("/v1/account", reading(lambda _: register.account())),
        *(Route(f"/v1/{it}", keeping(_body(do)), methods=["POST"]) for it, do in told_to(register)),
        Route("/v1/keys/{device:path}", keeping(lambda r: register.key(r.path_params["device"]))),
        Route(
            "/v1/keys/{device:path}",
            keeping(lambda r: register.rekey(r.path_params["device"])),
            methods=["POST"],
        ),
        Route(
            "/v1/devices/{device:path}", reading(lambda r: register.device(r.path_params["device"]))
        ),
    ]


def told_to(register: Register) -> list[tuple[str, Callable[[bytes], object]]]:
    """Return what the register may be told, by name."""
    return [("kinds", register.kinds), ("devices", register.enrol), ("stages", register.move),
            ("facts", register.note)]  # fmt: skip


def _body(do: Callable[[bytes], object]) -> Callable[[Request], object]:
    return lambda request: do(request.state.body)


def clock(porch: Porch) -> Endpoint:
    """Return the endpoint that tells anybody what time it is here."""

    async def endpoint(_: Request) -> Response:
        return plain({"now": porch.clock()})

    return endpoint


def told(request: Request) -> object:
    """Return the JSON of a body."""
    found: object = read(_ANY, request.state.body)
    return found
