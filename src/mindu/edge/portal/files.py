"""The files of a table, and the values of its chart and map for browsers that draw themselves."""

import msgspec
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mindu.base.records import Words
from mindu.data.gateway.forms import FORMS, forms_of
from mindu.data.grants.policies import CITY
from mindu.edge.portal import chart
from mindu.edge.portal.held import Missing
from mindu.edge.portal.portal import Portal
from mindu.edge.portal.render import HEADERS
from mindu.edge.portal.visitor import visitor
from mindu.edge.portal.words import pick

OPEN_TO_ALL = {"access-control-allow-origin": "*"}  # open data may be read by any site's pages


class Files:
    """The files of one portal."""

    def __init__(self, portal: Portal) -> None:
        """Give the files of this portal."""
        self._portal = portal

    async def file(self, request: Request) -> Response:
        """Stream a whole table in one of the forms."""
        name, form = str(request.path_params["name"]), str(request.path_params["form"])
        portal, who = self._portal, visitor(request, self._portal.secret)
        held = await run_in_threadpool(portal.opening, name)
        if form not in forms_of([field.name for field in held.dataset.fields]):
            forms = ", ".join(forms_of([field.name for field in held.dataset.fields]))
            raise Missing(Words(f"{name} is given as {forms}", f"{name} 提供 {forms} 格式"))
        user = await run_in_threadpool(portal.who, who)
        got = await run_in_threadpool(portal.file, user, name)
        kind, pieces = FORMS[form]
        today = portal.gateway.clock.now()
        told = {
            **HEADERS, **OPEN_TO_ALL, "mindu-receipt": str(got.receipt),
            "mindu-more": str(int(got.more)), "mindu-rows": str(got.rows.num_rows),
            "content-disposition":
                f'attachment; filename="{name}-{today.astimezone(CITY):%Y%m%d}.{form}"',
            "link": f"<{who.root}{who.base}/d/{name}>; rel=\"describedby\"",
        }  # fmt: skip
        return StreamingResponse(iterate_in_threadpool(pieces(got.rows)), 200, told, kind)

    async def chart(self, request: Request) -> Response:
        """Return the values of a chart."""
        return await run_in_threadpool(self._chart, request)

    async def places(self, request: Request) -> Response:
        """Return the points of a map."""
        return await run_in_threadpool(self._places, request)

    def _chart(self, request: Request) -> Response:
        portal, who = self._portal, visitor(request, self._portal.secret)
        user, held = portal.who(who), portal.opening(str(request.path_params["name"]))
        of, told = held.dataset, chart.wish(held.dataset, who.query)
        if told is None:
            raise Missing(Words("nothing can be drawn of this", "无可绘制的数据"))
        rows = portal.query(user, of.name, chart.sql(of, told)).rows.to_pylist()
        found = chart.drawn(of, told, rows, who.lang)
        field = of.field(told.of) if told.of else None
        unit = field.unit if field is not None else ""
        return _json({"title": found.title, "unit": unit, "points": found.points})

    def _places(self, request: Request) -> Response:
        portal, who = self._portal, visitor(request, self._portal.secret)
        user, held = portal.who(who), portal.opening(str(request.path_params["name"]))
        spelt = chart.spots_sql(held.dataset)
        if not spelt:
            raise Missing(Words("no longitude and latitude here", "没有经纬度"))
        found = chart.spots(portal.query(user, held.dataset.name, spelt).rows.to_pylist())
        title = pick(held.dataset.title, who.lang)
        return _json({"title": title, "places": [spot._asdict() for spot in found]})


def _json(told: object) -> Response:
    return Response(msgspec.json.encode(told), 200, {**HEADERS, **OPEN_TO_ALL}, "application/json")
