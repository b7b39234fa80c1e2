"""The doors of GeoReport v2 as Starlette routes, to be mounted under any path."""

from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.brain.casework.refusals import Denied, Refusal
from mindu.edge.counter.letter import Flood
from mindu.edge.counter.limits import bounded
from mindu.edge.counter.photos import BYTES, MOST
from mindu.edge.counter.plain import spelled
from mindu.edge.counter.web import address
from mindu.edge.open311 import verbs
from mindu.edge.open311.asked import Asked, Wrong
from mindu.edge.open311.call import Call, City
from mindu.edge.open311.shape import FORMATS, told

FIELDS = 100
FIELD_BYTES = 64 << 10
Verb = Callable[[Call], verbs.Answer]


def routes(city: City) -> list[Route]:
    """Return every route of the specification, with updates and media as extensions."""
    reading: dict[str, Verb] = {
        "/discovery.{form}": verbs.discovery,
        "/services.{form}": verbs.services,
        "/services/{code}.{form}": verbs.definition,
        "/requests.{form}": verbs.listed,
        "/requests/{id}.{form}": verbs.one,
        "/tokens/{id}.{form}": verbs.token,
        "/servicerequestupdates.{form}": verbs.changes,
    }
    writing: dict[str, Verb] = {
        "/requests.{form}": verbs.report,
        "/servicerequestupdates.{form}": verbs.update,
    }
    made = [_route(city, path, verb, "GET") for path, verb in reading.items()]
    made += [_route(city, path, verb, "POST") for path, verb in writing.items()]
    return [*made, Route("/media/{digest}.jpg", partial(_media, city), methods=["GET"])]


def _route(city: City, path: str, verb: Verb, method: str) -> Route:
    async def answer(request: Request) -> Response:
        form = request.path_params["form"]
        if form not in FORMATS:
            return Response("formats are xml and json", 404, media_type="text/plain")
        try:
            call = await _read(city, request)
            root, value = await run_in_threadpool(verb, call)
        except Exception as wrong:  # noqa: BLE001 - every failure is an answer in the form asked for
            return _error(wrong, form)
        return Response(told(root, value, form), 200, media_type=FORMATS[form])

    return Route(path, answer, methods=[method])


async def _read(city: City, request: Request) -> Call:
    """Read query and form; a body beyond the limits is refused before it is held."""
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    photos: list[bytes] = []
    if request.method == "POST":
        length = request.headers.get("content-length", "")
        if length and (not length.isdigit() or int(length) > MOST * BYTES):
            raise Wrong(413, f"a request has at most {MOST * BYTES >> 20} MB")
        async with bounded(request, MOST * BYTES).form(
            max_files=MOST, max_fields=FIELDS, max_part_size=FIELD_BYTES
        ) as form:
            for name, item in form.multi_items():
                if isinstance(item, UploadFile):
                    photos.append(await item.read(BYTES + 1))
                else:
                    given.setdefault(name, []).append(spelled(item))
    base = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
    path = {name: str(value) for name, value in request.path_params.items()}
    kept = tuple(photo for photo in photos if photo)
    return Call(city, Asked(given), base, path, kept, address(request))


def _error(wrong: Exception, form: str) -> Response:
    """Return an error as the specification has it: a list of code and description."""
    if isinstance(wrong, Wrong):
        status, says = wrong.status, wrong.says
    elif isinstance(wrong, HTTPException):
        status, says = wrong.status_code, str(wrong.detail)
    elif isinstance(wrong, Flood):
        status, says = 429, f"{wrong.says.en} {wrong.says.zh}"
    elif isinstance(wrong, Refusal):
        status, says = (403 if isinstance(wrong, Denied) else 400), wrong.says.en
    elif isinstance(wrong, ValueError):
        status, says = 400, str(wrong)
    else:
        status, says = 500, "something failed here; the matter was not taken in, try again"
    body = told("errors", [{"code": status, "description": says}], form)
    headers = {"Retry-After": str(int(wrong.wait) + 1)} if isinstance(wrong, Flood) else {}
    return Response(body, status, headers, media_type=FORMATS[form])


async def _media(city: City, request: Request) -> Response:
    digest = request.path_params["digest"]
    found = await run_in_threadpool(city.counter.photos.read, digest)
    if found is None:
        return Response("no such picture", 404, media_type="text/plain")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=86400"}
    return Response(found, 200, headers, media_type="image/jpeg")
