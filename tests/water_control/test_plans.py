"""Roles, rules, weathers and the choice among plans, on a town of three nodes."""

import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from water_pond import MACHINES, Pond, machine, network

from mindu.apps.water.control import candidates, cost, ensemble, rainfall, roles, storage, trials
from mindu.apps.water.control.rules import hand, names, policies
from mindu.engines.hydraulics.port import Job, Plan, Policy, Seen

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


@pytest.mark.parametrize("rule", hand.hand_rules(FRAME), ids=lambda r: r.name)
def test_every_hand_rule_travels_and_asks_for_settings_between_shut_and_open(rule: Policy) -> None:
    again = pickle.loads(pickle.dumps(rule))  # noqa: S301
    asked = again.settings(seen(2.0, 2.5, 1.0))
    assert asked.shape == (3,)
    assert np.all(np.isnan(asked) | ((asked >= 0) & (asked <= 1)))


def test_every_plan_that_may_be_weighed_is_called_in_chinese() -> None:
    rules = [policies.Hold(FRAME), *hand.hand_rules(FRAME)]
    plans = [r.name for r in rules] + ["own_rules", "storage programme", "playbook 3", "sampled 12"]
    for name in plans:
        for told in (name, f"{name}{names.HELD}"):
            assert re.search("[\u4e00-\u9fff]", names.called(told)), told
            assert not re.search("[A-Za-z_+]", names.called(told)), told
            assert not re.search("[_+]", names.spoken(told)), told


def test_sluices_open_on_the_ebb_and_shut_on_the_flood() -> None:
    rule = hand.prepared(FRAME)
    assert rule.settings(seen(1.0, 2.0, 1.0))[1] == 1.0
    assert rule.settings(seen(1.0, 1.0, 2.0))[1] == 0.0


def test_a_pump_remembers_by_its_own_setting_that_it_runs() -> None:
    rule = hand.static(FRAME)
    assert rule.settings(seen(1.0, 1.5, 2.0, pump=0.0))[2] == 0.0
    assert rule.settings(seen(1.0, 1.5, 2.0, pump=1.0))[2] == 1.0
    assert rule.settings(seen(1.0, 1.2, 2.0, pump=1.0))[2] == 0.0


def test_prepared_holds_the_lake_until_it_is_nearly_full() -> None:
    rule = hand.prepared(FRAME)
    assert rule.settings(seen(2.0, 2.0, 1.0))[0] == 0.0
    assert rule.settings(seen(2.95, 2.0, 1.0))[0] == 1.0


def test_equal_filling_lets_the_fuller_give() -> None:
    rule = policies.EqualFilling(FRAME)
    assert rule.settings(seen(2.8, 0.5, 0.0))[0] > rule.settings(seen(0.5, 2.8, 0.0))[0]


def test_genes_and_the_prepared_rule_say_the_same() -> None:
    rule = candidates.express("p", FRAME, candidates.genes(FRAME, on=0.26, hold=0.9))
    for depth in ((2.0, 2.5, 1.0), (2.95, 0.3, 2.0), (1.0, 1.0, 0.2)):
        assert np.allclose(rule.settings(seen(*depth)), hand.prepared(FRAME).settings(seen(*depth)))


def test_a_lake_gives_ahead_between_rains_and_holds_while_it_rains() -> None:
    dry = seen(2.0, 0.5, 1.0)
    wet = replace(dry, rain=np.array([12.0]))
    for rule in (hand.ebbing(FRAME), hand.cleared(FRAME)):
        assert rule.settings(dry)[0] == 1.0
        assert rule.settings(wet)[0] == 0.0
        brimful = replace(wet, depth=np.array([2.95, 0.5, 1.0]))
        assert rule.settings(brimful)[0] == 1.0, "what would flood the lake is let go all the same"
    assert hand.emptied(FRAME).settings(wet)[0] == 1.0


def test_a_lake_left_ajar_is_never_quite_shut_and_the_sea_gate_is() -> None:
    wet = replace(seen(2.0, 0.5, 1.0), rain=np.array([12.0]))
    found = hand.ajar(FRAME).settings(wet)
    assert found[0] == hand.AJAR
    lake = FRAME.store & ~FRAME.pump & ~FRAME.outlet
    assert (hand.ajar(FRAME).ajar[~lake] == 0.0).all(), "only lakes are left ajar"
    assert hand.cleared(FRAME).settings(wet)[0] == 0.0


def test_no_pump_runs_while_the_gate_beside_it_lets_the_same_water_out() -> None:
    assert list(FRAME.beside) == [-1, -1, 1], "the sluice lies beside the pump"
    rule, spared = hand.prepared(FRAME), hand.spared(hand.prepared(FRAME))
    ebb, flood = seen(1.0, 2.0, 1.0, pump=1.0), seen(1.0, 2.0, 2.0, pump=1.0)
    assert rule.settings(ebb)[2] == 1.0
    assert spared.settings(ebb)[2] == 0.0
    assert spared.settings(flood)[2] == 1.0, "against the tide there is no other way"
    jammed = replace(ebb, setting=np.array([1.0, 0.0, 1.0]))
    assert spared.settings(jammed)[2] == 1.0, "a gate that does not open drains nothing"
    wet = replace(ebb, rain=np.array([12.0]))
    assert spared.settings(wet)[2] == 1.0, "while it rains every pump counts"
    brimful = replace(ebb, depth=np.array([1.0, 0.95 * FRAME.up_full[2], 1.0]))
    assert spared.settings(brimful)[2] == 1.0
    assert np.array_equal(rule.settings(ebb)[:2], spared.settings(ebb)[:2], equal_nan=True)


def test_a_rule_that_an_older_log_tells_by_fewer_levels_does_not_mind_rain() -> None:
    told = {0: policies.levels(hand.cleared(FRAME), 0)[: policies.LEVELS.index("wet")]}
    wet = replace(seen(2.0, 0.5, 1.0), rain=np.array([12.0]))
    assert policies.as_told("old", FRAME, told).settings(wet)[0] == 1.0


def test_a_rule_that_is_written_down_says_the_same_when_it_is_read() -> None:
    plain = (hand.prepared(FRAME), hand.static(FRAME), hand.cleared(FRAME), hand.ajar(FRAME))
    for rule in (*plain, hand.spared(plain[0])):
        told = {k: policies.levels(rule, k) for k in range(3)}
        again = policies.as_told("again", FRAME, told)
        for depth in ((2.0, 2.5, 1.0), (2.95, 0.3, 2.0), (1.0, 1.0, 0.2)):
            one, two = again.settings(seen(*depth)), rule.settings(seen(*depth))
            assert np.array_equal(one, two, equal_nan=True)


def test_a_machine_that_a_written_rule_does_not_name_is_left() -> None:
    told = {1: policies.levels(hand.prepared(FRAME), 1)}
    asked = policies.as_told("one", FRAME, told).settings(seen(2.95, 2.0, 1.0))
    assert np.isnan(asked[[0, 2]]).all()
    assert np.isfinite(asked[1])


def test_what_is_left_of_a_plan_begins_where_time_has_come_to() -> None:
    blocks = np.arange(12.0).reshape(4, 3) / 12
    plan = Plan(name="p", blocks=blocks, block_s=900.0, tail=policies.Hold(FRAME))
    assert np.array_equal(candidates.shifted(plan, 1800.0).blocks, blocks[2:])
    assert len(candidates.shifted(plan, 7200.0).blocks) == 0


def test_the_storage_programme_pumps_before_the_storm_and_holds_the_lake() -> None:
    town = Pond()
    weathers = {m.name: m.forcing for m in ensemble.members(DRY, 0.0, 6 * 3600.0)}
    forcing = weathers["warned"]
    job = Job(plan=plan_of(hand.prepared(FRAME)), forcing=forcing, horizon_s=6 * 3600.0)
    b = storage.basin(town.network, LAID)
    known = storage.known(town.network, LAID, forcing, town.copy().future(job), dt=900.0)
    tail = hand.prepared(FRAME)
    plan = storage.programme(b, town.network, LAID, town.see(), known=known, tail=tail)
    assert plan is not None
    assert plan.blocks[:, 2].max() == 1.0
    assert np.isnan(plan.blocks[:, 1]).all()
    assert plan.blocks[8:16, 0].max() == 0.0


def test_a_plan_entered_twice_is_proved_once() -> None:
    proofs = trials.Trials(
        Pond(), cost.yard(network(), LAID), ensemble.members(DRY, 0.0, 3600.0), trials.Tuning(),
        left=lambda: 1.0, horizon_s=3600.0, allowed=100,
    )  # fmt: skip
    rule = hand.prepared(FRAME)
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
