"""Why a move is not made, in both languages."""

from mindu.base.records import Words


class Refusal(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """A move cannot be made; says why in both languages."""

    def __init__(self, says: Words) -> None:
        """Keep both sides."""
        super().__init__(says.en)
        self.says = says


class Busy(Refusal):
    """The brain is in the middle of a turn; the same move may be tried again."""


class Denied(Refusal):
    """Nobody granted this."""


class TooLate(Refusal):
    """Somebody else moved the case first; what was wanted is kept with the case."""


def refuse(en: str, zh: str) -> Refusal:
    """Return a refusal to raise."""
    return Refusal(Words(en, zh))
