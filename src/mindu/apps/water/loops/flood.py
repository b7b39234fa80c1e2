"""Flood: which place will stand above its mark within the hour, how surely, and how soon.

Below the bank the warning mark gives blue and yellow; a bank about to be passed is orange; water on
the street is blue from 5 cm and one level more every 5 cm, as the city's published playbook has it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mindu.apps.water.kinds import Junction, Storage
from mindu.apps.water.loops.ahead import OLD, Ahead, ahead, evidence
from mindu.apps.water.loops.say import called, metres, minutes, percent
from mindu.apps.water.loops.where import believed
from mindu.apps.water.params import SPREAD, STEP, SURE
from mindu.city import (
    HOUR,
    MINUTE,
    Expect,
    Judgement,
    Loop,
    Severity,
    View,
    Words,
)

NEEDS = {"level": 15 * MINUTE}
MARGIN = 0.02  # m: what a first look may be off by
BRIM = 1e-3  # m: a model without ponding stops at the bank


def judge(place: Junction | Storage, see: View) -> Judgement | None:
    """Find a place on the street, or one that will pass its bank or its warning mark."""
    if believed(place, see) is None or place.bank_mark <= 0.0:
        return None
    assert place.level is not None
    if place.level > place.bank_mark + BRIM:
        return _ponding(place, see)
    look = ahead(place, see)
    for mark, name in ((place.bank_mark, "bank"), (place.warn_mark, "warning")):
        chance, lead = look.passes(mark, see[SURE])
        if lead is not None and (place.level < mark or name == "warning"):
            return _coming(place, see, look, name, chance)
    return None


def _ponding(place: Junction | Storage, see: View) -> Judgement:
    """Say how deep it stands on the street; blue at one step, one level more per step."""
    assert place.level is not None
    deep = place.level - place.bank_mark
    level = int(np.clip(np.floor(deep / see[STEP] + 1e-9), 1, 4))
    name = called(place)
    return Judgement(
        "ponding",
        Severity(level),
        Words(
            f"{name.en} stands {metres(deep)} above its bank",
            f"{name.zh}积水，高出岸线{metres(deep)}",
        ),
        proof=Expect("level", within=15 * MINUTE, above=place.bank_mark, ever=True),
        evidence=evidence(place, see),
    )


def _coming(
    place: Junction | Storage, see: View, look: Ahead, name: str, chance: float
) -> Judgement:
    assert place.level is not None
    mark = place.bank_mark if name == "bank" else place.warn_mark
    above = place.level >= mark
    _, lead = look.passes(mark, see[SURE])
    assert lead is not None
    said, how = called(place), Words(look.by, {"forecast": "预报", "trend": "趋势"}[look.by])
    mark_zh = "岸线" if name == "bank" else "警戒水位"
    if above:
        en = f"{said.en} stands above its {name} mark of {metres(mark)} and will stay there"
        zh = f"{said.zh}已超{mark_zh}{metres(mark)}，将持续"
    else:
        en = f"{said.en} passes its {name} mark of {metres(mark)} in {minutes(lead)} min"
        zh = f"{said.zh}约{minutes(lead)}分钟后超{mark_zh}{metres(mark)}"
    sure = percent(chance)
    return Judgement(
        f"above_{name}" if above else f"will_pass_{name}",
        _severity(name, chance, above=above),
        Words(f"{en} ({sure}, by {how.en})", f"{zh}（把握{sure}，据{how.zh}）"),
        confidence=chance,
        proof=Expect("level", within=HOUR, above=mark, ever=True),
        evidence=evidence(place, see),
    )


def _severity(name: str, chance: float, *, above: bool) -> Severity:
    if name == "bank":
        return Severity.RED if chance >= 0.9 else Severity.ORANGE
    return Severity.YELLOW if above or chance >= 0.8 else Severity.BLUE


def screen(places: Sequence[Junction | Storage], see: View) -> NDArray[np.bool_]:
    """Pass over, at a glance, what is low, has no forecast, and cannot rise to its mark by trend.

    Three sd of the trend and the fastest rise of the past half hour bound what `judge` may find.
    """
    return np.array([_worth(place, see) for place in places], dtype=np.bool_)


def _worth(place: Junction | Storage, see: View) -> bool:
    if place.level is None:
        return False
    told = see.forecast(place.id, "level")
    mark = min(place.warn_mark, place.bank_mark) - MARGIN
    if told is not None and see.now - told[0] <= OLD:
        return max(*told[1].high, place.level) >= mark
    at, values = see.window(place.id, "level", 30 * MINUTE)
    steep = float(np.ptp(values)) / max(float(np.ptp(at)), 60.0) * 3600.0 if len(at) > 1 else 0.0
    return place.level + 2.0 * steep + 3.0 * see[SPREAD] > mark


def event(place: Junction | Storage, _see: View) -> Expect | None:
    """Say that a passed bank should have been foretold."""
    if place.bank_mark <= 0.0:
        return None
    return Expect("level", within=HOUR, above=place.bank_mark, ever=True)


FLOOD = Loop(
    name="flood",
    of=Junction,
    needs=NEEDS,
    judge=judge,
    screen=screen,
    event=event,
    title=Words("Flood and ponding", "内涝与积水"),
)
LAKES = Loop(
    name="lakes",
    of=Storage,
    needs=NEEDS,
    judge=judge,
    screen=screen,
    event=event,
    title=Words("Lakes above their marks", "湖库超警"),
)
