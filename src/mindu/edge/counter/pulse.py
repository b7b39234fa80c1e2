"""The pulse: what people tell, counted as readings, so that loops can judge it like any gauge."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Case
from mindu.base.time import HOUR
from mindu.brain.case_rows import Rows
from mindu.brain.casework.office import Office
from mindu.perceive.source import Reading

LONGEST = timedelta(days=1)
ASKED = 50  # newest cases whose answers one number is taken from
Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One number to be counted: cases of a topic, an area or a place within a span.

    With a `fact` it is the middle of what callers answered to that question of the service, each
    answer worth what `worth` says; without any answer nothing is read.
    """

    about: str
    prop: str
    span: timedelta = HOUR
    topic: str = ""  # and its parts
    area: str = ""  # and what lies in it
    place: str = ""  # a name that the place of the case holds
    fact: str = ""
    worth: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a span that no board would call a pulse."""
        assert timedelta(0) < self.span <= LONGEST, f"{self.about}: count over a day at most"


class Pulse:
    """A source that counts the cases of one office; a merged case counts, for somebody called."""

    name = "pulse"

    def __init__(self, office: Office, beats: Sequence[Beat]) -> None:
        """Count these."""
        self._office, self._beats = office, tuple(beats)

    def read(self, now: datetime) -> Iterator[Reading]:
        """Return every count as it stands."""
        rows, second = self._office.cases.rows, now.timestamp()
        recent = rows[rows["opened"] > second - LONGEST.total_seconds()]
        for beat in self._beats:
            mask = self._mask(recent, beat, second)
            if not beat.fact:
                count = float(np.count_nonzero(mask))
                yield Reading(at=now, about=beat.about, prop=beat.prop, value=count)
                continue
            told = self._told(recent["seq"][np.flatnonzero(mask)[-ASKED:]].tolist(), beat)
            if told:
                middle = float(np.median(told))
                yield Reading(at=now, about=beat.about, prop=beat.prop, value=middle)

    def _mask(self, recent: Rows, beat: Beat, second: float) -> NDArray[np.bool_]:
        mask: NDArray[np.bool_] = recent["opened"] > second - beat.span.total_seconds()
        for column, told in (("topic", beat.topic), ("area", beat.area)):
            if told:
                mask &= np.isin(recent[column], self._starting(told, recent[column]))
        if beat.place:
            mask &= np.isin(recent["place"], self._holding(beat.place, recent["place"]))
        return mask

    def _told(self, numbers: Sequence[int], beat: Beat) -> list[float]:
        """Return what each case's answer is worth."""
        log, found = self._office.memory.log, []
        for number in numbers:
            record = log[number].record
            assert isinstance(record, Case), f"case {number} is a case"
            said = record.facts.get(beat.fact)
            if isinstance(said, str) and said in beat.worth:
                found.append(beat.worth[said])
        return found

    def _starting(self, told: str, codes: Codes) -> list[int]:
        return [c for c, name in self._named(codes) if name == told or name.startswith(told)]

    def _holding(self, place: str, codes: Codes) -> list[int]:
        return [c for c, name in self._named(codes) if place in name]

    def _named(self, codes: Codes) -> list[tuple[int, str]]:
        return [(c, self._office.cases.names[c]) for c in np.unique(codes).tolist()]
