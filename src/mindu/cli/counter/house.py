"""The hotline's own wiring: log, vault, photos and a brain that goes its rounds."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn, Protocol

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from mindu.apps.hotline import APP
from mindu.apps.hotline.things import Concern, Line, Road, things
from mindu.base.records import Action, Entry, Words
from mindu.base.time import Clock, SystemClock
from mindu.brain.brain import Brain
from mindu.brain.casework.dispatch import Guess, dispatch
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.world import Refused
from mindu.cli.live.store import LOG
from mindu.cli.say import Trouble
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.counter import web
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.counter.pulse import Beat, Pulse
from mindu.edge.desk import doors as desk
from mindu.edge.open311 import doors as open311
from mindu.edge.open311.call import City

KIND: CaseKind = APP.cases[0]
FIRM: CaseKind = APP.cases[1]
ROUND_S = 30.0  # s between rounds: deadlines, stopped clocks
CHANGESET = "2026-11-25T00:00:00+08:00"  # when the services last changed
CHOSEN = "choice"  # the "model" of a case whose caller chose a service


class Turns(Protocol):
    """Somebody who takes turns."""

    def tick(self) -> object:
        """Take one."""
        ...


class NoHand:
    """A hotline alone moves no machine."""

    def send(self, action: Action, _now: object) -> NoReturn:
        """Refuse."""
        raise Refused(f"nobody here can {action.verb}; connect a hand")


@contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Iterator[tuple[Brain, Counter]]:
    """Open the hotline of a folder for writing.

    Raises:
        Trouble: another process holds it, or it is no log of ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clock = clock or SystemClock()
    try:
        log = Log.open(str(folder / LOG))
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(f"The log cannot be written: {wrong}", f"日志无法写入:{wrong}"),
            Words("Stop the other process, or give --data.", "请停止另一进程,或用 --data 指定。"),
        ) from wrong
    brain = Brain(
        "hotline", log=log, clock=clock, apps=[APP], sources=[], hand=NoHand(),
        things=[thing for thing in things() if not isinstance(thing, Line)],
    )  # fmt: skip
    brain.listen(Pulse(brain.office, beats()))
    vault = Vault(folder / "vault")
    counter = Counter(brain.office, vault, Photos(folder / "media"), clock)
    counter.seen = lambda entry: sent(counter, entry)
    try:
        yield brain, counter
    finally:
        brain.close()
        vault.close()


def sent(counter: Counter, entry: Entry) -> None:
    """Send a new case as far as a machine may, by the service that its caller chose."""
    number, office = entry.seq, counter.office
    if office.cases.row(number)["closed"]:
        return
    kind = office.kinds[office.cases.said(number, "kind")]
    service = counter.service(kind, office.cases.said(number, "service"))
    guesses = []
    if service is not None:
        why = (service.name.zh,)
        guesses = [Guess(topic=service.topic, nature=service.nature, sure=0.9, because=why)]
    dispatch(office, number, guesses, model=CHOSEN, now=entry.at)


def city(counter: Counter) -> Starlette:
    """Return every door of the hotline: form and desk at the root, Open311 under /open311/v2."""
    told = City(
        counter=counter,
        kind=KIND,
        contact=Words("call 12345", "请拨 12345"),
        key_service="`mindu hotline key NAME` at the hotline centre 向热线中心申请",
        changeset=CHANGESET,
    )
    shared: list[Route] = [*web.routes(counter, KIND), *desk.routes(counter, KIND)]
    doors = [
        Mount("/open311/v2", routes=open311.routes(told)),
        Mount("/firms", routes=web.routes(counter, FIRM)),
    ]
    return Starlette(routes=[*doors, *shared])


def beats() -> list[Beat]:
    """Return what is counted of the cases, so that the loops may judge it."""
    found = []
    for thing in things():
        if isinstance(thing, Concern):
            beat = Beat(about=thing.id, prop="calls", topic=thing.topic, area=thing.area)
            found.append(beat)
        elif isinstance(thing, Road):
            half, topic = timedelta(minutes=30), "water.flooding"
            beat = Beat(about=thing.id, prop="calls", span=half, topic=topic, place=thing.name_zh)
            found.append(beat)
    return found


@contextmanager
def rounds(brain: Turns, counter: Counter, every: float = ROUND_S) -> Iterator[None]:
    """Let the brain take its rounds beside the doors until the block ends."""
    stop = Event()

    def go() -> None:
        while not stop.wait(every):
            try:
                with counter.lock:
                    brain.tick()
            except Exception:  # noqa: BLE001 - told; the next round is tried all the same
                traceback.print_exc()

    thread = Thread(target=go, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(ROUND_S)
