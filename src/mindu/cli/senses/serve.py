"""`mindu senses serve` and `mindu edge`: a node that runs until it is stopped."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable
from functools import partial

from mindu.base.records import Words
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.cli.senses.store import FOLDER, now_ms, opened
from mindu.data.senses.quick.beside import begin
from mindu.data.senses.senses import Senses
from mindu.edge.doors import Doors
from mindu.edge.file import Misfit, read
from mindu.edge.keys import Keys, Sender
from mindu.edge.settings import Http, Mqtt, Settings

Tell = Callable[[str], object]
SWITCH = 0.001  # s between turns of threads: the loop must not wait long for the writer


def serve(asked: argparse.Namespace, voice: Voice) -> int:
    """Open the doors until a signal comes."""
    told = Settings(
        http=Http(host=asked.host, port=asked.port),
        mqtt=Mqtt(host=asked.host, port=asked.mqtt_port),
    )
    if asked.settings is not None:
        told = _settings(asked)
    return _run(told, asked, voice, begin)


def edge(asked: argparse.Namespace, voice: Voice) -> int:
    """Run a small node that hands its readings on."""
    return _run(_settings(asked), asked, voice, lambda _: None)


def _settings(asked: argparse.Namespace) -> Settings:
    try:
        return read(asked.settings)
    except Misfit as wrong:
        raise Trouble(wrong.says, wrong.mend) from wrong


def _run(
    told: Settings, asked: argparse.Namespace, voice: Voice, quick: Callable[[Tell], object]
) -> int:
    sys.setswitchinterval(SWITCH)
    with opened(state(asked.data) / FOLDER) as store:
        try:
            asyncio.run(_live(store, told, voice, quick))
        except OSError as wrong:
            raise Trouble(
                Words(f"A door does not open: {wrong}", f"端口无法打开:{wrong}"),
                Words("Give another port, 0 takes a free one.", "请换一个端口,0 表示任选。"),
            ) from wrong
    return GOOD


async def _live(
    store: Senses, told: Settings, voice: Voice, quick: Callable[[Tell], object]
) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    doors = Doors(store, Keys(store.folder / "keys", store.registry), now_ms)
    doors.say = partial(print, file=sys.stderr, flush=True)
    async with doors.open(told):
        quick(doors.troubles.append)
        facts: dict[str, object] = {"devices": len(store.registry)}
        if told.http is not None:
            facts["http"] = f"http://{told.http.host}:{doors.http_port}"
            facts["key"] = doors.keys.grant("local", Sender(keeps=True))
        if told.mqtt is not None:
            facts["mqtt"] = f"{told.mqtt.host}:{doors.mqtt_port}"
        voice.data(facts, "\n".join(f"{name}: {it}" for name, it in facts.items()))
        await over.wait()
        for trouble in doors.troubles:
            print(trouble, file=sys.stderr)
