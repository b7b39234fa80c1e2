"""The feed: what is open as DCAT-AP 3, for other portals to harvest, in three writings."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.data.catalog.dataset import Dataset
from mindu.data.catalog.dcat import described
from mindu.data.catalog.graph import jsonld, turtle
from mindu.data.catalog.written import rdfxml
from mindu.data.gateway.forms import forms_of
from mindu.edge.portal.portal import Portal
from mindu.edge.portal.render import HEADERS
from mindu.edge.portal.visitor import visitor

KINDS = {
    "ttl": "text/turtle; charset=utf-8", "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}  # fmt: skip


def routes(portal: Portal) -> list[Route]:
    """Return the routes."""

    async def given(request: Request) -> Response:
        form = str(request.path_params["form"])
        if form not in KINDS:
            return Response(status_code=404, headers=HEADERS)
        body = await run_in_threadpool(_written, portal, request, form)
        told = {**HEADERS, "access-control-allow-origin": "*"}
        return Response(body, 200, told, KINDS[form])

    return [Route("/catalog.{form}", given)]


def _written(portal: Portal, request: Request, form: str) -> bytes:
    who = visitor(request, portal.secret)
    root = f"{who.root}{who.base}"
    title = Words(f"{portal.home.en}: {portal.name.en}", f"{portal.home.zh}{portal.name.zh}")

    def links(told: Dataset) -> dict[str, str]:
        forms = forms_of([field.name for field in told.fields])
        return {each: f"{root}/d/{told.name}.{each}" for each in forms}

    nodes = described(
        [held.dataset for held in portal.find()], base=root, title=title,
        publisher=portal.home.zh, now=round(portal.gateway.clock.now().timestamp() * 1000),
        links=links,
    )  # fmt: skip
    if form == "jsonld":
        return jsonld(nodes)
    return turtle(nodes).encode() if form == "ttl" else rdfxml(nodes)
