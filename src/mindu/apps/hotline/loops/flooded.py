"""Flooded: which road stands under water, judged by who calls; a crew goes to look."""

from mindu.apps.hotline.loops.chance import at_least
from mindu.apps.hotline.things import CALLERS, FLOODED, RARE, Road
from mindu.city import (
    HOUR,
    MINUTE,
    Action,
    Authority,
    Expect,
    Judgement,
    Loop,
    Severity,
    View,
    Words,
)

DRY = 0.1  # callers in half an hour who name a road that is dry: passers-by, mistakes
MORE = (0.0, 6.0, 12.0)  # callers beyond the least at which it grows graver


def judge(road: Road, see: View) -> Judgement | None:
    """Find a road that more people call about than a dry one ever has."""
    if road.calls is None or road.calls < see[CALLERS]:
        return None
    chance = at_least(road.calls, DRY)
    if chance > see[RARE] * 10.0:
        return None
    grave = sum(road.calls >= see[CALLERS] + more for more in MORE)
    deep = "" if road.said is None else f"{100 * road.said:.0f} cm"
    says = Words(
        f"{road.calls:.0f} callers in half an hour say that {road.name_en} stands under water"
        + (f", {deep} or so" if deep else ""),
        f"半小时内 {road.calls:.0f} 人来电反映{road.name_zh}积水"
        + (f",约 {100 * road.said:.0f} 厘米" if road.said is not None else ""),
    )
    proof = Expect("depth", within=HOUR, above=see[FLOODED], ever=True)
    sure = min(0.95, 0.5 + 0.07 * road.calls)
    return Judgement("flooded_road", Severity(grave), says, confidence=sure, proof=proof)


def act(road: Road, found: Judgement, see: View) -> Action | None:
    """Send a crew to look, unless one looked within the half hour; promise to know the depth."""
    if see.fresh(road.id, "depth", 30 * MINUTE):
        return None
    promise = Expect("depth", within=45 * MINUTE, above=-0.01, about=road.id, ever=True)
    return Action("look", road.id, found.says, {"cap": 1.0}, expects=promise)


def check(road: Road, _action: Action, see: View) -> Words | None:
    """Withhold a crew where somebody has looked in the meantime."""
    if see.fresh(road.id, "depth", 10 * MINUTE):
        return Words("a crew has looked in the meantime", "已有人员到场查看")
    return None


FLOODED_ROADS = Loop(
    name="flooded",
    of=Road,
    needs={"calls": 15 * MINUTE},
    also=("depth", "said"),
    judge=judge,
    act=act,
    check=check,
    authority=Authority.CONFIRM,
    title=Words("Roads under water, as callers say", "来电反映的道路积水"),
)
