"""Stream: each message as it comes is joined to its issue, or opens one; officers confirm."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
import numpy as np

from mindu.engines.text.same.features import Floats, Rarity, told, vector
from mindu.engines.text.same.issues import ELSEWHERE
from mindu.engines.text.same.sense import Sense, agreement, learn_sense
from mindu.engines.text.words import words

CUT = 0.085  # mean likeness to the messages of an issue
HEAVIEST = 24  # terms of each family that are compared
LETTERS = 300  # of a body whose pairs and triples are compared
WINDOW = 180.0  # days without a message after which an issue is closed to new ones
LOOKED = 6  # likeliest issues whose sense is compared
MOST = 20_000  # open issues; the longest silent closes first
FIRST = 256  # messages before the first sense is learned; then whenever they have tripled
KEPT = 20_000  # messages that sense is learned from


class Joined(msgspec.Struct, frozen=True):
    """Where a message went: its issue, how alike it is on average, and whether the issue is new.

    `alike` is 0 where no issue comes near. `absorbed` is an issue that this message showed to be
    the same one, or None.
    """

    issue: int
    alike: float
    new: bool
    absorbed: int | None = None


class _Issue:
    """One issue: the sum of its messages' weights and senses."""

    __slots__ = ("about", "last", "places", "sense", "size", "unit", "weights", "words")

    def __init__(self, last: float) -> None:
        self.size, self.last = 0, last
        self.weights: dict[int, float] = {}
        self.words: list[tuple[Sequence[str], Sequence[str]]] = []
        self.sense: Floats | None = None
        self.about: Floats | None = None  # the sense of which `unit` is the one of length 1
        self.unit: Floats = np.zeros(0, np.float32)
        self.places: set[str] = set()


class Stream:
    """The open issues of a city, in memory: rebuilt by giving it the recent messages again."""

    def __init__(self, *, cut: float = CUT, window: float = WINDOW) -> None:
        self._cut, self._window = cut, window
        self._rarity = Rarity()
        self._issues: dict[int, _Issue] = {}
        self._holders: dict[int, dict[int, float]] = {}
        self._most: dict[int, float] = {}  # term -> its heaviest weight in any message
        self._sense: Sense | None = None
        self._next, self._learned = 0, 0

    def __len__(self) -> int:
        return len(self._issues)

    def add(
        self, when: float, *, title: str = "", body: str = "", places: Sequence[str] = ()
    ) -> Joined:
        """Join a cleaned, masked message to an issue; `when` is in days and never goes back far."""
        cut = (words(title), words(body))
        families = told(title, body, *cut, letters=LETTERS)
        self._rarity.learn(families)
        self._refresh()
        seen = vector(families, self._rarity, most=HEAVIEST)
        terms = dict(zip(seen.at.tolist(), seen.much.tolist(), strict=True))
        sense = self._sense.of(*cut) if self._sense else None
        likely = self._likely(terms, sense, when, frozenset(places))
        absorbed = self._united(likely)
        new = not likely or likely[0][0] < self._cut
        number = self._open(when) if new else likely[0][1]
        self._take(number, terms, sense, when)
        self._issues[number].words.append(cut)
        self._issues[number].places |= set(places)
        return Joined(number, round(likely[0][0], 4) if likely else 0.0, new, absorbed)

    def near(self, *, title: str = "", body: str = "", places: Sequence[str] = ()) -> int | None:
        """Return the issue that a message would be joined to as things stand; it joins nothing."""
        cut = (words(title), words(body))
        families = told(title, body, *cut, letters=LETTERS)
        seen = vector(families, self._rarity, most=HEAVIEST)
        terms = dict(zip(seen.at.tolist(), seen.much.tolist(), strict=True))
        sense = self._sense.of(*cut) if self._sense else None
        last = max((issue.last for issue in self._issues.values()), default=0.0)
        likely = self._likely(terms, sense, last, frozenset(places))
        return likely[0][1] if likely and likely[0][0] >= self._cut else None

    def _likely(
        self,
        terms: dict[int, float],
        sense: Floats | None,
        when: float,
        places: frozenset[str],
    ) -> list[tuple[float, int]]:
        """Return the likeliest open issues: mean likeness to their messages, and number."""
        sums = self._sums(terms)
        means = [
            (total / self._issues[number].size, number)
            for number, total in sums.items()
            if when - self._issues[number].last <= self._window
        ]
        means = sorted(means, reverse=True)[:LOOKED]
        if sense is not None:
            means = [(mean * self._agree(sense, number), number) for mean, number in means]
        means = [(mean * self._where(places, number), number) for mean, number in means]
        return sorted(means, reverse=True)

    def _sums(self, terms: dict[int, float]) -> dict[int, float]:
        """Return the summed likeness to each issue whose mean may reach the cut.

        Rare terms are read first. Where all that the common ones could add stays below the cut,
        they are read only for issues that the rare ones brought near: sense and place only lower.
        """
        held = [(len(h), term) for term in terms if (h := self._holders.get(term))]
        held.sort()
        rest, rare = 0.0, len(held)
        for _, term in reversed(held):
            more = terms[term] * self._most[term]
            if rest + more >= self._cut:
                break
            rest, rare = rest + more, rare - 1
        sums: defaultdict[int, float] = defaultdict(float)
        for _, term in held[:rare]:
            weight = terms[term]
            for number, much in self._holders[term].items():
                sums[number] += weight * much
        near = {
            number: total
            for number, total in sums.items()
            if total + rest * self._issues[number].size >= self._cut * self._issues[number].size
        }
        for _, term in held[rare:]:
            weight, of = terms[term], self._holders[term].get
            for number in near:
                if there := of(number):
                    near[number] += weight * there
        return near

    def _where(self, places: frozenset[str], number: int) -> float:
        other = self._issues[number].places
        return ELSEWHERE if places and other and not places & other else 1.0

    def _agree(self, sense: Floats, number: int) -> float:
        issue = self._issues[number]
        if issue.sense is None:
            return 1.0
        if issue.about is not issue.sense:  # its sense is another one since it was last asked for
            length = float(np.linalg.norm(issue.sense)) or 1.0
            issue.about, issue.unit = issue.sense, issue.sense / np.float32(length)
        return float(agreement(sense, issue.unit))

    def _united(self, likely: list[tuple[float, int]]) -> int | None:
        """Make the two likeliest issues one when they are as alike as one issue's messages are."""
        if len(likely) < 2 or likely[1][0] < self._cut:
            return None
        one, other = likely[0][1], likely[1][1]
        here, there = self._issues[one], self._issues[other]
        small, large = sorted((here.weights, there.weights), key=len)
        total = sum(weight * large.get(term, 0.0) for term, weight in small.items())
        alike = total / (here.size * there.size)
        if there.sense is not None:
            length = float(np.linalg.norm(there.sense)) or 1.0
            alike *= self._agree(there.sense / np.float32(length), one)
        if alike < self._cut:
            return None
        self._absorb(one, other)
        return other

    def _absorb(self, one: int, other: int) -> None:
        here, there = self._issues[one], self._issues[other]
        for term, weight in there.weights.items():
            here.weights[term] = here.weights.get(term, 0.0) + weight
            holders = self._holders[term]
            del holders[other]
            holders[one] = here.weights[term]
        here.size += there.size
        here.last = max(here.last, there.last)
        here.words += there.words
        here.places |= there.places
        if here.sense is not None and there.sense is not None:
            here.sense = here.sense + there.sense
        del self._issues[other]

    def _open(self, when: float) -> int:
        if len(self._issues) >= MOST:
            self._close(min(self._issues, key=lambda number: self._issues[number].last))
        number, self._next = self._next, self._next + 1
        self._issues[number] = _Issue(when)
        return number

    def _close(self, number: int) -> None:
        for term in self._issues.pop(number).weights:
            holders = self._holders[term]
            del holders[number]
            if not holders:
                del self._holders[term], self._most[term]

    def _take(
        self, number: int, terms: dict[int, float], sense: Floats | None, when: float
    ) -> None:
        issue = self._issues[number]
        for term, weight in terms.items():
            issue.weights[term] = held = issue.weights.get(term, 0.0) + weight
            self._holders.setdefault(term, {})[number] = held
            if weight > self._most.get(term, 0.0):
                self._most[term] = weight
        issue.size += 1
        issue.last = max(issue.last, when)
        if sense is not None:
            issue.sense = sense if issue.sense is None else issue.sense + sense

    def _refresh(self) -> None:
        """Learn the sense anew whenever the messages have tripled; close what is long silent."""
        if self._rarity.messages < max(FIRST, 3 * self._learned):
            return
        self._learned = self._rarity.messages
        now = max((issue.last for issue in self._issues.values()), default=0.0)
        for number in [n for n, one in self._issues.items() if now - one.last > self._window]:
            self._close(number)
        many = [said for issue in self._issues.values() for said in issue.words][-KEPT:]
        self._sense = learn_sense(many)
        for issue in self._issues.values():
            issue.sense = np.sum([self._sense.of(*said) for said in issue.words], axis=0)
