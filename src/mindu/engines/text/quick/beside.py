"""The quick way is begun beside a line that runs; until then messages take the ordinary way."""

from collections.abc import Callable
from threading import Thread

from mindu.base import compiling

ROOM = "mindu.engines.text.quick"


def begin(trouble: Callable[[str], object], after: float = compiling.AFTER) -> Thread | None:
    """Begin the quick way in a thread after so many s; None where numba is not installed.

    What keeps it from beginning is told in words; the line goes on without.
    """
    return compiling.begin(
        ROOM, lambda wrong: trouble(f"messages take the ordinary way: {wrong}"), after
    )
