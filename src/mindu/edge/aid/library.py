"""The library: answers of closed cases and articles of knowledge, found by the words of a case.

An answer that came back (the case was reopened, or its caller says it solved nothing) leaves the
shelf and is remembered as one that did not help: that is how reopened cases teach.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from mindu.base.records import Case
from mindu.brain.cases import DONE
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import covers
from mindu.edge.together.archive import SURE, Archive
from mindu.engines.text import words
from mindu.engines.text.assist import Found, Shelf, finely

ARTICLES = "knowledge"
COLUMNS = ("id", "topic", "title", "text", "source", "until")
MOST = 50_000  # answers on the shelf; the oldest leave first
A_TURN = 500  # answers that are read at one asking; the others follow at the next
FAILED = 5_000  # answers that did not help which are remembered
LOOKED = 40  # found texts among which those are chosen that an officer may see
SHOWN = 5
POOR = 2  # marks of 5 up to which an answer did not help


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the table of knowledge."""

    id: str
    topic: str
    title: str
    text: str
    source: str
    until: str  # last day, ISO; empty while it holds


@dataclass(slots=True)
class Library:
    """The shelves of one office; threads may share it."""

    office: Office
    archive: Archive | None = None  # of all cases, however old
    _lock: Lock = field(default_factory=Lock)
    _answers: Shelf = field(default_factory=lambda: Shelf(most=MOST))
    _poor: Shelf = field(default_factory=lambda: Shelf(most=FAILED))
    _held: dict[int, int] = field(default_factory=dict)  # case -> entry of the answer on the shelf
    _failed: dict[int, str] = field(default_factory=dict)  # case -> answer that did not help
    _articles: Shelf = field(default_factory=Shelf)
    _known: dict[str, Article] = field(default_factory=dict)
    _rows: tuple[tuple[str, ...], ...] | None = None

    def similar(self, number: int, areas: Sequence[str]) -> list[Found]:
        """Return closed cases that speak of the same, the nearest first, of these jurisdictions."""
        cases = self.office.cases
        with self._lock:
            self._renew()
            found = self._answers.find(self._said(number), most=LOOKED)
        seen = [
            one for one in found
            if int(one.name) != number and covers(areas, cases.said(int(one.name), "area"))
        ]  # fmt: skip
        names = {one.name for one in seen}
        for other, alike in self._alike(number, areas) if len(seen) < SHOWN else ():
            if cases.row(other)["fed"] and str(other) not in names:
                seen.append(Found(str(other), alike, ()))
        return seen[:SHOWN]

    def maybe_same(self, number: int, areas: Sequence[str]) -> list[tuple[int, float]]:
        """Return open cases, however old, that may be the same matter, the likeliest first."""
        cases, apart = self.office.cases, set(self.office.cases.link(number).apart)
        found = [
            (other, alike) for other, alike in self._alike(number, areas)
            if alike >= SURE and other not in apart and cases.state(other) not in DONE
            and cases.said(other, "kind") == cases.said(number, "kind")
        ]  # fmt: skip
        return found[:SHOWN]

    def _alike(self, number: int, areas: Sequence[str]) -> list[tuple[int, float]]:
        if self.archive is None:
            return []
        case, cases = self._case(number), self.office.cases
        found = self.archive.find(case.title, case.text, most=LOOKED)
        return [(n, alike) for n, alike in found
                if n != number and covers(areas, cases.said(n, "area"))]  # fmt: skip

    def articles(self, number: int, today: str) -> list[tuple[Article, tuple[str, ...]]]:
        """Return articles that hold on a day (ISO) and speak of the same, with the words shared."""
        with self._lock:
            self._read(self.office.cases.said(number, "kind"))
            case = self._case(number)
            found = self._articles.find(finely(f"{case.title}\n{case.text}"), most=LOOKED)
        told = [(self._known[one.name], one.because) for one in found]
        return [(a, because) for a, because in told if not a.until or a.until >= today][:SHOWN]

    def came_back(self, number: int, areas: Sequence[str]) -> list[tuple[int, str]]:
        """Return answers to alike cases that did not help, the nearest first."""
        cases = self.office.cases
        with self._lock:
            self._renew()
            found = self._poor.find(self._said(number), most=LOOKED)
            told = [(int(one.name), self._failed.get(int(one.name), "")) for one in found]
        seen = [
            (n, said) for n, said in told if n != number and covers(areas, cases.said(n, "area"))
        ]
        return seen[:SHOWN]

    def failed(self, number: int) -> str:
        """Return the answer with which this case came back; "" where none did."""
        with self._lock:
            self._renew()
            return self._failed.get(number, "")

    def _renew(self) -> None:
        """Put new answers on the shelf, and take off those that did not help."""
        rows = self.office.cases.rows
        back = (rows["reopened"] > 0) | (rows["solved"] == 1)
        back |= (rows["satisfied"] > 0) & (rows["satisfied"] <= POOR)
        for number in rows["seq"][np.flatnonzero(back & (rows["answer"] > 0))].tolist():
            self._fail(number)
        good = np.flatnonzero((rows["fed"] > 0) & ~back & (rows["master"] < 0))[-MOST:]
        fresh = [n for n in rows["seq"][good].tolist() if n not in self._held]
        for number in fresh[-A_TURN:]:
            self._held[number] = int(self.office.cases.row(number)["answer"])
            self._answers.put(
                str(number), [*self._said(number), *words(self.office.answer(number))]
            )

    def _fail(self, number: int) -> None:
        answer = int(self.office.cases.row(number)["answer"])
        if self._held.get(number) == -answer:
            return  # known already
        self._answers.drop(str(number))
        self._held[number] = -answer
        self._failed[number] = self.office.answer(number)
        self._poor.put(str(number), self._said(number))
        while len(self._failed) > FAILED:
            self._failed.pop(next(iter(self._failed)))

    def _read(self, kind: str) -> None:
        rows = self.office.rows(ARTICLES, kind)
        if rows is self._rows or rows == self._rows:
            return
        self._rows, self._articles = rows, Shelf()
        self._known = {row[0]: Article(*row) for row in rows if len(row) == len(COLUMNS)}
        for article in self._known.values():
            said = finely(f"{article.title}\n{article.title}\n{article.text}")
            self._articles.put(article.id, said)

    def _said(self, number: int) -> list[str]:
        case = self._case(number)
        return words(f"{case.title}\n{case.text}")

    def _case(self, number: int) -> Case:
        case = self.office.memory.log[number].record
        assert isinstance(case, Case), "a number of a case is that of its opening"
        return case


def read(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of knowledge as they may be laid down.

    Raises:
        ValueError: names the first line that cannot be read.
    """
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS) or not row[0] or not row[2] or not row[3] or not row[4]:
            raise ValueError(f"line {line}: give {', '.join(COLUMNS)}; all but topic and until")
        if row[0] in seen:
            raise ValueError(f"line {line}: the id {row[0]} stands there twice")
        seen.add(row[0])
    return tuple(tuple(row) for row in rows)
