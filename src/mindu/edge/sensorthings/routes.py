"""The addresses of SensorThings under `/v1.1`."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard, plain
from mindu.edge.keys import Keys
from mindu.edge.porch import Porch
from mindu.edge.sensorthings.ask import Ask
from mindu.edge.sensorthings.entities import Entities
from mindu.edge.sensorthings.write import Write

BASE = "/v1.1"
_OF_STREAM = re.compile(r"Datastreams\((\d{1,9})\)/Observations")
_THING = re.compile(r"Things\((\d{1,9})\)")


class SensorThings:
    """The door for SensorThings."""

    def __init__(self, porch: Porch) -> None:
        """Read and write the porch's store."""
        self._entities, self._write = Entities(porch.senses), Write(porch.senses, porch.clock)

    def get(self, request: Request) -> object:
        """Answer a question."""
        base = str(request.base_url).rstrip("/") + BASE
        return Ask(self._entities, base).answer(_path(request), dict(request.query_params))

    def post(self, request: Request) -> Response:
        """Create something."""
        path, body, caller = _path(request), request.state.body, request.state.caller
        of = _OF_STREAM.fullmatch(path)
        if path == "CreateObservations":
            base = str(request.base_url).rstrip("/") + BASE
            told = self._write.arrays(body, caller)
            links = [it if it == "error" else f"{base}/Observations('{it}')" for it in told]
            return plain(links, 201)
        if of or path == "Observations":
            key = self._write.observation(body, int(of[1]) if of else None, caller)
            return self._created(request, "Observations", f"'{key}'")
        if path != "Things":
            raise Unfit(501, "create Things (with Locations and Datastreams) and Observations")
        if not caller.keeps:
            raise Unfit(403, "this key may not do that: it lacks `keeps`")
        return self._created(request, "Things", str(self._write.thing(body)))

    def delete(self, request: Request) -> Response:
        """Retire a Thing."""
        found = _THING.fullmatch(_path(request))
        if found is None:
            raise Unfit(501, "Things may be deleted; what was observed stays")
        self._write.delete(int(found[1]))
        return Response(status_code=200)

    def _created(self, request: Request, many: str, key: str) -> Response:
        link = f"{str(request.base_url).rstrip('/')}{BASE}/{many}({key})"
        told = {"@iot.selfLink": link, **self._entities.one(many, key)}
        return plain(told, 201, {"Location": link})


def _path(request: Request) -> str:
    path: str = request.path_params["path"]
    return path.strip("/")


def routes(porch: Porch, keys: Keys) -> list[Route]:
    """Return the routes of this door."""
    door = SensorThings(porch)
    path = BASE + "/{path:path}"
    return [
        Route(BASE, Guard(keys, "reads")(lambda r: _top(door, r))),
        Route(path, Guard(keys, "reads")(door.get)),
        Route(path, Guard(keys, "sends")(door.post), methods=["POST"]),
        Route(path, Guard(keys, "keeps")(door.delete), methods=["DELETE"]),
    ]


def _top(door: SensorThings, request: Request) -> object:
    request.path_params["path"] = ""
    return door.get(request)
