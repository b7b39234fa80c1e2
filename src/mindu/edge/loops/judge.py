"""Judging by readings: a threshold with a way back, held for so long, by fresh readings only."""

from datetime import UTC, datetime
from typing import NamedTuple

from mindu.base.records import Words
from mindu.data.senses.beside.loops import HOUR, Did, Finds, Standing
from mindu.data.senses.now import NEVER
from mindu.edge.loops.declared import Loop, Tier


class Sight(NamedTuple):
    """What was read last of one gauge. `read`: epoch ms."""

    read: int = NEVER
    value: float = float("nan")


class View(NamedTuple):
    """What a loop saw last of each gauge, since when all are beyond, whether it latched there."""

    sights: tuple[Sight, ...]
    since: int = NEVER  # epoch ms
    latched: bool = False

    @property
    def read(self) -> int:
        """When the loop's own gauge was read (epoch ms)."""
        return self.sights[0].read

    @property
    def value(self) -> float:
        """What the loop's own gauge read."""
        return self.sights[0].value


class Aim(NamedTuple):
    """What stands against acting.

    `auto`: whether the command needs nobody's yes. `unfit`: why the device cannot be told so.
    `held`: the key of somebody else's command that holds.
    """

    auto: bool
    unfit: str = ""
    held: str = ""


def seen(loop: Loop, view: View, which: int, at: int, value: float) -> View:
    """Return the view after one good reading of a gauge; news of the past changes nothing."""
    before, gauges, patience = view.sights[which], loop.gauges, loop.stale * 1000
    if at <= before.read:
        return view
    sights = (*view.sights[:which], Sight(at, value), *view.sights[which + 1 :])
    pairs = list(zip(gauges, sights, strict=True))
    if view.latched:
        latched = not any(gauge.back(it.value) for gauge, it in pairs if it.read != NEVER)
        return View(sights, view.since if latched else NEVER, latched)
    if not all(at - it.read <= patience and gauge.beyond(it.value) for gauge, it in pairs):
        return View(sights)
    broken = view.since == NEVER or at - before.read > patience
    since = at if broken else view.since
    return View(sights, since, at - since >= loop.hold * 1000)


def found(loop: Loop, view: View, now: int, started: int) -> Finds | None:
    """Return what a loop finds at an instant; None where it just started and waits to hear."""
    patience = loop.stale * 1000
    if any(abs(now - it.read) > patience for it in view.sights):
        return None if abs(now - started) <= patience else Finds.BLIND
    return Finds.PASSED if view.latched else Finds.CALM


def did(  # noqa: PLR0911 - one line a reason
    loop: Loop, finds: Finds, standing: Standing, aim: Aim, now: int
) -> Did:
    """Return what a loop does about what it finds, once for each time beyond the threshold."""
    if finds is not Finds.PASSED:
        return Did.NOTHING
    if standing.served is not Did.NOTHING:
        return standing.served
    if aim.unfit:
        return Did.UNFIT
    if loop.tier is Tier.PROPOSE or not aim.auto:
        return Did.PROPOSED
    if aim.held:
        return Did.YIELDED
    lately = sum(1 for at, _ in standing.acts if now - HOUR < at)
    return Did.LIMITED if lately >= loop.most else Did.ACTED


def why(loop: Loop, view: View, finds: Finds, done: Did, aim: Aim) -> Words:
    """Return which reading decided, what it came to, and that the edge decided."""
    about = f"{loop.device} {loop.prop}"
    if finds is Finds.BLIND:
        about = ", ".join(f"{it.device} {it.prop}" for it in loop.gauges)
        return Words(
            f"{about}: no good reading for {loop.stale:g} s; the edge does nothing",
            f"{about}:{loop.stale:g} 秒无可信读数,边缘节点不动作",
        )
    read = f"{about} = {view.value:g} ({_moment(view.read)})" + _beside(loop, view)
    if finds is Finds.CALM:
        return Words(f"{read}: calm", f"{read}:正常")
    en, zh = _done(loop, done, aim)
    side = ("above", "高于") if loop.above is not None else ("below", "低于")
    edge = loop.above if loop.above is not None else loop.below
    return Words(
        f"{read}, {side[0]} {edge:g} for {loop.hold:g} s; {en}",
        f"{read},{side[1]} {edge:g} 已 {loop.hold:g} 秒;{zh}",
    )


def _beside(loop: Loop, view: View) -> str:
    """Return what the other gauges read, each with its threshold."""
    told = ""
    for gauge, it in zip(loop.also, view.sights[1:], strict=True):
        side, edge = (">", gauge.above) if gauge.above is not None else ("<", gauge.below)
        told += (
            f", {gauge.device} {gauge.prop} = {it.value:g} ({side} {edge:g}, {_moment(it.read)})"
        )
    return told


def _done(loop: Loop, done: Did, aim: Aim) -> tuple[str, str]:
    told = f"{loop.target} {loop.command}"
    return {
        Did.ACTED: (f"the edge decided: {told}", f"边缘节点决定:{told}"),
        Did.PROPOSED: (f"the edge proposes, and sends nothing: {told}",
                       f"边缘节点建议(不下发):{told}"),
        Did.YIELDED: (f"the command {aim.held} from elsewhere holds: the edge yields",
                      f"他处指令 {aim.held} 有效,边缘节点让行"),
        Did.LIMITED: (f"{loop.most} commands within the hour already: the edge waits",
                      f"一小时内已下发 {loop.most} 次,边缘节点等待"),
        Did.UNFIT: (f"{told} cannot be told: {aim.unfit}", f"{told} 无法下发:{aim.unfit}"),
        Did.NOTHING: ("nothing is done", "不动作"),
    }[done]  # fmt: skip


def _moment(at: int) -> str:
    if at == NEVER:
        return "?"
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
