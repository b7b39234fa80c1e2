"""`mindu data serve`: the data doors on one port; the notary signs behind them."""

import argparse
import socket
from threading import Event, Thread

import uvicorn
from starlette.applications import Starlette

from mindu.base.records import Words
from mindu.cli.data.use.lake import Lake, opened
from mindu.cli.say import GOOD, Trouble, Voice
from mindu.data.registers.telling import tell
from mindu.edge.data import doors, own
from mindu.engines.text import mask

PORT, NOTE_S, AT_ONCE = 8465, 10.0, 256


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    add.add_argument("--host", default="127.0.0.1")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Serve until somebody ends it."""
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((asked.host, asked.port))
    except OSError as wrong:
        raise Trouble(
            Words(f"Port {asked.port} is taken: {wrong}", f"端口 {asked.port} 被占用。"),
            Words("Give --port 0 for any free one.", "用 --port 0 取空闲端口。"),
        ) from wrong
    ended = Event()
    with line, opened(asked) as lake:
        root = f"http://{asked.host}:{line.getsockname()[1]}/data"
        voice.data({"sql": f"{root}/v1/sql", "mine": f"{root}/mine"}, f"{root}/v1/sql\n{root}/mine")
        signing = Thread(target=_sign, args=(lake, ended))
        signing.start()
        config = uvicorn.Config(
            app(lake), log_level="warning", lifespan="off", server_header=False,
            limit_concurrency=AT_ONCE, timeout_keep_alive=5,
        )  # fmt: skip
        try:
            uvicorn.Server(config).run(sockets=[line])
        finally:
            ended.set()
            signing.join()
    return GOOD


def app(lake: Lake) -> Starlette:
    """Return the doors of a lake."""
    held = doors.Doors(gateway=lake.gateway, office=lake.office)
    mine = own.Own(
        doors=held, vault=lake.vault, mask=lambda text: mask(text).text, registers=lake.registers
    )
    return Starlette(
        routes=[*doors.routes(held), *own.routes(mine)], exception_handlers={OSError: doors.full}
    )


def _sign(lake: Lake, ended: Event) -> None:
    """Sign the newest head every few seconds, and once more at the end."""
    while not ended.wait(NOTE_S):
        _tell(lake)
        lake.notary.sign()
    lake.notary.sign()


def _tell(lake: Lake) -> None:
    """Write down the builds of registers that were made beside us."""
    if lake.registers is not None:
        with lake.gateway.lock:
            tell(lake.memory.log, lake.registers, lake.clock.now())
