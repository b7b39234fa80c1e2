"""A local loop as the settings declare it, and what is wrong with one."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from mindu.base.records import Value, Words

MOST = 64  # loops of one node
LONGEST = 3600.0  # s that a loop's command may wait, and holds back that it is its own
OFTEN = 60  # commands an hour
GAUGES = 8  # that one loop weighs
NAME = 100  # characters


class Tier(StrEnum):
    """What a loop is trusted with."""

    PROPOSE = "propose"  # handed upstream, never sent
    ACT = "act"  # sent at once


class Gauge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One property of one device, its threshold, and from where on it has come back."""

    device: str
    prop: str
    above: float | None = None
    below: float | None = None
    clear: float

    def beyond(self, value: float) -> bool:
        """Say whether a value is beyond the threshold."""
        if self.above is not None:
            return value > self.above
        return self.below is not None and value < self.below

    def back(self, value: float) -> bool:
        """Say whether a value has come back."""
        return value <= self.clear if self.above is not None else value >= self.clear


class Loop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When `prop` of `device` stands beyond a threshold, `target` is told `command`.

    `above` or `below`: the threshold, in the property's unit. `clear`: back from it the loop is
    calm again. `also`: gauges that must stand beyond theirs at the same time; one that is back
    makes the loop calm, one that is silent makes it blind. `hold`: s that it must stand beyond.
    `stale`: s without a good reading after which the loop is blind and does nothing. `within`: s
    that the command may wait. `most`: commands an hour.
    """

    name: str
    device: str
    prop: str
    target: str
    command: str
    args: dict[str, Value] = {}
    above: float | None = None
    below: float | None = None
    clear: float
    also: tuple[Gauge, ...] = ()
    hold: float = 0.0
    stale: float
    tier: Tier = Tier.PROPOSE
    within: float = 600.0
    most: int = 6

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """Return all gauges that are weighed, the loop's own first."""
        own = Gauge(device=self.device, prop=self.prop, above=self.above, below=self.below,
                    clear=self.clear)  # fmt: skip
        return own, *self.also


def wrong(loops: Sequence[Loop]) -> Iterator[tuple[int, str, Words, Words]]:
    """Yield what is wrong: which loop, the setting, why, how to mend it."""
    names = Counter(loop.name for loop in loops)
    for i, loop in enumerate(loops):
        if i >= MOST:
            yield (i, "name", Words(f"more than {MOST} loops", f"回路超过 {MOST} 个"),
                   Words("Run a second edge node.", "请再开一个边缘节点。"))  # fmt: skip
            return
        if names[loop.name] > 1 or not 0 < len(loop.name) <= NAME:
            yield (i, "name", Words("every loop has a name of its own", "每个回路须有自己的名称"),
                   Words(f"Take another, of 1 to {NAME} characters.",
                         f"请另取名称,1 至 {NAME} 字。"))  # fmt: skip
        yield from ((i, *it) for it in _threshold(loop, ""))
        for k, gauge in enumerate(loop.also):
            yield from ((i, *it) for it in _threshold(gauge, f"also[{k}]."))
        if len(loop.also) >= GAUGES:
            yield (i, "also", Words(f"more than {GAUGES} gauges", f"测点超过 {GAUGES} 个"),
                   Words("Weigh fewer.", "请减少测点。"))  # fmt: skip
        yield from ((i, *it) for it in _spans(loop))


def _threshold(loop: Loop | Gauge, at: str) -> Iterator[tuple[str, Words, Words]]:
    if (loop.above is None) == (loop.below is None):
        yield (f"{at}above", Words("a gauge has one threshold", "测点须有且只有一个阈值"),
               Words("Say `above` or `below`, not both.",
                     "请写 above 或 below,二选一。"))  # fmt: skip
        return
    edge = loop.above if loop.above is not None else loop.below
    assert edge is not None
    own = Gauge(device="", prop="", above=loop.above, below=loop.below, clear=loop.clear)
    if not (math.isfinite(edge) and math.isfinite(loop.clear)) or own.beyond(loop.clear):
        yield (f"{at}clear", Words("`clear` lies beyond the threshold", "clear 在阈值之外"),
               Words("Put it at or under `above`, at or over `below`.",
                     "请设在 above 以下(含)或 below 以上(含)。"))  # fmt: skip


def _spans(loop: Loop) -> Iterator[tuple[str, Words, Words]]:
    bounds = {
        "hold": (loop.hold, 0.0, 86_400.0), "stale": (loop.stale, 1.0, 86_400.0),
        "within": (loop.within, 1.0, LONGEST), "most": (float(loop.most), 1.0, float(OFTEN)),
    }  # fmt: skip
    for name, (told, low, high) in bounds.items():
        if not low <= told <= high:
            unit = ("an hour", "次/小时") if name == "most" else ("s", "秒")
            yield (name, Words(f"{name} is {told:g}", f"{name} 为 {told:g}"),
                   Words(f"Take {low:g} to {high:g} {unit[0]}.",
                         f"请取 {low:g} 至 {high:g} {unit[1]}。"))  # fmt: skip
