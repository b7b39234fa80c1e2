"""Assets: the face's own files, what was built for it, and the files of the map package."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from mindu.base.records import Words
from mindu.console.ask import missing
from mindu.console.declared import Map
from mindu.console.wire.reply import refused, response

FILE = Words("file", "文件")
STATIC = Words("See `/api/v1/manifest` for maps.", "地图见清单接口。")
TEXT = "; charset=utf-8"
OURS = {
    "/face.css": f"text/css{TEXT}",
    "/face.js": f"text/javascript{TEXT}",
    "/passkey.js": f"text/javascript{TEXT}",
    "/face.svg": "image/svg+xml",
}
KINDS = {
    ".js": f"text/javascript{TEXT}",
    ".mjs": f"text/javascript{TEXT}",
    ".css": f"text/css{TEXT}",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".pmtiles": "application/octet-stream",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".html": f"text/html{TEXT}",
    ".txt": f"text/plain{TEXT}",
}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # names carry a digest
ASK_AGAIN = {"Cache-Control": "no-cache"}


async def ours(request: Request) -> Response:
    """Send one of the face's own files."""
    path = request.url.path
    body = files("mindu.console").joinpath(path[1:]).read_bytes()
    return Response(body, media_type=OURS[path], headers=ASK_AGAIN)


def kept(maps: Sequence[Map], path: str) -> Response:
    """Send a built asset, or a file of the map package; ranges of a map are answered."""
    head, *rest = PurePosixPath(path).parts[1:]
    kind = KINDS.get(PurePosixPath(path).suffix, "")
    if head == "geo":
        known = {one.name: one.path for one in maps}
        found = known.get("/".join(rest))
        return FileResponse(found, media_type=kind) if found and kind else _none()
    room = files("mindu.console").joinpath("static", *rest)
    if ".." in rest or not kind or not room.is_file():
        return _none()
    headers = FOR_EVER if len(rest) > 1 else ASK_AGAIN
    return Response(room.read_bytes(), media_type=kind, headers=headers)


def _none() -> Response:
    return response(refused(missing(FILE, STATIC)), None)
