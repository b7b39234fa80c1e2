"""Tiers and holds over HTTP: what is kept where, what is gone, and what may not go."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.data.senses.memory.kept import free, hold, told
from mindu.data.senses.senses import Senses
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import fit, read
from mindu.edge.keys import Keys
from mindu.perceive.declare import Keep


class _Hold(msgspec.Struct, forbid_unknown_fields=True):
    why: str
    kind: str = ""
    group: str = ""
    device: str = ""


_HOLD = msgspec.json.Decoder(_Hold)


def tiers(senses: Senses, keys: Keys, clock: Callable[[], int], keep: Keep) -> list[Route]:
    """Return the routes: what is kept is read by every reader, held by a key that `keeps`."""

    def show(_: Request) -> dict[str, Any]:
        kept: dict[str, Any] = msgspec.to_builtins(told(senses, clock(), keep))
        return kept | {"holds": _held(senses)}

    def put(request: Request) -> dict[str, Any]:
        asked, name = read(_HOLD, request.state.body), request.path_params["name"]
        by, about = request.state.caller.source, (asked.kind, asked.group, asked.device)
        fit(lambda: hold(senses, name, asked.why, by=by, now=clock(), about=about))
        return {"holds": _held(senses)}

    def end(request: Request) -> dict[str, Any]:
        name, by = request.path_params["name"], request.state.caller.source
        fit(lambda: free(senses, name, by=by, now=clock()))
        return {"holds": _held(senses)}

    return [
        Route("/v1/tiers", Guard(keys, "reads")(show)),
        Route("/v1/holds/{name:path}", Guard(keys, "keeps")(put), methods=["POST"]),
        Route("/v1/holds/{name:path}", Guard(keys, "keeps")(end), methods=["DELETE"]),
    ]


def _held(senses: Senses) -> list[Any]:
    return [
        {"name": it.name, "why": it.why, "by": it.by, "at": it.at, "kind": it.kind,
         "group": it.group, "device": it.device}
        for it in senses.keeping.holds.values()
    ]  # fmt: skip
