"""Join: certain pairs become one subject, likely ones wait for a person, all else is apart.

What people decided holds before any number, and two values that never are of one subject keep
its records apart, however long the chain between them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

CERTAIN, LIKELY = 0.99, 0.35


class Pair(NamedTuple):
    """Two records and the chance that they are of one subject."""

    a: str
    b: str
    chance: float
    likeness: tuple[int, ...] = ()


class Verdicts(NamedTuple):
    """What people decided: pairs of records that are of one subject, and that are not."""

    same: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()


NONE = Verdicts()


class Joined(NamedTuple):
    """The group of each record, under the name of its least record; and what a person decides."""

    group: dict[str, str]
    review: list[Pair]


def joined(
    ids: Sequence[str], pairs: Iterable[Pair], sure: Mapping[str, frozenset[str]],
    verdicts: Verdicts = NONE, *, certain: float = CERTAIN, likely: float = LIKELY,
) -> Joined:  # fmt: skip
    """Join records; `pairs` come surest first, `sure` says which values tell subjects apart.

    A value of `sure` carries the name of its column, so that values of one column alone conflict.
    """
    groups = _Groups(ids, sure, verdicts.apart)
    for a, b in sorted(verdicts.same):
        if groups.knows(a, b) and not groups.parted(a, b):
            groups.join(a, b)
    waiting: list[Pair] = []
    for pair in pairs:
        if not groups.knows(pair.a, pair.b):
            continue
        if pair.chance >= certain and groups.fits(pair.a, pair.b):
            groups.join(pair.a, pair.b)
        elif pair.chance >= likely:
            waiting.append(pair)
    return Joined({one: groups.root(one) for one in ids}, groups.open(waiting))


class _Groups:
    """Groups that grow; each knows its members and the values that tell it apart."""

    def __init__(
        self, ids: Sequence[str], sure: Mapping[str, frozenset[str]],
        apart: frozenset[tuple[str, str]],
    ) -> None:  # fmt: skip
        self._up = {one: one for one in ids}
        self._members = {one: {one} for one in ids}
        self._sure = {one: set(sure.get(one, ())) for one in ids}
        self._foes: dict[str, set[str]] = {}
        for a, b in apart:
            self._foes.setdefault(a, set()).add(b)
            self._foes.setdefault(b, set()).add(a)

    def knows(self, a: str, b: str) -> bool:
        return a in self._up and b in self._up

    def root(self, one: str) -> str:
        while self._up[one] != one:
            self._up[one] = self._up[self._up[one]]
            one = self._up[one]
        return one

    def parted(self, a: str, b: str) -> bool:
        """Say whether a person keeps the groups of two records apart."""
        left, right = self._members[self.root(a)], self._members[self.root(b)]
        few, many = (left, right) if len(left) < len(right) else (right, left)
        return any(self._foes.get(one, frozenset()) & many for one in few)

    def fits(self, a: str, b: str) -> bool:
        """Say whether nothing keeps the groups of two records apart."""
        left, right = self._sure[self.root(a)], self._sure[self.root(b)]
        columns = {value.partition("=")[0] for value in left}
        clash = any(v.partition("=")[0] in columns and v not in left for v in right)
        return not clash and not self.parted(a, b)

    def join(self, a: str, b: str) -> None:
        left, right = sorted((self.root(a), self.root(b)))
        if left != right:
            self._up[right] = left
            self._members[left] |= self._members.pop(right)
            self._sure[left] |= self._sure.pop(right)

    def open(self, waiting: Iterable[Pair]) -> list[Pair]:
        """Return the surest pair between each two groups, where no person has decided."""
        found: dict[tuple[str, str], Pair] = {}
        for pair in waiting:
            left, right = sorted((self.root(pair.a), self.root(pair.b)))
            if left != right and not self.parted(left, right):
                found.setdefault((left, right), pair)
        return list(found.values())
