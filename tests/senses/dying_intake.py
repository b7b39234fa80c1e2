"""A process that takes readings in until it is killed, saying aloud what it acknowledged.

Kernels are loaded once, by who forks such processes; each goes the quick way or the ordinary one.
"""

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from town import DAY, GAUGE, T0, said, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.memory.tiers import tier
from mindu.data.senses.quick.begin import put, warm
from mindu.perceive.declare import Keep

DEVICES, ROWS, BAD = 5, 10, 2
STEP = 3_600_000  # ms: a day is 24 batches, so that whole days go cold meanwhile
TOUCHES = frozenset(("open", "os.rename", "os.remove", "os.mkdir", "os.truncate"))  # of a file


def ordinary() -> None:
    """Go the ordinary way."""


def quick() -> None:
    """Go by kernels."""
    put()


warm()


def batch(number: int) -> list[Offer]:
    """Return the two messages of one batch: good rows with a sequence, and rows to refuse."""
    rows = [
        (
            f"g{k % DEVICES}",
            "rain" if k >= DEVICES else "level",
            T0 + number * STEP,
            value(number, k),
        )
        for k in range(ROWS)
    ]
    bad = [("nobody", "level", T0, 1.0), ("g0", "colour", T0, 1.0)]
    return [Offer("good", said(rows, seq=[number] * ROWS)), Offer("bad", said(bad))]


def value(number: int, k: int) -> float:
    return round((number * 7 + k * 13) % 900 / 100, 2)


def main(folder: str, first: int, heard: Connection, touches: int, way: Callable[[], None]) -> None:
    """Take batches in from `first` on; die of itself at so many touches of files, if not 0."""
    way()
    if touches:
        sys.addaudithook(deadly(folder, touches))
    senses = town(Path(folder), DEVICES, flush_rows=200)
    senses.declare(msgspec.structs.replace(GAUGE, keep=Keep(hand=1, cold=None)))
    for number in range(first, 1 << 30):
        arrived = T0 + number * STEP
        good, bad = senses.take(batch(number), arrived)
        assert good.stored + good.duplicate == ROWS, good
        assert sum(bad.refused.values()) == BAD, bad
        heard.send_bytes(b"%d" % number)
        if number % 25 == 24:
            senses.keep()
        if number % 40 == 39:
            senses.tidy(arrived + DAY)
            tier(senses, arrived + DAY, Keep())


def deadly(folder: str, touches: int) -> Callable[[str, tuple[object, ...]], None]:
    """Return a hook that kills this process where it touches the folder's files so often."""
    left = [touches]

    def touched(event: str, told: tuple[object, ...]) -> None:
        if event in TOUCHES and str(told[0]).startswith(folder):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    return touched
