"""Tools: what may be handed to a desk beside its cases; without any it still works."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mindu.edge.aid.library import Library
from mindu.edge.together.lookout import Lookout
from mindu.edge.together.opinion import Opinions
from mindu.edge.together.repeats import Repeats

Reads = Callable[[str], Sequence[str]]  # text -> codes of services, the likeliest first


def nobody(_text: str) -> Sequence[str]:
    """Read nothing."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What helps an officer: a reader of text, a library, who looks at many cases, or at old."""

    reads: Reads = nobody
    looks: Lookout | None = None
    opinions: Opinions | None = None
    library: Library | None = None
    repeats: Repeats | None = None


BARE = Tools()
