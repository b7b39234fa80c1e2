"""The stations of a pretend city: they take orders, keep machines safe, and can do alone."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from pretend_night import FIVE, opened, setting, tell

from mindu.apps.water.plant.city import PretendCity
from mindu.city import Happening, Reading, Refused


@pytest.fixture
def world() -> Iterator[PretendCity]:
    night = opened()
    yield night
    night.close()


@pytest.fixture(scope="module")
def idle() -> Iterator[PretendCity]:
    night = opened()
    yield night
    night.close()


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
    idle: PretendCity, verb: str, args: dict[str, float], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        tell(idle, verb, **args)


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
