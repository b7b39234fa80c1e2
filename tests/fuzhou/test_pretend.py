"""The pretend city: honest gauges but for their faults, safe machines, and a night that repeats."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from mindu.apps.water.kinds import Gate, Pump, Waters
from mindu.apps.water.plant.city import PretendCity
from mindu.apps.water.plant.drawing import draw
from mindu.apps.water.plant.eyes import Spell
from mindu.apps.water.pretend import cities, night_alone, storm_night
from mindu.city import Action, Happening, Reading, Refused, Words
from mindu.engines.hydraulics.inp import read_network
from mindu.engines.hydraulics.twin import open_twin

CITY, STORM = "fuzhou-small", "haikui-2023-wushan"
FIVE = timedelta(minutes=5)
SAYS = Words("try", "试")


def opened(seed: int = 1) -> PretendCity:
    return night_alone(open_twin, city=CITY, storm=STORM, seed=seed)[0]


@pytest.fixture
def world() -> Iterator[PretendCity]:
    night = opened()
    yield night
    night.close()


@dataclass(frozen=True)
class Lived:
    """A night without a brain, and all that its gauges said."""

    world: PretendCity
    told: list[Reading | Happening]


@pytest.fixture(scope="module")
def alone() -> Iterator[Lived]:
    night = opened()
    yield Lived(night, lived(night, 9.0))
    night.close()


def now(world: PretendCity) -> float:
    return world.truth().t


def tell(world: PretendCity, verb: str, **args: float) -> None:
    action = Action(verb, on=world.name, says=SAYS, args=dict(args))
    world.send(action, world.start + timedelta(seconds=now(world)))


def setting(world: PretendCity, machine: str) -> float:
    names = world.stations.names
    return float(world.truth().setting[names.index(machine)])


def lived(world: PretendCity, hours: float) -> list[Reading | Happening]:
    at, told = world.start, list(world.read(world.start))
    for _ in range(int(hours * 12)):
        world.step(FIVE)
        at += FIVE
        told += world.read(at)
    return told


def levels(told: list[Reading | Happening], about: str) -> dict[float, float]:
    start = told[0].at
    return {
        (r.at - start).total_seconds(): r.value
        for r in told
        if isinstance(r, Reading) and r.about == about and r.prop == "level"
    }


def digest(seed: int, hours: float) -> str:
    world = opened(seed)
    try:
        return hashlib.sha256(repr(lived(world, hours)).encode()).hexdigest()
    finally:
        world.close()


def test_the_same_seed_gives_the_same_night_in_another_process_too() -> None:
    code = "from tests.fuzhou.test_pretend import digest; print(digest(7, 1.5))"
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


def test_the_jammed_gate_refuses_alone_and_is_told_of_in_company(world: PretendCity) -> None:
    jam = world.stations.faults.jammed
    assert jam is not None
    world.step(timedelta(seconds=jam.begin + 60.0))
    stood = setting(world, jam.about)
    with pytest.raises(Refused, match="jammed"):
        tell(world, "set", **{jam.about: 0.0})
    other = next(m for m in ("G_BD", "G_XX") if m != jam.about)
    tell(world, "set", **{jam.about: 1.0 - stood, other: 0.3})
    world.step(2 * FIVE)
    assert setting(world, jam.about) == pytest.approx(stood)
    assert setting(world, other) == pytest.approx(0.3)
    told = [h for h in world.read(world.start + timedelta(days=1)) if isinstance(h, Happening)]
    assert {(h.about, h.event.name) for h in told} >= {
        (jam.about, "jammed"),
        (jam.about, "not_moved"),
    }


def test_a_tripped_pump_stands_still_and_says_so(world: PretendCity) -> None:
    trip = world.stations.faults.tripped
    assert trip is not None
    world.step(timedelta(seconds=trip.begin - 120.0))
    tell(world, "set", **{trip.about: 1.0})
    world.step(timedelta(seconds=240.0))
    assert setting(world, trip.about) == 0.0
    with pytest.raises(Refused, match="tripped"):
        tell(world, "set", **{trip.about: 1.0})


def test_orders_pass_safety_so_a_gate_moves_no_faster_than_it_can(world: PretendCity) -> None:
    tell(world, "set", G_BD=0.0)
    world.step(timedelta(minutes=1))
    first = setting(world, "G_BD")
    world.step(timedelta(minutes=6))
    assert 0.7 < first < 1.0
    assert setting(world, "G_BD") == pytest.approx(0.0)


def test_no_mad_order_makes_a_machine_do_what_it_cannot(world: PretendCity) -> None:
    dice = np.random.default_rng(3)
    pumps = np.array([name.startswith("P_") for name in world.stations.names])
    before, since = world.truth().setting, np.full(len(pumps), 99.0)
    for minute in range(90):
        wild = {n: float(dice.uniform()) for n in world.stations.names if n[0] != "W"}
        if minute % 2:
            tell(world, "set", **wild)
        world.step(timedelta(minutes=1))
        after = world.truth().setting
        turned = np.abs(after - before) > 1e-9
        assert np.all(np.abs(after - before)[~pumps] <= 0.2 + 1e-6)
        assert set(after[pumps]) <= {0.0, 1.0}
        assert np.all(since[pumps & turned] >= 2), "a pump turned again before its two minutes"
        since = np.where(turned, 1.0, since + 1.0)
        before = after


@pytest.mark.parametrize(
    ("verb", "args", "why"),
    [
        ("blow", {"G_BD": 1.0}, "known are: set, restore"),
        ("set", {"G_MOON": 1.0}, "no machine called 'G_MOON'"),
        ("set", {"W_XH": 1.0}, "fixed"),
        ("set", {"G_BD": 1.5}, "from 0 to 1"),
        ("set", {"G_BD": float("nan")}, "from 0 to 1"),
        ("set", {}, "names no machine"),
    ],
)
def test_what_nobody_can_do_is_refused_with_a_reason(
    alone: Lived, verb: str, args: dict[str, float], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        tell(alone.world, verb, **args)


def test_a_persons_hand_outranks_every_order_until_it_lets_go(world: PretendCity) -> None:
    tell(world, "hold", G_BD=0.4)
    world.step(FIVE)
    with pytest.raises(Refused, match="held by hand"):
        tell(world, "set", G_BD=1.0)
    assert setting(world, "G_BD") == pytest.approx(0.4)
    told = [r for r in world.read(world.start + FIVE) if isinstance(r, Reading)]
    assert [r.value for r in told if r.prop == "held"] == [0.4]
    tell(world, "release", G_BD=0.0)
    tell(world, "set", G_BD=0.6)
    world.step(FIVE)
    assert setting(world, "G_BD") == pytest.approx(0.6)
    told = [r for r in world.read(world.start + 2 * FIVE) if isinstance(r, Reading)]
    assert [r.value for r in told if r.prop == "held"] == [-1.0]


def test_an_order_can_be_taken_back(world: PretendCity) -> None:
    tell(world, "set", G_BD=0.2)
    world.step(FIVE)
    tell(world, "undo", G_BD=0.0)
    world.step(FIVE)
    assert setting(world, "G_BD") == pytest.approx(1.0)


def test_a_station_without_a_plan_for_half_an_hour_helps_itself_and_says_so(
    world: PretendCity,
) -> None:
    pumps = {name: 0.0 for name in world.stations.names if name.startswith("P_")}
    tell(world, "set", **pumps)
    world.step(timedelta(minutes=25))
    assert not world.stations.alone
    assert setting(world, "P_BD") == 0.0
    world.step(timedelta(minutes=15))
    assert world.stations.alone
    told = world.read(world.start + timedelta(hours=1))
    alone = [h for h in told if isinstance(h, Happening) and h.event.name == "stations_alone"]
    assert len(alone) == 1


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


def test_a_fault_lasts_from_its_beginning_to_its_end() -> None:
    fault = Spell("x", 10.0, 20.0)
    assert [fault.on(t) for t in (9.0, 10.0, 19.0, 20.0)] == [False, True, True, False]
