"""Hand rules are held against design storms: the safest gets the veto, and time is not wasted."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from water_pond import Pond, network

from mindu.apps.water.control import cost, ensemble, rainfall, roles
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.certify import STICK, danger, safest, spares
from mindu.apps.water.control.choose import NOISE, SLACK
from mindu.apps.water.control.dispatcher import Dispatcher
from mindu.apps.water.control.event.mind import Habit, Mind
from mindu.apps.water.control.rules import hand, policies
from mindu.apps.water.control.trials import Trials, Tuning
from mindu.engines.hydraulics.port import Policy

HOURS = 8 * 3600.0
LAID = roles.layout(network())
YARD = cost.yard(network(), LAID)
DRY = rainfall.Rainfall(t=np.zeros(1), rate=np.zeros((1, 1)))


def trials(rules: tuple[Policy, ...], *, most: int = 1_000) -> tuple[Trials, list[int]]:
    """Return a bench on which these rules stand against the design storms of a dry morning."""
    found = Trials(
        Pond(),
        YARD,
        ensemble.design(DRY, 0.0, HOURS),
        Tuning(rollouts=most),
        left=lambda: 1.0,
        horizon_s=HOURS,
        allowed=most,
    )
    return found, [found.add(ruled(rule, block_s=900.0, machines=3)) for rule in rules]


def test_the_rule_in_least_danger_is_found_without_proving_the_bad_ones_on_every_storm() -> None:
    rules = (policies.Hold(LAID.frame), *hand.hand_rules(LAID.frame))
    whole, numbers = trials(rules)
    whole.beside = numbers[0]
    whole.prove([pair for n in numbers for pair in whole.all_of(n)])
    least = min(numbers, key=lambda n: danger(whole, n))
    assert danger(whole, least) < STICK * danger(whole, numbers[0]) - SLACK, "the case is a case"
    quick, same = trials(rules)
    assert safest(quick, same) == least
    assert quick.run < whole.run


def test_a_rule_that_is_hardly_safer_does_not_take_the_veto() -> None:
    first = hand.prepared(LAID.frame)
    like = replace(first, name="a hair earlier", on=first.on * 0.999)
    bench, numbers = trials((first, like))
    assert safest(bench, numbers) == numbers[0]


def test_a_rule_that_was_not_proved_on_all_storms_takes_the_veto_from_nobody() -> None:
    rules = (policies.Hold(LAID.frame), hand.prepared(LAID.frame))
    bench, numbers = trials(rules, most=len(ensemble.design(DRY, 0.0, HOURS)) + 1)
    assert safest(bench, numbers) == numbers[0]


@dataclass(frozen=True)
class Broken:
    """A rule on which a twin breaks."""

    name: str = "broken"

    def settings(self, seen: object) -> np.ndarray:
        """Break."""
        raise RuntimeError(f"the twin died at {seen}")


def test_a_twin_that_fails_while_rules_are_tried_leaves_the_first_rule_and_says_so() -> None:
    ticks = itertools.count(0.0, 0.001)
    tuning = Tuning(rollouts=12, horizon_s=HOURS)
    habit = Habit(every_s=900.0, tuning=tuning, seed=1, hours=8.0)
    mind = Mind(Pond(), LAID, YARD, habit, lambda: next(ticks))
    mind.dispatcher.rules = (hand.prepared(LAID.frame), Broken())
    seen = mind.twin.see()
    mind.rain_t.append(0.0)
    mind.rain.append(np.zeros(1))
    mind.try_preparing(seen)
    assert mind.failures
    assert mind.dispatcher.robust.name == "prepared"
    assert mind.prepared_s > 0.0


def test_rules_found_in_more_danger_are_not_weighed_again_unless_time_ended_first() -> None:
    storms = ensemble.design(DRY, 0.0, HOURS)
    ticks = itertools.count(0.0, 0.001)
    for within, many in ((1e9, 1), (0.0, len(hand.hand_rules(LAID.frame)))):
        boss = Dispatcher(
            Pond(), LAID, YARD, rng=np.random.default_rng(1), watch=lambda: next(ticks),
            tuning=Tuning(rollouts=12, horizon_s=HOURS),
        )  # fmt: skip
        boss.certify(storms, horizon_s=HOURS, within_s=within)
        assert len(boss.rules) == many
        assert boss.robust in boss.rules


def test_the_rule_that_holds_the_veto_spares_pumps_where_no_design_storm_minds() -> None:
    bench, (plain, sparing) = trials(
        (hand.prepared(LAID.frame), hand.spared(hand.prepared(LAID.frame)))
    )
    assert spares(bench, plain, sparing)
    assert bench.weighed(sparing).terms["energy"] < bench.weighed(plain).terms["energy"]
    assert danger(bench, sparing) <= danger(bench, plain) * (1 + NOISE) + SLACK


def test_a_rule_that_spares_what_a_storm_needs_is_not_taken() -> None:
    plain = hand.prepared(LAID.frame)
    idle = replace(plain, name="idle", on=np.full(3, 9.0))
    bench, (first, other) = trials((plain, idle))
    assert not spares(bench, first, other)
