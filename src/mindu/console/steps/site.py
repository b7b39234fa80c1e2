"""The pages of the steps: nothing without a signed-in officer, nothing without the form's token."""

import hmac
from collections.abc import Callable
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.console.identity.inside import Inside
from mindu.console.steps.desk import SHOWN, Desk, NotYours, Officer
from mindu.console.steps.lately import Lately
from mindu.console.steps.moves import GONE, NotSo, Told, made, says
from mindu.console.steps.offered import offered, withdrawn
from mindu.console.steps.page import CHANGED, NOWHERE, STAFF, page, sent_before
from mindu.console.steps.papers import Papers, Shelf
from mindu.console.steps.sitting import HOURS, SAFE, Sitting, lang_of, page_of, sent_in, sheet
from mindu.console.steps.units import Units
from mindu.console.steps.warned import warned
from mindu.console.steps.ways import wanted
from mindu.engines.process.happenings import Stuck

COOKIE, MOST = "mindu_steps", 5_000


class Steps:
    """The desk's pages, and who sits at them."""

    def __init__(self, desk: Desk, way: Inside, root: str, papers: Papers | None = None) -> None:
        """Serve a desk under a path; officers sign in by the provider."""
        self.desk, self._way, self._root = desk, way, root
        self._shelf = None if papers is None else Shelf(papers, desk.now, root)
        self._lately, self._sitting = Lately(desk.processes), dict[str, Sitting]()

    def application(self) -> Starlette:
        """Return the desk as an ASGI application."""
        get, both, shelf = ["GET"], ["GET", "POST"], self._shelf
        papers = [] if shelf is None else [
            Route("/papers", self._door(shelf.rows), methods=get),
            Route("/papers/{number}", self._door(shelf.one), methods=both),
        ]  # fmt: skip
        return Starlette(routes=[
            Route("/frame.css", sheet),
            Route("/", self._door(self._home), methods=get),
            Route("/units", self._door(Units(self.desk, self._root).shown), methods=get),
            Route("/back", self._back, methods=get),
            Route("/done", self._door(self._withdraw), methods=["POST"]),
            Route("/{instance:int}/{wait:int}", self._door(self._step), methods=both),
            *papers,
            Route("/{rest:path}", self._door(self._nowhere), methods=get),
        ])  # fmt: skip

    async def _back(self, request: Request) -> Response:
        """Take an officer back from the provider; only the browser that was sent is let in."""
        key, asked = request.cookies.get(COOKIE, ""), request.query_params
        held = self._sitting.pop(key, None)
        begun = None if held is None else held.begun
        claims = None
        if begun is not None and asked.get("state") == begun.state:
            claims = self._way.finish(asked.get("code", ""), begun)
        name = "" if claims is None else str(claims.get("name", ""))
        officer = self.desk.officers(name) if claims is not None and "role" in claims else None
        let_in = officer is not None and officer.may("operator")
        if not let_in or held is None or claims is None:
            return self._sealed(page("none", lang_of(request), root=self._root, says=STAFF), 403)
        response = RedirectResponse(held.then, 303)
        sitting = Sitting(self._ends(), name=name, sid=str(claims.get("sid", "")))
        self._seat(request, response, sitting)
        return response

    def _door(self, shown: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            key = request.cookies.get(COOKIE, "")
            held = self._sitting.get(key)
            now = self.desk.now().timestamp()
            good = held is not None and held.until > now and self._way.open(held.sid)
            officer = self.desk.officers(held.name) if held is not None and good else None
            if officer is None or not officer.may("operator"):
                return self._out(request)
            sent, refused = await sent_in(request)
            if refused or (request.method == "POST" and not self._ours(key, sent)):
                again = page("none", lang_of(request), root=self._root, says=CHANGED)
                return self._sealed(again, 403)
            text, status = shown(request, officer, sent, self._token(key))
            return self._sealed(text, status)

        return answer

    def _nowhere(self, request: Request, *_: object) -> tuple[str, int]:
        return page("none", lang_of(request), root=self._root, says=NOWHERE), 404

    def _home(
        self, request: Request, officer: Officer, _sent: dict[str, list[str]], token: str
    ) -> tuple[str, int]:
        at = page_of(request)
        rows, total = self.desk.rows(officer, at)
        told = {"rows": rows, "total": total, "at": at, "pages": -(-total // SHOWN),
                "officer": officer, "token": token, "root": self._root,
                "papers": self._shelf is not None, "lately": self._lately.of(officer.name),
                "number": self.desk.number, "warned": warned(self.desk, officer)}  # fmt: skip
        return page("list", lang_of(request), **told), 200

    def _step(
        self, request: Request, officer: Officer, sent: dict[str, list[str]], token: str
    ) -> tuple[str, int]:
        instance, wait = request.path_params["instance"], request.path_params["wait"]
        said: Words | None = None
        if request.method == "POST":
            said = self._move(officer, instance, wait, sent)
            if said is None and sent.get("move") != ["claim"]:  # who claims it wants to see it
                return self._home(request, officer, sent, token)
        try:
            told = self._told(officer, instance, wait)
        except NotYours as no:
            return page("none", lang_of(request), root=self._root, says=Words(str(no), GONE)), 404
        was = sent_before(sent if said else {})  # what is refused is not typed again
        shown = page("step", lang_of(request), **told, said=said, token=token, root=self._root,
                     was=was)  # fmt: skip
        return shown, 409 if said else 200

    def _move(
        self, officer: Officer, instance: int, number: int, sent: dict[str, list[str]]
    ) -> Words | None:
        """Make a move; return what is wrong with it, None where it was made."""
        desk = self.desk
        try:
            state, wait = desk.find(officer, instance, number)
            if sent.get("step", [""])[0] != str(state.step):
                return CHANGED
            happening = made(Told(desk, officer, state, wait, sent), sent.get("move", [""])[0])
            desk.processes.step(instance, happening, by=officer.name, now=desk.now())
        except (NotSo, NotYours, Stuck) as no:
            return says(no)
        desk.moved()
        return None

    def _withdraw(
        self, request: Request, officer: Officer, sent: dict[str, list[str]], token: str
    ) -> tuple[str, int]:
        """Take back what an officer completed, while nobody has gone on."""
        told = {name: values[0] for name, values in sent.items()}
        desk = self.desk
        try:
            instance = int(told.get("instance", ""))
            move = withdrawn(told.get("node", ""), officer, told.get("why", ""))
            desk.processes.step(instance, move, by=officer.name, now=desk.now())
        except (ValueError, KeyError) as no:
            says = Words(str(no), no.zh if isinstance(no, Stuck) else "无法撤回")
            return page("none", lang_of(request), root=self._root, says=says), 409
        return self._home(request, officer, sent, token)

    def _told(self, officer: Officer, instance: int, number: int) -> dict[str, Any]:
        """Return what a step's page shows; who claimed it sees what it needs, with a receipt."""
        desk = self.desk
        state, wait = desk.find(officer, instance, number)
        mine = wait.who == officer.name
        given = desk.given(instance, wait.node, officer.name, desk.now()) if mine else ()
        return {
            "officer": officer, "state": state, "wait": wait, "given": given,
            "moves": offered(officer, state, wait), "about": desk.about(instance),
            "hands_over": desk.hands_over(state, wait),
            "title": desk.title(state, wait), "number": desk.number(instance), "mine": mine,
            "due": desk.due(instance, wait), "back": desk.back(state, wait),
            "asks": desk.asks(state, wait), "instance": instance,
        }  # fmt: skip

    def _out(self, request: Request) -> Response:
        lang = lang_of(request)
        begun = self._way.begin(lang=lang)
        response = RedirectResponse(begun.address, 303)
        then = wanted(request, self._root)
        self._seat(request, response, Sitting(self._ends(), begun=begun, then=then))
        return response

    def _seat(self, request: Request, response: Response, sitting: Sitting) -> None:
        key = token_urlsafe(32)
        self._sitting.pop(request.cookies.get(COOKIE, ""), None)
        self._sitting[key] = sitting
        if len(self._sitting) > MOST:
            self._sitting.pop(next(iter(self._sitting)))
        response.set_cookie(COOKIE, key, max_age=HOURS * 3_600, httponly=True, samesite="lax",
                            path=self._root, secure=request.url.scheme == "https")  # fmt: skip

    def _ends(self) -> float:
        return self.desk.now().timestamp() + HOURS * 3_600

    def _token(self, key: str) -> str:
        return hmac.new(key.encode(), b"form", sha256).hexdigest()[:40]

    def _ours(self, key: str, sent: dict[str, list[str]]) -> bool:
        told = sent.get("_token", [""])[0]
        return hmac.compare_digest(told.encode(), self._token(key).encode())

    def _sealed(self, text: str, status: int) -> Response:
        return Response(text, status, SAFE, "text/html")
