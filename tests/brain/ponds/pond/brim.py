"""Brim: find a pond that will pass its brim within the hour, and open its outlet."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mindu.city import (
    HOUR,
    MINUTE,
    Action,
    Authority,
    Expect,
    Judgement,
    Lesson,
    Loop,
    Outcome,
    Severity,
    View,
    Words,
)
from ponds.pond.things import MARGIN, Pond


def screen(ponds: Sequence[Pond], see: View) -> NDArray[np.bool_]:
    """Look closer only at ponds that are more than half full."""
    return np.asarray(see.column(Pond, "level") > 0.5, dtype=np.bool_) & (len(ponds) > 0)


def judge(pond: Pond, see: View) -> Judgement | None:
    """Find a pond whose forecast, or else its trend, comes close to the brim."""
    told = see.forecast(pond.id, "level")
    fresh = told is not None and see.now - told[0] <= 10 * MINUTE
    peak = max(told[1].mid) if told and fresh else see.peak(pond, "level", 30 * MINUTE)
    if peak < pond.brim - see[MARGIN]:
        return None
    severity = Severity.RED if peak >= pond.brim else Severity.ORANGE
    says = Words(f"{pond.name_en} will reach {peak:.2f} m", f"{pond.name_zh}将达 {peak:.2f} 米")
    mark = pond.brim - see[MARGIN]
    proof = Expect("level", within=HOUR, above=mark, ever=True)
    return Judgement("brim", severity, says, confidence=0.8, proof=proof)


def act(pond: Pond, found: Judgement, see: View) -> Action | None:
    """Open the outlet; promise a level below the brim in half an hour."""
    promise = Expect("level", within=30 * MINUTE, below=pond.brim - see[MARGIN])
    return Action(
        "open", f"{pond.id}:outlet", found.says, {"to": 1.0}, expects=promise, undo="close"
    )


def check(pond: Pond, _action: Action, see: View) -> Words | None:
    """Withhold an opening once the pond has fallen by itself."""
    assert pond.level is not None
    if pond.level >= pond.brim - see[MARGIN] - 0.1:
        return None
    return Words("the level fell in the meantime", "水位已回落")


def learn(outcomes: Sequence[Outcome], see: View) -> Lesson | None:
    """Keep 1 cm more margin once two promises were broken."""
    broken = sum(not outcome.kept for outcome in outcomes if outcome.sent)
    if broken < 2:
        return None
    says = Words(f"{broken} openings came too late", f"{broken} 次开启过晚")
    return Lesson(MARGIN.name, see[MARGIN] + 0.01, says)


def event(pond: Pond, see: View) -> Expect | None:
    """Say that a pond above its margin should have been foretold."""
    return Expect("level", within=HOUR, above=pond.brim - see[MARGIN], ever=True)


BRIM = Loop(
    name="brim",
    of=Pond,
    needs={"level": 15 * MINUTE},
    judge=judge,
    act=act,
    check=check,
    learn=learn,
    screen=screen,
    event=event,
    authority=Authority.CONFIRM,
    title=Words("Ponds below their brim", "池不溢"),
)
