"""The page behind a link: the matter, its answer, and a rating; no code and no login needed."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.refusals import Refusal
from mindu.edge.callback.links import Links
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Flood
from mindu.edge.counter.limits import bounded
from mindu.edge.counter.pages import Look, rated
from mindu.edge.counter.web import address, html, look_of, wish
from mindu.edge.counter.words import pick, say

ALLOWED = frozenset({"rate", "reopen"})


class Rating:
    """The pages behind the links of one counter."""

    def __init__(self, counter: Counter, kind: CaseKind, links: Links) -> None:
        """Know who made the links."""
        self.counter, self.kind, self.links = counter, kind, links

    async def show(self, request: Request) -> Response:
        """Show the answer and the form; take the rating in."""
        look = look_of(request, self.counter, self.kind)
        try:
            number = await run_in_threadpool(self._found, request)
        except Flood as wrong:
            return html(look.page(pick(wrong.says, look.lang)), 429)
        if number is None:
            return html(look.page(f"<p role='alert'>{look.say('link_over')}</p>"), 404)
        said = await self._take(request, look, number) if request.method == "POST" else ""
        word = request.path_params["word"]
        return html(await run_in_threadpool(rated, look, f"/rate/{word}", number, said))

    def _found(self, request: Request) -> int | None:
        self.counter.slow.look(address(request))
        return self.links.case(request.path_params["word"], self.counter.clock.now())

    async def _take(self, request: Request, look: Look, number: int) -> str:
        async with bounded(request).form(max_files=0, max_fields=20) as told:
            wanted = wish(told)
        if wanted.name not in ALLOWED:
            return ""
        try:
            await run_in_threadpool(self.counter.say_of, number, wanted)
        except Refusal as wrong:
            return pick(wrong.says, look.lang)
        return say("done", look.lang)


def routes(counter: Counter, kind: CaseKind, links: Links) -> list[Route]:
    """Return the routes behind the links."""
    pages = Rating(counter, kind, links)
    return [Route("/rate/{word}", pages.show, methods=["GET", "POST"])]
