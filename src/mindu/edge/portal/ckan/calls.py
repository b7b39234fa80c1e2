"""CKAN's action API, for reading: what its clients ask, answered in its words."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.data.gateway.allow import Refused
from mindu.edge.counter.limits import bounded
from mindu.edge.portal.ckan.actions import ACTIONS
from mindu.edge.portal.ckan.call import Call, Invalid
from mindu.edge.portal.held import Missing, Shut, Unknown
from mindu.edge.portal.portal import Portal
from mindu.edge.portal.quota import Slow
from mindu.edge.portal.render import HEADERS
from mindu.edge.portal.visitor import visitor

BODY = 256 << 10  # bytes of one call
PATHS = ("/api/action/{action}", "/api/3/action/{action}")
ANY = {"access-control-allow-origin": "*", "access-control-allow-headers": "authorization"}


def routes(portal: Portal) -> list[Route]:
    """Return the routes, as CKAN spells them."""

    async def call(request: Request) -> Response:
        name = str(request.path_params["action"])
        try:
            args = await _args(request)
            result = await run_in_threadpool(_result, portal, request, name, args)
        except (Refusal, Refused, Slow, HTTPException, ValueError) as wrong:
            return _wrong(request, name, wrong)
        return _answer({"help": _help(request, name), "success": True, "result": result})

    return [Route(path, call, methods=["GET", "POST"]) for path in PATHS]


def _result(portal: Portal, request: Request, name: str, args: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    action: Callable[[Call], Any] | None = ACTIONS.get(name)
    if action is None:
        raise Missing(
            Words(f"there is no action {name[:60]}; this portal is read only", "没有该操作")
        )
    who = visitor(request, portal.secret)
    return action(Call(portal, who, portal.who(who), args))


async def _args(request: Request) -> dict[str, Any]:
    """Return what is asked: from the address, a form, or a body of JSON.

    Raises:
        Invalid: it is none of these.
    """
    told: dict[str, Any] = {}
    for key in request.query_params:
        values = request.query_params.getlist(key)
        told[key] = values[0] if len(values) == 1 else values
    if request.method != "POST":
        return told
    held = bounded(request, BODY)
    if "form" in request.headers.get("content-type", ""):
        form = await held.form(max_files=0, max_fields=40)
        return told | {k: v for k, v in form.items() if not isinstance(v, UploadFile)}
    body = await held.body()
    try:
        sent = msgspec.json.decode(body) if body.strip() else {}
    except msgspec.DecodeError as wrong:
        raise Invalid("body", f"no JSON: {wrong}") from wrong
    if not isinstance(sent, dict):
        raise Invalid("body", "give an object")
    return told | sent


def _wrong(request: Request, name: str, wrong: Exception) -> Response:
    code, kind, says, more = 409, "Validation Error", str(wrong), {}
    fields: dict[str, Any] = {}
    if isinstance(wrong, Slow):
        code, kind, more = 429, "Quota Error", {"retry-after": str(wrong.seconds)}
    elif isinstance(wrong, Missing | Shut):
        code, kind, says = 404, "Not Found Error", f"Not found: {wrong.says.en}"
    elif isinstance(wrong, Unknown):
        code, kind, says = 403, "Authorization Error", f"Access denied: {wrong.says.en}"
    elif isinstance(wrong, Invalid):
        fields = {wrong.field: [wrong.why]}
    elif isinstance(wrong, HTTPException):
        code, says = wrong.status_code, wrong.detail
    error = {"__type": kind, "message": says, **fields}
    return _answer({"help": _help(request, name), "success": False, "error": error}, code, more)


def _answer(told: object, code: int = 200, more: dict[str, str] | None = None) -> Response:
    headers = {**HEADERS, **ANY, **(more or {})}
    return Response(msgspec.json.encode(told), code, headers, "application/json")


def _help(request: Request, name: str) -> str:
    base = request.scope.get("root_path", "")
    host = request.headers.get("host", "localhost")
    return f"{request.url.scheme}://{host}{base}/api/3/action/help_show?name={name[:60]}"
