"""Prove plans on futures of the live twin, and spend the rollouts where they tell most.

A race in two stages: newcomers run under the one weather that hurts most; only those that beat the
plan in hand there go on to the others, hardest first, and stop where they cannot be the best.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from mindu.apps.water.control.choose import Weighed, weigh
from mindu.apps.water.control.cost import Yard, terms
from mindu.apps.water.control.ensemble import Member
from mindu.engines.hydraulics.port import Future, Job, Plan, Twin

MANY = 1_000_000  # rollouts: no bound but time
ABREAST = 2  # futures a worker that are begun together: fewer wait, more may be in vain
NEVER_S = 3600.0  # the deadline when rollouts, not seconds, are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How hard to look, and how far ahead."""

    horizon_s: float = 6 * 3600.0  # s, until the water is out or the next tide window
    block_s: float = 900.0
    budget_s: float = 2.0  # s of wall time a decision; 120 at most in service
    first: float = 8.0  # the first decision may take so many budgets, or so many times the rollouts
    rollouts: int = 0  # when not 0, counts instead of seconds: reproducible
    workers: int = 2
    policy_s: float = 60.0
    report_s: float = 1800.0


@dataclass(slots=True)
class Trials:
    """The proofs of one decision: every (plan, weather) that has been run from now."""

    twin: Twin
    yard: Yard
    members: Sequence[Member]
    tuning: Tuning
    left: Callable[[], float]  # seconds until this decision must stand
    horizon_s: float
    allowed: int  # rollouts
    run: int = 0
    plans: list[Plan] = field(default_factory=list)
    found: dict[tuple[int, int], Future] = field(default_factory=dict)
    beside: int | None = None  # the robust rule, for harm

    def over(self) -> bool:
        """Say whether the time or the rollouts are used up."""
        return self.run >= self.allowed or self.left() <= 0.0

    def add(self, plan: Plan) -> int:
        """Enter a plan; return its number, the old one where the same plan stands already."""
        for n, other in enumerate(self.plans):
            same = other.tail is plan.tail and other.block_s == plan.block_s
            if same and np.array_equal(other.blocks, plan.blocks, equal_nan=True):
                return n
        self.plans.append(plan)
        return len(self.plans) - 1

    def race(self, numbers: Sequence[int], best: int, *, most: int) -> list[int]:
        """Run newcomers under the weather hardest on `best`; the few that win there run all."""
        key = self.hardest(best)
        self.prove([(n, key) for n in numbers])
        bar = self.cost(best, key)
        order = sorted(numbers, key=lambda n: self.cost(n, key))
        won = [n for n in order if n != best and self.cost(n, key) < bar][:most]
        return self.auditioned(won, best)

    def auditioned(self, plans: Sequence[int], best: int) -> list[int]:
        """Prove plans weather by weather, hardest first; return those that may be the best.

        A plan is dropped once it cannot be. All go side by side, so that no worker waits long.
        """
        bar, left = self.weighed(best).score, list(plans)
        hardest = sorted(self._all(), key=lambda m: -self.stake(m))
        while left:
            open_ = [(n, m) for m in hardest for n in left if (n, m) not in self.found]
            if not open_ or self.over():
                break
            self.prove(open_[: ABREAST * self.tuning.workers])
            left = [n for n in left if self.hoped(n).score <= bar]
        return left

    def stake(self, member: int) -> float:
        """Return what a weather weighs in the robust rule's cost."""
        cost = 0.0 if self.beside is None else self.cost(self.beside, member)
        return self.members[member].weight * (cost if np.isfinite(cost) else 0.0)

    def hoped(self, plan: int) -> Weighed:
        """Sum a plan up as if it did no worse than the rule where it is not proved."""
        rule = [0.0 if self.beside is None else self.cost(self.beside, m) for m in self._all()]
        costs = [self.cost(plan, m) if (plan, m) in self.found else rule[m] for m in self._all()]
        weights = [m.weight for m in self.members]
        return weigh(self.plans[plan], costs, weights, {}, beside=rule)

    def _all(self) -> range:
        return range(len(self.members))

    def prove(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Run each (plan, member) not yet run, as far as time and rollouts reach."""
        todo = [p for p in pairs if p not in self.found][: max(self.allowed - self.run, 0)]
        left = self.left()
        if not todo or left <= 0.0:
            return
        jobs = [
            Job(
                plan=self.plans[p],
                forcing=self.members[m].forcing,
                horizon_s=self.horizon_s,
                report_s=self.tuning.report_s,
                policy_s=self.tuning.policy_s,
            )
            for p, m in todo
        ]
        for k, future in self.twin.futures(jobs, deadline_s=left, workers=self.tuning.workers):
            self.run += future.ok
            self.found[todo[k]] = future

    def cost(self, plan: int, member: int) -> float:
        """Return what a plan costs in a weather; infinite while it is not proved."""
        future = self.found.get((plan, member))
        if future is None:
            return float("inf")
        beside = self.found.get((self.beside, member)) if self.beside is not None else None
        return float(sum(terms(self.yard, future, beside=beside).values()))

    def by_weather(self) -> dict[str, int]:
        """Return how many futures were proved in each weather."""
        found = {member.name: 0 for member in self.members}
        for (_, m), future in self.found.items():
            found[self.members[m].name] += future.ok
        return found

    def all_of(self, plan: int) -> list[tuple[int, int]]:
        """Return this plan with every weather."""
        return [(plan, m) for m in range(len(self.members))]

    def weighed(self, plan: int) -> Weighed:
        """Sum a plan up over all weathers."""
        costs = [self.cost(plan, m) for m in range(len(self.members))]
        weights = [m.weight for m in self.members]
        parts: dict[str, float] = {}
        for m, member in enumerate(self.members):
            future = self.found.get((plan, m))
            if future is not None and future.ok:
                for key, value in terms(self.yard, future).items():
                    parts[key] = parts.get(key, 0.0) + member.weight * value
        rule = self.beside
        held = None if rule is None else [self.cost(rule, m) for m in range(len(self.members))]
        return weigh(self.plans[plan], costs, weights, parts, beside=held)

    def hardest(self, plan: int) -> int:
        """Return the weather that weighs most in this plan's cost."""
        costs = [self.cost(plan, m) * member.weight for m, member in enumerate(self.members)]
        return int(np.argmax(costs)) if np.isfinite(costs).all() else 0
