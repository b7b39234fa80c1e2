"""The weathers that plans and forecasts are made of, and the storms that rules stand against."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from water_pond import network

from mindu.apps.water.control import (
    candidates,
    ensemble,
    rainfall,
    roles,
)
from mindu.engines.hydraulics.port import Plan, Policy, Seen

LAID = roles.layout(network())
FRAME = LAID.frame
DRY = rainfall.Rainfall(t=np.zeros(1), rate=np.zeros((1, 1)))


def seen(lake: float, river: float, sea: float, *, pump: float = 0.0) -> Seen:
    setting = np.array([1.0, 1.0, pump])
    depth = np.array([lake, river, sea])
    return Seen(0.0, depth, np.zeros(3), setting, np.zeros(1), depth[2:])


def plan_of(policy: Policy) -> Plan:
    return candidates.ruled(policy, block_s=900.0, machines=3)


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


def test_while_it_is_dry_a_record_storm_is_reckoned_with() -> None:
    weathers = {m.name: m.forcing.rain for m in ensemble.members(DRY, 0.0, 6 * 3600.0)}
    warned, record = weathers["warned"], weathers["record"]
    assert warned is not None
    assert record is not None
    assert record.sum() == pytest.approx(2.0 * warned.sum())
