"""The routes of the desk: nothing without a signed-in officer, nothing without the form's token."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from hmac import compare_digest
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Refusal, refuse
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.limits import bounded
from mindu.edge.counter.pages import Look, thanks
from mindu.edge.counter.web import HEADERS, address, html, look_of
from mindu.edge.counter.words import pick
from mindu.edge.desk import asked, boards, screens
from mindu.edge.desk.aid import aid, begun
from mindu.edge.desk.dividing import divide, parts
from mindu.edge.desk.hints import Hints
from mindu.edge.desk.people import People
from mindu.edge.desk.queues import sees
from mindu.edge.desk.study import Study
from mindu.edge.desk.together import repeated
from mindu.edge.desk.tools import BARE, Tools

COOKIE = "mindu_desk"
Shown = Callable[[Request, Officer, str], Awaitable[Response]]


class Desk:
    """The desk of one counter: its sessions and its pages."""

    def __init__(self, counter: Counter, kind: CaseKind, tools: Tools) -> None:
        """Open with nobody signed in."""
        self.counter, self.kind, self.tools = counter, kind, tools
        self.people = People(counter.office)

    async def home(self, request: Request, officer: Officer, token: str) -> Response:
        """Show the call screen and the queues."""
        look, now = self._look(request), self.counter.clock.now()
        return html(await run_in_threadpool(screens.desk, look, officer, now, token))

    async def call(self, request: Request, officer: Officer, _token: str) -> Response:
        """Take a call in."""
        look, told = self._look(request), await request.form()
        letter = Letter(
            kind=self.kind.name,
            channel="telephone",
            address=f"officer:{officer.id}",
            text=str(told.get("text", "")),
            service=str(told.get("service", "")),
            place=str(told.get("place", "")),
            area=str(told.get("area", "")),
            phone=str(told.get("phone", "")),
            name=str(told.get("name", "")),
        )
        got = await run_in_threadpool(self.counter.receive, letter)
        more = screens.onward(look, got.number)
        return html(thanks(look, got, more + repeated(look, officer, self.tools, got.number)), 201)

    async def hints(self, request: Request, officer: Officer, _token: str) -> Response:
        """Return hints on the words so far."""
        text = str((await request.form()).get("text", ""))[:2000]
        look = self._look(request)
        return html(await run_in_threadpool(Hints(look, officer, self.tools).html, text))

    async def case(self, request: Request, officer: Officer, token: str) -> Response:
        """Show one case; a template that was chosen begins the reply."""
        look, number = self._look(request), int(request.path_params["number"])
        page = screens.Page(token=token, move="reply")
        if self._knows(look, officer, number):
            told = (look, number, request.query_params.get("template", ""))
            draft, said = await run_in_threadpool(begun, *told, self.counter.clock.now())
            page = replace(page, draft=draft, said=said)
        return await self._case(look, officer, number, page)

    async def move(self, request: Request, officer: Officer, token: str) -> Response:
        """Make a move and show the case; who comes second is told and sees what is there now."""
        look, number = self._look(request), int(request.path_params["number"])
        form = await request.form()
        wish, page = asked.wish(form), screens.Page(token=token)
        try:
            self._lot(look, officer, number, wish)
            if wish.name == "split":
                told = (self.counter, number, parts(form), officer)
                await run_in_threadpool(divide, *told, seen=wish.seen)
            else:
                await run_in_threadpool(self.counter.act, number, wish, officer)
        except Refusal as wrong:
            said = pick(wrong.says, look.lang)
            page = replace(page, said=said, move=wish.name, draft=wish.note)
        return await self._case(look, officer, number, page)

    def _lot(self, look: Look, officer: Officer, number: int, wish: Wish) -> None:
        """Refuse an audit of a case that was not drawn: nobody chooses what is looked at again."""
        drawn = asked.drawn(look, officer, self.counter.clock.now())
        if wish.name == "audit" and number not in drawn:
            raise refuse("the day's dice did not draw this case", "该件未被抽中,不能自行抽查")

    async def board(self, request: Request, officer: Officer, _token: str) -> Response:
        """Show the boards, or the cases behind one number."""
        look, asked = self._look(request), request.query_params
        now = self.counter.clock.now()
        if "measure" not in asked:
            return html(await run_in_threadpool(boards.board, look, now))
        told = (look, officer, now, asked.get("unit", ""), asked["measure"])
        try:
            return html(await run_in_threadpool(boards.explained, *told))
        except ValueError as wrong:
            return html(look.page(escape(str(wrong))), 404)

    async def sign_in(self, request: Request) -> Response:
        """Open a session for number and secret."""
        look = self._look(request)
        told = await bounded(request).form(max_files=0, max_fields=5)
        who, secret = str(told.get("officer", "")), str(told.get("secret", ""))
        now = self.counter.clock.now()
        if self.people.barred(who, address(request), now):
            return html(screens.sign_in(look, wrong="too_many"), 429)
        session = self.people.sign_in(who, secret, address(request), now)
        if session is None:
            return html(screens.sign_in(look, wrong="denied"), 401)
        root = request.scope.get("root_path", "")
        found = RedirectResponse(f"{root}/desk?lang={look.lang}", 303, HEADERS)
        secure, path = request.url.scheme == "https", root or "/"
        found.set_cookie(
            COOKIE, session, httponly=True, samesite="strict", secure=secure, path=path
        )
        return found

    def guarded(self, path: str, method: str, shown: Shown) -> Route:
        """Return a route that only a signed-in officer with a form of ours comes through."""

        async def answer(request: Request) -> Response:
            request = bounded(request)
            session = request.cookies.get(COOKIE, "")
            officer = self.people.who(session, self.counter.clock.now())
            look = self._look(request)
            if officer is None:
                return html(screens.sign_in(look), 401)
            token = _token(session)
            if method == "POST" and not path.endswith("hints"):
                told = str((await request.form(max_files=0, max_fields=40)).get("token", ""))
                if not compare_digest(told.encode(), token.encode()):
                    return html(screens.sign_in(look, wrong="denied"), 403)
            try:
                return await shown(request, officer, token)
            except Refusal as wrong:
                return html(look.page(escape(pick(wrong.says, look.lang))), 400)

        return Route(path, answer, methods=[method])

    async def _case(
        self, look: Look, officer: Officer, number: int, page: screens.Page
    ) -> Response:
        if not self._knows(look, officer, number):
            return html(look.page(look.say("unknown")), 404)
        now = self.counter.clock.now()
        helps = await run_in_threadpool(aid, look, officer, self.tools.library, number, now)
        page = replace(page, aid=helps)
        body = await run_in_threadpool(screens.case, look, officer, number, now, page)
        return html(body, 409 if page.said else 200)

    def _knows(self, look: Look, officer: Officer, number: int) -> bool:
        return number in self.counter.office.cases and sees(look, officer, number)

    def _look(self, request: Request) -> Look:
        return look_of(request, self.counter, self.kind)


def routes(counter: Counter, kind: CaseKind, *, tools: Tools = BARE) -> list[Route]:
    """Return the desk's routes."""
    desk, study = Desk(counter, kind, tools), Study(counter, kind, tools)
    pages: list[tuple[str, str, Shown]] = [
        ("/desk", "GET", desk.home),
        ("/desk/call", "POST", desk.call),
        ("/desk/hints", "POST", desk.hints),
        ("/desk/case/{number:int}", "GET", desk.case),
        ("/desk/case/{number:int}", "POST", desk.move),
        ("/desk/case/{number:int}/{digest}.jpg", "GET", study.picture),
        ("/desk/board", "GET", desk.board),
        ("/desk/month", "GET", study.month),
        ("/desk/opinion", "GET", study.opinion),
        ("/desk/together", "GET", study.together),
        ("/desk/together", "POST", study.together),
    ]
    sign_in = Route("/desk/in", desk.sign_in, methods=["POST"])
    return [sign_in, *(desk.guarded(*page) for page in pages)]


def _token(session: str) -> str:
    return sha256(f"form|{session}".encode()).hexdigest()
