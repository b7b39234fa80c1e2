"""Looking ahead: the twin finds how much rain fell, and its hour is honest."""

from dataclasses import replace

import numpy as np
import pytest
from water_pond import MACHINES, Pond
from water_room import PondCity, Watch

from mindu.apps.water.ahead.belief import Belief
from mindu.apps.water.ahead.fan import LEADS, Calibration, Ensemble
from mindu.apps.water.ahead.hour import summed
from mindu.apps.water.ahead.room import room
from mindu.apps.water.control.roles import layout
from mindu.base.records import Event, Judgement
from mindu.base.time import HOUR


@pytest.fixture(scope="module")
def storm() -> Watch:
    return Watch(PondCity(wetter=1.3)).live(3.2)


def test_the_twin_finds_how_much_of_the_gauged_rain_fell(storm: Watch) -> None:
    assert storm.room.belief.factor[0] == pytest.approx(1.3, abs=0.1)
    assert storm.room.belief.rain_sd < 0.1


def test_the_twin_stands_where_the_city_stands(storm: Watch) -> None:
    present = storm.room.present
    assert present is not None
    assert np.abs(present.twin.see().depth[:2] - storm.city.plant.depth).max() < 0.1


def test_intervals_widen_with_the_lead_and_hold_their_middle(storm: Watch) -> None:
    told = storm.forecast("river")
    wide = np.array(told.high) - np.array(told.low)
    assert told.leads == tuple(LEADS)
    assert wide[-1] > wide[0] > 0.0
    assert all(lo <= m <= hi for lo, m, hi in zip(told.low, told.mid, told.high, strict=True))


def test_a_gauge_that_lies_does_not_carry_the_day_and_is_found_out() -> None:
    watch = Watch(PondCity(wetter=1.3, liar="river")).live(2.8)
    assert watch.room.belief.factor[0] == pytest.approx(1.3, abs=0.25)
    lake = watch.forecast("lake").mid[0]
    assert lake == pytest.approx(float(watch.city.plant.depth[0]), abs=0.25)


def test_when_every_level_gauge_is_silent_the_twin_runs_on_and_believes_nothing_new() -> None:
    watch = Watch(PondCity(wetter=1.6, silent="lake river")).live(2.1)
    assert watch.room.belief.factor[0] == pytest.approx(1.0)
    assert len(watch.forecast("river").mid) == len(LEADS)


def test_the_same_readings_give_the_same_forecast() -> None:
    one, two = (Watch(PondCity(wetter=1.3)).live(0.5).forecast("river") for _ in range(2))
    assert one == two


def test_a_room_does_not_go_back_in_time(storm: Watch) -> None:
    see = storm.brain.memory.view(storm.clock.now(), HOUR)
    early = replace(see, now=see.now.replace(hour=0, minute=0))
    with pytest.raises(ValueError, match="open it anew"):
        storm.room.come_up(early)


def test_a_room_opened_anew_catches_up_from_the_readings(storm: Watch) -> None:
    fresh = room(Pond(), habit=storm.room.habit)
    fresh.twin.network = replace(fresh.twin.network, start=storm.shift)
    fresh.belief = storm.room.belief
    present = fresh.come_up(storm.brain.memory.view(storm.clock.now(), HOUR))
    assert np.abs(present.twin.see().depth[:2] - storm.city.plant.depth).max() < 0.15


def test_a_place_beside_a_machine_is_foretold_though_it_has_no_gauge() -> None:
    assert room(Pond(), gauged=("river",)).gauged == ("river", "lake")


def test_plans_are_weighed_with_doing_nothing_beside_them() -> None:
    watch = Watch(PondCity(wetter=1.0), weighs=True).live(0.4)
    told = watch.weighing()
    names = [option.name for option in told.options]
    assert names[0] == told.chosen
    assert "nothing" in names
    assert any(term.startswith("energy") for option in told.options for term in option.terms)
    assert set(told.plan) == {"gate", "sluice", "pump"}
    assert told.says.zh


def test_where_nothing_can_be_set_nothing_is_weighed() -> None:
    nothing = replace(Pond().network, machines=tuple(replace(m, capacity=0.0) for m in MACHINES))
    twin = Pond()
    twin.network = nothing
    assert room(twin, layout(nothing)).dispatcher is None


def test_when_the_twin_dies_the_robust_rule_stands_in_and_it_is_said() -> None:
    twin = Pond()
    watch = Watch(PondCity(wetter=1.0, stands="still"), twin, weighs=True).live(0.3)
    twin.broken = "the twin died"
    watch.live(0.6)
    failed = [e.record for e in watch.brain.log if isinstance(e.record, Event)]
    assert any("the twin died" in str(event.args) for event in failed)
    said = [e.record for e in watch.brain.log if isinstance(e.record, Judgement)]
    assert any(j.finding == "fallback" and "稳健规则" in j.says.zh for j in said)


def test_a_belief_grows_less_sure_as_time_passes_but_never_less_than_at_first() -> None:
    belief = Belief.first(2, rough=True)
    first = np.diag(belief.cov).copy()
    belief.cov = belief.cov / 50.0
    for _ in range(1000):
        belief.wander(1.0)
    assert np.all(np.diag(belief.cov) <= first * 1.001)
    assert belief.cov[0, 0] == pytest.approx(first[0], rel=0.01)


def test_the_fan_learns_how_wide_it_must_be() -> None:
    rng = np.random.default_rng(2)
    fan, held, n = Calibration(6), [], len(LEADS)
    truth = np.cumsum(rng.normal(0.0, 0.05, (160, 6)), axis=0) + 3.0
    flat = np.zeros((2, n, 6))
    for k in range(147):
        fan.due(k * 300.0, truth[k])
        mid = np.tile(truth[k], (n, 1))
        told = fan.fan(
            k * 300.0, Ensemble(mid=mid, sd=flat, edge=np.array([mid, mid])), np.zeros(6)
        )
        if k > 60:
            come = truth[k + 1 : k + 1 + n]
            held.append((told.low <= come) & (come <= told.high))
    assert 0.85 <= float(np.mean(held)) <= 0.98


def test_an_ensemble_is_summed_by_weight() -> None:
    runs = np.array([1.0, 2.0, 4.0])[:, None, None] * np.ones((3, 2, 1))
    told = summed(runs, np.array([0.2, 0.6, 0.2]))
    assert told.mid[0, 0] == pytest.approx(2.0)
    assert told.edge[0, 0, 0] < told.mid[0, 0] < told.edge[1, 0, 0] <= 4.0
