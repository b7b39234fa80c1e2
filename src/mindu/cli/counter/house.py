"""The hotline's own wiring: log, vault, photos and a brain that goes its rounds."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn, Protocol

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from mindu.apps.hotline import APP
from mindu.apps.hotline.things import concerns, roads, trends
from mindu.apps.hotline.topics import topics
from mindu.base.records import Action, Entry, Move, Words
from mindu.base.time import Clock, SystemClock
from mindu.base.wrong import said
from mindu.brain.brain import Brain
from mindu.brain.casework.dispatch import dispatch
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.brain.world import Refused
from mindu.cli.counter.reader import Listener, note
from mindu.cli.counter.reader import opened as hearing
from mindu.cli.line.beats import beats
from mindu.cli.say import Trouble
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.aid.checks import stopping
from mindu.edge.aid.library import Library
from mindu.edge.callback import page as rating
from mindu.edge.callback.links import Links
from mindu.edge.counter import web
from mindu.edge.counter.astray import astray
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.counter.pulse import Pulse
from mindu.edge.desk import doors as desk
from mindu.edge.desk.tools import BARE, Tools
from mindu.edge.open311 import doors as open311
from mindu.edge.open311.call import City
from mindu.edge.together.archive import Archive

KIND: CaseKind = APP.cases[0]
FIRM: CaseKind = APP.cases[1]
ROUND_S = 30.0  # s between rounds: deadlines, stopped clocks
CHANGESET = "2026-11-25T00:00:00+08:00"  # when the services last changed


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
        log = Log.open(home(folder).log())
    except (ValueError, OSError, RuntimeError) as wrong:
        mend = Words("Stop the other process, or give --data.", "请停止另一进程,或用 --data 指定。")
        raise Trouble(said(wrong, "The log cannot be written: ", "日志无法写入:"), mend) from wrong
    # Nobody counts those who wait at the line.
    stood = [*roads(), *concerns(), *trends(topics())]
    brain = Brain(
        "hotline", log=log, clock=clock, apps=[APP], sources=[], hand=NoHand(), things=stood,
    )  # fmt: skip
    brain.listen(Pulse(brain.office, beats(stood)))
    vault = Vault(folder / "vault")
    counter = Counter(brain.office, vault, Photos(folder / "media"), clock)
    try:
        yield brain, counter
    finally:
        brain.close()
        vault.close()


@contextmanager
def looked(folder: Path) -> Iterator[Office]:
    """Look at the cases of a folder, also beside a line that serves it; nothing can be written.

    Raises:
        Trouble: it is no log of ours.
    """
    try:
        there = home(folder)
        log = Log.read(there.log()) if there.there() else Log.open(":memory:")
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(f"The log cannot be read: {wrong}", f"日志读不出:{said(wrong).zh}"),
            Words("Run `mindu doctor`, or give --data.", "请运行 mindu doctor,或用 --data 指定。"),
        ) from wrong
    try:
        yield Office(Memory(log, {}, seed=0), {kind.name: kind for kind in APP.cases})
    finally:
        log.close()


def listen(folder: Path, brain: Brain, counter: Counter) -> Listener:
    """Let a reader hear every new case, and every word of a person about one; say which it is."""
    listener = hearing(folder, brain.office)
    brain.memory.write(note(listener), at=counter.clock.now(), about=KIND.name, by="hotline")
    counter.seen = lambda entry: sent(counter, listener, entry)
    counter.moved = lambda entry: corrected(counter, listener, entry)
    return listener


def helped(counter: Counter, archive: Archive | None = None) -> Library:
    """Let replies be checked before they go on; return what helps to write them."""
    library = Library(counter.office, archive)
    counter.checked = lambda number, wish: stopping(counter, library, number, wish)
    return library


def corrected(counter: Counter, listener: Listener, entry: Entry) -> None:
    """Let the reader remember what a person made of a case."""
    move = entry.record
    if isinstance(move, Move) and move.name == "classify":
        number = int(entry.about.rpartition(":")[2])
        listener.corrected(number, counter.opening(number).text, str(move.args["topic"]))


def sent(counter: Counter, listener: Listener, entry: Entry) -> None:
    """Send a new case as far as a machine may, by its words and the service that was chosen."""
    number, office = entry.seq, counter.office
    if office.cases.row(number)["closed"]:
        return
    kind = office.kinds[office.cases.said(number, "kind")]
    service = counter.service(kind, office.cases.said(number, "service"))
    told = counter.opening(number)
    try:
        guesses = listener.guesses(told.text, told.title, service)
    except Exception:  # noqa: BLE001 - a reader that stumbles must not cost a caller the case
        traceback.print_exc()
        guesses = []
    dispatch(office, number, guesses, model=listener.version, now=entry.at)


def city(counter: Counter, tools: Tools = BARE, links: Links | None = None) -> Starlette:
    """Return every door of the hotline: form and desk at the root, Open311 under /open311/v2."""
    links = links or Links(counter.office, counter.vault)
    told = City(
        counter=counter,
        kind=KIND,
        contact=Words("call 12345", "请拨 12345"),
        key_service="`mindu hotline key NAME` at the hotline centre 向热线中心申请",
        changeset=CHANGESET,
    )
    shared: list[Route] = [
        *web.routes(counter, KIND), *desk.routes(counter, KIND, tools=tools),
        *rating.routes(counter, KIND, links),
    ]  # fmt: skip
    doors = [
        Mount("/open311/v2", routes=open311.routes(told)),
        Mount("/firms", routes=web.routes(counter, FIRM)),
    ]
    return Starlette(routes=[*doors, *shared], exception_handlers=astray(counter, KIND))


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
