"""What was heard lately: the same words of the same caller again are an urging, not a case."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta

from mindu.edge.counter.letter import Receipt
from mindu.edge.counter.plain import alike

SAME_FOR = timedelta(hours=24)
TWICE_PRESSED = timedelta(minutes=10)  # so long the code is shown again: the button was hit twice
REMEMBERED = 50_000


class Heard:
    """The latest messages by caller; the oldest are forgotten first, all of them at a restart."""

    def __init__(self) -> None:
        """Start having heard nothing."""
        self._held: OrderedDict[tuple[str, str], tuple[datetime, Receipt]] = OrderedDict()

    def again(self, who: str, text: str, now: datetime) -> Receipt | None:
        """Return the receipt of the same words of the same caller; later without the code."""
        held = self._held.get((who, alike(text))) if who else None
        if held is None or now - held[0] > SAME_FOR:
            return None
        code = held[1].code if now - held[0] <= TWICE_PRESSED else ""
        return replace(held[1], code=code, again=True)

    def remember(self, who: str, text: str, receipt: Receipt, now: datetime) -> None:
        """Remember what a caller told."""
        if who:
            self._held[who, alike(text)] = (now, receipt)
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)
