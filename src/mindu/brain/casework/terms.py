"""Terms: how long each step and each whole case may take, and the dials that follow from it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from mindu.base.dial import Dial
from mindu.brain.casework.calendar import CLOSES_S, OPENS_S, Calendar

COLUMNS = ("dial", "nature", "urgency", "term", "source")
WHOLE = "whole"
_PART = re.compile(r"(\d+)(h|wd)")
HOUR_S = 3600
URGENT_S = 2 * HOUR_S  # terms up to here are watched day and night
KEPT = 256  # terms and dials that are not worked out again: what begins together ends together
MOST = 400  # hours, or working days, that one term may have
NO_DIAL = Dial("", 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; "*" stands for any nature or urgency."""

    dial: str  # "whole", or the step: dispatch, sign, handle, review, final, feedback, call_back
    nature: str
    urgency: str
    term: str
    source: str


class Terms:
    """The table of terms: the first line that fits holds."""

    def __init__(self, lines: Iterable[Line]) -> None:
        """Take the table up.

        Raises:
            ValueError: a term cannot be read.
        """
        self.lines = tuple(lines)
        for line in self.lines:
            parts(line.term)
        self._found: dict[tuple[str, str, str], str] = {}

    def of(self, dial: str, nature: str, urgency: str) -> str:
        """Return the term of that dial; nothing where no line speaks of it."""
        key = (dial, nature, urgency)
        if key not in self._found:
            fits = (
                line.term
                for line in self.lines
                if line.dial == dial
                and line.nature in {"*", nature}
                and line.urgency in {"*", urgency}
            )
            self._found[key] = next(fits, "")
        return self._found[key]


@lru_cache(KEPT)
def parts(term: str) -> Mapping[str, int]:
    """Return the hours ("h") and working days ("wd") of a term.

    Raises:
        ValueError: it is no term, mixes both, or is beyond reason.
    """
    found = dict.fromkeys(("h", "wd"), 0)
    for part in term.split("+"):
        told = _PART.fullmatch(part)
        if told is None:
            raise ValueError(f"{term!r} is no term: write 2h, 5wd or 5wd+3wd")
        found[told[2]] += int(told[1])
    if (found["h"] and found["wd"]) or not 0 < max(found.values()) <= MOST:
        raise ValueError(f"{term!r} is no term: hours or working days, 1 to {MOST}")
    return MappingProxyType(found)


def dial(term: str, began: int, calendar: Calendar, *, paused: int = 0) -> Dial:
    """Return the dial of a term that began then; no term gives a dial that never moves."""
    return _dial(term, began, calendar, paused) if term else NO_DIAL


@lru_cache(KEPT)
def _dial(term: str, began: int, calendar: Calendar, paused: int) -> Dial:
    told = parts(term)
    if told["h"]:
        total = told["h"] * HOUR_S
        shares = (total // 2, total * 4 // 5, total, 2 * total)
        yellow, orange, due, purple = (began + paused + share for share in shares)
        return Dial(term, began, yellow, orange, due, purple, paused)
    plain = calendar.closing(began, told["wd"])
    due = calendar.after(plain, paused) if paused else plain
    total = max(calendar.worked(began, plain), CLOSES_S - OPENS_S)
    # Marks stand back from the due instant, so that a pause moves them all alike.
    yellow, orange = (calendar.after(began, paused + total * n // 10) for n in (5, 8))
    return Dial(term, began, yellow, orange, due, calendar.after(due, total), paused)


def urgent(term: str) -> bool:
    """Say whether a term is so short that it is watched day and night."""
    return bool(term) and 0 < parts(term)["h"] * HOUR_S <= URGENT_S


def spent(held: Dial, since: int, until: int, calendar: Calendar) -> int:
    """Return how much of a dial's own time passed between two instants: what a pause gives back."""
    if not held.term:
        return 0
    return until - since if parts(held.term)["h"] else calendar.worked(since, until)


def read(rows: Iterable[Iterable[str]]) -> Terms:
    """Read a table of terms.

    Raises:
        ValueError: names the first line that cannot be read.
    """
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = tuple(row)
        if len(cells) != len(COLUMNS):
            raise ValueError(f"line {number} of the terms has {len(cells)} cells, not 5")
        lines.append(Line(*cells))
    return Terms(lines)
