"""`mindu hotline serve`: the doors on one port, until somebody ends it."""

import argparse
import socket

import uvicorn

from mindu.base.records import Words
from mindu.cli.counter.house import city, opened, rounds
from mindu.cli.say import GOOD, Trouble, Voice, state

BACKLOG = 512  # connections that wait at once
AT_ONCE = 256  # requests that are answered at once; more get 503 and come again


def serve(asked: argparse.Namespace, voice: Voice) -> int:
    """Serve the web form, the desk and Open311."""
    folder = state(asked.data)
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((asked.host, asked.port))
    except OSError as wrong:
        raise Trouble(
            Words(f"Port {asked.port} is taken: {wrong}", f"端口 {asked.port} 被占用。"),
            Words("Give --port 0 for any free one.", "用 --port 0 取空闲端口。"),
        ) from wrong
    with line, opened(folder) as (brain, counter), rounds(brain, counter):
        root = f"http://{asked.host}:{line.getsockname()[1]}"
        doors = {"form": f"{root}/", "desk": f"{root}/desk", "open311": f"{root}/open311/v2"}
        told = "\n".join(f"{name:>8}  {url}" for name, url in doors.items())
        voice.data({**doors, "data": str(folder)}, f"{told}\n{folder}")
        config = uvicorn.Config(
            city(counter), log_level="warning", lifespan="off", server_header=False,
            limit_concurrency=AT_ONCE, backlog=BACKLOG, timeout_keep_alive=5,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[line])
    return GOOD
