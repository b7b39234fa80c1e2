"""The watch beside a line that serves: what many cases say together, in a thread of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache

from mindu.apps.hotline.tables import neighbours
from mindu.apps.hotline.things import Trend
from mindu.brain.brain import Brain
from mindu.brain.casework.calendar import Calendar
from mindu.cli.counter.behind.again import again
from mindu.edge.counter.counter import Counter
from mindu.edge.together.heard import Heard
from mindu.edge.together.known import Known
from mindu.edge.together.lookout import Lookout
from mindu.engines.text import Gazetteer, fuzhou
from mindu.engines.text.burst import Scan
from mindu.engines.text.places.gazetteer import AREAS

LOOK_S = 60.0  # s between two looks; the scan itself is due once an hour
REACH, SATURDAY = 400, 5  # days; the weekend's first
ENDS_S = 60.0  # s that a look may take to its end when the line closes


def lookout(brain: Brain, counter: Counter, trends: Sequence[Trend]) -> Lookout:
    """Return the lookout of a line, heard by its brain from the next turn on."""
    known = Known(brain.office, places)
    of = {(trend.topic, trend.area): trend.id for trend in trends}
    days = holidays(brain.office.calendar(), counter.clock.now().date())
    how = Scan(neighbours=neighbours(), holidays=days)
    looks = Lookout(known, Heard(brain.office, spots), of, how, lock=counter.lock)
    brain.listen(looks)
    return looks


@contextmanager
def watching(
    brain: Brain, counter: Counter, stood: Sequence[Trend], every: float = LOOK_S
) -> Iterator[Lookout]:
    """Look again and again until the block ends; `stood` are the trends that stand in the city."""
    looks = lookout(brain, counter, stood)
    looks.scan(counter.clock.now())  # what was never looked at would be blind
    with again(lambda _: looks.look(counter.clock.now()), every=every, ends=ENDS_S):
        yield looks


def places(text: str) -> tuple[str, ...]:
    """Return the names of known places in a text, districts and towns left out."""
    found = _gazetteer().find(text)
    return tuple(p.name for p in found if p.shape != "unknown" and p.kind not in AREAS)


def spots(text: str) -> tuple[str, ...]:
    """Return the names of roads, estates and other places in a text, known to us or not."""
    found = sorted(_gazetteer().find(text), key=lambda place: place.shape == "unknown")
    return tuple(p.name for p in found if p.kind not in AREAS)


def holidays(calendar: Calendar, today: date) -> frozenset[date]:
    """Return the weekdays that the city has off, a year back and a year ahead."""
    days = (today + timedelta(days=ahead) for ahead in range(-REACH, REACH))
    return frozenset(day for day in days if day.weekday() < SATURDAY and not calendar.works(day))


@cache
def _gazetteer() -> Gazetteer:
    return fuzhou()
