"""The routes for callers: form, receipt, status, rating; mountable under any path."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mindu.base.records import Value, Words
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Refusal, refuse
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.form import EMPTY, answers, form, typed
from mindu.edge.counter.letter import Flood, Letter, Receipt, tidy
from mindu.edge.counter.limits import bounded
from mindu.edge.counter.pages import Look, status, thanks
from mindu.edge.counter.photos import BYTES, MOST
from mindu.edge.counter.sketch import assets
from mindu.edge.counter.words import pick, say

BODY = MOST * BYTES
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # a code in an address goes nowhere
    "Cache-Control": "no-store",
}
CALLERS = frozenset({"urge", "rate", "reopen"})


def html(body: str, code: int = 200) -> Response:
    """Return a page with the headers that keep it safe."""
    return HTMLResponse(body, code, HEADERS)


def look_of(request: Request, counter: Counter, kind: CaseKind) -> Look:
    """Return how this reader looks: the language asked for, else the browser's."""
    told = request.query_params.get("lang", "")
    if told not in {"zh", "en"}:
        wants = request.headers.get("accept-language", "zh")
        told = "en" if wants.lower().startswith("en") else "zh"
    base = request.scope.get("root_path", "")
    if request.method != "GET":
        return Look(counter, kind, told, base)
    asked = tuple((k, v) for k, v in request.query_params.multi_items() if k != "lang")
    return Look(counter, kind, told, base, request.url.path, asked)


def address(request: Request) -> str:
    """Return the machine that asks: for limits alone, never written down."""
    return request.client.host if request.client else ""


class Callers:
    """The pages of one counter for those who call."""

    def __init__(self, counter: Counter, kind: CaseKind) -> None:
        """Know the counter and the kind that is told there."""
        self.counter, self.kind = counter, kind

    async def ask(self, request: Request) -> Response:
        """Show the form."""
        look = look_of(request, self.counter, self.kind)
        return html(form(look, {"service": request.query_params.get("service", "")}))

    async def report(self, request: Request) -> Response:
        """Take a matter in."""
        look, given = look_of(request, self.counter, self.kind), dict[str, str]()
        try:
            letter = await read_letter(bounded(request, BODY), self.kind, given)
            got = await run_in_threadpool(self.counter.receive, letter) if letter else None
        except (Refusal, ValueError) as wrong:
            return _sorry(look, wrong, given)
        return html(thanks(look, got or Receipt(0, "", None)), 201)

    async def follow(self, request: Request) -> Response:
        """Show where a matter stands."""
        look = look_of(request, self.counter, self.kind)
        code = tidy(request.query_params.get("code", ""))
        try:
            number = await run_in_threadpool(self.counter.status, code, address(request))
        except Flood as wrong:
            return _sorry(look, wrong)
        return html(status(look, code, number), 404 if code and number is None else 200)

    async def tell(self, request: Request) -> Response:
        """Let a caller urge, rate or reopen."""
        look = look_of(request, self.counter, self.kind)
        async with bounded(request).form(max_files=0, max_fields=20) as told:
            code, wanted = tidy(str(told.get("code", ""))), wish(told)
        try:
            await run_in_threadpool(self.counter.say, code, wanted, address(request))
            number = await run_in_threadpool(self.counter.status, code, address(request))
        except Refusal as wrong:
            return _sorry(look, wrong)
        return html(status(look, code, number, said=say("done", look.lang)))


def routes(counter: Counter, kind: CaseKind) -> list[Route]:
    """Return the caller's routes."""
    callers = Callers(counter, kind)
    return [
        Route("/", callers.ask, methods=["GET"]),
        Route("/report", callers.report, methods=["POST"]),
        Route("/status", callers.follow, methods=["GET"]),
        Route("/say", callers.tell, methods=["POST"]),
        *assets.routes(kind),
    ]


async def read_letter(request: Request, kind: CaseKind, given: dict[str, str]) -> Letter | None:
    """Read the form; None when a machine filled it in. What was typed is put into `given`.

    Raises:
        Refusal: it is too big, or a position is no position.
    """
    length = request.headers.get("content-length", "")
    if length and (not length.isdigit() or int(length) > BODY):
        raise refuse(f"at most {BODY >> 20} MB in all", f"总大小不超过 {BODY >> 20} MB")
    async with request.form(max_files=MOST, max_fields=60, max_part_size=64 << 10) as told:
        if told.get("website"):
            return None
        given |= typed(told)
        photos = [
            await item.read(BYTES + 1)
            for name, item in told.multi_items()
            if name == "photo" and isinstance(item, UploadFile)
        ]
        return _letter(told, tuple(p for p in photos if p), kind, address(request))


def _letter(told: FormData, photos: tuple[bytes, ...], kind: CaseKind, where: str) -> Letter:
    def one(name: str, most: int = 200) -> str:
        return str(told.get(name, "")).strip()[:most]

    areas = {j.code for j in kind.jurisdictions}
    return Letter(
        kind=kind.name,
        text=str(told.get("text", "")),
        channel="web",
        address=where,
        phone=one("phone", 20),
        name=one("name", 60),
        service=one("service", 60),
        area=one("area") if one("area") in areas else next(iter(sorted(areas)), ""),
        place=one("place"),
        where=position(one("lat"), one("long")),
        facts=answers(told, kind, one("service", 60)),
        photos=photos,
    )


def position(lat: str, long: str) -> tuple[float, float] | None:
    """Return (longitude, latitude), or None where nothing was given.

    Raises:
        Refusal: it is no position.
    """
    if not lat and not long:
        return None
    try:
        y, x = float(lat), float(long)
    except ValueError:
        y = x = 999.0
    if not (-90.0 <= y <= 90.0 and -180.0 <= x <= 180.0):
        raise refuse("latitude and longitude are given together, in degrees", "请同时填写经纬度")
    return x, y


def wish(told: FormData) -> Wish:
    """Return what a caller's form wants."""
    move = str(told.get("move", ""))
    args: dict[str, Value] = {}
    if move == "rate":
        marks = str(told.get("satisfied", "3"))
        marks = marks if marks in {"1", "2", "3", "4", "5"} else "3"
        args = {"solved": told.get("solved") == "yes", "satisfied": float(marks)}
    return Wish(name=move if move in CALLERS else "urge", note=str(told.get("note", "")), args=args)


def _sorry(look: Look, wrong: Exception, given: Mapping[str, str] = EMPTY) -> Response:
    says = wrong.says if isinstance(wrong, Refusal) else Words(str(wrong), f"未能提交:{wrong}")
    code = 429 if isinstance(wrong, Flood) else 400
    return html(form(look, given, wrong=pick(says, look.lang)), code)
