"""Plans worth trying: hand rules, a playbook, mixtures of what did well, settings held by block.

A rule is written as genes, six numbers a machine, so that it can be mixed and bent. Because every
candidate is a feedback rule to the end of its horizon, it is proved with its own long tail, and it
forgives a wrong forecast: it acts on the level that comes, not on the level that was foreseen.
"""

from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control.roles import Frame
from mindu.apps.water.control.rules.policies import LEAVE, WET, Rule
from mindu.engines.hydraulics.port import Array, Plan, Policy

LEVEL, WAY, GAP, OURS, STEADY, RAIN = range(6)
"""Genes. LEVEL: a pump starts, a gate opens, at this fill. WAY: a pump's guard, a gate's `low`.
GAP: a pump's band, a gate's `take`. OURS: below a half the machine stays off or as built.
STEADY: the opening, when full, of a gate that lets out a steady flow; from 1 on it has no bound.
RAIN: below a half a storage gives nothing ahead while it rains."""
LEAST = np.array([0.03, -0.2, 0.03, 0.0, 0.01, 0.0])
MOST = np.array([1.05, 1.3, 1.5, 1.0, 1.2, 1.0])
STRIDE = np.array([1.0, 0.6, 0.4, 0.8, 2.0, 0.8])  # of a spread; STEADY goes by ratio
ODDS = (0.4, 0.15, 0.1, 0.1, 0.15, 0.1)  # of each gene, to be the one that is moved
NEVER = (0.0, np.inf)  # fill below and head, m, from which a gate spares the pump beside it
KEEP = 0.25  # fill below which a storage gives nothing ahead


def express(name: str, frame: Frame, genes: Array, *, spare: tuple[float, float] = NEVER) -> Rule:
    """Turn genes, (machines, 6), into a rule; outlets always mind the tide.

    Pumps stand still below the fill of `spare` while the gate beside them has the head of it, m.
    """
    level, way, gap, ours, steady, rain = np.clip(genes, LEAST, MOST).T
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
        wet=np.where(tide | (rain >= 0.5), np.inf, WET),
        take=np.where(tide, np.inf, np.where(gap > 1.2, np.inf, gap)),
        steady=np.where(tide | (steady >= 1.0), np.inf, steady),
        fixed=np.where((ours < 0.5) & ~tide, idle, np.nan),
        ajar=np.zeros(n),
        spare=np.where(frame.beside >= 0, spare[0], 0.0),
        drain=np.where(frame.beside >= 0, spare[1], np.inf),
    )


def genes(
    frame: Frame,
    *,
    on: float,
    hold: float,
    low: float = -0.2,
    steady: float = 1.2,
    rain: float = 0.8,
) -> Array:
    """Write a prepared rule as genes: pumps from fill `on`, storages held to `hold`."""
    n = len(frame.up)
    tide, inline = frame.outlet & ~frame.pump, ~frame.pump & ~frame.outlet & ~frame.store
    found = np.full((n, 6), 0.8)
    found[:, LEVEL] = np.where(
        frame.pump, on, np.where(tide, 0.05, np.where(frame.store, hold, 0.03))
    )
    found[:, WAY] = np.where(frame.pump, 0.9, low)
    found[:, GAP] = np.where(frame.pump, 0.06 if on < 0.4 else 0.15, 1.4)
    found[:, OURS] = np.where(inline & (steady >= 1.0), 0.3, 0.8)
    found[:, STEADY] = steady
    found[:, RAIN] = rain
    return found


def playbook(frame: Frame) -> list[Array]:
    """Return a spread of known ways: pumping at once or late, holding or letting go."""
    return [
        genes(frame, on=on, hold=hold, low=low, steady=steady, rain=rain)
        for on, hold, low, steady, rain in (
            (0.26, 0.9, -0.2, 1.2, 0.8),
            (0.1, 0.9, 0.6, 1.2, 0.2),
            (0.26, 0.9, 0.3, 1.2, 0.2),
            (0.6, 0.9, -0.2, 1.2, 0.8),
            (0.1, 0.9, 0.3, 1.2, 0.8),
            (0.4, 0.9, -0.2, 1.2, 0.8),
            (0.26, 0.6, -0.2, 1.2, 0.8),
            (0.5, 0.03, -0.2, 1.2, 0.8),
            (0.75, 0.9, -0.2, 1.2, 0.8),
            (0.1, 0.6, -0.2, 1.2, 0.8),
            (0.4, 0.03, -0.2, 0.4, 0.8),
            (0.4, 0.03, -0.2, 0.15, 0.8),
            (0.4, 0.03, -0.2, 0.05, 0.8),
        )
    ]


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
    spare: tuple[float, float] = NEVER  # fill below, head from which gates spare pumps

    def rule(self, name: str, dna: Array) -> Rule:
        """Turn genes into a rule that spares pumps as this sampler does."""
        return express(name, self.frame, dna, spare=self.spare)

    def bent(self, base: Array, rng: np.random.Generator, *, spread: float) -> Array:
        """Return genes near `base`: one role's gene moved together, or a few machines apart."""
        found = base.copy()
        found[:, STEADY] = np.log(found[:, STEADY])
        free = np.flatnonzero(self.frame.free)
        if rng.random() < 0.5:
            code = self.frame.pump * 4 + self.frame.outlet * 2 + self.frame.store
            group = free[code[free] == rng.choice(code[free])]
            which = rng.choice(6, p=ODDS)
            found[group, which] += rng.normal(0.0, spread) * max(STRIDE[which], 1.0)
        else:
            moved = free[rng.random(len(free)) < max(0.25, 1.0 / len(free))]
            found[moved] += rng.normal(0.0, spread, (len(moved), 6)) * STRIDE
        found[:, STEADY] = np.exp(found[:, STEADY])
        return np.clip(found, LEAST, MOST)

    def mixed(self, elites: list[Array], rng: np.random.Generator, *, spread: float) -> Array:
        """Return a child of two elites, machine by machine, slightly bent."""
        one, two = (elites[int(rng.integers(len(elites)))] for _ in range(2))
        take = rng.random(len(one)) < 0.5
        return self.bent(np.where(take[:, None], one, two), rng, spread=spread / 2)

    def blocked(self, plan: Plan, rng: np.random.Generator) -> Plan:
        """Return the plan with a few machines held at one setting for some of the first blocks."""
        n, pump = len(self.frame.up), self.frame.pump
        free = np.flatnonzero(self.frame.free)
        held = free[rng.random(len(free)) < max(0.2, 1.0 / len(free))]
        share = np.where(rng.random(n) < 0.5, rng.random(n), rng.choice([0.0, 0.1, 0.3, 1.0], n))
        value = np.where(pump, rng.integers(0, 2, n), share)
        first = int(rng.integers(0, self.blocks))
        last = int(rng.integers(first + 1, self.blocks + 1))
        old = plan.blocks[: self.blocks]
        rows = max(len(old), last)
        blocks = np.full((rows, n), np.nan)
        blocks[: len(old)] = old
        blocks[first:last, held] = value[held]
        name = f"{plan.name.split('+')[0]}+held"
        return Plan(name=name, blocks=blocks, block_s=self.block_s, tail=plan.tail)
