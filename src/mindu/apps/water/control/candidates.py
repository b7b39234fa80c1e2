"""Plans worth trying: hand rules, a playbook, mixtures of what did well, settings held by block.

A rule is written as genes, four numbers a machine, so that it can be mixed and bent. Because every
candidate is a feedback rule to the end of its horizon, it is proved with its own long tail, and it
forgives a wrong forecast: it acts on the level that comes, not on the level that was foreseen.
"""

from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control import policies
from mindu.apps.water.control.policies import LEAVE, Rule
from mindu.apps.water.control.roles import Frame
from mindu.engines.hydraulics.port import Array, Plan, Policy

LEVEL, WAY, GAP, OURS = range(4)
"""Genes. LEVEL: a pump starts, a gate opens, at this fill. WAY: a pump's guard, a gate's `low`.
GAP: a pump's band, a gate's `take`. OURS: below a half the machine stays off or as built."""
LEAST = np.array([0.03, -0.2, 0.03, 0.0])
MOST = np.array([1.05, 1.3, 1.5, 1.0])
KEEP = 0.25  # fill below which a storage gives nothing ahead


def express(name: str, frame: Frame, genes: Array) -> Rule:
    """Turn genes, (machines, 4), into a rule; outlets always mind the tide."""
    level, way, gap, ours = np.clip(genes, LEAST, MOST).T
    tide = frame.outlet & ~frame.pump
    n = len(level)
    idle = np.where(frame.pump, 0.0, LEAVE)
    return Rule(
        name=name,
        frame=frame,
        on=level,
        off=np.maximum(level - np.clip(gap, 0.03, 0.5), 0.01),
        guard=np.where(frame.pump & frame.basin, np.maximum(way, 0.3), np.inf),
        hold=np.where(tide, level - 0.1, level),
        low=np.where(tide, np.where(level < 0.15, 2.0, -1.0), way),
        keep=np.where(tide, 0.0, np.full(n, KEEP)),
        take=np.where(tide, np.inf, np.where(gap > 1.2, np.inf, gap)),
        fixed=np.where((ours < 0.5) & ~tide, idle, np.nan),
    )


def genes(frame: Frame, *, on: float, hold: float, low: float = -0.2) -> Array:
    """Write a prepared rule as genes: pumps from fill `on`, storages held to `hold`."""
    n = len(frame.up)
    tide, inline = frame.outlet & ~frame.pump, ~frame.pump & ~frame.outlet & ~frame.store
    found = np.zeros((n, 4))
    found[:, LEVEL] = np.where(
        frame.pump, on, np.where(tide, 0.05, np.where(frame.store, hold, 0.03))
    )
    found[:, WAY] = np.where(frame.pump, 0.9, low)
    found[:, GAP] = np.where(frame.pump, 0.06 if on < 0.4 else 0.15, 1.4)
    found[:, OURS] = np.where(inline, 0.3, 0.8)
    return found


def playbook(frame: Frame) -> list[Array]:
    """Return a spread of known ways: pumping at once or late, holding or letting go."""
    return [
        genes(frame, on=on, hold=hold, low=low)
        for on, hold, low in (
            (0.26, 0.9, -0.2),
            (0.6, 0.9, -0.2),
            (0.1, 0.9, 0.3),
            (0.4, 0.9, -0.2),
            (0.26, 0.6, -0.2),
            (0.5, 0.03, -0.2),
            (0.75, 0.9, -0.2),
            (0.1, 0.6, -0.2),
        )
    ]


def hand_rules(frame: Frame) -> tuple[Policy, ...]:
    """Return the rules that a person would write, the robust one first."""
    return (
        policies.prepared(frame),
        policies.EqualFilling(frame),
        policies.static(frame),
        policies.emptied(frame),
        policies.opened(frame),
        policies.Hold(frame),
    )


def ruled(policy: Policy, *, block_s: float, machines: int) -> Plan:
    """Return the plan that follows a rule from the first minute."""
    return Plan(
        name=policy.name, blocks=np.full((0, machines), np.nan), block_s=block_s, tail=policy
    )


def shifted(plan: Plan, elapsed_s: float) -> Plan:
    """Return what is left of a plan after `elapsed_s`."""
    gone = int((elapsed_s + 1.0) // plan.block_s)
    return Plan(name=plan.name, blocks=plan.blocks[gone:], block_s=plan.block_s, tail=plan.tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """Draws candidates round what did well: cross-entropy style, with groups moved together."""

    frame: Frame
    block_s: float
    blocks: int = 4

    def bent(self, base: Array, rng: np.random.Generator, *, spread: float) -> Array:
        """Return genes near `base`: one role's gene moved together, or a few machines apart."""
        found = base.copy()
        free = np.flatnonzero(self.frame.free)
        if rng.random() < 0.5:
            code = self.frame.pump * 4 + self.frame.outlet * 2 + self.frame.store
            group = free[code[free] == rng.choice(code[free])]
            which = rng.choice(4, p=[0.55, 0.2, 0.1, 0.15])
            found[group, which] += rng.normal(0.0, spread)
        else:
            moved = free[rng.random(len(free)) < max(0.25, 1.0 / len(free))]
            found[moved] += rng.normal(0.0, spread, (len(moved), 4)) * np.array([1, 0.6, 0.4, 0.8])
        return np.clip(found, LEAST, MOST)

    def mixed(self, elites: list[Array], rng: np.random.Generator, *, spread: float) -> Array:
        """Return a child of two elites, machine by machine, slightly bent."""
        one, two = (elites[int(rng.integers(len(elites)))] for _ in range(2))
        take = rng.random(len(one)) < 0.5
        return self.bent(np.where(take[:, None], one, two), rng, spread=spread / 2)

    def blocked(self, plan: Plan, rng: np.random.Generator) -> Plan:
        """Return the plan with a few machines held at one setting for the first blocks."""
        n = len(self.frame.up)
        free = np.flatnonzero(self.frame.free)
        held = free[rng.random(len(free)) < max(0.2, 1.0 / len(free))]
        value = np.where(
            self.frame.pump, rng.integers(0, 2, n), rng.choice([0.0, 0.3, 0.6, 1.0], n)
        )
        blocks = np.full((int(rng.integers(1, self.blocks + 1)), n), np.nan)
        blocks[:, held] = value[held]
        name = f"{plan.name.split('+')[0]}+held"
        return Plan(name=name, blocks=blocks, block_s=self.block_s, tail=plan.tail)
