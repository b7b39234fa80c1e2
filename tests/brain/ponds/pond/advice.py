"""Advice: tell the warden of a pond that is low; nothing is ever sent."""

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
from ponds.pond.things import Pond

LOW = 0.45  # m


def judge(pond: Pond, see: View) -> Judgement | None:
    """Find a pond that is low."""
    level = see.last(pond.id, "level")
    if level is None or level[1] >= LOW:
        return None
    says = Words(f"{pond.name_en} is low", f"{pond.name_zh}水浅")
    proof = Expect("level", within=HOUR, below=LOW + 0.05)
    return Judgement("low", Severity.BLUE, says, confidence=0.6, proof=proof)


def act(pond: Pond, found: Judgement, _see: View) -> Action | None:
    """Advise to close the outlet."""
    promise = Expect("level", within=HOUR, above=LOW, about=pond.id)
    return Action("close", f"{pond.id}:outlet", found.says, expects=promise)


LOW_LOOP = Loop(
    name="low",
    of=Pond,
    needs={"level": 30 * MINUTE},
    judge=judge,
    act=act,
    every=15 * MINUTE,
    authority=Authority.ADVISE,
    title=Words("Ponds that are low", "池水浅"),
)
