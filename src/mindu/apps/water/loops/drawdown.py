"""Drawdown 预降: make room in lakes before a storm, earlier when the tide will shut the sluices.

While a weighing of plans stands, its plans empty lakes themselves and this loop only says what is
needed; without one it opens the gates itself, as far as ecology and those below allow.
"""

from collections.abc import Sequence

import numpy as np

from mindu.apps.water.kinds import Gate, Outfall, Storage
from mindu.apps.water.loops.ahead import evidence
from mindu.apps.water.loops.say import called, metres, percent
from mindu.apps.water.loops.stand import stand
from mindu.apps.water.loops.weather import SOON, high_water, outlook, storm
from mindu.apps.water.loops.weighed import weighed
from mindu.apps.water.loops.where import Gauged, believed, depth, gauged_at, place_at
from mindu.apps.water.params import RUNOFF, WARNED
from mindu.city import (
    MINUTE,
    Action,
    Expect,
    Judgement,
    Lesson,
    Loop,
    Outcome,
    Severity,
    View,
    Words,
)

WITHIN = 30 * MINUTE
LEAST_DROP, MOST_DROP = 0.01, 0.3  # m: what half an hour of an open gate is promised to take off
USED = 0.3  # of a gate's rated flow, while heads are low
ENOUGH = 0.05  # m: nearer to the target than this is there


def target(lake: Storage, see: View) -> float | None:
    """Return the level to go down to before what is expected arrives; None while there is room."""
    level = believed(lake, see)
    if level is None or lake.area <= 0.0 or not lake.gates:
        return None
    if not storm(see, shut=True) or not storm(see, shut=shut(see)):
        return None
    hours = SOON.total_seconds() / 3600.0
    rise = outlook(see) / 1000.0 * hours * see[RUNOFF] * max(lake.lands, lake.area) / lake.area
    goal = max(lake.warn_mark - rise, lake.least)
    return goal if level - goal > ENOUGH else None


def shut(see: View) -> bool:
    """Say whether the tide of the next hours will stand above the rivers it drains."""
    for gate in see.all(Gate):
        inside, outside = gauged_at(gate.up, see), place_at(gate.down, see)
        if inside is None or not isinstance(outside, Outfall) or not outside.tidal:
            continue
        water = high_water(outside, see)
        if water is not None and water > inside.invert + depth(inside, see):
            return True
    return False


def claims(see: View) -> set[str]:
    """Return the gates that a drawdown is using now."""
    wanting = [lake for lake in see.all(Storage) if target(lake, see) is not None]
    return {gate for lake in wanting for gate in lake.gates}


def judge(lake: Storage, see: View) -> Judgement | None:
    """Find a lake that has less room than the expected rain will need."""
    goal = target(lake, see)
    if goal is None:
        return None
    name, rain = called(lake), outlook(see)
    tide = shut(see)
    return Judgement(
        "needs_room",
        Severity.YELLOW if tide else Severity.BLUE,
        Words(
            f"{name.en} needs room: {rain:.0f} mm/h expected for 3 h"
            f"{', the tide will shut the sluices' if tide else ''}; go down to {metres(goal)}",
            f"{name.zh}需预腾空：未来3小时预计{rain:.0f} mm/h"
            f"{'，且将受潮位顶托' if tide else ''}；预降至{metres(goal)}",
        ),
        confidence=0.7,
        proof=Expect("level", within=SOON, above=lake.warn_mark, ever=True),
        evidence=evidence(lake, see),
    )


def act(lake: Storage, need: Judgement, see: View) -> Action | None:
    """Open the lake's gates while those below have room, unless a weighed plan has it in hand."""
    goal = target(lake, see)
    if weighed(see) is not None or lake.level is None or goal is None:
        return None
    opened = {g.id: 1.0 for g in _gates(lake, see) if _room_below(g, see)}
    machines = stand(see)
    cleared, _ = machines.clear(opened)
    now = {m.id: m.setting for m in machines.machines}
    args = {g: cleared[g] for g in opened if cleared[g] - (now[g] or 0.0) > ENOUGH}
    if not args:
        return None
    rated = sum(g.capacity for g in _gates(lake, see) if g.id in args)
    drop = rated * USED * WITHIN.total_seconds() / lake.area
    drop = float(np.clip(drop, LEAST_DROP, min(MOST_DROP, lake.level - goal)))
    return Action(
        "set",
        on=lake.id,
        says=need.says,
        args=dict(args),
        expects=Expect("level", within=WITHIN, below=lake.level - drop, ever=True),
        undo="restore",
    )


def check(lake: Storage, action: Action, see: View) -> Words | None:
    """Hold it back when the storm was called off, the lake is low, or those below are full."""
    if target(lake, see) is None:
        return Words("no room needs to be made any more", "已无需预腾空")
    full = [g for g in _gates(lake, see) if g.id in action.args and not _room_below(g, see)]
    if full:
        name = called(full[0])
        return Words(f"the water below {name.en} is high", f"{name.zh}下游水位已高")
    return None


def learn(outcomes: Sequence[Outcome], see: View) -> Lesson | None:
    """Start at a lower expectation once a third of the drawdowns fell short of their promise."""
    sent = [o for o in outcomes if o.sent]
    if len(sent) < 9:
        return None
    broken = sum(not o.kept for o in sent) / len(sent)
    new = max(0.9 * see[WARNED], WARNED.within[0])
    if broken <= 1 / 3 or new == see[WARNED]:
        return None
    says = Words(
        f"{percent(broken)} of {len(sent)} drawdowns fell short: start at {new:.1f} mm/h",
        f"{len(sent)}次预降中{percent(broken)}未达标：改为{new:.1f} mm/h起预降",
    )
    return Lesson(WARNED.name, new, says, was=see[WARNED])


def _gates(lake: Storage, see: View) -> list[Gate]:
    return [g for g in see.all(Gate) if g.id in lake.gates and g.ours]


def _room_below(gate: Gate, see: View) -> bool:
    """Say whether the place below a gate is known to stand under its warning mark."""
    below = place_at(gate.down, see)
    return not isinstance(below, Gauged) or depth(below, see) < below.warn_mark


DRAWDOWN = Loop(
    name="drawdown",
    of=Storage,
    needs={"level": 15 * MINUTE},
    also=("level", "outlook", "rain", "setting", "stage"),
    judge=judge,
    act=act,
    check=check,
    learn=learn,
    plans=("needs_room",),
    title=Words("Drawdown before a storm", "暴雨前预降"),
)
