"""Passable: a road that was seen under water and is called about no more; a crew looks again.

Without this nobody who called would ever be told that the road is free.
"""

from mindu.apps.hotline.loops.flooded import check
from mindu.apps.hotline.things import CALLERS, FLOODED, Road
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

AGAIN = 30 * MINUTE  # between two looks


def judge(road: Road, see: View) -> Judgement | None:
    """Find a road last seen under water, half an hour ago or more, that few still call about."""
    last = see.last(road.id, "depth")
    if last is None or last[1] < see[FLOODED] or see.now - last[0] < AGAIN:
        return None
    if road.calls is None or road.calls >= see[CALLERS]:
        return None
    says = Words(
        f"{road.name_en} was seen under {100 * last[1]:.0f} cm of water; few still call",
        f"{road.name_zh}此前积水 {100 * last[1]:.0f} 厘米,来电已停,可能已退",
    )
    proof = Expect("depth", within=HOUR, below=see[FLOODED], ever=True)
    return Judgement("perhaps_passable", Severity.BLUE, says, confidence=0.6, proof=proof)


def act(road: Road, found: Judgement, see: View) -> Action | None:
    """Send a crew to look once more; promise to know the depth."""
    if see.fresh(road.id, "depth", AGAIN):
        return None
    promise = Expect("depth", within=45 * MINUTE, above=-0.01, about=road.id, ever=True)
    return Action("look", road.id, found.says, {"cap": 1.0}, expects=promise)


PASSABLE = Loop(
    name="passable",
    of=Road,
    needs={"calls": 15 * MINUTE},
    also=("depth",),
    judge=judge,
    act=act,
    check=check,
    authority=Authority.CONFIRM,
    title=Words("Roads that may be passable again", "积水可能已退的道路"),
)
