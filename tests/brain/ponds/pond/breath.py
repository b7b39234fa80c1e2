"""Breath: find a pond short of oxygen, and stir it."""

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
from ponds.pond.things import BREATH, Pond


def judge(pond: Pond, see: View) -> Judgement | None:
    """Find a pond short of oxygen."""
    assert pond.oxygen is not None
    if pond.oxygen >= see[BREATH]:
        return None
    says = Words(f"{pond.name_en} is short of oxygen", f"{pond.name_zh}缺氧")
    return Judgement("short", Severity.YELLOW, says, confidence=0.9)


def act(pond: Pond, found: Judgement, see: View) -> Action | None:
    """Stir; promise enough oxygen within the half hour."""
    promise = Expect("oxygen", within=30 * MINUTE, above=see[BREATH], ever=True)
    return Action("stir", f"{pond.id}:aerator", found.says, expects=promise, undo="rest")


BREATH_LOOP = Loop(
    name="breath",
    of=Pond,
    needs={"oxygen": 20 * MINUTE},
    judge=judge,
    act=act,
    every=10 * MINUTE,
    horizon=HOUR,
    authority=Authority.AUTO,
    title=Words("Ponds that breathe", "池有氧"),
)
