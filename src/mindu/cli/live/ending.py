"""How a night is asked to end: once politely, twice at once, and with whoever had it lived."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

BOUND = "MINDU_BOUND"  # set: a night ends with the process that holds the other end of its input

ENDING = """
Stopping after this turn; Ctrl-C again stops at once. Nothing that was written is lost.
本轮结束后停止；再按一次 Ctrl-C 立即停止。已写入的不会丢失。
""".encode()


@contextmanager
def stopping(stopped: Event) -> Iterator[None]:
    """Say that it is time to stop on Ctrl-C or when asked to terminate; asked twice, stop at once.

    What was acknowledged is on the disk, so a turn that is cut short loses nothing of it.

    Raises:
        KeyboardInterrupt: the second time.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        os.write(2, ENDING)  # a signal may come in the middle of a print

    if os.environ.get(BOUND):
        Thread(target=_left, args=(stopped,), name="bound", daemon=True).start()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _left(stopped: Event) -> None:
    """Stop when the input closes, as it does however its other end dies."""
    while os.read(0, 1024):
        pass
    stopped.set()
