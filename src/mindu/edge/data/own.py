"""A subject's own view: who used my data, and a word against it, as a page and as an API."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.brain.sharing import objections
from mindu.brain.sharing.objections import Objection
from mindu.data.gateway.mine import Page
from mindu.data.gateway.mine import page as used
from mindu.data.registers.own import Own as Held
from mindu.data.registers.own import own as held_of
from mindu.data.vault import Vault
from mindu.edge.counter.limits import bounded
from mindu.edge.data.doors import HEADERS, Doors, as_json, body_of, wrong
from mindu.edge.data.keys import holder
from mindu.edge.data.own_page import page

COOKIE, STAY, SEATS = "mindu_own", timedelta(minutes=15), 10_000
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STYLE = (
    "body{font:1rem/1.6 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "li{margin:.8rem 0}textarea{width:100%}"
)


class Wrong(msgspec.Struct, frozen=True):
    """An objection of a subject."""

    dataset: str
    text: str
    receipt: int = -1


@dataclass(slots=True, kw_only=True)
class Own:
    """What the routes stand on, and who is signed in for the moment."""

    doors: Doors
    vault: Vault
    mask: Callable[[str], str]
    registers: Path | None = None  # where the base registers lie
    _seats: OrderedDict[str, tuple[str, datetime]] = field(default_factory=OrderedDict)

    async def mine(self, request: Request) -> Response:
        """Tell what was used, and what became of the objections, as JSON."""
        _, subject = self.doors.who(request)
        found, held, files = await run_in_threadpool(self._look, subject, _before(request))
        told = {"uses": found.uses, "older": found.older}
        return as_json({**told, "objections": held, "registers": files})

    async def put(self, request: Request) -> Response:
        """Take an objection in, as JSON."""
        _, subject = self.doors.who(request)
        told = await body_of(request, Wrong)
        try:
            return as_json({"case": await run_in_threadpool(self._put, subject, told)}, 201)
        except Refusal as no:
            return wrong(400, no.says.en, no.says.zh)

    async def page(self, request: Request) -> Response:
        """Show the page, or ask for the key."""
        zh, subject = request.query_params.get("lang") != "en", self._seated(request)
        if not subject:
            return _html(_sign_in(zh=zh))
        told = await run_in_threadpool(self._look, subject, _before(request))
        return _html(page(*told, zh=zh))

    async def act(self, request: Request) -> Response:
        """Sign in by a key, or take an objection in, from the page."""
        told = await bounded(request).form(max_files=0, max_fields=6)
        if "key" in told:
            return self._sign_in(str(told["key"]))
        subject = self._seated(request)
        number = str(told.get("receipt", ""))
        receipt = int(number) if number.isdigit() else -1
        put = Wrong(str(told.get("dataset", "")), str(told.get("text", "")), receipt)
        try:
            await run_in_threadpool(self._put, subject, put)
        except Refusal as no:
            return _html(f"<p role=alert>{escape(no.says.zh)} {escape(no.says.en)}</p>", 400)
        return RedirectResponse("mine", 303, HEADERS)

    def _look(
        self, subject: str, before: int | None
    ) -> tuple[Page, list[Objection], list[Held]]:  # fmt: skip
        found = used(self.doors.gateway, self._raw(subject), before)
        files = [] if self.registers is None else held_of(self.registers, self.vault, subject)
        with self.doors.gateway.lock:
            return found, objections.of(self.doors.office, subject), files

    def _put(self, subject: str, told: Wrong) -> int:
        self._raw(subject)
        gateway = self.doors.gateway
        dataset = gateway.catalogue.get(told.dataset)
        if dataset is None:
            raise Refusal(Words("there is no such dataset", "没有该数据集"))
        with gateway.lock:
            entry = objections.put(
                self.doors.office, dataset, subject, self.mask(told.text), receipt=told.receipt,
                now=gateway.clock.now(),
            )  # fmt: skip
        self.doors.office.memory.log.commit()
        return entry.seq

    def _raw(self, subject: str) -> str:
        raw = self.vault.get(subject, "subject") if subject else None
        if not isinstance(raw, str):
            raise HTTPException(403, "this takes a subject's own key 需本人密钥")
        return raw

    def _sign_in(self, key: str) -> Response:
        now = self.doors.gateway.clock.now()
        with self.doors.gateway.lock:
            found = holder(self.doors.office, key, now)
        if found is None or not found[1]:
            return _html(_sign_in(zh=True, failed=True), 401)
        seat = secrets.token_urlsafe(32)
        self._seats[seat] = (found[1], now + STAY)
        if len(self._seats) > SEATS:
            self._seats.popitem(last=False)
        answer = RedirectResponse("mine", 303, HEADERS)
        answer.set_cookie(COOKIE, seat, httponly=True, samesite="strict")
        return answer

    def _seated(self, request: Request) -> str:
        subject, until = self._seats.get(request.cookies.get(COOKIE, ""), ("", None))
        now = self.doors.gateway.clock.now()
        return subject if until is not None and now < until else ""


def _before(request: Request) -> int | None:
    told = request.query_params.get("before", "")
    return int(told) if told.isdecimal() and len(told) < 16 else None


def routes(own: Own) -> list[Route]:
    """Return the routes."""
    return [
        Route("/data/v1/mine", own.mine, methods=["GET"]),
        Route("/data/v1/mine/objections", own.put, methods=["POST"]),
        Route("/data/mine.css", _sheet, methods=["GET"]),
        Route("/data/mine", own.page, methods=["GET"]),
        Route("/data/mine", own.act, methods=["POST"]),
    ]


def _sheet(_request: Request) -> Response:
    return Response(STYLE, 200, {**HEADERS, "cache-control": "max-age=3600"}, "text/css")


def _html(body: str, code: int = 200) -> Response:
    head = (
        '<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width"><title>谁用过我的数据 Who used my data</title>'
        '<link rel="stylesheet" href="mine.css">'
    )
    told = {**HEADERS, "content-security-policy": POLICY, "referrer-policy": "no-referrer"}
    return HTMLResponse(
        f"{head}<main><h1>谁用过我的数据 Who used my data</h1>{body}</main>", code, told
    )


def _sign_in(*, zh: bool, failed: bool = False) -> str:
    said = "本人密钥" if zh else "Your own key"
    bad = "<p role=alert>密钥无效 This key does not hold</p>" if failed else ""
    return (
        f'{bad}<form method=post action=mine><label>{said} <input name=key type=password '
        f'autocomplete=off required></label> <button>{"查看" if zh else "Look"}</button></form>'
    )  # fmt: skip
