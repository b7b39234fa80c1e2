"""Stays: where the tokens of every instance stand, since when, and how long others stayed there.

A stay is the time from the step in which a token came to rest at a node to the step in which it
left. Joins and sub-processes count as well as tasks; a clock that is stopped is not taken out.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from mindu.base.records import Entry
from mindu.engines.process import Wait

Spot = tuple[str, str]  # the key of a definition, and a node of it
Standing = dict[int, tuple[str, str, float]]  # by token: drawing, node, epoch seconds since when
MIGRATED = "Migrate"


class _Token(msgspec.Struct, frozen=True, array_like=True):
    id: int
    node: str
    frame: int


class _Frame(msgspec.Struct, frozen=True, array_like=True):
    """The part of a frame that says which drawing its tokens stand in."""

    id: int
    body: str
    parent: int = 0
    host: int = 0
    vars: msgspec.Raw = msgspec.Raw(b"{}")
    ended: msgspec.Raw = msgspec.Raw(b"[]")
    started: int = 1
    visits: msgspec.Raw = msgspec.Raw(b"{}")
    records: msgspec.Raw = msgspec.Raw(b"[]")
    definition: str = ""


class Rest(msgspec.Struct, frozen=True):
    """The part of a state that says where its tokens rest, and what is waited for."""

    definition: str
    status: str = "running"
    waits: tuple[Wait, ...] = ()
    tokens: tuple[_Token, ...] = ()
    frames: tuple[_Frame, ...] = ()


class Stay(msgspec.Struct, array_like=True):
    """Who stands at a node now, and what the stays that are over came to; all in seconds."""

    open: int = 0
    since: float = 0.0  # sum of the epoch seconds at which the open ones began
    over: int = 0
    total: float = 0.0
    longest: float = 0.0

    def waits(self, now: datetime) -> float:
        """Return how long those who stand here now have stood on average, in seconds."""
        return max(now.timestamp() - self.since / self.open, 0.0) if self.open else 0.0

    @property
    def mean(self) -> float:
        """Return how long those who left had stayed on average, in seconds."""
        return self.total / self.over if self.over else 0.0


class Stays:
    """Every stay, by the drawing and the node."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.at: dict[Spot, Stay] = {}
        self.standing: dict[int, Standing] = {}  # by instance

    def step(self, instance: int, entry: Entry, rest: Rest, *, what: str) -> None:
        """Take in where an instance's tokens stand after a step that was a `what`."""
        at, carried = entry.at.timestamp(), what == MIGRATED
        before = self.standing.pop(instance, {})
        after = _standing(rest, before, at, carried=carried) if rest.status == "running" else {}
        for number, spot in before.items():
            if after.get(number) is not spot:  # who did not go on keeps the very place
                self._left(*spot, None if carried else at)
        for number, spot in after.items():
            if before.get(number) is not spot:
                self._came(*spot)
        if after:
            self.standing[instance] = after

    def _came(self, key: str, node: str, since: float) -> None:
        stay = self.at.get((key, node))
        if stay is None:
            stay = self.at[key, node] = Stay()
        stay.open, stay.since = stay.open + 1, stay.since + since

    def _left(self, key: str, node: str, since: float, at: float | None) -> None:
        """Let one go on; who is carried over to another version is not over yet."""
        stay = self.at[key, node]
        stay.open, stay.since = stay.open - 1, stay.since - since
        if not stay.open:
            stay.since = 0.0  # no crumbs of rounding are left behind
        if at is not None:
            spent = max(at - since, 0.0)
            stay.over, stay.total = stay.over + 1, stay.total + spent
            stay.longest = max(stay.longest, spent)

    def of(self, key: str) -> dict[str, Stay]:
        """Return the stays of one version of a drawing, by node."""
        return {node: stay for (of, node), stay in list(self.at.items()) if of == key}

    def instances(self, key: str) -> Iterator[tuple[int, str, float]]:
        """Yield who stands in a version of a drawing: instance, node, epoch seconds since when."""
        for instance, tokens in list(self.standing.items()):
            for of, node, since in list(tokens.values()):
                if of == key:
                    yield instance, node, since

    def dump(self) -> object:
        """Return all of it as plain values."""
        return [list(self.at.items()), self.standing]


def _standing(rest: Rest, before: Standing, at: float, *, carried: bool) -> Standing:
    """Return where tokens stand, and since when: who did not go on, or was carried over, as it was.

    `at` and what is returned are epoch seconds.
    """
    drawings = {frame.id: frame.definition for frame in rest.frames if frame.definition}
    after: Standing = {}
    for token in rest.tokens:
        key, old = drawings.get(token.frame, rest.definition), before.get(token.id)
        if old is not None and old[0] == key and old[1] == token.node:
            after[token.id] = old
        else:
            after[token.id] = key, token.node, old[2] if old is not None and carried else at
    return after


Kept = tuple[list[tuple[Spot, Stay]], dict[int, Standing]]


def taken_up(kept: Kept) -> Stays:
    """Return the stays that `dump` gave."""
    stays = Stays()
    stays.at, stays.standing = dict(kept[0]), kept[1]
    return stays
