"""The quick way is begun beside a node that runs; until then readings take the ordinary way."""

from collections.abc import Callable
from threading import Thread

from mindu.base import compiling

ROOM = "mindu.data.senses.quick"


def begin(trouble: Callable[[str], object], after: float = compiling.AFTER) -> Thread | None:
    """Begin the quick way in a thread after so many s; None where numba is not installed.

    What keeps it from beginning is told in words; the node goes on without.
    """
    return compiling.begin(
        ROOM, lambda wrong: trouble(f"readings take the ordinary way: {wrong}"), after
    )
