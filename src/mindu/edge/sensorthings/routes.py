"""The addresses of SensorThings under `/v1.1`."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard, plain
from mindu.edge.http.register import read
from mindu.edge.keys import Keys
from mindu.edge.porch import Porch
from mindu.edge.sensorthings.ask import Ask
from mindu.edge.sensorthings.change import Change
from mindu.edge.sensorthings.entities import Entities
from mindu.edge.sensorthings.names import SETS
from mindu.edge.sensorthings.write import Write

BASE = "/v1.1"
_OF_STREAM = re.compile(r"Datastreams\((\d{1,9})\)/Observations")
_IN_THING = re.compile(r"Things\((\d{1,9})\)/(\w+)")
_SEEN = re.compile(r"Observations\('?(\d{1,9}-\d{1,15})'?\)")
_ENTITY = re.compile(r"(\w+)\((\d{1,9})\)")
_ANY = msgspec.json.Decoder(dict[str, Any])


class SensorThings:
    """The door for SensorThings."""

    def __init__(self, porch: Porch) -> None:
        """Read and write the porch's store."""
        self._senses, self._entities = porch.senses, Entities(porch.senses)
        self._write = Write(porch)
        self._change = Change(porch.senses, self._entities, porch.clock)

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
        if not caller.keeps:
            raise Unfit(403, "this key may not do that: it lacks `keeps`")
        return self._made(request, path, body)

    def _made(self, request: Request, path: str, body: bytes) -> Response:
        """Create an entity, by itself or inside a Thing."""
        inner = _IN_THING.fullmatch(path)
        thing = int(inner[1]) if inner else None
        many = inner[2] if inner else path
        make: dict[str, Callable[[], int]] = {
            "Things": lambda: self._whole(body), "Sensors": lambda: self._change.sensor(body),
            "Datastreams": lambda: self._change.stream(body, thing),
            "Locations": lambda: self._change.place(body, thing),
        }  # fmt: skip
        if many not in make or (inner and many not in {"Datastreams", "Locations"}):
            raise Unfit(501, f"create {', '.join(make)}, Observations; not {path}")
        return self._created(request, many, str(make[many]()))

    def _whole(self, body: bytes) -> int:
        thing = self._write.thing(body)
        streams = read(_ANY, body).get("Datastreams", [])
        of = self._senses.registry.of(self._senses.registry.ids[thing - 1])
        for series, told in zip(of, streams, strict=False):
            self._change.described(series + 1, msgspec.json.encode(told))
        return thing

    def delete(self, request: Request) -> Response:
        """Let an entity be no more."""
        if seen := _SEEN.fullmatch(_path(request)):
            self._change.observed(seen[1], None, request.state.caller.source)
            return Response(status_code=200)
        self._change.delete(*_entity(request))
        return Response(status_code=200)

    def patch(self, request: Request) -> Response:
        """Tell an entity anew: PATCH in part, PUT wholly."""
        if seen := _SEEN.fullmatch(_path(request)):
            body, by = request.state.body, request.state.caller.source
            self._change.observed(seen[1], body, by)
            return plain(self._entities.one("Observations", seen[1]), 200)
        many, key = _entity(request)
        self._change.patch(many, key, request.state.body, whole=request.method == "PUT")
        return plain(self._entities.one(many, str(key)), 200)

    def _created(self, request: Request, many: str, key: str) -> Response:
        link = f"{str(request.base_url).rstrip('/')}{BASE}/{many}({key})"
        told = {"@iot.selfLink": link, **self._entities.one(many, key)}
        return plain(told, 201, {"Location": link})


def _path(request: Request) -> str:
    path: str = request.path_params["path"]
    return path.strip("/")


def _entity(request: Request) -> tuple[str, int]:
    found = _ENTITY.fullmatch(_path(request))
    if found is None or found[1] not in SETS:
        raise Unfit(501, "name one entity by its number, as in Things(1)")
    return found[1], int(found[2])


def routes(porch: Porch, keys: Keys) -> list[Route]:
    """Return the routes of this door."""
    door = SensorThings(porch)
    path = BASE + "/{path:path}"
    return [
        Route(BASE, Guard(keys, "reads")(lambda r: _top(door, r))),
        Route(path, Guard(keys, "reads")(door.get)),
        Route(path, Guard(keys, "sends")(door.post), methods=["POST"]),
        Route(path, Guard(keys, "keeps")(door.delete), methods=["DELETE"]),
        Route(path, Guard(keys, "keeps")(door.patch), methods=["PATCH", "PUT"]),
    ]


def _top(door: SensorThings, request: Request) -> object:
    request.path_params["path"] = ""
    return door.get(request)
