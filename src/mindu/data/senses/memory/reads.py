"""Reading back: any moment and span of any series, as it was, or as it was known at some hour.

Times are epoch ms, both ends in. `known`: only what had arrived by that second (rounded up) counts,
so that "what did we know at 21:35" is a question like any other.
"""

from collections.abc import Iterator
from threading import RLock
from typing import NamedTuple, Protocol

import numpy as np

from mindu.data.arrays import Floats, Ints, Truths
from mindu.data.senses.beside.amended import Amended
from mindu.data.senses.beside.words import coded
from mindu.data.senses.memory.pieces import DAY_MS, FIVE, Piece, values
from mindu.data.senses.memory.plain import numbers
from mindu.data.senses.memory.table import Readings
from mindu.data.senses.now import NEVER, Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import NO_ROWS, Rows, joined

MOST_ROWS = 5_000_000  # readings that one question may return
FUNCTIONS = ("mean", "sum", "min", "max", "count", "last", "first")


class Held(Protocol):
    """What is read: the tables and what is not in them yet."""

    table: Readings
    registry: Registry
    now: Now
    lock: RLock
    amended: Amended

    def waiting(self) -> list[Rows]:
        """Return the sorted runs that the tables do not hold yet."""
        ...


class Grid(NamedTuple):
    """A series on a regular grid: NaN and a mark where it was silent for too long."""

    at: Ints
    value: Floats
    gap: Truths


def window(held: Held, series: int, since: int, until: int, *, known: int | None = None) -> Rows:
    """Return the readings of one series in a span, oldest first."""
    parts = [_span(run, series, since, until) for run in held.waiting()]
    parts += held.table.of(series, since, until)
    rows = _once(joined([rows for rows in parts if rows]))
    if known is not None:
        rows = rows.take(rows.arrived * 1000 <= known)
    return held.amended.laid(series, rows, known)


def last(
    held: Held, series: int, count: int, *, until: int | None = None, known: int | None = None
) -> Rows:
    """Return the newest readings of one series up to an instant, oldest first."""
    end = int(held.now.columns["at"][series]) if until is None else until
    days = [day for day in held.table.days() if day * DAY_MS <= end]
    since, found = end + 1, NO_ROWS
    for day in [*sorted({end // DAY_MS, *days}, reverse=True), -1]:
        since = day * DAY_MS if day >= 0 else NEVER
        found = joined([window(held, series, since, end, known=known), found])
        if len(found.series) >= count or day < 0:
            break
        end = since - 1
    return found.take(slice(max(0, len(found.series) - count), None))


def as_of(
    held: Held, series: int, at: int, *, known: int | None = None
) -> tuple[int, float] | None:
    """Return (when, value) that held at an instant, as far as was known then."""
    rows = last(held, series, 1, until=at, known=known)
    return (int(rows.at[0]), float(rows.value[0])) if rows else None


def resample(
    held: Held, series: int, since: int, until: int, every: int, *, silence: int | None = None
) -> Grid:
    """Return the mean of each step of `every` ms; a step without readings holds the last value.

    After `silence` ms without a reading (declared, else three steps) nothing holds: a marked gap.
    """
    declared = held.registry.prop(series).silence
    limit = silence or (int(declared * 1000) if declared else 3 * every)
    before = as_of(held, series, since - 1)
    rows = window(held, series, since, until - 1)
    count = max(0, -(-(until - since) // every))
    assert count <= MOST_ROWS, f"{count} steps are too many; ask for a longer step"
    at = since + np.arange(count) * every
    place = (rows.at - since) // every
    sums, counts = np.bincount(place, rows.value, count), np.bincount(place, minlength=count)
    newest = np.full(count + 1, np.iinfo(np.int64).min // 2)
    carried = np.full(count + 1, np.nan)
    if before is not None:
        newest[0], carried[0] = before
    np.maximum.at(newest, place + 1, rows.at)
    carried[place + 1] = rows.value  # sorted by time, so the last of a step stays
    filled = np.maximum.accumulate(np.where(np.isfinite(carried), np.arange(count + 1), 0))
    heard, value = newest[filled][1:], carried[filled][1:]
    gap = (counts == 0) & (at - heard > limit)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(counts > 0, sums / counts, np.where(gap, np.nan, value))
    return Grid(at, value, gap | np.isnan(value))


class Means(NamedTuple):
    """What many series came to, by bucket."""

    bucket: Ints  # epoch ms at which it begins
    value: Floats
    rows: Ints


def aggregate(
    held: Held,
    chosen: Truths,
    since: int,
    until: int,
    every: int = FIVE,
    *,
    how: str = "mean",
) -> Means:
    """Return mean, sum, min, max or count of all chosen series, by steps of `every` ms.

    `chosen` says of every series whether it counts. [since, until).
    """
    assert how in {"mean", "sum", "min", "max", "count"}, f"{how}: not known over many series"
    first = since // every
    count = -(-until // every) - first
    assert 0 < count <= MOST_ROWS, f"{count} steps; ask for 1 to {MOST_ROWS}"
    sums, rows = np.zeros(count), np.zeros(count, np.int64)
    edge = np.full(count, np.inf if how == "min" else -np.inf)
    for when, number in _scan(held, chosen, since, until, every):
        place = when // every - first
        rows += np.bincount(place, minlength=count)
        if how in {"mean", "sum"}:
            sums += np.bincount(place, number, count)
        elif how != "count":
            (np.minimum if how == "min" else np.maximum).at(edge, place, number)
    full = np.flatnonzero(rows)
    found = edge[full]
    if how == "count":
        found = rows[full].astype(float)
    elif how in {"mean", "sum"}:
        found = sums[full] / (rows[full] if how == "mean" else 1)
    return Means((full + first) * every, found, rows[full])


def _scan(
    held: Held, chosen: Truths, since: int, until: int, every: int
) -> Iterator[tuple[Ints, Floats]]:
    """Yield (at, value) of the chosen series in a span, some 250,000 rows at once.

    Only the columns that are needed are read: no series if all are chosen, the stored bucket
    instead of the time where whole buckets are asked for.
    """
    runs, pieces = _standing(held, since, until)
    amended = held.amended if held.amended.touches(since, until) else None
    for run in runs:
        stands, value = (
            amended.over(run.series, run.at, run.value) if amended else (True, run.value)
        )
        inside = chosen[run.series] & (run.at >= since) & (run.at < until) & stands
        yield run.at[inside], value[inside]
    far, all_ = len(held.registry.series), bool(chosen.all()) and amended is None
    coarse = since % FIVE == until % FIVE == every % FIVE == 0 and amended is None
    columns = [*([] if all_ else ["series"]), "bucket" if coarse else "at", "scaled"]
    for piece in pieces:
        parts = piece.parts(0, far, since, until - 1)
        for i in range(0, len(parts), 4):
            some = parts[i : i + 4]
            decimals = np.unique(piece.decimals[some])
            plain = len(decimals) == 1 and decimals[0] >= 0
            told = piece.table(some, columns if plain else [*columns, "exact", "decimals"])
            at = numbers(told["bucket"]).astype(np.int64) * FIVE if coarse else None
            at = numbers(told["at"]) if at is None else at
            value = numbers(told["scaled"]) / 10.0 ** decimals[0] if plain else values(told)
            inside = (at >= since) & (at < until)
            inside &= True if all_ else chosen[numbers(told["series"])]
            if amended:
                stands, value = amended.over(numbers(told["series"]), at, value)
                inside &= stands
            whole = bool(inside.all())
            yield (at, value) if whole else (at[inside], value[inside])


def each(held: Held, since: int, until: int) -> Floats:
    """Return the mean of every series in [since, until), NaN where nothing was heard."""
    count = len(held.registry.series)
    sums, rows, amended = np.zeros(count), np.zeros(count, np.int64), held.amended

    def add(series: Ints, at: Ints, value: Floats) -> None:
        stands, value = amended.over(series, at, value) if amended.total else (True, value)
        inside = (at >= since) & (at < until) & (series < count) & stands
        if inside.any():
            low = int(series[inside].min())
            place = series[inside] - low
            some = slice(low, low + int(place.max()) + 1)
            sums[some] += np.bincount(place, value[inside])
            rows[some] += np.bincount(place)

    runs, pieces = _standing(held, since, until)
    for run in runs:
        add(run.series, run.at, run.value)
    for piece in pieces:
        parts = piece.parts(0, count, since, until - 1)
        for i in range(0, len(parts), 4):
            told = piece.table(parts[i : i + 4], ["series", "at", "scaled", "exact", "decimals"])
            add(numbers(told["series"]).astype(np.int64), numbers(told["at"]), values(told))
    rows[coded(held.registry)] = 0  # there is no mean of words
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums / rows)


def _standing(held: Held, since: int, until: int) -> tuple[list[Rows], list[Piece]]:
    """Return the runs and the pieces of one moment: no row stands in two of them."""
    with held.lock:
        return held.waiting(), list(held.table.pieces(since, until - 1))


def _span(run: Rows, series: int, since: int, until: int) -> Rows:
    low, high = np.searchsorted(run.series, (series, series + 1))
    low, high = low + np.searchsorted(run.at[low:high], (since, until + 1))
    return run.take(slice(int(low), int(high)))


def _once(rows: Rows) -> Rows:
    """Drop what stands twice because it went to the tables while it was read."""
    if len(rows.at) < 2 or (rows.at[1:] != rows.at[:-1]).all():
        return rows
    return rows.take(np.append(True, rows.at[1:] != rows.at[:-1]))
