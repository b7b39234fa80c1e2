"""Scanning: the lookout of a line, told which things stand for which topic and town."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from mindu.apps.hotline.tables import neighbours
from mindu.apps.hotline.things import Trend
from mindu.brain.brain import Brain
from mindu.brain.casework.calendar import Calendar
from mindu.edge.counter.counter import Counter
from mindu.edge.together.known import Known
from mindu.edge.together.lookout import Lookout
from mindu.engines.text import Gazetteer, fuzhou
from mindu.engines.text.burst import Scan
from mindu.engines.text.places.gazetteer import AREAS

REACH, SATURDAY = 400, 5  # days; the weekend's first


def lookout(brain: Brain, counter: Counter, trends: Sequence[Trend]) -> Lookout:
    """Return the lookout of a line, heard by its brain from the next turn on."""
    known = Known(brain.office, places)
    of = {(trend.topic, trend.area): trend.id for trend in trends}
    days = holidays(brain.office.calendar(), counter.clock.now().date())
    how = Scan(neighbours=neighbours(), holidays=days)
    looks = Lookout(known, of, how, lock=counter.lock)
    brain.listen(looks)
    return looks


def places(text: str) -> tuple[str, ...]:
    """Return the names of known places in a text, districts and towns left out."""
    found = _gazetteer().find(text)
    return tuple(p.name for p in found if p.shape != "unknown" and p.kind not in AREAS)


def holidays(calendar: Calendar, today: date) -> frozenset[date]:
    """Return the weekdays that the city has off, a year back and a year ahead."""
    days = (today + timedelta(days=ahead) for ahead in range(-REACH, REACH))
    return frozenset(day for day in days if day.weekday() < SATURDAY and not calendar.works(day))


@cache
def _gazetteer() -> Gazetteer:
    return fuzhou()
