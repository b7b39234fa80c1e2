"""Alike: groups of cases that may be one matter; officers confirm, and a split undoes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mindu.brain.cases import DONE, State
from mindu.edge.together.known import Known, Told
from mindu.engines.text.same import Note, cut_for, issues
from mindu.engines.text.topics.codes import samples

WEEK = 7  # days
PERSON, WEEKS = 1.0, 2.0  # what a person and a week of lasting weigh; likes weigh nothing
YOUNG = 600  # cases of a line that has not heard enough yet to know which words are usual
MOST = 200  # cases that one suggestion names


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """Cases that may be one matter: the one to merge into, the others, and how hot it is."""

    into: int
    others: tuple[int, ...]
    people: int
    first: date
    last: date
    urged: int  # shown, and parts two of equal heat; it never outweighs people

    @property
    def heat(self) -> float:
        """Rank: people first, then the weeks that it lasts."""
        return PERSON * self.people + WEEKS * ((self.last - self.first).days // WEEK)


def night(known: Known) -> dict[int, int]:
    """Return each case's issue, the number of its oldest case, of all cases at once."""
    told = list(known)
    notes = known.notes
    found = issues([*notes, *beside(notes)], cut=cut_for(notes))[: len(notes)]
    return {one.number: told[at].number for one, at in zip(told, found, strict=True)}


def beside(notes: Sequence[Note]) -> list[Note]:
    """Return messages of our own to stand beside those of a young line.

    What is usual and what is rare is learned from many; among a few, every word is rare.
    """
    many = samples() if len(notes) < YOUNG else ()
    return [Note(name=f"sample {at}", body=text) for at, (_, text) in enumerate(many)]


def grouped(known: Known, issue: dict[int, int]) -> dict[int, list[Told]]:
    """Return the cases of each issue; what officers merged is one issue, whatever words say."""
    groups: dict[int, list[Told]] = {}
    head: dict[int, int] = {}  # root of a merger -> the issue that its cases were put to
    for told in known:
        root = known.root(told.number)
        at = head.setdefault(root, issue.get(root, issue.get(told.number, root)))
        groups.setdefault(at, []).append(told)
    return groups


def same(known: Known, groups: Iterable[Sequence[Told]]) -> list[Same]:
    """Return what may be merged, hottest first: open cases that nobody merged or set apart."""
    found = [one for group in groups if (one := _same(known, group)) is not None]
    return sorted(found, key=lambda one: (-one.heat, -one.urged, one.into))


def _same(known: Known, group: Sequence[Told]) -> Same | None:
    cases = known.office.cases
    open_now = [one for one in group if cases.state(one.number) not in DONE | {State.DIVIDED}]
    if len(open_now) < 2:
        return None
    into = min(open_now, key=lambda one: (-int(cases.row(one.number)["callers"]), one.number))
    apart, kind = set(cases.link(into.number).apart), cases.said(into.number, "kind")
    others = [
        one for one in open_now
        if one is not into and one.number not in apart and cases.said(one.number, "kind") == kind
    ][:MOST]  # fmt: skip
    if not others:
        return None
    told = [into, *others]
    days = [one.day for one in group]
    return Same(
        into=into.number,
        others=tuple(one.number for one in others),
        people=len({one.caller for one in group}),
        first=min(days),
        last=max(days),
        urged=sum(int(cases.row(one.number)["urged"]) for one in told),
    )
