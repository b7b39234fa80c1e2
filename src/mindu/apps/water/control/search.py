"""Improve on the plan in hand: races of newcomers, and a memory of what did well."""

from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control.candidates import Sampler, ruled
from mindu.apps.water.control.trials import Trials
from mindu.engines.hydraulics.port import Array, Plan

ELITES = 6
SPREAD = 0.22  # of a gene, in fill
QUIET = 0.5  # flood-equal m3: a plan that costs no more needs no search
BATCH = 8  # newcomers a generation


@dataclass(slots=True)
class Search:
    """Improves on the plan in hand, and remembers between decisions what did well."""

    sampler: Sampler
    rng: np.random.Generator
    elites: list[Array]
    made: int = 0

    def newcomers(
        self, count: int, best: Plan, *, spread: float
    ) -> list[tuple[Plan, Array | None]]:
        """Draw plans: bent and mixed elites, and the plan in hand with a few machines held."""
        drawn: list[tuple[Plan, Array | None]] = []
        frame = self.sampler.frame
        for k in range(count):
            self.made += 1
            if k % 6 == 5:
                drawn.append((self.sampler.blocked(best, self.rng), None))
                continue
            bend = k % 3 == 0 or len(self.elites) < 2
            dna = (
                self.sampler.bent(self.elites[0], self.rng, spread=spread)
                if bend
                else self.sampler.mixed(self.elites, self.rng, spread=spread)
            )
            rule = self.sampler.rule(f"sampled {self.made}", dna)
            drawn.append((ruled(rule, block_s=self.sampler.block_s, machines=len(frame.up)), dna))
        return drawn

    def improve(self, trials: Trials, best: int) -> int:
        """Race generations of newcomers until the budget ends; return the best plan's number."""
        spread, stale = SPREAD, 0
        while not trials.over() and stale < 12 and trials.weighed(best).score > QUIET:
            mark = trials.weighed(best).score
            drawn = self.newcomers(BATCH, trials.plans[best], spread=spread)
            entered = {trials.add(plan): dna for plan, dna in drawn}
            for p in trials.race(list(entered), best, most=2):
                if trials.weighed(p).score < trials.weighed(best).score:
                    best = p
                    self.keep(entered[p])
            better = trials.weighed(best).score < 0.995 * mark
            stale = 0 if better else stale + 1
            spread = min(spread * 1.1, 0.4) if better else max(spread * 0.85, 0.06)
        return best

    def keep(self, dna: Array | None) -> None:
        """Put genes first among the elites."""
        if dna is not None:
            self.elites = [dna, *self.elites][:ELITES]
