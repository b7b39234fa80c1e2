"""How often one address may look numbers up, save answers and hand in; it forgets the rest."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

MOST = 100_000  # addresses remembered; the longest silent are forgotten first


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many an hour afterwards."""

    name: str
    burst: float
    an_hour: float
    reads: bool = False  # whether reading a page counts too


LOOKS = Rate("look", 60, 600, reads=True)  # tracking numbers: as many as the city's counter lets
SAVES = Rate("save", 120, 1_200)  # pages of answers: some twenty applications at once
HAND_INS = Rate("hand in", 20, 60)  # a household, or a hall whose computers share an address


class Often:
    """Token buckets, one for each rate and address."""

    def __init__(self) -> None:
        """Start with every bucket full."""
        self._held: OrderedDict[tuple[str, str], tuple[float, datetime]] = OrderedDict()

    def wait(self, rate: Rate, address: str, now: datetime) -> float:
        """Take one from a bucket; return 0, or the seconds until there is one again."""
        place = (rate.name, address)
        tokens, since = self._held.pop(place, (rate.burst, now))
        gained = max(0.0, (now - since).total_seconds()) * rate.an_hour / 3600.0
        tokens = min(rate.burst, tokens + gained)
        self._held[place] = (tokens if tokens < 1 else tokens - 1, now)
        if len(self._held) > MOST:
            self._held.popitem(last=False)
        return 0.0 if tokens >= 1 else (1 - tokens) * 3600.0 / rate.an_hour
