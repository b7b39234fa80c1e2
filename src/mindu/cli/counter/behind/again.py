"""Again and again: one piece of work beside a line, in a thread that outlives what goes wrong."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from mindu.brain.casework.refusals import Busy


@contextmanager
def again(work: Callable[[Event], object], *, every: float, ends: float) -> Iterator[Thread]:
    """Do the work every so many seconds until the block ends; wait `ends` seconds for the last.

    The work is given the event that tells it to stop.
    """
    stop = Event()

    def go() -> None:
        while not stop.is_set():
            try:
                work(stop)
            except Busy:
                pass  # the next look comes to the same
            except Exception:  # noqa: BLE001 - told; the next look is tried all the same
                traceback.print_exc()
            stop.wait(every)

    thread = Thread(target=go, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(ends)
