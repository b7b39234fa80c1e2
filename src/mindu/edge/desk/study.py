"""The study of the desk: pages on many cases at once, as their routes call them."""

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.pages import Look
from mindu.edge.counter.web import HEADERS, html, look_of
from mindu.edge.desk import aid, reports, together
from mindu.edge.desk.tools import Tools
from mindu.edge.together.opinion import By


class Study:
    """The pages on the cases of one counter; who looks is signed in already."""

    def __init__(self, counter: Counter, kind: CaseKind, tools: Tools) -> None:
        """Know the tools that work everything out."""
        self.counter, self.kind, self.tools = counter, kind, tools

    async def month(self, request: Request, officer: Officer, _token: str) -> Response:
        """Show the weightiest topics of a month."""
        look, told = self._look(request), request.query_params.get("month", "")
        page = (look, officer, self.tools.library, self.counter.clock.now(), told)
        try:
            return html(await run_in_threadpool(reports.month, *page))
        except ValueError as wrong:
            return html(look.page(escape(str(wrong))), 404)

    async def opinion(self, request: Request, officer: Officer, _token: str) -> Response:
        """Show how people feel, by topic or town."""
        look, opinions = self._look(request), self.tools.opinions
        if opinions is None:
            return html(look.page(look.say("nothing_yet")), 404)
        by: By = "area" if request.query_params.get("by") == "area" else "topic"
        page = (look, officer, opinions, self.counter.clock.now(), by)
        return html(await run_in_threadpool(reports.opinion, *page))

    async def together(self, request: Request, officer: Officer, token: str) -> Response:
        """Show what many cases say together; a form confirms or refuses what may be one matter."""
        look, said = self._look(request), ""
        if self.tools.looks is None:
            return html(look.page(look.say("nothing_yet")), 404)
        if request.method == "POST":
            told = together.told(await request.form())
            said = await run_in_threadpool(together.confirm, look, officer, told)
        page = (look, officer, self.tools, token, said)
        return html(await run_in_threadpool(together.page, *page))

    async def picture(self, request: Request, officer: Officer, _token: str) -> Response:
        """Show a picture that came with a case, to who may read the case."""
        look, told = self._look(request), request.path_params
        asked = (look, officer, int(told["number"]), str(told["digest"]))
        found = await run_in_threadpool(aid.picture, *asked)
        if found is None:
            return html(look.page(look.say("unknown")), 404)
        return Response(found, 200, HEADERS, media_type="image/jpeg")

    def _look(self, request: Request) -> Look:
        return look_of(request, self.counter, self.kind)
