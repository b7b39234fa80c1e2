"""Tiers: readings grow old by the rule of their kind: at hand, then cold, then in rollups only.

A day is moved in one commit of the table, so a crash leaves it whole in one tier or the other.
What is dropped is written in the journal first. What a hold keeps is never dropped; the days that
the law wants are part of the rule of a kind, which says no less (`perceive.declare.Keep`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import RLock
from typing import NamedTuple, Protocol

import numpy as np

from mindu.data.arrays import Ints
from mindu.data.senses.beside.folds import KEEPING
from mindu.data.senses.beside.keeping import Dropped, Keeping, RollsDropped, Told, encode
from mindu.data.senses.memory.pieces import COLD, DAY_MS, Piece
from mindu.data.senses.memory.plain import numbers
from mindu.data.senses.memory.rolls import Rolls
from mindu.data.senses.memory.table import Readings
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import Rows
from mindu.perceive.declare import Keep

NEVER = -1  # a day before all days
HAND, CHILL, GONE = 0, 1, 2


class Store(Protocol):
    """What is tiered."""

    folder: Path
    table: Readings
    rolls: Rolls
    registry: Registry
    keeping: Keeping
    moves: RLock
    settled: dict[int, object]

    def flush(self, now: int) -> None:
        """Move the tail to the tables."""
        ...

    def commit(self, frames: list[tuple[int, bytes]]) -> None:
        """Make frames durable, then let them count."""
        ...


class Rule(NamedTuple):
    """From which day on the readings of each kind are at hand, and from which on they are kept."""

    hand: Ints
    kept: Ints
    held: Ints  # series under a hold, in order
    now: int  # epoch ms

    def fates(self, registry: Registry, day: int, series: Ints) -> Ints:
        """Return whether series stay at hand on a day, go cold or are dropped."""
        of_kind = np.where(self.kept > day, GONE, np.where(self.hand > day, CHILL, HAND))
        found = of_kind[registry.devices["kind"][registry.series["device"][series]]]
        return np.where((found == GONE) & np.isin(series, self.held), CHILL, found)

    def key(self, day: int, pieces: Iterable[Piece]) -> object:
        """Return what a day's tiers rest on: where it is the same, nothing moves."""
        past = ((self.hand > day).tobytes(), (self.kept > day).tobytes())
        return (*past, hash(self.held.tobytes()), tuple(p.path for p in pieces))


class Moved(NamedTuple):
    """What a run came to, in readings by kind."""

    cold: dict[str, int]
    gone: dict[str, int]


def rule(store: Store, now: int, keep: Keep) -> Rule:
    """Return what holds at an instant (epoch ms); `keep` counts for kinds that declare nothing."""
    today = now // DAY_MS
    told = [model.keep or keep for model in store.registry.kinds.values()]
    hand = [NEVER if it.hand is None else today - it.hand for it in told]
    kept = [NEVER if it.raw is None else today - it.raw for it in told]
    held = store.keeping.held(store.registry)
    return Rule(np.array(hand, np.int64), np.array(kept, np.int64), held, now)


def tier(store: Store, now: int, keep: Keep) -> Moved:
    """Move every day to where the rules want it; return how many readings went where.

    Raises:
        OSError: the disk refuses; the days not moved yet are where they were.
    """
    moved = Moved({}, {})
    with store.moves:
        store.flush(now)
        asked = rule(store, now, keep)
        for day in store.table.days():
            pieces = store.table.of_day(day)
            if (asked.hand > day).any() and store.settled.get(day) != asked.key(day, pieces):
                _day(store, day, asked, moved)
        _marked(store, asked)
        _rolls(store, now, keep)
    return moved


def _day(store: Store, day: int, asked: Rule, moved: Moved) -> None:
    pieces = store.table.of_day(day)
    cold, gone, fresh = _counted(store, day, pieces, asked)
    if cold or gone:
        if fresh:
            before = {kind: max(day + 1, store.keeping.gone.get(kind, 0)) for kind in fresh}
            _note(store, Dropped(asked.now, before, _spared(store, asked, day + 1), fresh))
        _rewrite(store, day, pieces, asked, None if not gone else store.table.delta.position)
        pieces = store.table.of_day(day)
    store.settled[day] = asked.key(day, pieces)
    for kept, rows in ((moved.cold, cold), (moved.gone, fresh)):
        for kind, count in rows.items():
            kept[kind] = kept.get(kind, 0) + count


def _counted(store: Store, day: int, pieces: list[Piece], asked: Rule) -> list[dict[str, int]]:
    """Count by kind what will go cold, what goes, and what of that was not noted before."""
    registry, names = store.registry, list(store.registry.kinds)
    counts = np.zeros((3, len(names)), np.int64)
    for piece in pieces:
        for part in range(len(piece.counts)):
            told = numbers(piece.table([part], ["series"])["series"])
            series, rows = np.unique(told, return_counts=True)
            kind = registry.devices["kind"][registry.series["device"][series]]
            fate = asked.fates(registry, day, series)
            stood = store.keeping.before(series, registry) <= day
            chosen = ((fate == CHILL) & (piece.tier != COLD), fate == GONE, (fate == GONE) & stood)
            for row, mine in zip(counts, chosen, strict=True):
                np.add.at(row, kind[mine], rows[mine])
    return [{names[k]: int(row[k]) for k in np.flatnonzero(row)} for row in counts]


def _rewrite(
    store: Store, day: int, pieces: list[Piece], asked: Rule, position: int | None
) -> None:
    """Write a day anew in its tiers, and let the new pieces stand in one commit."""
    table, here = store.table, [p for p in pieces if p.tier != COLD]

    def only(some: list[Piece], fate: int) -> Iterator[Rows]:
        for rows in table.slices(some) if some else ():
            yield rows.take(asked.fates(store.registry, day, rows.series) == fate)

    new = [table.write(day, only(here, HAND)), table.write(day, only(pieces, CHILL), tier=COLD)]
    table.change(new, pieces, asked.now, position)
    for piece in new:
        if not piece.rows:
            piece.path.unlink()


def _spared(store: Store, asked: Rule, day: int) -> dict[int, int]:
    """Return whom a hold spares or did until now, each with the day before which its own are gone.

    What was held until now is dropped day by day, like all else.
    """
    held = set(asked.held.tolist())
    series = np.array(sorted(held | store.keeping.spared.keys()), np.int64)
    own = store.keeping.before(series, store.registry).tolist()
    pairs = zip(series.tolist(), own, strict=True)
    return {s: before if s in held else max(before, day) for s, before in pairs}


def _marked(store: Store, asked: Rule) -> None:
    """Note up to where each kind is gone, also where no reading stood, and who is spared."""
    gone = store.keeping.gone
    pairs = zip(store.registry.kinds, asked.kept.tolist(), strict=True)
    before = {kind: day for kind, day in pairs if day > max(gone.get(kind, 0), 0)}
    spared = store.keeping.spared
    if before or set(spared) - set(asked.held.tolist()):
        held = set(asked.held.tolist())
        spared = {s: day for s, day in _spared(store, asked, 0).items() if s in held}
        _note(store, Dropped(asked.now, before, spared, {}))


def _rolls(store: Store, now: int, keep: Keep) -> None:
    """Drop the rollups that no kind wants any more: one roll sums up devices of several kinds."""
    if not store.keeping.holds:
        store.rolls.thin(_unwanted(store.registry, now // DAY_MS, keep), now)
    days = [(model.keep or keep).rolls for model in store.registry.kinds.values()]
    told = [day for day in days if day is not None]
    before = now // DAY_MS - max(told, default=0)
    if told and len(told) == len(days) and not store.keeping.holds and before > store.keeping.rolls:
        _note(store, RollsDropped(now, before))
        store.rolls.forget(before * DAY_MS, now)


def _unwanted(registry: Registry, today: int, keep: Keep) -> Ints:
    """Return of each property the day before which no kind that reports it wants its rolls."""
    told = [(model.keep or keep).rolls for model in registry.kinds.values()]
    gone = np.array([NEVER if days is None else today - days for days in told], np.int64)
    found = np.full(len(registry.props), np.iinfo(np.int64).max)
    kind = registry.devices["kind"][registry.series["device"]]
    np.minimum.at(found, registry.series["prop"], gone[kind])
    return np.where(found == np.iinfo(np.int64).max, NEVER, found)


def _note(store: Store, told: Told) -> None:
    store.commit([(KEEPING, encode([told]))])
