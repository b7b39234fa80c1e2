"""Drift: a device leaves its neighbours slowly, day by day, though each reading is plausible.

Of every series the means of the last days are worked out once a day, in one pass over the tables;
then each flock (one kind, group and property) is held against itself. In a large flock a device's
neighbours are those that stand nearest; without places, the whole flock.
"""

from collections.abc import Iterator
from threading import Lock

import msgspec
import numpy as np

from mindu.base.records import Severity, Words
from mindu.data.arrays import Floats, Ints
from mindu.data.senses.memory import reads
from mindu.data.senses.memory.reads import Held

DAY = 86_400_000
DAYS = 10  # days that are looked back
NEEDED = 5  # devices of a flock that make neighbours, and days that make a line
NEAR = 50  # neighbours by place
LARGE = 500  # devices of a flock from which on neighbours are chosen by place
ROWS = 5_000  # devices that are looked at together
SPREAD = 4.0  # spreads of the flock that a device must have moved
STEADY = 4.0  # noises of its own line that it must have moved


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with one device. `since`: epoch ms."""

    device: str
    prop: str
    finding: str
    severity: Severity
    says: Words
    since: int


class Drift:
    """Looks for drift in one store; the means of days that are over are kept, 4 B each."""

    def __init__(self) -> None:
        """Know no day yet."""
        self._lock = Lock()  # many may ask at once; one works out
        self._asked = (0, 0)  # day and number of series that the findings are of
        self._found: list[Finding] = []
        self._means: dict[int, Floats] = {}  # day -> mean of every series, NaN where there is none

    def drifting(self, held: Held, at: int) -> list[Finding]:
        """Return the devices that leave their neighbours along a line.

        `at`: epoch ms; the ten days before its day count, so it is worked out once a day. News of a
        day that comes after it was worked out is left out.
        """
        until = at // DAY
        with self._lock:
            asked = (until, len(held.registry.series))
            if asked != self._asked:
                self._found, self._asked = list(self._look(held, until)), asked
            return self._found

    def _look(self, held: Held, until: int) -> Iterator[Finding]:
        means = self._days(held, range(until - DAYS, until))
        registry = held.registry
        known = np.flatnonzero(np.isfinite(means).sum(axis=1) >= NEEDED)
        device = registry.series["device"][known]
        flock = np.stack([
            registry.devices["kind"][device].astype(np.int64), registry.devices["group"][device],
            registry.series["prop"][known].astype(np.int64),
        ], axis=1)  # fmt: skip
        order = np.lexsort(flock.T)
        apart = (flock[order][1:] != flock[order][:-1]).any(axis=1)
        for mine in np.split(known[order], np.flatnonzero(apart) + 1):
            if len(mine) >= NEEDED:
                yield from _left(held, mine, means[mine], (until - DAYS) * DAY)

    def _days(self, held: Held, days: range) -> Floats:
        count = len(held.registry.series)
        for day in [day for day in self._means if day not in days]:
            del self._means[day]
        for day in days:
            if day not in self._means or len(self._means[day]) < count:
                self._means[day] = reads.each(held, day * DAY, (day + 1) * DAY).astype(np.float32)
        return np.stack([self._means[day][:count] for day in days], axis=1)


def _left(held: Held, mine: Ints, means: Floats, since: int) -> Iterator[Finding]:
    whole = np.isfinite(means).sum(axis=0) >= NEEDED
    if int(whole.sum()) < NEEDED:
        return
    days = np.flatnonzero(whole).astype(float)
    means = means[:, whole].astype(float)
    moved, noise = trends(days, means - _around(held, mine, means))
    good = np.isfinite(noise)
    if int(good.sum()) < NEEDED:
        return
    apart = moved - np.median(moved[good])
    spread = 1.4826 * float(np.median(np.abs(apart[good]))) + 1e-9
    gone = good & (np.abs(apart) > SPREAD * spread) & (np.abs(apart) > STEADY * noise)
    for i in np.flatnonzero(gone).tolist():
        yield _told(held, int(mine[i]), float(apart[i]), since)


def _around(held: Held, mine: Ints, means: Floats) -> Floats:
    """Return the median of each device's neighbours, day by day."""
    whole = np.nanmedian(means, axis=0)
    if len(mine) < LARGE:
        return np.asarray(whole)
    places = np.stack(held.registry.places(), axis=1)[held.registry.series["device"][mine]]
    stands = np.flatnonzero(np.isfinite(places).all(axis=1))
    found = np.tile(whole, (len(mine), 1))
    if len(stands) <= NEAR:
        return found
    from scipy.spatial import cKDTree  # noqa: PLC0415 - 30 MB, which an edge node can spare

    wide = np.cos(np.radians(np.nanmean(places[:, 1])))
    flat = places[stands] * np.array([wide, 1.0])
    tree = cKDTree(flat)
    for start in range(0, len(stands), ROWS):
        some = slice(start, start + ROWS)
        _, near = tree.query(flat[some], k=NEAR + 1)
        around = means[stands[near]]
        heard = np.isfinite(around).sum(axis=1) >= NEEDED
        median = np.nanmedian(np.where(heard[:, None, :], around, 0.0), axis=1)
        found[stands[some]] = np.where(heard, median, whole)
    return found


def trends(days: Floats, lines: Floats) -> tuple[Floats, Floats]:
    """Return how far each line moved by the median of its slopes, and its noise about that line.

    The noise is infinite where a line has too few days.
    """
    i, j = np.triu_indices(len(days), 1)
    span = days[j] - days[i]
    moved, noise = np.zeros(len(lines)), np.full(len(lines), np.inf)
    for start in range(0, len(lines), ROWS):
        line = lines[start : start + ROWS]
        good = np.isfinite(line)
        some = np.flatnonzero(good.sum(axis=1) >= NEEDED)
        line, good = line[some], good[some]
        if not len(some):
            continue
        slope = np.nanmedian((line[:, j] - line[:, i]) / span, axis=1)
        left = line - slope[:, None] * days
        off = np.abs(left - np.nanmedian(left, axis=1)[:, None])
        last = len(days) - 1 - np.argmax(good[:, ::-1], axis=1)
        moved[start + some] = slope * (days[last] - days[np.argmax(good, axis=1)])
        noise[start + some] = 1.4826 * np.nanmedian(off, axis=1) + 1e-9
    return moved, noise


def _told(held: Held, series: int, off: float, since: int) -> Finding:
    registry = held.registry
    prop = registry.prop(series)
    says = Words(
        f"Moved {off:+.3g} {prop.unit} off its neighbours in {DAYS} days.",
        f"{DAYS} 日内与同组设备逐渐相差 {off:+.3g} {prop.unit}。",
    )
    owner = registry.owner(series)
    return Finding(owner, prop.name, "drifting", Severity.YELLOW, says, since)
