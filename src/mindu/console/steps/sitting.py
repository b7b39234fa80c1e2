"""Who sits at the desk, and what a browser sent in: bounded, read once."""

from dataclasses import dataclass

from starlette.requests import Request

from mindu.console.identity.inside import Begun

HOURS, BODY = 8, 64 << 10  # how long a sitting lasts; bytes of a form


@dataclass(slots=True)
class Sitting:
    """One browser at the desk: a sign-in under way, or an officer."""

    until: float
    begun: Begun | None = None
    name: str = ""


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
