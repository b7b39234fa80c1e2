"""Opinion: how people feel about each topic or town, by what they wrote; each number has its cases.

A model that learned from the line's own history decides between complaint and plain where there is
one that beats the lexicon; the lexicon heeds negation and hears politeness as politeness. Both say
how words sound, not whether a unit did well, and no unit is graded by it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from mindu.edge.together.known import Known, Told
from mindu.engines.text.axes import Feeling
from mindu.engines.text.axes.heard import heard
from mindu.engines.text.topics import TopicModel

By = Literal["topic", "area"]
NAMED = 12  # cases named, the angriest first
SPOKE = 8  # words told
Learned = Callable[[], TopicModel | None]


def nothing() -> None:
    """Have learned nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What was written of one topic or in one town within a span."""

    about: str
    people: int
    before: int  # people of the span before
    complaint: int  # cases by how they sound
    plain: int
    praise: int
    anger: float  # mean, 0 to 1
    words: tuple[str, ...]  # that spoke most, with how many cases hold them
    named: tuple[int, ...]

    @property
    def cases(self) -> int:
        """Count the cases."""
        return self.complaint + self.plain + self.praise


class Opinions:
    """Hears each case once; asked again it only counts."""

    def __init__(self, known: Known, learned: Learned = nothing) -> None:
        """Have heard none; `learned` gives the model that holds now."""
        self.known, self._learned = known, learned
        self._model: TopicModel | None = None
        self._heard: dict[int, Feeling] = {}

    def report(
        self, now: datetime, *, days: int, by: By = "topic", areas: Sequence[str] = ("*",)
    ) -> list[Opinion]:
        """Return the opinions of the last days in some jurisdictions, the angriest crowd first."""
        model = self._learned()
        if model is not self._model:
            self._model, self._heard = model, {}
        span = timedelta(days=days)
        groups: dict[str, list[Told]] = defaultdict(list)
        before: dict[str, set[str]] = defaultdict(set)
        for told in self.known:
            if told.at <= now - 2 * span or told.at > now:
                continue
            name = self._name(told, by)
            if not name or not self.known.within(told.number, areas):
                continue
            if told.at > now - span:
                groups[name].append(told)
            else:
                before[name].add(told.caller)
        self._forget()
        found = [self._of(name, group, before[name]) for name, group in groups.items()]
        return sorted(found, key=lambda one: (-one.anger * one.people, -one.people, one.about))

    def _name(self, told: Told, by: By) -> str:
        if by == "area":
            return self.known.office.cases.said(told.number, "area")
        return self.known.counted(told.number)

    def _of(self, name: str, group: Sequence[Told], before: Iterable[str]) -> Opinion:
        felt = [(self._feel(told), told.number) for told in group]
        labels = Counter(one.label for one, _ in felt)
        spoke = Counter(word for one, _ in felt for word in one.because)
        angry = sorted(felt, key=lambda pair: (-pair[0].anger, pair[0].score, pair[1]))
        return Opinion(
            about=name,
            people=len({told.caller for told in group}),
            before=len(set(before)),
            complaint=labels["complaint"],
            plain=labels["plain"],
            praise=labels["praise"],
            anger=round(sum(one.anger for one, _ in felt) / len(felt), 3),
            words=tuple(f"{word} {count}" for word, count in spoke.most_common(SPOKE)),
            named=tuple(number for _, number in angry[:NAMED]),
        )

    def _feel(self, told: Told) -> Feeling:
        held = self._heard.get(told.number)
        if held is None:
            held = self._heard[told.number] = heard(
                f"{told.note.title}\n{told.note.body}", self._model
            )
        return held

    def _forget(self) -> None:
        for number in [n for n in self._heard if self.known.get(n) is None]:
            del self._heard[number]
