"""The rules that a person would write: at fixed levels, prepared, or with storages given ahead."""

from dataclasses import replace

import numpy as np

from mindu.apps.water.control.roles import Frame
from mindu.apps.water.control.rules.names import SPARING
from mindu.apps.water.control.rules.policies import LEAVE, WET, EqualFilling, Hold, Rule
from mindu.engines.hydraulics.port import Array, Policy

SPARE = ((0.8, 0.1), (0.8, 0.3), (0.3, 0.1))  # fill and m of head, tried in this order
AJAR = 0.2  # of a gate, 0.1..0.3, assumed; read off one generated city (small-lakes)


def _rule(name: str, frame: Frame, **levels: float | Array) -> Rule:
    n = len(frame.up)
    flat = {key: np.broadcast_to(np.asarray(v, dtype=float), n).copy() for key, v in levels.items()}
    return Rule(name=name, frame=frame, **flat)


def static(frame: Frame) -> Rule:
    """Pumps on and off at fixed levels; outlet gates mind the tide; the others stay as built."""
    return _rule(
        "static",
        frame,
        on=0.6,
        off=0.45,
        guard=np.inf,
        hold=0.0,
        low=2.0,
        keep=0.0,
        wet=np.inf,
        take=np.inf,
        steady=np.inf,
        fixed=np.where(frame.pump | frame.outlet, np.nan, LEAVE),
        ajar=0.0,
        spare=0.0,
        drain=np.inf,
    )


def prepared(frame: Frame) -> Rule:
    """Pump early, hold upstream storages, open sluices on the ebb and shut them on the flood."""
    inline = ~frame.pump & ~frame.outlet & ~frame.store
    return _rule(
        "prepared",
        frame,
        on=0.26,
        off=0.2,
        guard=np.where(frame.basin, 0.9, np.inf),
        hold=np.where(frame.outlet, 0.0, 0.9),
        low=np.where(frame.outlet, 2.0, -1.0),
        keep=np.where(frame.outlet, 0.0, 0.5),
        wet=np.inf,
        take=np.inf,
        steady=np.inf,
        fixed=np.where(inline, LEAVE, np.nan),
        ajar=0.0,
        spare=0.0,
        drain=np.inf,
    )


def emptied(frame: Frame) -> Rule:
    """As prepared, and storages give ahead while what lies below them is nearly empty."""
    low, keep = np.where(frame.outlet, 2.0, 0.3), np.where(frame.outlet, 0.0, 0.25)
    return replace(prepared(frame), name="emptied", low=low, keep=keep)


def ebbing(frame: Frame) -> Rule:
    """As emptied, but storages hold while it rains, and pumps run from the first water on."""
    n = len(frame.up)
    return replace(
        emptied(frame),
        name="ebbing",
        on=np.full(n, 0.1),
        off=np.full(n, 0.04),
        wet=np.where(frame.outlet, np.inf, WET),
    )


def cleared(frame: Frame) -> Rule:
    """As ebbing, and between rains storages are emptied nearly to the ground, into fuller water."""
    low, keep = np.where(frame.outlet, 2.0, 0.6), np.where(frame.outlet, 0.0, 0.05)
    return replace(ebbing(frame), name="cleared", low=low, keep=keep)


def ajar(frame: Frame) -> Rule:
    """As cleared, but storages are never quite shut: small ones fill, or jam shut, in one storm."""
    gate = frame.store & ~frame.pump & ~frame.outlet
    return replace(cleared(frame), name="ajar", ajar=np.where(gate, AJAR, 0.0))


def spared(rule: Rule, below: float = SPARE[0][0], head: float = SPARE[0][1]) -> Rule:
    """As the rule, but no pump runs, `below` a fill, while the gate beside it has such a head."""
    beside = rule.frame.beside >= 0
    spare, drain = np.where(beside, below, 0.0), np.where(beside, head, np.inf)
    return replace(rule, name=f"{rule.name}{SPARING}", spare=spare, drain=drain)


def opened(frame: Frame) -> Rule:
    """Everything runs and stands open, but never against the tide."""
    n = len(frame.up)
    return replace(
        prepared(frame),
        name="opened",
        on=np.full(n, 0.05),
        off=np.full(n, 0.02),
        hold=np.zeros(n),
        low=np.full(n, 2.0),
        keep=np.zeros(n),
        fixed=np.where(frame.pump | frame.outlet, np.nan, 1.0),
    )


def hand_rules(frame: Frame) -> tuple[Policy, ...]:
    """Return the rules that a person would write, the robust one first."""
    return (
        prepared(frame),
        EqualFilling(frame),
        static(frame),
        emptied(frame),
        ebbing(frame),
        cleared(frame),
        ajar(frame),
        opened(frame),
        Hold(frame),
    )
