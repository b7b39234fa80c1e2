"""The beat: beside the doors, terms climb their ladder, and the newest head is signed."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from mindu.brain.casework.rounds import sweep
from mindu.cli.data.open.house import Held

EVERY_S = 10.0
PATIENCE_S = 30.0


@contextmanager
def beating(
    held: Held, every: float = EVERY_S, also: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Take rounds until the block ends, and sign once more then; `also` is done at each beat."""
    stop = Event()

    def go() -> None:
        while not stop.wait(every):
            try:
                also()
                beat(held)
            except Exception:  # noqa: BLE001 - told; the next beat tries again
                traceback.print_exc()

    thread = Thread(target=go, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE_S)
        held.notary.sign()


def beat(held: Held) -> None:
    """Let warnings of requests climb, and sign the newest head."""
    portal = held.portal
    with portal.gateway.lock:
        if sweep(portal.office, portal.gateway.clock.now()):
            portal.memory.log.commit()
    held.notary.sign()
