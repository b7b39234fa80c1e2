"""Flush 引水换水: in dry weather let the flood tide in and the ebb out, between two levels.

The tide does the work of pumps: fresh water comes in while it stands above the river, and stale
water leaves while it stands below.
"""

import numpy as np

from mindu.apps.water.kinds import Gate, Outfall
from mindu.apps.water.loops.ahead import evidence
from mindu.apps.water.loops.say import called, metres
from mindu.apps.water.loops.stand import stand
from mindu.apps.water.loops.weather import dry
from mindu.apps.water.loops.where import depth, gauged_at, place_at
from mindu.city import MINUTE, Action, Expect, Judgement, Loop, Severity, View, Words

WITHIN = 30 * MINUTE
HEAD = 0.05  # m: below this difference water hardly moves
MOVED = 0.01  # m: what half an hour of an open gate is promised to change
OFF = 0.1  # of a stroke: nearer than this is there


def claims(see: View) -> set[str]:
    """Return the gates that are flushed with now."""
    return {g.id for g in see.all(Gate) if g.flush and g.ours} if dry(see) else set()


def wanted(gate: Gate, see: View) -> tuple[str, float] | None:
    """Return what is to be done now and the setting for it; None where it cannot be known."""
    inside, outside = gauged_at(gate.up, see), place_at(gate.down, see)
    if inside is None or not isinstance(outside, Outfall) or inside.level is None:
        return None
    head = outside.invert + depth(outside, see) - inside.invert - depth(inside, see)
    if not np.isfinite(head):
        return None
    return _by_tide(gate, head, inside.level)


def _by_tide(gate: Gate, head: float, level: float) -> tuple[str, float]:
    if head > HEAD and level < gate.flush_high:
        return "flush_in", 1.0
    if head < -HEAD and level > gate.flush_low:
        return "flush_out", 1.0
    return "flush_hold", 0.0


def judge(gate: Gate, see: View) -> Judgement | None:
    """Find a gate that could let fresh water in, or stale water out, and does not."""
    if not gate.flush or not gate.ours or gate.setting is None or not dry(see):
        return None
    want, inside = wanted(gate, see), gauged_at(gate.up, see)
    if want is None or inside is None or abs(want[1] - gate.setting) <= OFF:
        return None
    assert inside.level is not None, f"{inside.id} was never heard of"
    name, level = called(gate), metres(inside.level)
    said = {
        "flush_in": Words("let the flood tide in", "涨潮引水"),
        "flush_out": Words("let the ebb take water out", "落潮排水"),
        "flush_hold": Words("hold the water", "关闸蓄水"),
    }[want[0]]
    return Judgement(
        want[0],
        Severity.BLUE,
        Words(f"{name.en}: {said.en}, inside {level}", f"{name.zh}：{said.zh}，内河水位{level}"),
        confidence=0.8,
        evidence=evidence(inside, see),
    )


def act(gate: Gate, found: Judgement, see: View) -> Action | None:
    """Move the gate; promise that the level inside follows."""
    want, inside = wanted(gate, see), gauged_at(gate.up, see)
    if want is None or inside is None or inside.level is None:
        return None
    cleared, _ = stand(see).clear({gate.id: want[1]})
    promise = {
        "flush_in": Expect("level", WITHIN, above=inside.level + MOVED, about=inside.id, ever=True),
        "flush_out": Expect(
            "level", WITHIN, below=inside.level - MOVED, about=inside.id, ever=True
        ),
        "flush_hold": Expect("level", WITHIN, below=inside.bank_mark, about=inside.id),
    }[want[0]]
    return Action(
        "set",
        on=gate.id,
        says=found.says,
        args={gate.id: cleared[gate.id]},
        expects=promise,
        undo="restore",
    )


def check(gate: Gate, action: Action, see: View) -> Words | None:
    """Hold it back once rain is about, or the tide has turned."""
    if not dry(see):
        return Words("it is no longer dry", "已非干天")
    want = wanted(gate, see)
    asked = action.args.get(gate.id)
    if want is None or not isinstance(asked, float) or abs(asked - want[1]) > OFF:
        return Words("the tide has turned since", "潮位已变")
    return None


FLUSH = Loop(
    name="flush",
    of=Gate,
    needs={"setting": 15 * MINUTE},
    also=("level", "outlook", "rain", "setting", "stage"),
    judge=judge,
    act=act,
    check=check,
    plans=("flush_in", "flush_out", "flush_hold"),
    title=Words("Flushing with the tide", "引水换水"),
)
