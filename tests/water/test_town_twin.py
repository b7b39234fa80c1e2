"""The small town's twin is another model of the same town, and what if can change its weather."""

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from mindu.apps.water import twin
from mindu.apps.water.ahead.room import Room
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.town import BANK, HILLS, LAKE, PUMP, START, TOWN, things
from mindu.apps.water.world import Town
from mindu.base.time import HOUR, MINUTE
from mindu.engines.hydraulics.port import Array, Forcing, Network, Plan


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    opened = twin.engines()["network"]
    yield opened
    opened.close()


def test_the_drawing_is_of_the_same_town(room: Room) -> None:
    network = room.twin.network
    at = {name: i for i, name in enumerate(network.nodes)}
    stand = {thing.id for thing in things()}
    assert {*network.nodes, *network.gauges, *(m.id for m in network.machines)} <= stand
    assert network.start == START.timestamp()
    assert network.area[at["lake"]] == LAKE
    assert [network.full_depth[at[name]] for name in ("lake", "river")] == pytest.approx([BANK] * 2)
    land = dict(zip(network.subcatchment_node, network.subcatchment_area, strict=True))
    assert land == pytest.approx({"lake": HILLS, "river": TOWN})
    assert next(m.capacity for m in network.machines if m.id == "pump") == PUMP
    assert not [part for part in room.laid.parts if not part.controllable]


def test_the_twin_goes_where_the_town_goes_though_it_is_another_model(room: Room) -> None:
    town, dice, network = Town(Random(2)), Random(5), room.twin.network
    names = [m.id for m in network.machines]
    off: list[tuple[float, float]] = []
    for turn in range(144):
        if turn % 12 == 0:
            town.goal = {
                "gate": dice.random(),
                "sluice": dice.random(),
                "pump": dice.choice((0, 1)),
            }
        stands = np.array([[town.setting[name] for name in names]])
        weather = np.array([minute(town) for _ in range(5)])
        at = room.twin.advance(
            (turn + 1) * 300.0,
            plan=Plan(name="as set", blocks=stands, block_s=300.0, tail=Still()),
            forcing=Forcing(
                t0=turn * 300.0, step_s=60.0, rain=weather[:, :1], stage=weather[:, 1:]
            ),
        )
        lake, river = of(network, at.depth, "lake"), of(network, at.depth, "river")
        off.append((lake - town.lake, river - town.river))
    assert np.sqrt(np.mean(np.square(off), axis=0)).max() < 0.2  # m
    assert np.abs(off).max() > 0.01, "a twin that is its plant proves nothing"


def minute(town: Town) -> tuple[float, float]:
    town.step(MINUTE)
    return town.rain, town.stage


def of(network: Network, depth: Array, name: str) -> float:
    return float(depth[network.nodes.index(name)])


def test_other_weather_from_now_on_is_felt_by_the_town() -> None:
    plain, wet, surge = (Town(Random(2)) for _ in range(3))
    wet.alter({"rain": 2.0})
    surge.alter({"tide_m": 0.5})
    for town in (plain, wet, surge):
        town.step(14 * HOUR)
    assert wet.lake + wet.level > plain.lake + plain.level
    assert surge.stage == pytest.approx(plain.stage + 0.5)


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"wind": 3.0}, "nobody can change"), ({"rain": -1.0}, "beyond"), ({"tide_m": 9.0}, "beyond")],
)
def test_weather_that_nobody_pretends_is_refused(changes: dict[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Town(Random(1)).alter(changes)
