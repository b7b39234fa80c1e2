"""The catalogue: all built-in functions, registered by their rooms."""

from mindu.engines.rules.library import (
    contexts,
    conversion,
    lists,
    numeric,
    ranges,
    statistics,
    text,
    times,
)
from mindu.engines.rules.library.registry import REGISTER, Builtin

ROOMS = (contexts, conversion, lists, numeric, ranges, statistics, text, times)


def builtins() -> dict[str, Builtin]:
    """Return every built-in function by name."""
    assert ROOMS, "importing a room registers its functions"
    return REGISTER
