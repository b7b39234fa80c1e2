"""What our own HTTP door offers, as an OpenAPI document that machines read: `/v1/openapi.json`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.edge.commands.handing import Fetch
from mindu.edge.commands.http import Report
from mindu.edge.commands.post import Asked
from mindu.edge.corrections import Correction
from mindu.edge.http.fences import Area
from mindu.edge.http.fences import Asked as Fenced
from mindu.edge.http.guard import plain
from mindu.edge.http.register import Facts
from mindu.edge.loops.http import Told
from mindu.edge.loops.proposals import Said
from mindu.perceive.declare import Device, Model, Stage

_REF = "#/components/schemas/{name}"
_WHEN = {"type": "string", "description": "epoch ms, or RFC 3339 with its zone"}
_NAME, _WHOLE, _REAL = {"type": "string"}, {"type": "integer"}, {"type": "number"}
_SERIES = "/{device}/{prop}"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One reading."""

    device: str
    prop: str
    value: float | bool | None = None
    at: int | str | None = None
    seq: int | None = None
    unit: str | None = None
    datum: str | None = None
    quality: int | None = None


class Move(msgspec.Struct, frozen=True):
    """Devices that move to another stage of their life."""

    devices: list[str]
    stage: Stage


class Hold(msgspec.Struct, frozen=True):
    """What is not to be dropped, and why."""

    why: str
    kind: str = ""
    group: str = ""
    device: str = ""


class Polygon(msgspec.Struct, frozen=True):
    """A GeoJSON Polygon."""

    coordinates: list[list[list[float]]]
    type: str = "Polygon"


class Door(NamedTuple):
    """One thing to ask: `body` is a type that its JSON has."""

    method: str
    path: str
    says: str
    query: Mapping[str, Any] = MappingProxyType({})
    body: Any = None


_SPAN = {"since": _WHEN, "until": _WHEN}
_PAGE = {"from": _WHOLE, "limit": _WHOLE}
_MANY = {"prop": _NAME, "group": _NAME}
DOORS = (
    Door("post", "/v1/readings", "Take readings in; answered once they are on disk.", {},
         list[Reading] | Reading),
    Door("get", "/v1/window" + _SERIES, "Readings of a series.",
         {**_SPAN, "limit": _WHOLE, "last": _WHOLE, "known": _WHEN}),
    Door("get", "/v1/as-of" + _SERIES, "The value that held.", {"at": _WHEN, "known": _WHEN}),
    Door("get", "/v1/grid" + _SERIES, "Means on a grid, gaps marked.", {**_SPAN, "every": _WHOLE}),
    Door("get", "/v1/means", "Means over all devices, whatever tier they are in.",
         {**_SPAN, **_MANY, "every": _WHOLE, "how": _NAME}),
    Door("get", "/v1/rolls", "Rollups.",
         {**_SPAN, **_MANY, "level": _WHOLE, "quantile": _REAL}),
    Door("get", "/v1/latest", "Newest values.", {**_MANY, **_PAGE}),
    Door("get", "/v1/nearest", "Devices by distance.",
         {"lon": _REAL, "lat": _REAL, "count": _WHOLE, "within": _REAL}),
    Door("post", "/v1/inside", "Devices inside a polygon.", {}, Polygon),
    Door("get", "/v1/account", "What became of everything received."),
    Door("get", "/v1/clock", "The time here."),
    Door("get", "/v1/lines", "What the node reads from and hands on to, and what is wrong."),
    Door("get", "/v1/list", "Devices, page by page.",
         {"kind": _NAME, "group": _NAME, "stage": _NAME, **_PAGE}),
    Door("get", "/v1/health", "What is judged of the health of devices.", {"limit": _WHOLE}),
    Door("get", "/v1/devices/{device}", "All that is known of a device."),
    Door("post", "/v1/devices", "Take devices into the register.", {}, list[Device]),
    Door("post", "/v1/kinds", "Declare kinds of devices.", {}, list[Model] | Model),
    Door("post", "/v1/stages", "Move devices to another stage.", {}, Move),
    Door("post", "/v1/facts", "Lay facts over those of devices.", {}, Facts),
    Door("get", "/v1/keys/{device}", "The key of a device."),
    Door("post", "/v1/keys/{device}", "A new key for a device; the old one is void."),
    Door("get", "/v1/tiers", "What is kept where, what is gone, what is held."),
    Door("post", "/v1/holds/{name}", "Let nothing of these be dropped.", {}, Hold),
    Door("delete", "/v1/holds/{name}", "End a hold."),
    Door("get", "/v1/found", "What detectors found as readings came.",
         {"since": _WHEN, "device": _NAME, "limit": _WHOLE}),
    Door("get", "/v1/corrections", "Readings that were corrected, by whom, when and why.",
         {"device": _NAME, "limit": _WHOLE}),
    Door("post", "/v1/corrections", "Correct readings, or take them back.", {}, list[Correction]),
    Door("get", "/v1/fences", "The fences."),
    Door("get", "/v1/fences/{name}", "A fence, and who is inside since when."),
    Door("post", "/v1/fences/{name}", "Put up a fence, or move it.", {}, Fenced),
    Door("delete", "/v1/fences/{name}", "Take a fence down."),
    Door("get", "/v1/crossings", "Who entered, left or dwelt, as it happened.",
         {"after": _WHOLE, "since": _WHEN, "fence": _NAME, "device": _NAME, "limit": _WHOLE,
          "wait": _REAL}),
    Door("post", "/v1/crossings/{device}", "How a device crossed an area in the past.", _SPAN,
         Area),
    Door("get", "/v1/loops", "What local loops judged and did, the newest first.",
         {"since": _WHEN, "node": _NAME, "device": _NAME, "limit": _WHOLE}),
    Door("post", "/v1/loops", "A node below tells what its loops judged, and steps of commands.",
         {}, Told),
    Door("get", "/v1/proposals", "Proposals of loops that wait for a person.", {"limit": _WHOLE}),
    Door("post", "/v1/proposals", "A person's answer to a proposal.", {}, Said),
    Door("post", "/v1/down", "A node below fetches commands and answers.", {}, Fetch),
    Door("get", "/v1/odd" + _SERIES, "Steps at which a series was odd.",
         {**_SPAN, "shape": _NAME}),
    Door("get", "/v1/ahead" + _SERIES, "What is likely to follow.", {**_SPAN, "steps": _WHOLE}),
    Door("post", "/v1/learn" + _SERIES, "Choose a forecast by backtest.", {"steps": _WHOLE}),
    Door("get", "/v1/commands", "Commands that are due.", {"device": _NAME, "wait": _REAL}),
    Door("get", "/v1/commands/{device}", "Open commands of a device; the newest that are over.",
         {"over": _WHOLE}),
    Door("post", "/v1/commands/{device}", "Give a device a command.", {}, Asked),
    Door("get", "/v1/command/{key}", "One command with its steps."),
    Door("post", "/v1/command/{key}", "What became of a command, as its device says.", {}, Report),
    Door("post", "/v1/command/{key}/{word}", "Say yes or no to a command that waits for it."),
    Door("get", "/v1/authority", "The certificate of this node's own authority."),
    Door("post", "/v1/certificates/{device}", "A certificate for a signing request in PEM.",
         {"days": _WHOLE}),
)  # fmt: skip


def document() -> dict[str, Any]:
    """Return the document."""
    bodies = [door.body for door in DOORS if door.body is not None]
    schemas, parts = msgspec.json.schema_components(bodies, ref_template=_REF)
    of = dict(zip(map(id, bodies), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for door in DOORS:
        schema = of.get(id(door.body)) if door.body is not None else None
        paths.setdefault(door.path, {})[door.method] = _operation(door, schema)
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mindu senses 闽都感知", "version": "1"},
        "paths": paths,
        "components": {"schemas": parts, "securitySchemes": {"key": bearer}},
        "security": [{"key": []}],
    }


def _operation(door: Door, schema: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON schema
    inside = [part[1:-1] for part in door.path.split("/") if part.startswith("{")]
    params = [{"name": n, "in": "path", "required": True, "schema": _NAME} for n in inside]
    params += [{"name": n, "in": "query", "schema": s} for n, s in door.query.items()]
    wrongs = ("400", "401", "403", "404", "405", "409", "413", "415", "422", "429")
    answers = {code: {"description": "refused, with a reason"} for code in wrongs}
    told: dict[str, Any] = {
        "summary": door.says, "parameters": params,
        "responses": {"200": {"description": "done"}, **answers},
    }  # fmt: skip
    if schema is not None:
        content = {"application/json": {"schema": schema}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def described() -> list[Route]:
    """Return the route of the document; anybody may read it."""
    told = document()

    async def endpoint(_: Request) -> Response:
        return plain(told)

    return [Route("/v1/openapi.json", endpoint)]
