"""The duty table: topic × place × object → the unit that answers; never a bare class.

A line says a topic and its parts ("streets" covers "streets.lamps"), a place code and what lies in
it ("3501" covers "350102"), an object or "*", and since when the unit answers. The most exact line
holds; two equally exact lines are an overlap, and what no line covers is a hole: both are found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

COLUMNS = ("topic", "place", "object", "unit", "helpers", "source")
ANY = "*"


@dataclass(frozen=True, slots=True)
class Duty:
    """One line: who answers for what, where; `number` is its line in the table."""

    topic: str
    place: str
    object: str
    unit: str
    helpers: str
    source: str
    number: int

    def covers(self, topic: str, place: str, thing: str) -> bool:
        """Say whether the line speaks of this."""
        return (
            _within(topic, self.topic, ".")
            and (self.place == ANY or place.startswith(self.place))
            and self.object in {ANY, thing}
        )

    @property
    def exact(self) -> tuple[int, int, int]:
        """How exact a line is: object first (it names the owner), then topic, then place."""
        depth = 0 if self.topic == ANY else 1 + self.topic.count(".")
        return (self.object != ANY, depth, 0 if self.place == ANY else len(self.place))


class Duties:
    """The table that holds."""

    def __init__(self, lines: Iterable[Duty]) -> None:
        """Take the lines up."""
        self.lines = tuple(lines)

    def answers(self, topic: str, place: str, thing: str = "") -> Duty | None:
        """Return the line that holds; None where nobody answers, or two answer alike."""
        found = self.fitting(topic, place, thing)
        if not found or (len(found) > 1 and _rivals(found[0], found[1])):
            return None
        return found[0]

    def fitting(self, topic: str, place: str, thing: str = "") -> list[Duty]:
        """Return every line that speaks of this, the most exact first."""
        found = [line for line in self.lines if line.covers(topic, place, thing)]
        return sorted(found, key=lambda line: (line.exact, -line.number), reverse=True)

    def units(self, topic: str, place: str, thing: str = "") -> set[str]:
        """Return every unit that answers for a topic or any part of it; "" where nobody does.

        What is known only as the whole topic may be sent alone only where all parts agree.
        """
        parts = {topic} | {line.topic for line in self.lines if line.topic.startswith(f"{topic}.")}
        found = (self.answers(part, place, thing) for part in parts)
        return {line.unit if line is not None else "" for line in found}

    def holes(self, topics: Sequence[str], places: Sequence[str]) -> list[tuple[str, str]]:
        """Return every (topic, place) that no line covers."""
        return [
            (topic, place)
            for topic, place in product(topics, places)
            if not self.fitting(topic, place)
        ]

    def overlaps(self, topics: Sequence[str], places: Sequence[str]) -> list[tuple[Duty, Duty]]:
        """Return every pair of lines that answer alike for the same thing with different units."""
        things = sorted({line.object for line in self.lines} - {ANY}) or [""]
        found: dict[tuple[int, int], tuple[Duty, Duty]] = {}
        for topic, place, thing in product(topics, places, [*things, ""]):
            first = self.fitting(topic, place, thing)[:2]
            if len(first) == 2 and _rivals(*first):
                one, other = sorted(first, key=lambda line: line.number)
                found[one.number, other.number] = (one, other)
        return list(found.values())


def read(rows: Iterable[Iterable[str]], units: Iterable[str] | None = None) -> Duties:
    """Read a table; with `units`, refuse a line of a unit that there is not.

    Raises:
        ValueError: names the first line that cannot be read.
    """
    known, lines = None if units is None else set(units), []
    for number, row in enumerate(rows, start=1):
        cells = tuple(cell.strip() for cell in row)
        if len(cells) != len(COLUMNS):
            raise ValueError(f"line {number} of the duties has {len(cells)} cells, not 6")
        topic, place, thing, unit, helpers, source = cells
        line = Duty(topic, place, thing, unit, helpers, source, number)
        lost = {line.unit, *filter(None, line.helpers.split(","))} - (known or set())
        if not line.unit or (known is not None and lost):
            raise ValueError(f"line {number} of the duties: there is no unit {sorted(lost)}")
        lines.append(line)
    return Duties(lines)


def _within(topic: str, whole: str, mark: str) -> bool:
    return whole in {ANY, topic} or topic.startswith(whole + mark)


def _rivals(one: Duty, other: Duty) -> bool:
    return one.exact == other.exact and one.unit != other.unit
