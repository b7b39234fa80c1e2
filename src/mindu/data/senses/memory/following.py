"""Following: rollups come to tell what holds of corrected readings, bucket by touched bucket.

A bucket of five minutes is rolled anew from the readings that stand in it, the hour and the day
around it from buckets; so to do it twice comes to the same. It is done only where the readings are
surely those that the bucket counted: none of them is gone, no device of the property changed its
group since it was in service. Elsewhere rollups go on telling what was first said, and that is
counted.
"""

from collections.abc import Iterable, Sequence
from threading import RLock
from typing import NamedTuple, Protocol

import numpy as np

from mindu.data.arrays import Ints, Truths
from mindu.data.senses.beside.amended import Amended, Amendment
from mindu.data.senses.beside.words import coded
from mindu.data.senses.memory.pieces import DAY_MS, FIVE, values
from mindu.data.senses.memory.plain import numbers
from mindu.data.senses.memory.rolls import LEVELS, Roll, Rolls, coarser, rolled, summed
from mindu.data.senses.memory.table import Readings
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import NO_ROWS, Rows, joined

PLACES = DAY_MS // FIVE  # buckets of five minutes in a day
Pair = tuple[int, int]  # a reading: its series, and when it was (epoch ms)


class Store(Protocol):
    """What follows."""

    registry: Registry
    table: Readings
    rolls: Rolls
    amended: Amended
    lock: RLock


class Keys(NamedTuple):
    """Of every series the number of its group and property, and whether it is followed at all."""

    owner: Ints
    props: int
    sure: Truths


def follow(store: Store, upto: int, now: int) -> None:
    """Let rollups follow the first `upto` amendments, whose readings the tables hold.

    Raises:
        OSError: the disk refuses; what was not followed yet is tried again.
    """
    followed = store.rolls.followed
    fresh = store.amended.order[followed.upto : upto]
    if not fresh:
        return
    words, days = coded(store.registry), dict[int, set[Pair]]()
    for it in fresh:
        if not words[it.series]:
            days.setdefault(it.at // DAY_MS, set()).add((it.series, it.at))
    left = dict.fromkeys(followed.left)
    for day, pairs in sorted(days.items()):
        done = _day(store, day, pairs, now)
        left.update(dict.fromkeys(sorted(pairs - done)))
    followed.keep(upto, list(left))


def untold(store: Store, chosen: Truths, since: int, until: int) -> int:
    """Count the readings of some series in [since, until) of which rollups tell what was said."""
    followed = store.rolls.followed
    fresh = {(it.series, it.at) for it in store.amended.order[followed.upto :]}
    return sum(
        since <= at < until and series < len(chosen) and bool(chosen[series])
        for series, at in fresh.union(followed.left)
    )


def _day(store: Store, day: int, pairs: set[Pair], now: int) -> set[Pair]:
    """Roll the touched buckets of a day anew; return the readings that rollups tell rightly now."""
    keys, held = _keys(store.registry), store.rolls.of_day(day)
    key_of = {pair: _key(keys, pair[0], pair[1], day) for pair in pairs}
    there = {pair for pair in pairs if keys.sure[pair[0]]}
    touched = np.unique(np.array([key_of[pair] for pair in there], np.int64))
    if not len(touched):
        return set()
    rows = _rows(store, keys, touched, day)
    row_keys = _keyed(keys, rows, day)
    low, high = _counts(store, rows, row_keys, touched)
    stood = _stood(held, keys, touched, day)
    good = touched[(stood >= low) & (stood <= high)]
    stands, value = store.amended.over(rows.series, rows.at, rows.value)
    mine = stands & np.isin(row_keys, good)
    fresh = rows._replace(value=value).take(mine)
    store.rolls.put_day(day, _anew(held, keys, good, fresh, day), now)
    return {pair for pair in there if key_of[pair] in set(good.tolist())}


def _keys(registry: Registry) -> Keys:
    series, devices = registry.series, registry.devices
    device, prop = series["device"], series["prop"].astype(np.int64)
    props = len(registry.props)
    moved = np.zeros(props, bool)
    moved[prop[devices["moved"][device] != 0]] = True
    return Keys(devices["group"][device].astype(np.int64) * props + prop, props, ~moved[prop])


def _key(keys: Keys, series: int, at: int, day: int) -> int:
    return int(keys.owner[series]) * PLACES + (at - day * DAY_MS) // FIVE


def _keyed(keys: Keys, rows: Rows, day: int) -> Ints:
    found: Ints = keys.owner[rows.series] * PLACES + (rows.at - day * DAY_MS) // FIVE
    return found


def _roll_keys(roll: Roll, keys: Keys, day: int) -> Ints:
    owner = roll.group * keys.props + roll.prop
    found: Ints = owner * PLACES + (roll.bucket - day * DAY_MS) // FIVE
    return found


def _rows(store: Store, keys: Keys, touched: Ints, day: int) -> Rows:
    """Return the readings of the tables that fall in touched buckets, as they were first said."""
    owners = np.isin(keys.owner, touched // PLACES) & ~coded(store.registry)
    chosen, places = np.flatnonzero(owners), touched % PLACES
    since = day * DAY_MS + int(places.min()) * FIVE
    until = day * DAY_MS + (int(places.max()) + 1) * FIVE
    found = [NO_ROWS]
    for piece in store.table.pieces(since, until - 1):
        parts = piece.parts(int(chosen[0]), int(chosen[-1]), since, until - 1)
        for i in range(0, len(parts), 4):
            told = piece.table(parts[i : i + 4], ["series", "at", "scaled", "exact", "decimals"])
            series = numbers(told["series"]).astype(np.int64)
            at = numbers(told["at"]).astype(np.int64)
            none = np.zeros(len(at), np.int64)
            rows = Rows(series, at, values(told), none.astype(np.uint8), none)
            rows = rows.take(owners[series] & (at >= since) & (at < until))
            found.append(rows.take(np.isin(_keyed(keys, rows, day), touched)))
    return joined(found)


def _counts(store: Store, rows: Rows, row_keys: Ints, touched: Ints) -> tuple[Ints, Ints]:
    """Return how many readings each bucket may have counted: from when all are followed, to now."""
    order, upto = store.amended.order, store.rolls.followed.upto
    before, after = (_back(them, rows) for them in (order[:upto], order))
    place = np.searchsorted(touched, row_keys)
    many = np.bincount(place, minlength=len(touched))
    gone = [np.bincount(place[back], minlength=len(touched)) for back in (after, before)]
    return many - gone[0], many - gone[1]


def _back(amendments: Sequence[Amendment], rows: Rows) -> Truths:
    """Say which rows were taken back."""
    gone = {(it.series, it.at) for it in amendments if it.value is None}
    pairs: Iterable[Pair] = zip(rows.series.tolist(), rows.at.tolist(), strict=True)
    return np.array([pair in gone for pair in pairs] if gone else [False] * len(rows.at), bool)


def _stood(held: Roll, keys: Keys, touched: Ints, day: int) -> Ints:
    """Return how many readings the rolls of each touched bucket counted; -1 where there is none."""
    found = np.full(len(touched), -1, np.int64)
    finest = np.flatnonzero(held.level == LEVELS[0] // 1000)
    mine = _roll_keys(held, keys, day)[finest]
    place = np.minimum(np.searchsorted(touched, mine), len(touched) - 1)
    hits = touched[place] == mine
    found[place[hits]] = held.rows[finest[hits]]
    return np.where(found < 0, np.int64(-1), found)


def _anew(held: Roll, keys: Keys, good: Ints, fresh: Rows, day: int) -> Roll:
    """Return the rolls of a day with good buckets, and hours and day around them, rolled anew."""
    mine = _roll_keys(held, keys, day)
    finest = held.level == LEVELS[0] // 1000
    parts = [held.take(np.flatnonzero(finest & ~np.isin(mine, good)))]
    if fresh:
        owner = keys.owner[fresh.series]
        parts.append(rolled(fresh, owner // keys.props, owner % keys.props, LEVELS[0]))
    whole = summed(parts)
    found, finer = [whole], _roll_keys(whole, keys, day)
    for level in LEVELS[1:]:
        wide = level // FIVE
        around = np.unique(good // PLACES * PLACES + good % PLACES // wide * wide)
        of = held.level == level // 1000
        found.append(held.take(np.flatnonzero(of & ~np.isin(mine, around))))
        inside = finer // PLACES * PLACES + finer % PLACES // wide * wide
        found.append(coarser(whole.take(np.flatnonzero(np.isin(inside, around))), level))
    return summed(found)
