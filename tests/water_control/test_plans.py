"""Roles, rules, weathers and the choice among plans, on a town of three nodes."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from water_pond import MACHINES, Pond, machine, network

from mindu.apps.water.control import (
    candidates,
    choose,
    cost,
    ensemble,
    policies,
    rainfall,
    roles,
    storage,
    trials,
)
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


def test_roles_follow_from_what_lies_on_either_side() -> None:
    assert [p.role for p in LAID.parts] == ["storage gate", "outlet gate", "outlet pump"]
    assert all(p.controllable for p in LAID.parts)
    assert LAID.pools == 2
    assert LAID.pool[2] == -1


def test_a_weir_is_a_fixed_crest_unless_it_is_named() -> None:
    town = network((*MACHINES, machine("crest", "weir", "lake", "river", 2.0)))
    part = roles.layout(town).parts[3]
    assert not part.controllable
    assert "fixed crest" in part.why
    assert [p.controllable for p in roles.layout(town, named=["crest"]).parts] == [False] * 3 + [
        True
    ]


@pytest.mark.parametrize("rule", candidates.hand_rules(FRAME), ids=lambda r: r.name)
def test_every_hand_rule_travels_and_asks_for_settings_between_shut_and_open(rule: Policy) -> None:
    again = pickle.loads(pickle.dumps(rule))  # noqa: S301
    asked = again.settings(seen(2.0, 2.5, 1.0))
    assert asked.shape == (3,)
    assert np.all(np.isnan(asked) | ((asked >= 0) & (asked <= 1)))


def test_sluices_open_on_the_ebb_and_shut_on_the_flood() -> None:
    rule = policies.prepared(FRAME)
    assert rule.settings(seen(1.0, 2.0, 1.0))[1] == 1.0
    assert rule.settings(seen(1.0, 1.0, 2.0))[1] == 0.0


def test_a_pump_remembers_by_its_own_setting_that_it_runs() -> None:
    rule = policies.static(FRAME)
    assert rule.settings(seen(1.0, 1.5, 2.0, pump=0.0))[2] == 0.0
    assert rule.settings(seen(1.0, 1.5, 2.0, pump=1.0))[2] == 1.0
    assert rule.settings(seen(1.0, 1.2, 2.0, pump=1.0))[2] == 0.0


def test_prepared_holds_the_lake_until_it_is_nearly_full() -> None:
    rule = policies.prepared(FRAME)
    assert rule.settings(seen(2.0, 2.0, 1.0))[0] == 0.0
    assert rule.settings(seen(2.95, 2.0, 1.0))[0] == 1.0


def test_equal_filling_lets_the_fuller_give() -> None:
    rule = policies.EqualFilling(FRAME)
    assert rule.settings(seen(2.8, 0.5, 0.0))[0] > rule.settings(seen(0.5, 2.8, 0.0))[0]


def test_genes_and_the_prepared_rule_say_the_same() -> None:
    rule = candidates.express("p", FRAME, candidates.genes(FRAME, on=0.26, hold=0.9))
    for depth in ((2.0, 2.5, 1.0), (2.95, 0.3, 2.0), (1.0, 1.0, 0.2)):
        assert np.allclose(
            rule.settings(seen(*depth)), policies.prepared(FRAME).settings(seen(*depth))
        )


def test_a_rule_that_is_written_down_says_the_same_when_it_is_read() -> None:
    for rule in (policies.prepared(FRAME), policies.static(FRAME), policies.opened(FRAME)):
        told = {k: policies.levels(rule, k) for k in range(3)}
        again = policies.as_told("again", FRAME, told)
        for depth in ((2.0, 2.5, 1.0), (2.95, 0.3, 2.0), (1.0, 1.0, 0.2)):
            one, two = again.settings(seen(*depth)), rule.settings(seen(*depth))
            assert np.array_equal(one, two, equal_nan=True)


def test_a_machine_that_a_written_rule_does_not_name_is_left() -> None:
    told = {1: policies.levels(policies.prepared(FRAME), 1)}
    asked = policies.as_told("one", FRAME, told).settings(seen(2.95, 2.0, 1.0))
    assert np.isnan(asked[[0, 2]]).all()
    assert np.isfinite(asked[1])


def test_what_is_left_of_a_plan_begins_where_time_has_come_to() -> None:
    blocks = np.arange(12.0).reshape(4, 3) / 12
    plan = Plan(name="p", blocks=blocks, block_s=900.0, tail=policies.Hold(FRAME))
    assert np.array_equal(candidates.shifted(plan, 1800.0).blocks, blocks[2:])
    assert len(candidates.shifted(plan, 7200.0).blocks) == 0


@given(depth=st.floats(5, 400), hours=st.floats(0.5, 24))
@settings(max_examples=25, deadline=None)
def test_a_design_storm_sums_to_its_depth(depth: float, hours: float) -> None:
    rate = rainfall.chicago(depth, hours * 3600.0, 300.0)
    assert np.isclose(rate.sum() / 12.0, depth)
    assert (rate >= 0).all()


def test_before_a_storm_the_dry_members_are_one() -> None:
    found = ensemble.members(DRY, 0.0, 6 * 3600.0)
    assert sum(m.forcing.rain is not None and not m.forcing.rain.any() for m in found) == 1
    assert np.isclose(sum(m.weight for m in found), 1.0)
    assert found[0].forcing.rain is not None
    assert found[0].forcing.rain.sum() == 0.0


def test_a_larger_storm_is_expected_at_once_soon_and_late_also_while_it_rains() -> None:
    light = rainfall.Rainfall(t=np.arange(0.0, 3600.0, 300.0), rate=np.full((12, 1), 4.0))
    for seen_so_far, now in ((DRY, 0.0), (light, 3600.0)):
        found = {m.name: m.forcing.rain for m in ensemble.members(seen_so_far, now, 6 * 3600.0)}
        starts = []
        for lead in ("0", "45", "150"):
            rain = found[f"severe in {lead} min"]
            assert rain is not None
            starts.append(int(np.flatnonzero(rain[:, 0])[0]) * 5)
        assert starts == [0, 45, 150]


def test_a_forecast_is_not_made_of_storms_that_only_plans_must_be_safe_from() -> None:
    light = rainfall.Rainfall(t=np.arange(0.0, 3600.0, 300.0), rate=np.full((12, 1), 4.0))
    whole = ensemble.members(light, 3600.0, 6 * 3600.0)
    found = {m.name: m.weight for m in ensemble.likely(whole)}
    assert not [name for name in found if name.startswith(ensemble.WARY)]
    assert np.isclose(sum(found.values()), 1.0)
    severe = sum(m.weight for m in whole if m.name.startswith("severe"))
    assert np.isclose(found["severe"], severe)
    dry = {m.name: m.weight for m in ensemble.likely(ensemble.members(DRY, 0.0, 6 * 3600.0))}
    assert "record" not in dry
    assert dry["warned"] > 0.3


def test_design_storms_meet_the_tide_at_several_hours() -> None:
    found = ensemble.design(DRY, 0.0, 12 * 3600.0)
    peaks = {int(np.argmax(m.forcing.rain[:, 0])) for m in found if m.forcing.rain is not None}
    assert len(peaks) == ensemble.DESIGNS
    assert len(found) == ensemble.DESIGNS * len(ensemble.SIZES)
    assert np.isclose(sum(m.weight for m in found), 1.0)


def test_a_standing_warning_fades_and_a_given_one_does_not() -> None:
    day = 24 * 3600.0
    fresh, stale = ensemble.members(DRY, 0.0, 7200.0), ensemble.members(DRY, day, 7200.0)
    given = ensemble.members(DRY, day, 7200.0, warned=rainfall.Warned())
    weight = [{m.name: m.weight for m in found}["warned"] for found in (fresh, stale, given)]
    assert weight[1] < 0.2 * weight[0]
    assert np.isclose(weight[2], weight[0])


def test_no_member_knows_what_has_not_yet_fallen() -> None:
    t = np.arange(0.0, 10800.0, 300.0)
    rate = np.where(t < 3600.0, 20.0, 0.0)[:, None]
    later = np.where(t < 3600.0, 20.0, 90.0)[:, None]
    one = ensemble.members(rainfall.Rainfall(t=t, rate=rate), 3600.0, 7200.0)
    two = ensemble.members(rainfall.Rainfall(t=t, rate=later), 3600.0, 7200.0)
    for a, b in zip(one, two, strict=True):
        assert a.forcing.rain is not None
        assert b.forcing.rain is not None
        assert np.array_equal(a.forcing.rain, b.forcing.rain)


def test_a_sure_forecast_stands_alone_and_a_brought_one_does_not() -> None:
    brought = rainfall.Rainfall(t=np.array([0.0, 3600.0]), rate=np.array([[0.0], [30.0]]))
    sure = ensemble.members(DRY, 0.0, 7200.0, brought=brought, sure=1.0)
    assert [m.name for m in sure] == ["brought"]
    beside = [m.name for m in ensemble.members(DRY, 0.0, 7200.0, brought=brought)]
    assert {"brought", "brought, wetter", "brought, drier", "warned"} <= set(beside)


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
    assert choose.choose([rule, option("good", [50.0, 101.0])], rule).plan.name == "good"


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
        plan=plan_of(policies.prepared(FRAME)),
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


def test_while_it_is_dry_a_record_storm_is_reckoned_with() -> None:
    weathers = {m.name: m.forcing.rain for m in ensemble.members(DRY, 0.0, 6 * 3600.0)}
    warned, record = weathers["warned"], weathers["record"]
    assert warned is not None
    assert record is not None
    assert record.sum() == pytest.approx(2.0 * warned.sum())


def test_the_storage_programme_pumps_before_the_storm_and_holds_the_lake() -> None:
    town = Pond()
    weathers = {m.name: m.forcing for m in ensemble.members(DRY, 0.0, 6 * 3600.0)}
    forcing = weathers["warned"]
    job = Job(plan=plan_of(policies.prepared(FRAME)), forcing=forcing, horizon_s=6 * 3600.0)
    b = storage.basin(town.network, LAID)
    known = storage.known(town.network, LAID, forcing, town.copy().future(job), dt=900.0)
    tail = policies.prepared(FRAME)
    plan = storage.programme(b, town.network, LAID, town.see(), known=known, tail=tail)
    assert plan is not None
    assert plan.blocks[:, 2].max() == 1.0
    assert np.isnan(plan.blocks[:, 1]).all()
    assert plan.blocks[8:16, 0].max() == 0.0


def test_a_lake_left_full_at_the_end_costs_more_than_one_with_room() -> None:
    yard = cost.yard(network(), LAID)
    full, low = (
        Future(ok=True, flood_m3=0.0, final=np.array([d, 1.0, 0.0]), energy_kwh=0.0,
               starts=np.zeros(3), moves=np.zeros(3))
        for d in (3.0, 1.0)
    )  # fmt: skip
    assert cost.total(yard, full) - cost.total(yard, low) == pytest.approx(3e-4 * 80_000.0)


def test_a_plan_entered_twice_is_proved_once() -> None:
    proofs = trials.Trials(
        Pond(), cost.yard(network(), LAID), ensemble.members(DRY, 0.0, 3600.0), trials.Tuning(),
        left=lambda: 1.0, horizon_s=3600.0, allowed=100,
    )  # fmt: skip
    rule = policies.prepared(FRAME)
    assert proofs.add(plan_of(rule)) == proofs.add(plan_of(rule)) == 0


def test_a_gate_to_an_outfall_that_falls_free_minds_no_tide() -> None:
    free = replace(network(), outfall_kind=("FREE",))
    assert [p.role for p in roles.layout(free).parts] == [
        "storage gate",
        "storage gate",
        "outlet pump",
    ]


def test_a_steady_gate_opens_further_the_lower_the_water_stands() -> None:
    free = roles.layout(replace(network(), outfall_kind=("FREE",))).frame
    genes = candidates.genes(free, on=0.4, hold=0.03, steady=0.2)
    rule = candidates.express("steady", free, genes)
    high, low = (rule.settings(seen(depth, 2.0, 0.0))[0] for depth in (2.9, 1.5))
    assert 0.19 < high < low < 0.5
