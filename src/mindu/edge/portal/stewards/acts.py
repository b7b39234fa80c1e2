"""What stewards do: check, open, close, plan, answer, send on, hide; from a form of theirs."""

import csv
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.brain.opening.check import Proposal
from mindu.brain.opening.openings import DATA_OFFICE, holder
from mindu.data.opening.opening import PLAN_COLUMNS
from mindu.data.opening.risk import K, L
from mindu.edge.counter.limits import bounded
from mindu.edge.portal.asked import Stale
from mindu.edge.portal.held import Missing, Seat, Stewards
from mindu.edge.portal.portal import Portal
from mindu.edge.portal.render import HEADERS
from mindu.edge.portal.stewards.pages import HERE, Shown
from mindu.edge.portal.stewards.words import SAID
from mindu.edge.portal.visitor import Visitor, remember, same_site
from mindu.edge.portal.words import SAID as COMMON

FIELDS, BODY = 4_000, 1 << 20  # of a form: a table may have many columns, a plan many lines


def routes(portal: Portal, stewards: Stewards) -> list[Route]:
    """Return the stewards' routes."""
    shown = Shown(portal, stewards)
    acts = Acts(portal, shown)
    return [
        Route(HERE, shown.listed),
        Route(f"{HERE}/d/{{name}}", shown.table),
        Route(f"{HERE}/d/{{name}}", acts.table, methods=["POST"]),
        Route(f"{HERE}/plan", shown.plan),
        Route(f"{HERE}/plan", acts.plan, methods=["POST"]),
        Route(f"{HERE}/requests/{{number:int}}", shown.request),
        Route(f"{HERE}/requests/{{number:int}}", acts.request, methods=["POST"]),
    ]


class Acts:
    """What stewards do with one portal; durable when they are told of it."""

    def __init__(self, portal: Portal, shown: Shown) -> None:
        """Take forms of these pages."""
        self._portal, self._shown = portal, shown

    async def table(self, request: Request) -> Response:
        """Check, open or close a table."""
        who, seat, told = await self._form(request)
        name = str(request.path_params["name"])
        return await run_in_threadpool(self._table, who, seat, name, told)

    async def plan(self, request: Request) -> Response:
        """Lay the plan down."""
        who, seat, told = await self._form(request)
        return await run_in_threadpool(self._plan, who, seat, str(told.get("plan", "")))

    async def request(self, request: Request) -> Response:
        """Answer a request, send it on, or hide it."""
        who, seat, told = await self._form(request)
        number = int(request.path_params["number"])
        return await run_in_threadpool(self._request, who, seat, number, told)

    # -- inside ----------------------------------------------------------------------------

    def _table(self, who: Visitor, seat: Seat, name: str, told: FormData) -> Response:
        portal, do = self._portal, str(told.get("do", ""))
        asked = None
        try:
            if do == "close":
                officer = seat.signs(self._holder(name))
                self._write(lambda now: portal.openings.close(
                    name, str(told.get("why", "")), officer, now=now))  # fmt: skip
                return self._away(who, f"/d/{name}", do)
            asked = proposal(told)
            if do != "open":
                with portal.gateway.lock:
                    found = portal.openings.check(name, asked)
                return self._shown.one_table(who, seat, name, asked, found)
            self._open(name, asked, seat, _number(told, "answers", -1))
        except Missing:
            raise
        except Refusal as no:
            return self._shown.one_table(who, seat, name, asked, wrong=no.says)
        return self._away(who, f"/d/{name}", do)

    def _open(self, name: str, asked: Proposal, seat: Seat, answers: int) -> None:
        portal, officer = self._portal, seat.signs(self._holder(name))
        self._write(lambda now: portal.openings.open(name, asked, officer, now=now))
        if answers >= 0:
            note = f"已开放 opened: {name}"
            self._write(lambda now: portal.requests.answer(
                answers, note, officer, now=now, opened=name))  # fmt: skip

    def _plan(self, who: Visitor, seat: Seat, text: str) -> Response:
        try:
            rows = [tuple(cell.strip() for cell in row) for row in _lines(text) if any(row)]
            officer = seat.signs(DATA_OFFICE)
            self._write(lambda now: self._portal.openings.plan(rows, officer, now=now))
        except Refusal as no:
            return self._shown.the_plan(who, seat, text, wrong=no.says)
        return self._away(who, "/plan", "plan")

    def _request(self, who: Visitor, seat: Seat, number: int, told: FormData) -> Response:
        portal, do = self._portal, str(told.get("do", ""))
        said = str(told.get("said", ""))
        one = portal.requests.get(number, portal.gateway.clock.now())
        acts: dict[str, Callable[..., object]] = {
            "answer": lambda now: portal.requests.answer(
                number, portal.mask(said), officer, now=now, opened=str(told.get("opened", ""))),
            "to": lambda now: portal.requests.send_on(number, said, officer, now=now),
            "hide": lambda now: portal.requests.hide(number, said, officer, now=now),
        }  # fmt: skip
        try:
            officer = seat.signs(one.holder if one is not None else DATA_OFFICE)
            self._write(acts.get(do, acts["answer"]))
        except Refusal as no:
            return self._shown.one_request(who, seat, number, said, wrong=no.says)
        return self._away(who, "" if do == "hide" else f"/requests/{number}", do)

    def _write(self, act: Callable[..., object]) -> None:
        portal = self._portal
        with portal.gateway.lock:
            act(portal.gateway.clock.now())
            portal.memory.log.commit()

    def _holder(self, name: str) -> str:
        found = self._portal.openings.declared.get(name)
        return holder(found) if found is not None else DATA_OFFICE

    def _away(self, who: Visitor, path: str, done: str) -> Response:
        where = who.to(f"{HERE}{path}", told=done)
        return remember(RedirectResponse(where, 303, HEADERS), who)

    async def _form(self, request: Request) -> tuple[Visitor, Seat, FormData]:
        """Return who sends a form, and what it says.

        Raises:
            NoSeat, Stale: nobody known as a steward, or the form is not theirs.
        """
        who, seat = self._shown.came(request)
        told = await bounded(request, BODY).form(max_files=0, max_fields=FIELDS)
        if not (same_site(request) and seat.ours(str(told.get("token", "")))):
            stale, load = COMMON["stale"], COMMON["load"]
            raise Stale(Words(f"{stale.en} {load.en}", f"{stale.zh}{load.zh}"))
        return who, seat, told


def proposal(told: FormData) -> Proposal:
    """Return what a steward proposes.

    Raises:
        Refusal: a number is none.
    """
    names = {key: tuple(map(str, told.getlist(key)))
             for key in ("fields", "quasi", "delicate", "facilities")}  # fmt: skip
    return Proposal(**names, licence=str(told.get("licence", "")).strip()[:100],
                    k=_number(told, "k", K), l=_number(told, "l", L))  # fmt: skip


def _number(told: FormData, name: str, none: int) -> int:
    said = str(told.get(name, "")).strip()
    if not said:
        return none
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise Refusal(Words(f"{name}: {SAID['no_number'].en}", f"{name}:{SAID['no_number'].zh}"))
    return int(said)


def _lines(text: str) -> list[list[str]]:
    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as no:
        raise Refusal(SAID["no_plan"]) from no
    return rows[1:] if rows and tuple(rows[0]) == PLAN_COLUMNS else rows
