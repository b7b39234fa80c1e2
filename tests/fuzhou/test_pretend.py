"""The pretend city: honest gauges but for their faults, and a night that repeats."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pretend_night import CITY, FIVE, STORM, Lived, digest, levels, lived, opened

from mindu.apps.water.kinds import Gate, Pump, Waters
from mindu.apps.water.plant.drawing import draw
from mindu.apps.water.plant.eyes import Spell
from mindu.apps.water.pretend import cities, storm_night
from mindu.city import Reading
from mindu.engines.hydraulics.inp import read_network
from mindu.engines.hydraulics.twin import open_twin


@pytest.fixture(scope="module")
def alone() -> Iterator[Lived]:
    night = opened()
    yield Lived(night, lived(night, 9.0))
    night.close()


def test_the_same_seed_gives_the_same_night_in_another_process_too() -> None:
    code = "from tests.fuzhou.pretend_night import digest; print(digest(7, 1.5))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": "99", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(7, 1.5)
    assert digest(8, 0.5) != digest(7, 0.5)


def test_gauges_report_every_five_minutes_all_that_the_app_listens_to(alone: Lived) -> None:
    told, start = alone.told, alone.world.start
    times = sorted({r.at for r in told})
    assert times == [start + k * FIVE for k in range(9 * 12 + 1)]
    heard = {(r.prop, r.unit) for r in told if isinstance(r, Reading)}
    assert heard >= {
        ("level", "m"),
        ("stage", "m"),
        ("rain", "mm/h"),
        ("setting", "1"),
        ("flow", "m3/s"),
        ("outlook", "mm/h"),
    }


def test_each_night_has_a_silent_a_stuck_and_a_drifting_gauge(alone: Lived) -> None:
    told, faults = alone.told, alone.world.eyes.faults
    silent = levels(told, faults.silent.about)
    assert not [t for t in silent if faults.silent.on(t)]
    assert [t for t in silent if t < faults.silent.begin]
    stuck = {v for t, v in levels(told, faults.stuck.about).items() if faults.stuck.on(t)}
    assert len(stuck) == 1
    assert len({faults.silent.about, faults.stuck.about, faults.drifting.about}) == 3


def test_a_fault_lasts_from_its_beginning_to_its_end() -> None:
    fault = Spell("x", 10.0, 20.0)
    assert [fault.on(t) for t in (9.0, 10.0, 19.0, 20.0)] == [False, True, True, False]


def test_other_weather_from_now_on_makes_another_night() -> None:
    floods = []
    for factor in (1.0, 0.5):
        world = opened()
        world.step(timedelta(hours=3))
        world.alter({"rain": factor, "tide_m": 0.2 * (factor - 1.0)})
        world.step(timedelta(hours=5))
        floods.append(world.totals().flood_m3)
        world.close()
    assert floods[1] < 0.5 * floods[0]


def test_the_plant_feels_other_rain_than_the_gauges_catch(alone: Lived) -> None:
    land = 1.15  # felt over caught, on average over the gauges
    night = alone.world._night
    assert (night.felt.sum() / night.gauged.sum()) == pytest.approx(land, rel=0.1)


def test_the_drawing_and_the_process_are_gone_once_the_night_is_closed() -> None:
    world = opened()
    drawing = Path(world._plant.network.path)
    assert drawing.exists()
    world.close()
    assert not drawing.exists()
    with pytest.raises(RuntimeError, match="closed"):
        world.step(FIVE)


def test_a_made_up_city_brings_its_own_storm_which_its_twin_does_not_know() -> None:
    world, things, engines = storm_night(open_twin, city="four-rivers", storm="own", seed=1)
    try:
        engine = engines["network"]
        drawing = Path(engine.twin.network.path).read_text(encoding="utf-8")
        assert sum(row.startswith("RAIN0 ") for row in drawing.splitlines()) == 1
        assert things[0] == next(t for t in things if isinstance(t, Waters))
        assert {Gate, Pump} <= {type(t) for t in things}
        world.step(timedelta(hours=5))
        assert world.totals().rain_m3 > 0.0
    finally:
        engines["network"].close()
        world.close()


def test_the_tables_know_the_tide_and_not_the_surge(tmp_path: Path) -> None:
    told = draw(open_twin, str(tmp_path), city=CITY, storm=STORM)
    network = read_network(told.path)
    foretold, real = told.foretold(network), told.stage(network)
    assert foretold.shape == (len(told.rain), len(network.outfalls))
    assert float((real - foretold).max()) == pytest.approx(0.5, abs=0.01)  # m, surge_m
    assert float((real - foretold).min()) >= 0.0


def test_an_unknown_city_or_storm_is_told_which_there_are() -> None:
    assert {"fuzhou", "fuzhou-small", "four-rivers"} <= set(cities())
    with pytest.raises(ValueError, match="fuzhou-small"):
        storm_night(open_twin, city="atlantis", storm=STORM, seed=1)
    with pytest.raises(ValueError, match="doksuri-2023"):
        storm_night(open_twin, city=CITY, storm="great-flood", seed=1)
    with pytest.raises(ValueError, match="storm of its own"):
        storm_night(open_twin, city="four-rivers", storm=STORM, seed=1)
