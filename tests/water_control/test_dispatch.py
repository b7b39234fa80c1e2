"""The dispatcher and the brain at the wheel: plans that stand at once, and pay."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from water_pond import Pond, network, storm

from mindu.apps.water.control import cost, ensemble, follow, rainfall, roles
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.dispatcher import Dispatcher
from mindu.apps.water.control.event.live import Scene
from mindu.apps.water.control.event.mind import Habit
from mindu.apps.water.control.event.plans import PLANS, RULES, Yardstick, listen, run_all
from mindu.apps.water.control.rules import hand, policies
from mindu.apps.water.control.trials import Tuning
from mindu.engines.hydraulics.port import Forcing, Twin

LAID = roles.layout(network())
YARD = cost.yard(network(), LAID)
DRY = rainfall.Rainfall(t=np.zeros(1), rate=np.zeros((1, 1)))
COUNTED = Tuning(rollouts=30, first=1.0, horizon_s=4 * 3600.0, report_s=1800.0)


def ticking() -> "itertools.count[float]":
    return itertools.count(0.0, 0.001)


def dispatcher(town: Pond, *, tuning: Tuning = COUNTED, seed: int = 3) -> Dispatcher:
    ticks = ticking()
    rng = np.random.default_rng(seed)
    return Dispatcher(town, LAID, YARD, rng=rng, watch=lambda: next(ticks), tuning=tuning)


def test_a_plan_is_never_worse_than_the_robust_rule_in_mean_or_worst_weather() -> None:
    members = ensemble.members(DRY, 0.0, 4 * 3600.0)
    decided = dispatcher(Pond()).decide(members, now=0.0)
    assert decided.chosen.mean <= decided.rule.mean + 2.0
    assert decided.chosen.worst <= decided.rule.worst * 1.03 + 2.0
    assert decided.rollouts <= 30 * COUNTED.first
    assert decided.options
    assert decided.reason.en
    assert decided.reason.zh


def test_a_decision_is_the_same_for_the_same_seed() -> None:
    members = ensemble.members(DRY, 0.0, 4 * 3600.0)
    one, two = (dispatcher(Pond()).decide(members, now=0.0) for _ in range(2))
    assert one.plan.name == two.plan.name
    assert one.chosen.costs == two.chosen.costs


def test_when_time_is_up_at_once_the_robust_rule_stands() -> None:
    hurried = replace(COUNTED, rollouts=0, budget_s=0.0)
    decided = dispatcher(Pond(), tuning=hurried).decide(ensemble.members(DRY, 0.0, 3600.0), now=0.0)
    assert decided.plan.name == "prepared"
    assert decided.rollouts == 0
    assert "robust rule stands" in decided.reason.en


def test_the_veto_goes_to_the_hand_rule_that_stands_best_against_design_storms() -> None:
    town = dispatcher(Pond())
    storms = ensemble.design(DRY, 0.0, 8 * 3600.0)
    town.rules = (policies.Hold(LAID.frame), *town.rules)
    town.robust = town.rules[0]
    town.certify(storms, horizon_s=8 * 3600.0)
    assert town.certified
    assert town.robust.name != "nothing"


def test_what_was_not_proved_in_time_takes_the_veto_from_nobody() -> None:
    town = dispatcher(Pond())
    hours = itertools.count(0.0, 3600.0)
    town.watch = lambda: next(hours)
    town.certify(ensemble.design(DRY, 0.0, 8 * 3600.0), horizon_s=8 * 3600.0)
    assert not town.certified
    assert town.robust.name == "prepared"


def test_a_network_with_nothing_to_set_is_refused_in_words() -> None:
    still = replace(LAID, frame=replace(LAID.frame, free=np.zeros(3, dtype=np.bool_)))
    with pytest.raises(AssertionError, match="nothing in this network can be set"):
        Dispatcher(
            Pond(), still, YARD, rng=np.random.default_rng(1), watch=lambda: 0.0, tuning=COUNTED
        )


def test_the_twin_finds_how_much_of_the_gauged_rain_fell() -> None:
    city, twin = Pond(wetter=1.5), Pond()
    plan = ruled(hand.prepared(LAID.frame), block_s=900.0, machines=3)
    t = np.arange(0.0, 14400.0, 60.0)
    rain = rainfall.Rainfall(t=t, rate=np.array([[storm(x)] for x in t]))
    factor = 1.0
    for until in np.arange(900.0, 14400.0, 900.0):
        seen = city.advance(until, plan=plan, forcing=Forcing(t0=0.0, step_s=60.0, rain=rain.rate))
        window = follow.Window(
            until=until,
            sent=np.zeros((0, 3)),
            step_s=60.0,
            rain=rain,
            gauged=np.array([0, 1]),
            depth=seen.depth[:2],
        )
        factor = follow.likeliest(twin, plan, window, factor, deadline_s=10.0)
        follow.catch_up(twin, plan, window, factor)
    assert factor == pytest.approx(1.5, abs=0.2)
    assert np.abs(twin.depth - city.depth).max() < 0.25


def test_silent_gauges_leave_the_factor_alone() -> None:
    twin = Pond()
    plan = ruled(hand.prepared(LAID.frame), block_s=900.0, machines=3)
    wet = rainfall.Rainfall(t=np.zeros(1), rate=np.full((1, 1), 30.0))
    window = follow.Window(
        until=900.0,
        sent=np.zeros((0, 3)),
        step_s=60.0,
        rain=wet,
        gauged=np.array([0, 1]),
        depth=np.full(2, np.nan),
    )
    assert follow.likeliest(twin, plan, window, 1.2, deadline_s=10.0) == pytest.approx(1.2, abs=0.1)


def yardstick(*, free: bool = True) -> Yardstick:
    ticks = ticking()
    laid = LAID
    if not free:
        laid = replace(LAID, frame=replace(LAID.frame, free=np.zeros(3, dtype=np.bool_)))
    hours = 6.0
    rain = listen(Pond(), hours=hours, says=lambda _name, _share: None)

    def plant(rules: str) -> Twin:
        assert rules in {"own", "ours"}
        return Pond(wetter=1.15)

    return Yardstick(
        network=network(),
        laid=laid,
        yard=YARD,
        scene=Scene(
            hours=hours,
            step_s=60.0,
            forcing=Forcing(t0=0.0, step_s=300.0),
            rain=rain,
            noise_m=0.02,
            faults=True,
            seed=1,
        ),
        plant=plant,
        twin=Pond,
        habit=Habit(every_s=1800.0, tuning=replace(COUNTED, rollouts=16), seed=1, hours=hours),
        watch=lambda: next(ticks),
        says=lambda _name, _share: None,
        foresight_s=5.0,
    )


def test_the_gauge_shows_the_storm_that_the_town_has() -> None:
    rain = yardstick().scene.rain
    assert rain.rate.max() == 70.0
    assert np.isclose(rain.rate.sum() / 60.0, 140.0, atol=2.0)


def test_an_event_under_every_plan_sends_only_feasible_commands_and_the_brain_pays() -> None:
    plans, mind = run_all(yardstick(), PLANS)
    assert plans["own_rules"] is None
    for name in set(PLANS) - {"own_rules"}:
        found = plans[name]
        assert found is not None, name
        assert found["infeasible"] == 0, name
    flood = {name: found["flood_m3"] for name, found in plans.items() if found}
    hand = min(flood["static"], flood["equal_filling"], flood["prepared"])
    assert flood["nothing"] > 0
    assert flood["mindu"] <= 1.05 * hand + 1.0
    assert mind is not None
    assert len(mind.decided) == 12


def test_every_hand_rule_can_be_run_alone() -> None:
    plans, mind = run_all(yardstick(), RULES)
    assert mind is None
    for name in RULES:
        found = plans[name]
        assert found is not None, name
        assert found["infeasible"] == 0, name


def test_where_nothing_can_be_set_every_plan_but_nothing_is_null() -> None:
    plans, mind = run_all(yardstick(free=False), PLANS)
    assert mind is None
    assert [name for name, found in plans.items() if found] == ["nothing"]


def test_when_the_twin_dies_the_robust_rule_drives_and_it_is_said() -> None:
    stick = replace(yardstick(), twin=lambda: Pond(broken="the twin died"))
    plans, mind = run_all(stick, ("prepared", "mindu"))
    assert mind is not None
    assert len(mind.failures) == 1 + 12, "once as it prepared, and at each decision"
    assert all("the twin died" in told for told in mind.failures)
    assert plans["mindu"] is not None
    assert plans["prepared"] is not None
    assert plans["mindu"]["flood_m3"] == pytest.approx(plans["prepared"]["flood_m3"])
