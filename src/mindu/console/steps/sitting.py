"""Who sits at the desk, and what a browser sent in: bounded, read once."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from mindu.console.identity.inside import Begun
from mindu.engines.forms.render import style

HOURS, BODY = 8, 64 << 10  # how long a sitting lasts; bytes of a form
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}  # fmt: skip


@dataclass(slots=True)
class Sitting:
    """One browser at the desk: a sign-in under way, or an officer."""

    until: float
    begun: Begun | None = None
    name: str = ""
    sid: str = ""  # the session at the provider
    then: str = ""  # the page that the sign-in was begun from, in its language


async def sent_in(request: Request) -> tuple[dict[str, list[str]], bool]:
    """Return what was sent, and whether it must be refused for its size."""
    if request.method != "POST":
        return {}, False
    told = request.headers.get("content-length", "")
    if not told.isdigit() or int(told) > BODY or "transfer-encoding" in request.headers:
        return {}, True
    found: dict[str, list[str]] = {}
    for name, value in (await request.form(max_fields=60, max_files=0)).multi_items():
        found.setdefault(name, []).append(str(value))
    return found, False


def page_of(request: Request) -> int:
    """Return the page of a list that is asked for, the first where it is none."""
    told = request.query_params.get("page", "1")
    return max(1, int(told)) if told.isascii() and told.isdigit() and len(told) < 6 else 1


def lang_of(request: Request) -> str:
    """Return the language that a browser asks for."""
    told = request.query_params.get("lang") or request.headers.get("accept-language", "zh")
    return "en" if told.startswith("en") else "zh"


def sheet(_request: Request) -> Response:
    """Give the style sheet of all pages."""
    return Response(style(), 200, {**SAFE, "Cache-Control": "max-age=3600"}, "text/css")
