"""The watch beside a line that serves: what many cases say together, in a thread of its own."""

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from mindu.apps.hotline.things import Trend
from mindu.brain.brain import Brain
from mindu.cli.line.scanning import lookout
from mindu.edge.counter.counter import Counter
from mindu.edge.together.lookout import Lookout

LOOK_S = 60.0  # s between two looks; the scan itself is due once an hour
ENDS_S = 60.0  # s that a look may take to its end when the line closes


@contextmanager
def watching(
    brain: Brain, counter: Counter, stood: Sequence[Trend], every: float = LOOK_S
) -> Iterator[Lookout]:
    """Look again and again until the block ends; `stood` are the trends that stand in the city."""
    looks, stop = lookout(brain, counter, stood), Event()
    looks.scan(counter.clock.now())  # what was never looked at would be blind

    def go() -> None:
        while not stop.is_set():
            try:
                looks.look(counter.clock.now())
            except Exception:  # noqa: BLE001 - told; the next look is tried all the same
                traceback.print_exc()
            stop.wait(every)

    thread = Thread(target=go, daemon=True)
    thread.start()
    try:
        yield looks
    finally:
        stop.set()
        thread.join(ENDS_S)
