"""The doors of the portal: every route, and what is said where something cannot be."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.data.gateway.allow import Refused
from mindu.edge.portal import feed
from mindu.edge.portal.asked import Asked, Stale
from mindu.edge.portal.ckan import calls
from mindu.edge.portal.files import Files
from mindu.edge.portal.held import Missing, NoSeat, Shut, Unknown
from mindu.edge.portal.pages import Pages
from mindu.edge.portal.portal import Portal
from mindu.edge.portal.quota import Slow
from mindu.edge.portal.render import HEADERS, page
from mindu.edge.portal.stewards import acts
from mindu.edge.portal.visitor import visitor
from mindu.edge.portal.words import say

CODES = {Missing: 404, Shut: 410, Unknown: 401, NoSeat: 401, Stale: 403}
TITLES = {404: "not_there", 410: "closed", 429: "slow"}
STYLE = "/portal.css"

Door = Callable[[Request], Awaitable[Response]]


def application(portal: Portal) -> Starlette:
    """Return the portal as an application, to be mounted anywhere."""
    staff = [] if portal.stewards is None else acts.routes(portal, portal.stewards)
    pages, asked, given = Pages(portal), Asked(portal), Files(portal)
    routes = [
        Route("/", pages.home),
        Route("/plan", pages.plan),
        Route("/api", pages.api),
        Route("/requests", asked.listed),
        Route("/requests", asked.ask, methods=["POST"]),
        Route("/requests/{number:int}", asked.one),
        Route("/requests/{number:int}/vote", asked.vote, methods=["POST"]),
        Route("/keys", asked.keys),
        Route("/keys", asked.key_act, methods=["POST"]),
        Route("/d/{name}.{form}", given.file),
        Route("/d/{name}/chart", given.chart),
        Route("/d/{name}/places", given.places),
        Route("/d/{name}", pages.table),
        Route("/dataset/{name}", _elsewhere),  # as DCAT and CKAN name it
        Route(STYLE, _style),
        *staff,
        *feed.routes(portal),
        *calls.routes(portal),
    ]
    handlers = {kind: _saying(portal) for kind in (Refusal, Refused, Slow, HTTPException, OSError)}
    return Starlette(routes=routes, exception_handlers=handlers)


def _saying(portal: Portal) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def said(request: Request, wrong: Exception) -> Response:
        who = visitor(request, portal.secret)
        code, says, more = told(wrong)
        if "text/html" not in request.headers.get("accept", ""):
            body = msgspec.json.encode({"error": says.en, "error_zh": says.zh})
            return Response(body, code, {**HEADERS, **more}, "application/json")
        title = say(TITLES.get(code, "wrong"), who.lang)
        shown = says.zh if who.lang == "zh" else says.en
        answer = page(portal, who, "wrong.html", title=title, code=code, says=shown)
        answer.headers.update(more)
        return answer

    return said


def told(wrong: Exception) -> tuple[int, Words, dict[str, str]]:
    """Return how a refusal goes over the wire: its code, its words, and more headers."""
    if isinstance(wrong, Slow):
        return 429, wrong.says, {"retry-after": str(wrong.seconds)}
    if isinstance(wrong, Refusal | Refused):
        code = next((code for kind, code in CODES.items() if isinstance(wrong, kind)), 400)
        return code, wrong.says, {}
    if isinstance(wrong, OSError):
        return 507, Words(
            "our disk takes nothing just now, so nothing went out; come again later",
            "磁盘暂不可写,未予提供,请稍后再试",
        ), {}  # fmt: skip
    assert isinstance(wrong, HTTPException), "nothing else is handled here"
    lost = Words("there is no such page", "没有该页面")
    return wrong.status_code, lost if wrong.status_code == 404 else Words(
        wrong.detail, wrong.detail
    ), dict(wrong.headers or {})  # fmt: skip


async def _elsewhere(request: Request) -> Response:
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/d/{quote(str(request.path_params['name']))}", 303)


async def _style(_request: Request) -> Response:
    body = files("mindu.edge.portal").joinpath("portal.css").read_bytes()
    return Response(body, 200, {"cache-control": "max-age=3600"}, "text/css")
