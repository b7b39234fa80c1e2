"""The routes: a key says who asks, the request says why, and each answer names its receipt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mindu.brain.casework.office import Office
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.answer import Answer
from mindu.data.gateway.forms import FORMS, forms_of
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.want import Want, condition
from mindu.data.grants.ask import Action, Ask, User
from mindu.edge.counter.limits import Limits, Rate, bounded
from mindu.edge.data.keys import holder

RATE = Rate(60, 36_000)  # asks of one key
TRIES = Rate(10, 60)  # of one address with a key that is none
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
T = TypeVar("T")


class Sql(msgspec.Struct, frozen=True):
    """A query and its reasons."""

    sql: str
    purpose: str = ""
    basis: str = ""
    reference: str = ""


@dataclass(slots=True, kw_only=True)
class Doors:
    """What the routes stand on."""

    gateway: Gateway
    office: Office
    _rate: Limits = field(default_factory=lambda: Limits(RATE))
    _tries: Limits = field(default_factory=lambda: Limits(TRIES))

    async def sql(self, request: Request) -> Response:
        """Answer SQL."""
        user, _ = self.who(request)
        told = await body_of(request, Sql)
        ask = Ask(
            who=user, action="query", datasets=(), purpose=told.purpose, basis=told.basis,
            reference=told.reference, says=told.sql,
        )  # fmt: skip
        return await self._answer(request, lambda: self.gateway.query(ask))

    async def table(self, request: Request) -> Response:
        """Answer a page of one table."""
        user, _ = self.who(request)
        asked = request.query_params
        try:
            want = Want(
                dataset=str(request.path_params["name"]),
                fields=tuple(filter(None, asked.get("fields", "").split(","))),
                where=tuple(condition(one) for one in asked.getlist("where")),
                order=asked.get("order", ""),
                limit=int(asked.get("limit", "100")),
                offset=int(asked.get("offset", "0")),
                subject=asked.get("subject", ""),
            )
        except (ValueError, Refused) as bad:
            return wrong(400, str(bad), "参数有误")
        ask = _reasons(user, "read", request)
        return await self._answer(request, lambda: self.gateway.read(ask, want))

    async def file(self, request: Request) -> Response:
        """Answer a whole table as a file."""
        user, _ = self.who(request)
        name, _, form = str(request.path_params["name"]).rpartition(".")
        ask = _reasons(user, "download", request)
        return await self._answer(request, lambda: self.gateway.file(ask, name), form)

    async def _answer(
        self, request: Request, work: Callable[[], Answer], form: str = ""
    ) -> Response:
        form = form or request.query_params.get("form", "json")
        if form not in FORMS:
            return wrong(400, f"form is one of {', '.join(FORMS)}", "格式不支持")
        try:
            got = await run_in_threadpool(work)
        except Refused as no:
            return wrong(403, no.says.en, no.says.zh)
        if form not in forms_of(got.rows.column_names):
            return wrong(400, "rows without lon and lat are no features", "没有经纬度,无法导出")
        kind, pieces = FORMS[form]
        told = {
            **HEADERS, "mindu-receipt": str(got.receipt), "mindu-more": str(int(got.more)),
            "mindu-duties": "; ".join(got.duties).encode("ascii", "backslashreplace").decode(),
        }  # fmt: skip
        return StreamingResponse(iterate_in_threadpool(pieces(got.rows)), 200, told, kind)

    def who(self, request: Request) -> tuple[User, str]:
        """Return who asks; without a key somebody of the public."""
        key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        now = self.gateway.clock.now()
        where = request.client.host if request.client else ""
        if not key:
            self._slow(self._rate, f"from {where}")
            return User(f"public-{self.gateway.cloak(where)[:12]}"), ""
        with self.gateway.lock:
            found = holder(self.office, key, now)
        if found is None:
            self._slow(self._tries, where)
            raise HTTPException(401, "this key does not hold 密钥无效")
        self._slow(self._rate, found[0].id)
        return found

    def _slow(self, limits: Limits, name: str) -> None:
        if limits.take(name, self.gateway.clock.now().timestamp()):
            raise HTTPException(429, "that was a lot at once; come again 请求过多,请稍后再试")


def routes(doors: Doors) -> list[Route]:
    """Return the routes; they may be mounted anywhere."""
    return [
        Route("/data/v1/sql", doors.sql, methods=["POST"]),
        Route("/data/v1/tables/{name}", doors.table, methods=["GET"]),
        Route("/data/v1/files/{name}", doors.file, methods=["GET"]),
    ]


def _reasons(user: User, action: Action, request: Request) -> Ask:
    asked = request.query_params
    return Ask(
        who=user, action=action, datasets=(), purpose=asked.get("purpose", ""),
        basis=asked.get("basis", ""), reference=asked.get("reference", ""),
    )  # fmt: skip


async def full(_request: Request, _wrong: Exception) -> Response:
    """Say that nothing could be written, so that nothing went out; where, its operator reads."""
    return wrong(
        507, "the city's disk takes nothing just now, so nothing went out; come again when there "
        "is room", "磁盘暂不可写,数据未予提供,请在腾出空间后再试",
    )  # fmt: skip


async def body_of(request: Request, shape: type[T]) -> T:
    """Return a body of that shape; 400 where it does not fit."""
    try:
        return msgspec.json.decode(await bounded(request).body(), type=shape)
    except msgspec.MsgspecError as wrong:
        raise HTTPException(400, f"the body does not fit: {wrong} 请求体有误") from wrong


def as_json(told: object, code: int = 200) -> Response:
    """Return an answer as JSON."""
    return Response(msgspec.json.encode(told), code, HEADERS, "application/json")


def wrong(code: int, en: str, zh: str) -> Response:
    """Return what is wrong, in both languages."""
    return as_json({"error": en, "error_zh": zh}, code)
