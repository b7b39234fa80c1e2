"""The dial: one clock of a case, as it is written down."""

import msgspec


class Dial(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One clock of a case: instants in epoch seconds, `paused` in seconds of the term's own time.

    `term` reads as "2h" (hours that run day and night) or "5wd" (working days); "+" adds.
    """

    term: str
    began: int
    yellow: int
    orange: int
    due: int
    purple: int
    paused: int = 0
