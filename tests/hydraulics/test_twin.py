"""A live twin steps, is read and set, and branches into futures that are its own, bit for bit."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from towns import CALM, ByLevel, american, filed, job, plan, tidal, tide

from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Forcing, Future, Job, Plan, Twin
from mindu.engines.hydraulics.twin import open_twin

HOUR = 3600.0


def every(twin: Twin, jobs: list[Job], *, deadline_s: float = 60.0) -> dict[int, Future]:
    """Run all jobs; each must end well."""
    found = dict(twin.futures(jobs, deadline_s=deadline_s))
    assert all(future.ok for future in found.values()), [f.error for f in found.values()]
    return found


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Twin]:
    opened = open_twin(tidal(tmp_path))
    yield opened
    opened.close()


@pytest.mark.parametrize("make", [tidal, filed, american], ids=["series", "files", "american"])
def test_a_future_equals_the_uninterrupted_run_bit_for_bit(tmp_path: Path, make: object) -> None:
    assert callable(make)
    twin = open_twin(make(tmp_path))
    other = open_twin(make(tmp_path))
    try:
        machines = len(twin.network.machines)
        by_level = plan(machines, tail=ByLevel())
        for live in (twin, other):
            live.advance(HOUR, plan=by_level, forcing=CALM)
        jobs = [job(by_level), job(plan(machines, m0=1.0)), job(by_level)]
        found = every(twin, jobs)
        alone = other.advance(2 * HOUR, plan=by_level, forcing=CALM)
        for k in (0, 2):
            assert np.array_equal(found[k].final, alone.depth)
            assert np.array_equal(found[k].setting[-1], alone.setting)
        after = twin.advance(2 * HOUR, plan=by_level, forcing=CALM)
        assert np.array_equal(after.depth, alone.depth), "the futures disturbed the parent"
        assert np.array_equal(after.flow, alone.flow)
        assert twin.totals() == other.totals()
    finally:
        twin.close()
        other.close()


def test_a_future_adds_up(twin: Twin) -> None:
    run = plan(3, m0=1.0, m1=1.0, m2=0.0)
    before = twin.totals()
    (future,) = every(twin, [job(run, hours=2.0)]).values()
    assert future.t.tolist() == [600.0 * k for k in range(1, 13)]
    assert future.depth.shape == (12, 5)
    assert np.array_equal(future.depth[-1], future.final)
    assert (future.peak >= future.depth.max(axis=0) - 1e-9).all()
    assert future.flood_m3 == pytest.approx(future.node_flood.sum())
    assert future.starts.tolist() == [1.0, 0.0, 0.0]
    assert future.moves.tolist() == [1.0, 0.0, 1.0]
    twin.advance(2 * HOUR, plan=run, forcing=CALM)
    after = twin.totals()
    assert future.outflow_m3 == pytest.approx(after.outflow_m3 - before.outflow_m3)
    assert future.pumped_m3 == pytest.approx(after.pumped_m3)
    assert future.energy_kwh == pytest.approx(after.energy_kwh)
    assert after.pumped_m3 > 1000.0


def test_energy_is_rho_g_q_h_over_eta(tmp_path: Path) -> None:
    still = {"PC PUMP4 0.2 0": "PC PUMP4 0.2 1.5", "PC 5.0 3.0": "PC 5.0 1.5"}
    twin = open_twin(tidal(tmp_path, changes=still))
    try:
        shut = plan(3, m0=1.0, m1=0.0, m2=0.0)
        future = every(twin, [replace(job(shut, hours=0.1), report_s=60.0)])[0]
        lift = (3.0 + future.depth[:, 3]) - (0.2 + future.depth[:, 1])
        by_hand = 9.81 * 1.5 * float(lift.mean()) / 0.7 * 0.1
        assert future.pumped_m3 == pytest.approx(1.5 * 360.0, rel=0.02)
        assert future.energy_kwh == pytest.approx(by_hand, rel=0.05)
    finally:
        twin.close()


def test_blocks_win_where_they_speak_and_the_tail_decides_the_rest(twin: Twin) -> None:
    blocks = np.array([[1.0, 0.1, np.nan], [np.nan, 0.3, 0.9]])
    timed = Plan(name="timed", blocks=blocks, block_s=600.0, tail=ByLevel())
    (future,) = every(twin, [replace(job(timed, hours=0.4), report_s=300.0)]).values()
    low = future.depth[:, 0] <= 1.0
    assert low.all(), "the river is low at first, so the tail shuts machines 0 and 2"
    assert future.setting[1].tolist() == [1.0, 0.1, 0.0]
    assert future.setting[3].tolist() == [0.0, 0.3, 0.9]
    assert future.setting[4].tolist() == [0.0, 0.5, 0.0]


def test_the_twin_sees_what_it_did(twin: Twin) -> None:
    seen = twin.advance(2400.0, plan=plan(3, m1=0.25), forcing=CALM)
    assert seen.t == twin.now() == 2400.0
    again = twin.see()
    assert np.array_equal(again.depth, seen.depth)
    assert seen.setting[1] == 0.25
    assert seen.rain.tolist() == [70.0]
    assert np.isnan(seen.stage[1]), "a free outfall has no water outside"
    assert seen.stage[0] == pytest.approx(tide(2400 / HOUR), abs=0.01)


def test_the_files_own_rules_act_only_when_they_are_asked_to(tmp_path: Path) -> None:
    path = tidal(tmp_path)
    own, ours = open_twin(path, own_rules=True), open_twin(path)
    try:
        for twin, opening in ((own, 0.6), (ours, 1.0)):
            seen = twin.advance(1200.0, plan=plan(3), forcing=CALM)
            assert seen.setting[1] == pytest.approx(opening)
        assert not own.network.warnings
        assert any("[CONTROLS]" in told for told in ours.network.warnings)
        assert any("startup" in told for told in ours.network.warnings)
    finally:
        own.close()
        ours.close()


def test_rain_by_call_is_the_same_rain_as_in_the_file(tmp_path: Path) -> None:
    from_file, by_call = open_twin(tidal(tmp_path)), open_twin(tidal(tmp_path))
    try:
        shown = [
            from_file.advance(minute * 60.0, plan=plan(3), forcing=CALM).rain
            for minute in range(10, 250, 10)
        ]
        heard = Forcing(t0=0.0, step_s=600.0, rain=np.array(shown))
        seen = by_call.advance(240 * 60.0, plan=plan(3), forcing=heard)
        assert by_call.totals().rain_m3 == pytest.approx(from_file.totals().rain_m3, rel=1e-3)
        assert np.allclose(seen.depth, from_file.see().depth, atol=0.01)
        back = Forcing(t0=0.0, step_s=600.0)
        assert by_call.advance(245 * 60.0, plan=plan(3), forcing=back).rain.tolist() == [0.0]
    finally:
        from_file.close()
        by_call.close()


def test_rain_goes_back_to_the_file_when_no_more_is_given(twin: Twin) -> None:
    wet = Forcing(t0=0.0, step_s=60.0, rain=np.array([[33.0]]))
    assert twin.advance(1800.0, plan=plan(3), forcing=wet).rain.tolist() == [33.0]
    assert twin.advance(2400.0, plan=plan(3), forcing=CALM).rain.tolist() == [70.0]
    assert twin.advance(6600.0, plan=plan(3), forcing=CALM).rain.tolist() == [15.0]


TIDES = {
    "series": ("TIMESERIES TIDE", ""),
    "curve": ("TIDAL DAY", "[CURVES]\nDAY TIDAL 0 1.0\nDAY 6 -1.0\nDAY 24 1.0\n"),
    "fixed": ("FIXED -0.3", ""),
}


@pytest.mark.parametrize("kind", TIDES)
def test_the_tide_is_seen_also_where_it_has_left_the_outfall(tmp_path: Path, kind: str) -> None:
    boundary, curve = TIDES[kind]
    path = tidal(tmp_path, changes={"SEA 0.0 TIMESERIES TIDE": f"SEA 0.0 {boundary}"}, extra=curve)
    twin = open_twin(path)
    try:
        seen = twin.advance(5 * HOUR, plan=plan(3), forcing=CALM)
        wanted = {"series": tide(5.0), "curve": 1.0 - 2.0 * 5 / 6, "fixed": -0.3}
        assert seen.stage[0] == pytest.approx(wanted[kind], abs=1e-3)
    finally:
        twin.close()


def test_the_tide_can_be_set_and_given_back(twin: Twin) -> None:
    high = Forcing(t0=0.0, step_s=600.0, stage=np.array([[2.5, np.nan], [2.0, 3.5]]))
    seen = twin.advance(600.0, plan=plan(3), forcing=high)
    assert seen.stage[0] == pytest.approx(2.5)
    assert np.isnan(seen.stage[1])
    seen = twin.advance(1200.0, plan=plan(3), forcing=high)
    assert seen.stage == pytest.approx([2.0, 3.5])
    seen = twin.advance(1260.0, plan=plan(3), forcing=CALM)
    assert np.isnan(seen.stage[1])
    assert seen.stage[0] != pytest.approx(2.0)


def test_water_let_in_at_a_node_raises_it(twin: Twin) -> None:
    inflow = np.zeros((1, 5))
    inflow[0, 4] = 2.0
    let_in = Forcing(t0=0.0, step_s=3600.0, inflow=inflow)
    shut = plan(3, m1=0.0)
    found = every(twin, [job(shut, hours=0.4), job(shut, hours=0.4, forcing=let_in)])
    risen = (found[1].final[4] - found[0].final[4]) * 20000.0
    assert risen == pytest.approx(2.0 * 0.4 * HOUR, rel=0.02)


def test_an_opened_model_may_differ_from_its_file(tmp_path: Path) -> None:
    path = tidal(tmp_path)
    kinds = (
        Changes(),
        Changes(roughness=3.0),
        Changes(imperviousness=1.4, hours=40.0),
        Changes(leakage=1.0),
    )
    ends = []
    for changes in kinds:
        twin = open_twin(path, changes=changes)
        seen = twin.advance(2 * HOUR, plan=plan(3, m2=0.0), forcing=CALM)
        ends.append((seen.depth[0] - seen.depth[1], float(seen.depth[:2].sum() + seen.depth[4])))
        if changes.hours:
            (late,) = dict(twin.futures([job(plan(3), hours=60.0)], deadline_s=60)).values()
            assert late.ok
        twin.close()
    same, rough, paved, leaking = ends
    assert rough[0] > same[0], "a rough river stands steeper"
    assert paved[1] > same[1]
    assert leaking[1] > same[1]
