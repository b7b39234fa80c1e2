"""Ahead: a reader works on its next part, and no further, while the one before is stored."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from queue import Queue
from threading import Event, Thread

from mindu.data.collect.part import Part

_Told = Part | BaseException | None  # None: it came to its end


@contextmanager
def ahead(parts: Generator[Part, None, None]) -> Iterator[Iterator[Part]]:
    """Give the parts in their order, with what the reader raises where it raised it.

    One part waits at most. The reader lives in a thread of its own from its first row to its last
    and is closed there; leaving early waits for the part that it is at.
    """
    waiting: Queue[_Told] = Queue(maxsize=1)
    left = Event()
    worker = Thread(target=_read, args=(parts, waiting, left), name="collect", daemon=True)
    worker.start()
    try:
        yield _given(waiting)
    finally:
        left.set()
        while worker.is_alive():
            if not waiting.empty():
                waiting.get()
            worker.join(0.01)


def _read(parts: Generator[Part, None, None], waiting: "Queue[_Told]", left: Event) -> None:
    try:
        with closing(parts):
            for part in parts:
                waiting.put(part)
                if left.is_set():
                    return
    except BaseException as wrong:  # noqa: BLE001 - it is raised again where the parts are taken
        waiting.put(wrong)
        return
    waiting.put(None)


def _given(waiting: "Queue[_Told]") -> Iterator[Part]:
    while (told := waiting.get()) is not None:
        if isinstance(told, BaseException):
            raise told
        yield told
