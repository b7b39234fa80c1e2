"""Bursts: more people than the season explains, by town and by the road or estate they name."""

from collections import Counter
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from mindu.base.records import Event, Value
from mindu.brain.casework.calendar import CITY
from mindu.edge.together.heard import Heard
from mindu.engines.text.burst import Burst, Scan, Spots, scan
from mindu.engines.text.burst.scan import FEWEST

NAMED = 60  # cases named in the record of a burst


def bursts(
    heard: Heard, now: datetime, how: Scan, lock: AbstractContextManager[Any]
) -> tuple[Burst, ...]:
    """Return the bursts that end today, hottest first; the line is held only to read from it."""
    with lock:
        year = heard.year(now)
    for part in heard.unread(year, now):
        with lock:
            heard.read(part)
    calls, past = heard.calls(year, now), heard.counts(year)
    here = heard.here(calls)
    many = Counter((call.topic, call.town) for call in here)
    wanted = {pair for pair, count in many.items() if count >= FEWEST}
    past_here = heard.counts_here(year, wanted)
    today = now.astimezone(CITY).date()
    found = scan(calls, today, how, past=past)
    kept = [call for call in here if (call.topic, call.town) in wanted]
    spots = Spots(holidays=how.holidays, chance=how.chance)
    found += scan(kept, today, spots, past=past_here, whole=past)
    return tuple(sorted(found, key=_hottest))


def event(burst: Burst) -> Event:
    """Return the record of a burst."""
    told: dict[str, Value] = {
        "topic": burst.topic, "towns": " ".join(burst.towns), "place": burst.place,
        "since": burst.since.isoformat(),
        "people": float(burst.people), "usual": round(burst.expected, 3),
        "chance": float(f"{burst.chance:.3g}"), "cases": " ".join(burst.calls[:NAMED]),
    }  # fmt: skip
    return Event("burst", told)


def _hottest(one: Burst) -> tuple[float, bool, str]:
    """Order bursts: the hottest first, of two alike the one that says where."""
    return (-one.heat, not one.place, one.topic)
