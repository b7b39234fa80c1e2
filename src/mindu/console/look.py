"""Look: how one reader looks at the city: which moment, which language, what is known there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from mindu.base.records import Entry, Severity, Words
from mindu.brain.app import Loop, Projection
from mindu.console.board import Board, Standing
from mindu.console.contract.common import Seen
from mindu.console.cursor.foretold import foretold
from mindu.console.feed import Feed, Pulse
from mindu.console.words import pick, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reader's look, fixed at a position of the log."""

    feed: Feed
    board: Board
    pulse: Pulse
    lang: str = "zh"
    past: bool = False
    at: str = ""  # the cursor as it stands in the address
    ahead: datetime | None = None  # the cursor, where it stands in the future
    night: str = ""  # the stored night that is looked at, instead of the living city

    @property
    def tail(self) -> str:
        """Return what an address must carry on to look the same way."""
        told = {"night": self.night, "at": self.at}
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def seen(self) -> Seen:
        """Return what this look speaks of."""
        return Seen(
            seq=self.board.seq,
            now=self.pulse.now,
            mode=self.pulse.mode,
            past=self.past,
            ahead=self.ahead,
        )

    def say(self, key: str) -> str:
        """Return a sentence of the pages in the reader's language."""
        return say(key, self.lang)

    def pick(self, words: Words) -> str:
        """Return a sentence in the reader's language."""
        return pick(words, self.lang)

    def name(self, about: str) -> Words:
        """Return the name of a thing in both languages."""
        place = self.board.places.get(about)
        return place.name if place else Words(about, about)

    def title(self, about: str) -> str:
        """Return the name of a thing in the reader's language."""
        return pick(self.name(about), self.lang)

    def severities(self) -> Mapping[str, Severity]:
        """Return the gravest open judgement of every thing."""
        return self.standing().grave

    def standing(self) -> Standing:
        """Return what stands: now, then, or as it is foretold for the moment looked at."""
        if self.ahead is None:
            return self.board.standing(self.pulse.now)
        return foretold(self.board, self.pulse.now, self.ahead)

    def loop(self, by: str) -> Loop[Any] | None:
        """Return the loop that signs so, where an app declares it."""
        for own in self.feed.city.apps:
            for loop in own.app.loops:
                if by == f"{own.app.name}.{loop.name}":
                    return loop
        return None

    def plans(self, entry: Entry) -> bool:
        """Say whether a judgement tells what the brain means to do, not how the city is."""
        loop, finding = self.loop(entry.by), getattr(entry.record, "finding", "")
        return loop is not None and finding in loop.plans

    def loop_name(self, by: str) -> Words:
        """Return what a loop or projection is called, else how it signs."""
        for own in self.feed.city.apps:
            parts: list[Loop[Any] | Projection] = [*own.app.loops, *own.app.projections]
            for part in parts:
                if by == f"{own.app.name}.{part.name}" and part.title.en:
                    return part.title
        return Words(by, by)


def word_of(entry: Entry, words: Mapping[str, Words]) -> Words:
    """Return what an entry's kind is called."""
    kind = type(entry.record).__name__
    return words.get(kind, Words(kind, kind))
