"""Health of machines: pumps that do not answer or start too often, gates that let nothing by."""

import numpy as np

from mindu.apps.water.kinds import Gate, Pump
from mindu.apps.water.loops.say import called
from mindu.apps.water.loops.where import depth, place_at
from mindu.apps.water.params import STARTS
from mindu.city import DAY, HOUR, MINUTE, Evidence, Judgement, Loop, Severity, View, Words

LONG = 15 * MINUTE  # a fault is one when it lasts
NIL = 0.02  # of the rated flow: no flow
FLOWS = 0.1  # m3/s: plainly a flow, where nothing is rated
WET = 0.3  # m above the bed: enough water to pump
MUCH = 5.0  # times no flow: plainly a flow through a gate
LATELY = 6 * HOUR  # what a gate can let by is looked for so far back
HEAD = 0.15  # m: a difference that drives plain flow through an open gate

Found = tuple[str, Severity, str, str]


def judge_pump(pump: Pump, see: View) -> Judgement | None:
    """Find a pump that is told to run and does not, runs untold, or starts too often."""
    at, told = see.window(pump.id, "setting", LONG)
    when, flow = see.window(pump.id, "flow", LONG)
    found: Found | None = None
    if len(told) > 1 and len(flow) > 1 and at[-1] - at[0] >= 600.0:
        found = _answer(pump, told, flow, see)
    starts = _starts(pump, see)
    if found is None and starts > see[STARTS]:
        en = f"started {starts} times within the hour: wear"
        found = "wears", Severity.BLUE, en, f"1小时内启动{starts}次，磨损加剧"
    return None if found is None else _judgement(pump, found, see, when, flow)


def _answer(pump: Pump, told: np.ndarray, flow: np.ndarray, see: View) -> Found | None:
    nil = NIL * pump.capacity if pump.capacity > 0.0 else FLOWS
    if told.min() > 0.5 and np.abs(flow).max() <= nil and depth(place_at(pump.up, see), see) > WET:
        return "no_answer", Severity.ORANGE, "is told to run and moves no water", "已开泵但无流量"
    if told.max() < 0.5 and np.abs(flow).min() > 5.0 * nil:
        return "runs_untold", Severity.YELLOW, "runs though it is told to stand", "已停泵但仍有流量"
    return None


def judge_gate(gate: Gate, see: View) -> Judgement | None:
    """Find a gate that reports open and lets nothing by, though it did when water stood lower."""
    at, told = see.window(gate.id, "setting", LONG)
    when, flow = see.window(gate.id, "flow", LONG)
    if len(told) < 2 or len(flow) < 2 or at[-1] - at[0] < 600.0 or told.min() < 0.5:
        return None
    nil = NIL * max(gate.capacity, FLOWS)
    head = _head(gate, see)
    if np.abs(flow).max() > nil or not head > HEAD or not _let_by(gate, see, MUCH * nil):
        return None
    en = f"reports open with {head:.2f} m across it, and nothing flows any more"
    zh = f"报开启，水位差{head:.2f} m，却不再过流"
    return _judgement(gate, ("blocked", Severity.YELLOW, en, zh), see, when, flow)


def _let_by(gate: Gate, see: View, much: float) -> bool:
    """Say whether the gate let water by lately when it stood no higher before it than now."""
    when, flow = see.window(gate.id, "flow", LATELY)
    at, level = see.window(gate.up, "level", LATELY)
    if not len(at) or not len(when):
        return False
    stood = np.interp(when, at, level)
    return bool(np.any((flow > much) & (stood <= level[-1] + 0.02)))


def _judgement(
    machine: Gate | Pump, found: Found, see: View, when: np.ndarray, flow: np.ndarray
) -> Judgement:
    finding, severity, en, zh = found
    name = called(machine)
    rests = () if not len(when) else (Evidence(machine.id, "flow", see.now, float(flow[-1])),)
    return Judgement(
        finding,
        severity,
        Words(f"{name.en} {en}", f"{name.zh}{zh}"),
        confidence=0.8,
        evidence=rests,
    )


def _starts(pump: Pump, see: View) -> int:
    _, told = see.window(pump.id, "setting", HOUR)
    return int(np.sum(np.diff(told) > 0.5))


def _head(gate: Gate, see: View) -> float:
    """Return the head that drives water forward; a flap may rightly stop what pushes back."""
    up, down = place_at(gate.up, see), place_at(gate.down, see)
    if up is None or down is None:
        return float("nan")
    return up.invert + depth(up, see) - down.invert - depth(down, see)


PUMPS = Loop(
    name="pumps",
    of=Pump,
    needs={"setting": DAY},
    also=("flow", "level", "stage"),
    judge=judge_pump,
    title=Words("Health of pumps", "泵机健康"),
)
GATES = Loop(
    name="gates",
    of=Gate,
    needs={"setting": DAY},
    also=("flow", "level", "stage"),
    judge=judge_gate,
    title=Words("Health of gates", "闸门健康"),
)
