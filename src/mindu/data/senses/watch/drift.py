"""Drift: a device leaves its neighbours slowly, day by day, though each reading is plausible."""

from collections.abc import Iterator

import msgspec
import numpy as np

from mindu.base.records import Severity, Words
from mindu.data.arrays import Floats
from mindu.data.senses.memory.reads import Held, resample

DAY = 86_400_000
DAYS = 10  # days that are looked back
NEEDED = 5  # devices of a group that make neighbours, and days that make a line
MOST = 500  # devices of one group that are held side by side
SPREAD = 4.0  # spreads of the group that a device must have moved
STEADY = 4.0  # noises of its own line that it must have moved


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with one device. `since`: epoch ms."""

    device: str
    prop: str
    finding: str
    severity: Severity
    says: Words
    since: int


def drifting(held: Held, at: int) -> Iterator[Finding]:
    """Yield the devices that leave the median of their kind and group along a line.

    `at`: epoch ms. Neighbours share kind, group and property; weather moves them together.
    """
    registry, now = held.registry, held.now.columns
    series = registry.series
    known = np.flatnonzero(now["at"] > at - DAYS * DAY)
    device = series["device"][known]
    flock = np.stack([
        registry.devices["kind"][device].astype(np.int64), registry.devices["group"][device],
        series["prop"][known].astype(np.int64),
    ], axis=1)  # fmt: skip
    for one in np.unique(flock, axis=0):
        mine = known[(flock == one).all(axis=1)][:MOST]
        if len(mine) >= NEEDED:
            yield from _left(held, mine.tolist(), at)


def _left(held: Held, mine: list[int], at: int) -> Iterator[Finding]:
    until = at // DAY * DAY
    grids = [resample(held, s, until - DAYS * DAY, until, DAY) for s in mine]
    means = np.stack([np.where(grid.gap, np.nan, grid.value) for grid in grids])
    whole = np.isfinite(means).sum(axis=0) >= NEEDED
    if int(whole.sum()) < NEEDED:
        return
    days = np.flatnonzero(whole).astype(float)
    off = means[:, whole] - np.nanmedian(means[:, whole], axis=0)
    lines = [trend(days, line) for line in off]
    moved, noise = (np.array(told) for told in zip(*lines, strict=True))
    apart = moved - np.median(moved)
    spread = 1.4826 * float(np.median(np.abs(apart))) + 1e-9
    gone = (np.abs(apart) > SPREAD * spread) & (np.abs(apart) > STEADY * noise)
    for i in np.flatnonzero(gone).tolist():
        yield _told(held, mine[i], float(apart[i]), until - DAYS * DAY)


def trend(days: Floats, line: Floats) -> tuple[float, float]:
    """Return how far a line moved by the median of its slopes, and its noise about that line."""
    good = np.isfinite(line)
    if int(good.sum()) < NEEDED:
        return 0.0, np.inf
    x, y = days[good], line[good]
    i, j = np.triu_indices(len(x), 1)
    slope = float(np.median((y[j] - y[i]) / (x[j] - x[i])))
    left = y - slope * x
    noise = 1.4826 * float(np.median(np.abs(left - np.median(left)))) + 1e-9
    return slope * float(x[-1] - x[0]), noise


def _told(held: Held, series: int, off: float, since: int) -> Finding:
    registry = held.registry
    prop = registry.prop(series)
    says = Words(
        f"Moved {off:+.3g} {prop.unit} off its neighbours in {DAYS} days.",
        f"{DAYS} 日内与同组设备逐渐相差 {off:+.3g} {prop.unit}。",
    )
    owner = registry.owner(series)
    return Finding(owner, prop.name, "drifting", Severity.YELLOW, says, since)
