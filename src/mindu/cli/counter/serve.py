"""`mindu hotline serve`: the doors on one port, until somebody ends it."""

import argparse
import signal
import socket
import sys
from contextlib import ExitStack

import uvicorn

from mindu.apps.hotline.things import trends
from mindu.apps.hotline.topics import topics
from mindu.base.records import Words
from mindu.cli.counter.house import city, opened, rounds
from mindu.cli.counter.staff import staff
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.engines.text.quick.beside import begin

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
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end, all is put away
    with ExitStack() as held:
        held.enter_context(line)
        brain, counter = held.enter_context(opened(folder))
        tools = held.enter_context(staff(folder, brain, counter, trends(topics())))
        held.enter_context(rounds(brain, counter))
        begin(lambda wrong: print(wrong, file=sys.stderr))
        root = f"http://{asked.host}:{line.getsockname()[1]}"
        doors = {"form": f"{root}/", "desk": f"{root}/desk", "open311": f"{root}/open311/v2"}
        told = "\n".join(f"{name:>8}  {url}" for name, url in doors.items())
        voice.data({**doors, "data": str(folder)}, f"{told}\n{folder}")
        config = uvicorn.Config(
            city(counter, tools),
            log_level="warning", lifespan="off", server_header=False, timeout_keep_alive=5,
            limit_concurrency=AT_ONCE, backlog=BACKLOG,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[line])
    return GOOD
