"""What a plan costs, and when the robust rule forbids it."""

import numpy as np
import pytest
from water_pond import Pond, network

from mindu.apps.water.control import candidates, choose, cost, posture, rainfall, roles
from mindu.apps.water.control.rules import hand, policies
from mindu.engines.hydraulics.port import Forcing, Future, Job, Plan, Policy, Seen

LAID = roles.layout(network())
FRAME = LAID.frame
DRY = rainfall.Rainfall(t=np.zeros(1), rate=np.zeros((1, 1)))


def seen(lake: float, river: float, sea: float, *, pump: float = 0.0) -> Seen:
    setting = np.array([1.0, 1.0, pump])
    depth = np.array([lake, river, sea])
    return Seen(0.0, depth, np.zeros(3), setting, np.zeros(1), depth[2:])


def plan_of(policy: Policy) -> Plan:
    return candidates.ruled(policy, block_s=900.0, machines=3)


def test_cvar_is_the_mean_of_the_worst_share() -> None:
    costs, weights = np.array([1.0, 10.0, 4.0]), np.array([0.5, 0.2, 0.3])
    assert np.isclose(choose.cvar(costs, weights, share=0.5), (10 * 0.2 + 4 * 0.3) / 0.5)
    assert np.isclose(choose.cvar(costs, weights, share=1.0), float(costs @ weights))


def option(name: str, costs: list[float]) -> choose.Weighed:
    plan = plan_of(policies.Hold(FRAME, name=name))
    return choose.weigh(plan, costs, [0.5, 0.5], {"flood": sum(costs) / 2})


def test_the_robust_rule_forbids_a_bet_on_one_weather() -> None:
    rule, bet = option("rule", [100.0, 100.0]), option("bet", [0.0, 130.0])
    assert bet.mean < rule.mean
    assert choose.choose([rule, bet], rule).plan.name == "rule"
    assert choose.choose([rule, option("good", [30.0, 101.0])], rule).plan.name == "good"


def test_a_small_promise_is_not_worth_leaving_the_rule_unless_the_weather_is_certain() -> None:
    rule, better = option("rule", [100.0, 100.0]), option("better", [95.0, 95.0])
    assert choose.vetoed(better, rule)
    sure, more = (
        choose.weigh(plan_of(policies.Hold(FRAME)), [c], [1.0], {}) for c in (100.0, 95.0)
    )
    assert not choose.vetoed(more, sure)


def test_less_pumping_is_not_bought_with_more_danger_on_the_way() -> None:
    def told(name: str, **terms: float) -> choose.Weighed:
        costs = [sum(terms.values())] * 2
        return choose.weigh(plan_of(policies.Hold(FRAME, name=name)), costs, [0.5, 0.5], terms)

    rule = told("rule", flood=4.0, near=3.0, energy=50.0, left=46.0)
    idle = told("idle", flood=5.0, near=9.0, energy=20.0, left=15.0)
    assert idle.score < rule.score
    assert choose.choose([rule, idle], rule).plan.name == "rule"
    thrifty = told("thrifty", flood=4.0, near=3.0, energy=20.0, left=46.0)
    assert choose.choose([rule, thrifty], rule).plan.name == "thrifty"


def test_in_a_storm_a_plan_must_promise_less_danger_and_pumping_alone_is_no_reason() -> None:
    def told(name: str, **terms: float) -> choose.Weighed:
        costs = [sum(terms.values())] * 2
        return choose.weigh(plan_of(policies.Hold(FRAME, name=name)), costs, [0.5, 0.5], terms)

    rule = told("rule", flood=40.0, near=3.0, energy=50.0)
    thrifty = told("thrifty", flood=40.0, near=3.0, energy=20.0)
    safer = told("safer", flood=30.0, near=3.0, energy=40.0)
    assert choose.choose([rule, thrifty], rule).plan.name == "thrifty"
    assert choose.choose([rule, thrifty], rule, posture.Posture.STORM).plan.name == "rule"
    assert choose.choose([thrifty, safer], rule, posture.Posture.STORM).plan.name == "safer"
    dry, dry_too = told("rule", energy=50.0), told("thrifty", energy=20.0)
    assert choose.choose([dry_too], dry, posture.Posture.STORM).plan.name == "thrifty"


def test_a_storm_is_on_until_three_hours_after_its_last_heavy_rain() -> None:
    t = np.arange(0.0, 8 * 3600.0, 300.0)
    rain = rainfall.Rainfall(t=t, rate=np.where(t < 3600.0, 30.0, 2.0)[:, None])
    assert posture.posture(rain, 3600.0) is posture.Posture.STORM
    assert posture.posture(rain, 3.5 * 3600.0) is posture.Posture.STORM
    assert posture.posture(rain, 5 * 3600.0) is posture.Posture.CALM
    assert posture.posture(DRY, 3600.0) is posture.Posture.CALM


def test_why_is_said_in_both_tongues_and_with_names_that_people_know() -> None:
    rule = option("prepared", [100.0, 100.0])
    stays = choose.reason(rule, rule, weathers=8)
    assert "prepared stands" in stays.en
    assert "“预腾空规则”" in stays.zh
    moved = choose.reason(option("sampled 12+held", [50.0, 60.0]), rule, weathers=8)
    assert moved.en.startswith("sampled 12+held: over 8 weathers it costs 55 on average and 60")
    assert moved.zh.startswith("抽样方案12（先定值）：")
    assert "较预腾空规则分别节省45与40" in moved.zh
    unknown = option("own 7", [50.0, 60.0])
    assert choose.reason(unknown, rule, weathers=2).zh.startswith("own 7：")


def test_a_loss_to_the_rule_in_one_weather_is_not_made_good_by_as_large_a_gain() -> None:
    rule = [100.0, 100.0]
    plan = plan_of(policies.Hold(FRAME))
    even = choose.weigh(plan, [40.0, 102.0], [0.5, 0.5], {}, beside=rule)
    bet = choose.weigh(plan, [0.0, 142.0], [0.5, 0.5], {}, beside=rule)
    assert even.mean == bet.mean
    assert even.lost == 0.0
    assert bet.score > even.score
    held = choose.weigh(plan, rule, [0.5, 0.5], {}, beside=rule)
    assert choose.vetoed(bet, held)
    assert not choose.vetoed(even, held)


def test_a_weather_that_hardly_comes_has_no_veto() -> None:
    plan = plan_of(policies.Hold(FRAME))
    assert choose.weigh(plan, [1.0, 50.0], [0.97, 0.03], {}).worst == 1.0
    assert choose.weigh(plan, [1.0, 50.0], [0.9, 0.1], {}).worst == 50.0


def test_what_could_not_be_proved_is_not_chosen() -> None:
    rule, unproved = option("rule", [100.0, 100.0]), option("late", [0.0, float("inf")])
    assert choose.choose([unproved], rule).plan.name == "rule"


def test_terms_are_visible_and_a_failed_future_costs_without_end() -> None:
    yard = cost.yard(network(), LAID)
    job = Job(
        plan=plan_of(hand.prepared(FRAME)),
        forcing=Forcing(t0=0.0, step_s=300.0),
        horizon_s=6 * 3600.0,
    )
    future = Pond().future(job)
    parts = cost.terms(yard, future)
    assert {"flood", "energy", "starts", "moves", "near", "level"} <= set(parts)
    assert np.isclose(sum(parts.values()), cost.total(yard, future))
    assert cost.total(yard, Future(ok=False)) == float("inf")


def test_harm_is_flood_where_the_rule_would_have_kept_dry() -> None:
    yard = cost.yard(network(), LAID)
    dry = Future(ok=True, flood_m3=10.0, energy_kwh=0, starts=np.zeros(3), moves=np.zeros(3))
    ours = Future(
        ok=True,
        flood_m3=10.0,
        node_flood=np.array([0.0, 10.0, 0.0]),
        energy_kwh=0,
        starts=np.zeros(3),
        moves=np.zeros(3),
    )
    rule = Future(ok=True, flood_m3=10.0, node_flood=np.array([10.0, 0.0, 0.0]))
    assert cost.total(yard, dry, beside=rule) == 10.0
    assert cost.total(yard, ours, beside=rule) == 15.0


def test_a_lake_left_full_at_the_end_costs_more_than_one_with_room() -> None:
    yard = cost.yard(network(), LAID)
    full, low = (
        Future(ok=True, flood_m3=0.0, final=np.array([d, 1.0, 0.0]), energy_kwh=0.0,
               starts=np.zeros(3), moves=np.zeros(3))
        for d in (3.0, 1.0)
    )  # fmt: skip
    assert cost.total(yard, full) - cost.total(yard, low) == pytest.approx(3e-4 * 80_000.0)
