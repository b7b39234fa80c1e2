"""What cannot be is marked when it comes in, said with its reason, and moves nobody's hand."""

import pytest
from water_desk import Desk
from water_room import PondCity, Watch

from mindu.apps.water.kinds import DEPTH
from mindu.base.records import Severity
from mindu.perceive.quality import Quality

WILD = 500.0  # m


@pytest.mark.parametrize(
    ("about", "prop", "value", "why"),
    [
        ("river", "level", WILD, Quality.RANGE),
        ("lake", "level", -2.0, Quality.RANGE),
        ("river", "level", 1.2 + 1.5, Quality.RATE),
        ("sea", "stage", 90.0, Quality.RANGE),
        ("rain", "rain", -1.0, Quality.RANGE),
        ("sluice", "setting", 1.2, Quality.RANGE),
        ("pump", "flow", 1e6, Quality.RANGE),
    ],
)
def test_an_impossible_reading_is_kept_and_marked_with_its_reason(
    about: str, prop: str, value: float, why: Quality
) -> None:
    desk = Desk().turns(2).turn({(about, prop): value})
    see = desk.brain.view()
    assert why in see.quality(about, prop)
    assert see.quality("town", "rain") is Quality.GOOD
    told = see.last(about, prop)
    assert told is not None
    assert told[1] == value


def test_a_gauge_that_was_silent_and_one_that_never_moves_are_marked() -> None:
    desk = Desk().turn()
    for _ in range(5):
        desk.turn(silent=("river",))
    assert desk.turn().brain.view().quality("river", "level") == Quality.GAP
    for _ in range(24 * 12):
        desk.turn()
    assert Quality.STUCK in desk.brain.view().quality("lake", "level")


def test_a_level_that_cannot_be_is_said_and_raises_no_flood() -> None:
    desk = Desk().turns(2).turn({("river", "level"): WILD, ("lake", "level"): WILD})
    assert not desk.said("flood", "river")
    assert not desk.said("lakes", "lake")
    assert not desk.said("drawdown", "lake")
    found = desk.said("gauges", "river")[-1]
    assert (found.finding, found.severity) == ("impossible", Severity.YELLOW)
    assert "500.00 m, which cannot be" in found.says.en
    assert "不可能" in found.says.zh
    desk.turns(2)
    assert [j.finding for j in desk.said("gauges", "river")] == ["impossible", "leaps"]
    assert not desk.said("flood", "river"), "nor does the leap make a trend"


def test_the_twin_does_not_look_ahead_from_a_level_that_cannot_be() -> None:
    wild = Watch(PondCity(wetter=1.0, liar="river", lies=WILD)).live(0.5)
    assert max(wild.forecast("river").high) < DEPTH.high
    assert wild.forecast("river").mid[0] == pytest.approx(float(wild.city.plant.depth[1]), abs=0.25)
