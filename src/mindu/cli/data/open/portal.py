"""`mindu data portal`: the open portal on one port, until somebody ends it."""

import argparse
import socket
from contextlib import ExitStack

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from mindu.base.records import Words
from mindu.cli.data.open.beat import beating
from mindu.cli.data.open.house import opened
from mindu.cli.data.open.orders import taken
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.console.wire.assets import OURS, kept, ours
from mindu.edge.portal.doors import application
from mindu.edge.portal.portal import Portal

PORT, AT_ONCE = 8466, 256


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    add.add_argument("--host", default="127.0.0.1", help="put a door with TLS in front of others")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Serve the pages, the files and CKAN's API."""
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((asked.host, asked.port))
    except OSError as wrong:
        raise Trouble(
            Words(f"Port {asked.port} is taken: {wrong}", f"端口 {asked.port} 被占用。"),
            Words("Give --port 0 for any free one.", "用 --port 0 取空闲端口。"),
        ) from wrong
    with ExitStack() as ends:
        ends.enter_context(line)
        held = ends.enter_context(opened(state(asked.data)))
        ends.enter_context(taken(held))
        ends.enter_context(beating(held))
        root = f"http://{asked.host}:{line.getsockname()[1]}"
        voice.data({"portal": f"{root}/", "ckan": f"{root}/api/3/action"}, f"{root}/")
        config = uvicorn.Config(
            site(held.portal), log_level="warning", lifespan="off", server_header=False,
            limit_concurrency=AT_ONCE, timeout_keep_alive=5,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[line])
    return GOOD


def site(portal: Portal) -> Starlette:
    """Return the portal at the root, with what it shares with the console: sheets, scripts."""

    async def built(request: Request) -> Response:
        return kept((), request.url.path)

    shared = [*(Route(path, ours) for path in OURS), Route("/static/{rest:path}", built)]
    return Starlette(routes=[*shared, Mount("/", app=application(portal))])
