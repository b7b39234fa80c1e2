"""The staff beside the doors of a line: reader, lookout, library, post, and who takes orders."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

from mindu.apps.hotline.things import Trend
from mindu.base.records import Words
from mindu.brain.brain import Brain
from mindu.cli.counter.behind.archiving import archiving, asking
from mindu.cli.counter.behind.watch import watching
from mindu.cli.counter.beside import Do, Order, taking
from mindu.cli.counter.feel import FILE as FEELINGS
from mindu.cli.counter.feel import Feelings
from mindu.cli.counter.house import helped, listen
from mindu.cli.counter.orders import carry_out
from mindu.cli.counter.reader import Listener, note
from mindu.cli.counter.reader import opened as hearing
from mindu.cli.say import Trouble
from mindu.edge.callback.links import Links
from mindu.edge.callback.outbox import Outbox
from mindu.edge.callback.settings import FILE, settings
from mindu.edge.counter.counter import Counter
from mindu.edge.desk.tools import Tools
from mindu.edge.together.opinion import Opinions

ROUND_S = 30.0  # s between two rounds of the post
ENDS_S = 60.0  # s that a round may take to its end when the line closes


@contextmanager
def staff(
    folder: Path, brain: Brain, counter: Counter, stood: Sequence[Trend] = ()
) -> Iterator[Tools]:
    """Let a reader, a lookout, a library and the post work beside the doors; yield the tools.

    `stood` are the trends that stand in the city, if any do.

    Raises:
        Trouble: `outbox.toml` cannot be read.
    """
    with ExitStack() as held:
        listener = listen(folder, brain, counter)
        held.enter_context(taking(folder, _orders(folder, brain, counter, listener)))
        held.enter_context(posting(folder, counter))
        looks = held.enter_context(watching(brain, counter, stood))
        archive = held.enter_context(archiving(folder, counter))
        yield Tools(
            reads=listener.services, looks=looks, library=helped(counter, archive),
            opinions=Opinions(looks.known, Feelings(folder / FEELINGS)),
            repeats=asking(counter, archive),
        )  # fmt: skip


@contextmanager
def posting(folder: Path, counter: Counter, every: float = ROUND_S) -> Iterator[Outbox | None]:
    """Send what waits, round by round, until the block ends; nothing goes where no file says how.

    Raises:
        Trouble: the file cannot be read.
    """
    box, stop = _outbox(folder, counter), Event()
    if box is None:
        yield None
        return

    def go() -> None:
        while not stop.wait(every):
            try:
                box.round(counter.clock.now())
            except Exception:  # noqa: BLE001 - told; the next round is tried all the same
                traceback.print_exc()

    thread = Thread(target=go, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        stop.set()
        thread.join(ENDS_S)


def _outbox(folder: Path, counter: Counter) -> Outbox | None:
    try:
        root, doors = settings(folder)
    except ValueError as wrong:
        raise Trouble(
            Words(f"No links can be sent: {wrong}", f"无法发送评价链接:{wrong}"),
            Words(f"Mend {FILE}, or take it away.", f"请修正或移除 {FILE}。"),
        ) from wrong
    if not doors:
        return None
    return Outbox(counter, Links(counter.office, counter.vault), root, doors)


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
