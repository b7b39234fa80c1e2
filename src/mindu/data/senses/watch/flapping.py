"""Flapping: series that jump faster than they can, or fall silent and return, again and again.

One jump and the way back are two marks and no flapping; the third within the span is.
"""

from collections.abc import Iterator

import numpy as np

from mindu.base.records import Severity, Words
from mindu.data.arrays import Bytes, Ints
from mindu.data.senses.memory.plain import numbers
from mindu.data.senses.memory.reads import Held
from mindu.data.senses.watch.drift import Finding
from mindu.perceive.declare import STAGES, Stage
from mindu.perceive.quality import Quality

SPAN = 6 * 3_600_000  # ms that are looked back
LEAST = 3  # marks within it
JUMPS = int(Quality.SPIKE | Quality.RATE)
_ACTIVE = STAGES.index(Stage.ACTIVE)


def flapping(held: Held, at: int) -> Iterator[Finding]:
    """Yield every series that flapped up to an instant (epoch ms), by its marked readings."""
    registry, count = held.registry, len(held.registry.series)
    jumps, gaps = np.zeros(count, np.int64), np.zeros(count, np.int64)
    last = np.zeros(count, np.int64)
    for series, when, quality in _marked(held, at - SPAN, at):
        jumps += np.bincount(series[(quality & JUMPS) != 0], minlength=count)
        gaps += np.bincount(series[(quality & int(Quality.GAP)) != 0], minlength=count)
        np.maximum.at(last, series, when)
    active = registry.devices["stage"][registry.series["device"]] == _ACTIVE
    for one in np.flatnonzero(active & (jumps + gaps >= LEAST)).tolist():
        many, away, hours = int(jumps[one]), int(gaps[one]), SPAN // 3_600_000
        says = Words(
            f"Jumped {many} times faster than it can and fell silent {away} times in {hours} h.",
            f"{hours} 小时内跳变过快 {many} 次,中断 {away} 次。",
        )
        prop = registry.prop(one).name
        found = (registry.owner(one), prop, "flapping", Severity.YELLOW, says, int(last[one]))
        yield Finding(*found)


def _marked(held: Held, since: int, until: int) -> Iterator[tuple[Ints, Ints, Bytes]]:
    """Yield (series, at, quality) of the readings in (since, until] that are marked so."""
    bits = np.uint8(JUMPS | int(Quality.GAP))
    with held.lock:
        runs, pieces = held.waiting(), list(held.table.pieces(since, until))
    for run in runs:
        mine = ((run.quality & bits) != 0) & (run.at > since) & (run.at <= until)
        yield run.series[mine], run.at[mine], run.quality[mine]
    far = len(held.registry.series)
    for piece in pieces:
        parts = piece.parts(0, far, since, until)
        for i in range(0, len(parts), 4):
            told = piece.table(parts[i : i + 4], ["series", "at", "quality"])
            quality = numbers(told["quality"]).astype(np.uint8)
            at = numbers(told["at"])
            mine = ((quality & bits) != 0) & (at > since) & (at <= until)
            yield numbers(told["series"])[mine].astype(np.int64), at[mine], quality[mine]
