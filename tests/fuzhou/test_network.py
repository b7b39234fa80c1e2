"""The drawing of the city loads, runs quietly and leaves room for good control."""

from pathlib import Path

import numpy as np
import pytest
from swmm.toolkit import shared_enum, solver

from mindu.apps.water.control import roles
from mindu.apps.water.control.rules import hand
from mindu.apps.water.fuzhou import facts
from mindu.apps.water.fuzhou.network import ROUTING_S, network
from mindu.apps.water.fuzhou.night import night
from mindu.apps.water.fuzhou.told import marks
from mindu.apps.water.fuzhou.works import mouths
from mindu.apps.water.things import things_of
from mindu.engines.hydraulics.inp import read_network
from mindu.engines.hydraulics.port import Network, Policy, Seen

STORM = "haikui-2023-wushan"


def written(folder: Path, city: str, *, rain: bool = True, step_s: int = ROUTING_S) -> Path:
    text = network(city, weather=night(STORM).weather(rain=rain, surge=True))
    path = folder / f"{city}-{step_s}.inp"
    step = f"ROUTING_STEP {step_s}"
    path.write_text(text.replace(f"ROUTING_STEP {ROUTING_S}", step), encoding="utf-8")
    return path


def ran(path: Path, policy: Policy | None = None) -> tuple[float, float]:
    """Run the storm's twelve hours; return flood (m3) and the routing error (%)."""
    net = read_network(path)
    solver.swmm_open(str(path), str(path) + ".rpt", str(path) + ".out")
    try:
        solver.swmm_start(0)
        for minute in range(12 * 60):
            if policy is not None:
                _set(net, policy, 60.0 * minute)
            solver.swmm_stride(60)
        flood = sum(solver.node_get_stats(i).volFlooded for i in range(len(net.nodes)))
        solver.swmm_end()
        return flood, float(solver.swmm_get_mass_balance()[1])
    finally:
        solver.swmm_close()


def _set(net: Network, policy: Policy, t: float) -> None:
    level, target = shared_enum.NodeResult.DEPTH, shared_enum.LinkResult.SETTING
    links = [net.links.index(m.id) for m in net.machines]
    seen = Seen(
        t=t,
        depth=np.array([solver.node_get_result(i, level) for i in range(len(net.nodes))]),
        flow=np.zeros(len(net.links)),
        setting=np.array([solver.link_get_result(k, target) for k in links]),
        rain=np.zeros(len(net.gauges)),
        stage=np.zeros(len(net.outfalls)),
    )
    for k, want in zip(links, policy.settings(seen), strict=True):
        if np.isfinite(want):
            solver.link_set_target_setting(k, float(want))


def test_the_same_night_is_drawn_byte_for_byte_alike() -> None:
    weather = night(STORM).weather(rain=True, surge=True)
    assert network("fuzhou", weather=weather) == network("fuzhou", weather=weather)


def test_what_the_twin_is_given_holds_no_rain_and_no_surge() -> None:
    tonight = night(STORM)
    blind = tonight.weather(rain=False, surge=False)
    assert not blind.rain
    assert max(tonight.weather(rain=False, surge=True).tide["KQ"]) > max(blind.tide["KQ"])


def test_the_city_has_rivers_lakes_gates_pumps_and_tidal_mouths(tmp_path: Path) -> None:
    net = read_network(written(tmp_path, "fuzhou"))
    assert 120 <= len(net.nodes) <= 200
    assert net.units == "CMS"
    assert not net.warnings
    assert net.node_kind.count("storage") == 11
    assert set(net.outfalls) == set(mouths(facts.city()))
    assert set(net.outfall_kind) == {"TIMESERIES"}
    assert sum(m.kind == "pump" for m in net.machines) == 14
    assert not net.own_rules
    lon, lat = np.array(list(net.xy.values())).T
    assert 119.2 < lon.min() < lon.max() < 119.5
    assert 25.9 < lat.min() < lat.max() < 26.3


def test_what_a_crest_is_cannot_be_set_and_all_else_can(tmp_path: Path) -> None:
    parts = roles.layout(read_network(written(tmp_path, "fuzhou"))).parts
    assert {p.id[0] for p in parts if not p.controllable} == {"W"}
    kinds = {p.role for p in parts}
    assert {"outlet gate", "outlet pump", "storage gate", "in-line gate"} <= kinds


@pytest.mark.parametrize("city", facts.CITIES)
def test_marks_fit_the_drawing_and_everything_has_a_name(city: str, tmp_path: Path) -> None:
    things = things_of(read_network(written(tmp_path, city)), marks(city))
    assert len({thing.id for thing in things}) == len(things)
    named = [t for t in things if getattr(t, "name_zh", "") not in {"", t.id}]
    assert len(named) > len(facts.city(city).river) * 5


def test_the_whole_city_keeps_its_water_to_a_hundredth(tmp_path: Path) -> None:
    flood, error = ran(written(tmp_path, "fuzhou"))
    assert abs(error) < 1.0
    assert flood > 1000.0


def test_halving_the_routing_step_hardly_moves_the_flood(tmp_path: Path) -> None:
    usual, _ = ran(written(tmp_path, "fuzhou-small"))
    finer, _ = ran(written(tmp_path, "fuzhou-small", step_s=ROUTING_S // 2))
    assert usual == pytest.approx(finer, rel=0.05)


def test_doing_nothing_floods_much_more_than_switches_do(tmp_path: Path) -> None:
    path = written(tmp_path, "fuzhou-small")
    frame = roles.layout(read_network(path)).frame
    nothing, _ = ran(path)
    static, _ = ran(path, hand.static(frame))
    assert nothing > 10_000.0
    assert static < 0.5 * nothing
