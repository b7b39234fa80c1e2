"""Decide, again and again, what the machines shall do: one plan stands at every moment.

    dispatcher = Dispatcher(twin, laid, yard, rng=rng, watch=watch)
    decided = dispatcher.decide(members, now=twin.now(), left_s=hours * 3600)

`members` come from `ensemble.members`; the twin must already stand at `now`. The same object
serves the command line and the app: it holds no clock (a stopwatch is handed in) and no dice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mindu.apps.water.control import storage
from mindu.apps.water.control.candidates import Sampler, playbook, ruled, shifted
from mindu.apps.water.control.certify import safest, spares
from mindu.apps.water.control.choose import Weighed, choose, reason
from mindu.apps.water.control.cost import Yard
from mindu.apps.water.control.ensemble import Member
from mindu.apps.water.control.posture import Posture
from mindu.apps.water.control.roles import Layout
from mindu.apps.water.control.rules.hand import SPARE, hand_rules, spared
from mindu.apps.water.control.rules.policies import Rule
from mindu.apps.water.control.search import QUIET, Search
from mindu.apps.water.control.trials import MANY, NEVER_S, Trials, Tuning
from mindu.city import Words
from mindu.engines.hydraulics.port import Plan, Policy, Twin

CERTIFY_S = 90.0  # s of wall time at most to hold the hand rules against design storms


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The plan that stands now, what it was weighed against, and why."""

    plan: Plan
    chosen: Weighed
    rule: Weighed  # the robust rule that holds the veto
    options: tuple[Weighed, ...]
    reason: Words
    rollouts: int
    seconds: float
    by_weather: Mapping[str, int]  # rollouts
    posture: Posture


class Dispatcher:
    """The one changing thing of control: the plan in hand, the robust rule, what did well."""

    def __init__(
        self,
        twin: Twin,
        laid: Layout,
        yard: Yard,
        *,
        rng: np.random.Generator,
        watch: Callable[[], float],
        tuning: Tuning | None = None,
    ) -> None:
        """Take a twin to prove on; `watch` returns seconds and never runs back."""
        self.twin, self.laid, self.yard, self.watch = twin, laid, yard, watch
        self.tuning = tuning or Tuning()
        frame = laid.frame
        assert frame.free.any(), "nothing in this network can be set, so there is nothing to decide"
        self.rules: tuple[Policy, ...] = hand_rules(frame)
        self.robust = self.rules[0]
        sampler = Sampler(frame=frame, block_s=self.tuning.block_s)
        self.search = Search(sampler, rng, playbook(frame))
        self.basin = storage.basin(twin.network, laid)
        self.plan: Plan | None = None
        self.since = 0.0
        self.certified = False  # the hand rules have been held against design storms
        self.decisions = 0

    def weigh_also(self, rules: Sequence[Policy]) -> None:
        """Weigh these rules too from now on, such as the file's own; they may hold the veto."""
        self.rules = (*self.rules, *rules)

    def certify(
        self, storms: Sequence[Member], *, horizon_s: float, within_s: float = CERTIFY_S
    ) -> None:
        """Give the veto to the hand rule that is in least danger over all design storms.

        It is not reconsidered at every turn: a veto that follows the forecast is none. The others
        were found in more danger, so no turn weighs them again: a guess at the weather of the
        moment is no reason to follow a rule that design storms speak against.
        """
        begun = self.watch()
        trials = self._trials(storms, begun, horizon_s)
        trials.horizon_s, trials.allowed = horizon_s, len(self.rules) * len(storms)
        trials.left = lambda: within_s - (self.watch() - begun)
        numbers = [trials.add(self._ruled(r)) for r in self.rules]
        best = safest(trials, numbers)
        self.certified = bool(np.isfinite(trials.weighed(numbers[0]).mean))
        self.robust = self.rules[numbers.index(best)]
        if self.certified:
            self._spare(trials, best)
            self.rules = (self.robust,)

    def _spare(self, trials: Trials, best: int) -> None:
        """Pump no more, from now on, what gates let out unpumped, where storms do not mind."""
        if not isinstance(self.robust, Rule) or not (self.laid.frame.beside >= 0).any():
            return
        for below, head in SPARE:
            rule = spared(self.robust, below, head)
            if spares(trials, best, trials.add(self._ruled(rule))):
                self.robust = rule
                self.search.sampler = replace(self.search.sampler, spare=(below, head))
                return

    def decide(
        self,
        members: Sequence[Member],
        *,
        now: float,
        left_s: float = float("inf"),
        posture: Posture = Posture.CALM,
    ) -> Decided:
        """Choose a plan from `now` on; an answer stands whatever happens: the robust rule.

        Looks ahead as far as the tuning says and never past `left_s`, the end of what matters.
        """
        begun = self.watch()
        trials = self._trials(members, begun, left_s)
        best, held, numbers = self._race(trials, now)
        rule, options = trials.weighed(held), [trials.weighed(n) for n in numbers]
        chosen = choose([*options, trials.weighed(best)], rule, posture)
        self.plan, self.since = chosen.plan, now
        self.decisions += 1
        return Decided(
            plan=chosen.plan,
            chosen=chosen,
            rule=rule,
            options=tuple(sorted(options, key=lambda o: o.score)[:8]),
            reason=reason(chosen, rule, weathers=len(members)),
            rollouts=trials.run,
            seconds=self.watch() - begun,
            by_weather=trials.by_weather(),
            posture=posture,
        )

    def _trials(self, members: Sequence[Member], begun: float, left_s: float) -> Trials:
        tuning = self.tuning
        share = 1.0 if self.decisions else tuning.first
        end = begun + (NEVER_S if tuning.rollouts else tuning.budget_s * share)
        return Trials(
            self.twin,
            self.yard,
            members,
            tuning,
            left=lambda: end - self.watch(),
            horizon_s=float(min(tuning.horizon_s, left_s)),
            allowed=int(tuning.rollouts * share) or MANY,
        )

    def _race(self, trials: Trials, now: float) -> tuple[int, int, list[int]]:
        """Prove the rule and the plan in hand, then the others, then search; number them."""
        rule = trials.add(self._ruled(self.robust))
        trials.beside = rule
        trials.prove(trials.all_of(rule))
        numbers = [rule]
        if self.plan is not None:
            numbers.append(trials.add(shifted(self.plan, now - self.since)))
            trials.prove(trials.all_of(numbers[-1]))
        best = min(numbers, key=lambda n: trials.weighed(n).score)
        if trials.weighed(best).score > QUIET:
            numbers += self._others(trials, best)
        best = min(numbers, key=lambda n: trials.weighed(n).score)
        better = self.search.improve(trials, best)
        return better, rule, numbers

    def _others(self, trials: Trials, best: int) -> list[int]:
        """Prove the other hand rules and the playbook: the whole playbook at first."""
        others = [self._ruled(r) for r in self.rules if r is not self.robust]
        rule = self.search.sampler.rule
        book = [self._ruled(rule(f"playbook {k}", dna)) for k, dna in enumerate(self.search.elites)]
        if self.decisions:
            book = book[:1]
        entered = [trials.add(p) for p in [*others, *book, *self._programmed(trials)]]
        return trials.race(entered, best, most=len(entered))

    def _programmed(self, trials: Trials) -> list[Plan]:
        """Ask the storage programme for a plan under the weather that is hardest on the rule."""
        assert trials.beside is not None
        hard = trials.hardest(trials.beside)
        future = trials.found.get((trials.beside, hard))
        if future is None or not len(future.t) or self.decisions % 2:
            return []
        network, forcing = self.twin.network, trials.members[hard].forcing
        known = storage.known(network, self.laid, forcing, future, dt=self.tuning.block_s)
        plan = storage.programme(
            self.basin, network, self.laid, self.twin.see(), known=known, tail=self.robust
        )
        return [] if plan is None else [plan]

    def _ruled(self, policy: Policy) -> Plan:
        return ruled(policy, block_s=self.tuning.block_s, machines=len(self.laid.frame.up))
