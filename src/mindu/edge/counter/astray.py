"""What a reader sees who asked for what is not there, or sent what cannot be read."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mindu.base.records import Words
from mindu.brain.casework.kinds import CaseKind
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.web import html, look_of
from mindu.edge.counter.words import pick

SAYS = {
    400: Words(
        "What you sent is too long or cannot be read: shorten it (4,000 characters, 10 MB a photo)"
        " and send it again.",
        "内容过长或无法读取:请缩短(文字4000字以内,照片每张10MB以内)后重新提交。",
    ),
    404: Words("There is no such page.", "没有这个页面。"),
    405: Words("This cannot be done here.", "此处不能这样操作。"),
    413: Words("What you sent is too large: send less of it.", "提交内容过大,请减少后再提交。"),
}


MACHINES = "/open311/"  # addresses below are read by programs
Says = Callable[[Request, Exception], Awaitable[Response]]


def astray(counter: Counter, kind: CaseKind) -> Mapping[Any, Says]:
    """Return what answers in place of a page that cannot be shown."""

    async def said(request: Request, wrong: Exception) -> Response:
        assert isinstance(wrong, HTTPException), "it is for nothing else"
        if MACHINES in request.url.path:  # wherever the line is mounted
            return PlainTextResponse(wrong.detail, wrong.status_code)
        look = look_of(request, counter, kind)
        told = SAYS.get(wrong.status_code, Words(wrong.detail, wrong.detail))
        return html(look.page(f"<p role='alert'>{pick(told, look.lang)}</p>"), wrong.status_code)

    return {HTTPException: said}
