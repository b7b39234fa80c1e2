"""`mindu hotline serve`: the doors on one port, until somebody ends it."""

import argparse
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import uvicorn

from mindu.base.records import Words
from mindu.brain.brain import Brain
from mindu.cli.counter.beside import Do, Order, taking
from mindu.cli.counter.house import city, helped, listen, opened, rounds
from mindu.cli.counter.orders import carry_out
from mindu.cli.counter.reader import Listener, note
from mindu.cli.counter.reader import opened as hearing
from mindu.cli.counter.watch import watching
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.edge.counter.counter import Counter
from mindu.edge.desk.tools import Tools

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
    with ExitStack() as held:
        held.enter_context(line)
        brain, counter = held.enter_context(opened(folder))
        listener = listen(folder, brain, counter)
        held.enter_context(taking(folder, _orders(folder, brain, counter, listener)))
        looks, library = held.enter_context(watching(brain, counter)), helped(counter)
        held.enter_context(rounds(brain, counter))
        root = f"http://{asked.host}:{line.getsockname()[1]}"
        doors = {"form": f"{root}/", "desk": f"{root}/desk", "open311": f"{root}/open311/v2"}
        told = "\n".join(f"{name:>8}  {url}" for name, url in doors.items())
        voice.data({**doors, "data": str(folder)}, f"{told}\n{folder}")
        config = uvicorn.Config(
            city(counter, Tools(reads=listener.services, looks=looks, library=library)),
            log_level="warning", lifespan="off", server_header=False, timeout_keep_alive=5,
            limit_concurrency=AT_ONCE, backlog=BACKLOG,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[line])
    return GOOD


def _orders(folder: Path, brain: Brain, counter: Counter, listener: Listener) -> Do:
    """Return what carries out the orders that come in beside the doors."""

    def renewed() -> None:
        fresh = hearing(folder, brain.office)
        if fresh.model is not None:
            listener.renew(fresh.model)
        brain.memory.write(note(fresh), at=counter.clock.now(), about="matter", by="hotline")

    def do(order: Order) -> Mapping[str, str]:
        with counter.lock:
            return carry_out(brain, counter, order, renewed)

    return do
