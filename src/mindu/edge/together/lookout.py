"""The lookout: what the line's cases say together, as it was last worked out; a source for loops.

`look` is called beside the brain's turns; every night (and at the first look) all cases of the last
months are sorted anew, and by day each new case is joined to its issue as it comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from mindu.base.time import DAY, HOUR
from mindu.brain.casework.calendar import CITY
from mindu.edge.together.alike import Same, beside, grouped, night, same
from mindu.edge.together.bursts import bursts, event
from mindu.edge.together.heard import Heard
from mindu.edge.together.known import Known, Told
from mindu.engines.text.burst import Burst, Scan, Slow, slow
from mindu.engines.text.same import Note, Stream, cut_for
from mindu.perceive.source import Happening, Reading

SCANNED = HOUR  # between two scans of space and time
NIGHT_H = 2  # o'clock of the city from which cases are sorted anew
STREAMED = 4_000  # newest cases that the day's joining begins with
AGAIN = DAY * 0.8  # a number that did not change is told again after so long
PROPS = ("people", "usual", "lasted", "lasting")  # of a trend


@dataclass(frozen=True, slots=True)
class Seen:
    """What was last worked out."""

    at: datetime | None = None
    bursts: tuple[Burst, ...] = ()
    slow: tuple[tuple[Slow, str, str], ...] = ()  # with the topic and town of most of its cases
    same: tuple[Same, ...] = ()
    night: date | None = None  # the night whose sorting holds


class Lookout:
    """Looks at the cases of one office; `lock` is held by whoever moves cases."""

    name = "lookout"

    def __init__(
        self, known: Known, heard: Heard, trends: Mapping[tuple[str, str], str], how: Scan, *,
        lock: AbstractContextManager[Any],
    ) -> None:  # fmt: skip
        """Know which thing stands for which topic and town."""
        self.known, self.trends, self._how, self._lock = known, dict(trends), how, lock
        self.heard = heard
        self.seen = Seen()
        self._issue: dict[int, int] = {}  # case -> oldest case of its issue
        self._pending: list[Told] = []  # read, and not joined yet
        self._stream, self._joined = (
            Stream(),
            dict[int, int](),
        )  # issue of the stream -> oldest case
        self._joining, self._looking = Lock(), Lock()
        self._said: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._told: dict[tuple[str, ...], tuple[str, ...]] = {}  # burst -> its cases as last told

    def look(self, now: datetime) -> Seen:
        """Work everything out that is due, without holding the line up while it thinks."""
        with self._looking:
            self.scan(now)
            self.sort(now)
        return self.seen

    def scan(self, now: datetime) -> None:
        """Hold the last two weeks against the season, if that is due."""
        if self.seen.at is not None and now - self.seen.at < SCANNED:
            return
        found = bursts(self.heard, now, self._how, self._lock)
        self.seen = replace(self.seen, at=now, bursts=found)

    def sort(self, now: datetime) -> None:
        """Put each new case to its issue; by night all of them anew."""
        with self._lock:
            self._pending += self.known.renew(now)
        tonight = _night(now)
        if self.seen.night != tonight:
            self._issue = night(self.known)
            with self._joining:
                self._stream, self._joined = _begun(self.known.notes), {}
            self._pending = list(self.known)[-STREAMED:]
        for told in self._pending:
            self._join(told, sorted_already=told.number in self._issue)
        self._pending = []
        with self._lock:
            groups = grouped(self.known, self._issue)
            merge = tuple(same(self.known, groups.values()))
            lasting = self._slow(groups, now.astimezone(CITY).date())
        self.seen = replace(self.seen, slow=lasting, same=merge, night=tonight)

    def near(self, title: str, text: str) -> int | None:
        """Return the oldest case of the issue that a text speaks of; None where it is new."""
        with self._joining:
            found = self._stream.near(title=title, body=text, places=tuple(self.known.places(text)))
            return None if found is None else self._joined.get(found)

    def read(self, now: datetime) -> Iterator[Reading | Happening]:
        """Return the numbers of every trend that changed, or were not told for long."""
        for (about, prop), value in self._numbers().items():
            held = self._said.get((about, prop))
            if held is None or held[0] != value or now - held[1] >= AGAIN:
                self._said[about, prop] = (value, now)
                yield Reading(at=now, about=about, prop=prop, value=value)
        for burst in self.seen.bursts:
            thing = self._thing(burst)
            if thing is not None and self._told.get(burst.name) != burst.calls:
                yield Happening(at=now, about=thing, event=event(burst))
        self._told = {burst.name: burst.calls for burst in self.seen.bursts}

    def _numbers(self) -> dict[tuple[str, str], float]:
        told: dict[tuple[str, str], float] = {}
        if self.seen.at is None:
            return told
        told |= dict.fromkeys(((about, p) for about in self.trends.values() for p in PROPS), 0.0)
        for burst in reversed(self.seen.bursts):  # the hottest has the last word
            thing = self._thing(burst)
            if thing is not None:
                told[thing, "people"] = float(burst.people)
                told[thing, "usual"] = round(burst.expected, 3)
                told[thing, "lasted"] = 24.0 * ((burst.until - burst.since).days + 1)
        for one, topic, town in self.seen.slow:
            about = self.trends.get((topic, town))
            if about is not None:
                told[about, "lasting"] = max(told[about, "lasting"], float(one.people))
        return told

    def _thing(self, burst: Burst) -> str | None:
        """Return the thing of the town that brought most of a burst's calls."""
        towns = [self.known.office.cases.said(int(name), "area") for name in burst.calls]
        return self.trends.get((burst.topic, max(sorted(set(towns)), key=towns.count)))

    def _join(self, told: Told, *, sorted_already: bool) -> None:
        when = told.at.timestamp() / 86_400
        note = told.note
        with self._joining:
            found = self._stream.add(when, title=note.title, body=note.body, places=note.places)
            head = self._joined.setdefault(found.issue, self._issue.get(told.number, told.number))
            if found.absorbed is not None:
                self._joined.pop(found.absorbed, None)
        if not sorted_already:
            self._issue[told.number] = head

    def _slow(
        self, groups: Mapping[int, list[Told]], today: date
    ) -> tuple[tuple[Slow, str, str], ...]:
        cases = self.known.office.cases
        told = [(str(at), one.day, one.caller) for at, group in groups.items() for one in group]
        found = []
        for one in slow(told, today):
            group = groups[int(one.issue)]
            topics = [cases.said(t.number, "topic") for t in group]
            towns = [cases.said(t.number, "area") for t in group]
            most = [max(sorted(set(names)), key=names.count) for names in (topics, towns)]
            found.append((one, most[0], most[1]))
        return tuple(found)


def _night(now: datetime) -> date:
    """Return the day in whose small hours the sorting was done that holds now."""
    return (now.astimezone(CITY) - timedelta(hours=NIGHT_H)).date()


def _begun(notes: Sequence[Note]) -> Stream:
    """Return a stream that knows which words are usual, before the first case is joined."""
    stream = Stream(cut=cut_for(notes or beside(notes)))
    for note in beside(notes):
        stream.add(0.0, body=note.body)
    return stream
