"""Flood: four colours, by the forecast while it is fresh, by trend when it is not."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from water_desk import START, Desk, Told

from mindu.apps.water.kinds import Junction
from mindu.apps.water.loops import flood
from mindu.base.records import Forecast, Severity
from mindu.brain.app import Projected
from mindu.brain.view import View

LEADS = tuple(float(m) for m in range(5, 65, 5))


def rising(to: float, *, half: float = 0.1, until: float = 1e9) -> Told:
    """Return a projection that foresees the river rising to a level within the hour."""

    def foresees(see: View) -> Sequence[Projected]:
        if (see.now - START).total_seconds() > until:
            return ()
        mid = tuple(float(x) for x in np.linspace(1.2, to, len(LEADS)))
        low, high = tuple(m - half for m in mid), tuple(m + half for m in mid)
        told = Forecast("level", "m", LEADS, low=low, mid=mid, high=high, model="twin")
        return (Projected(about="river", record=told),)

    return foresees


@pytest.mark.parametrize(
    ("deep", "colour"),
    [
        (0.02, Severity.BLUE), (0.05, Severity.BLUE), (0.10, Severity.YELLOW),
        (0.15, Severity.ORANGE), (0.20, Severity.RED), (0.9, Severity.RED),
    ],
)  # fmt: skip
def test_water_on_the_street_is_blue_and_one_colour_more_every_five_centimetres(
    deep: float, colour: Severity
) -> None:
    found = Desk().turn({("river", "level"): 3.0 + deep}).said("flood")[-1]
    assert (found.finding, found.severity) == ("ponding", colour)
    assert "磨河积水" in found.says.zh


def test_a_bank_that_will_be_passed_is_foretold_with_its_chance_and_lead() -> None:
    found = Desk(rising(3.4)).turn().said("flood")[-1]
    assert found.finding == "will_pass_bank"
    assert found.severity is Severity.RED
    assert found.confidence > 0.9
    assert "in 50 min" in found.says.en
    assert "by forecast" in found.says.en
    assert found.proof is not None
    assert found.proof.above == 3.0
    assert found.evidence[0].value == 1.2


def test_an_unsure_forecast_speaks_in_a_softer_colour() -> None:
    found = Desk(rising(2.55, half=0.6)).turn().said("flood")[-1]
    assert found.finding == "will_pass_warning"
    assert found.severity is Severity.BLUE
    assert 0.5 <= found.confidence < 0.8


def test_without_a_fresh_forecast_the_trend_speaks_and_it_is_said() -> None:
    desk = Desk(rising(1.2, until=300.0))
    for k in range(12):
        desk.turn({("river", "level"): 1.2 + 0.12 * k})
    found = desk.said("flood")
    assert found, "a river that rises 12 cm every five minutes was passed over"
    assert "by trend" in found[-1].says.en
    assert "据趋势" in found[-1].says.zh


def test_a_low_and_steady_river_is_not_spoken_of() -> None:
    assert not Desk().turns(8).said("flood")


def test_a_silent_gauge_makes_the_brain_blind_there_and_nowhere_else() -> None:
    desk = Desk().turn()
    for _ in range(4):
        desk.turn({("lake", "level"): 3.1}, silent=["river"])
    assert desk.said("flood", "river")[-1].finding == "blind"
    assert desk.said("lakes", "lake")[-1].finding == "ponding"


@settings(max_examples=30, deadline=None)
@given(
    first=st.floats(0.0, 3.2),
    steps=st.lists(st.floats(-0.4, 0.5), min_size=1, max_size=6),
    foreseen=st.none() | st.floats(0.5, 3.6),
)
def test_the_first_look_never_passes_over_what_would_be_said(
    first: float, steps: list[float], foreseen: float | None
) -> None:
    desk = Desk(None if foreseen is None else rising(foreseen, half=0.3))
    level = first
    for change in steps:
        level = max(level + change, 0.0)
        desk.turn({("river", "level"): level})
    see = View(
        desk.clock.now(),
        timedelta(hours=1),
        desk.brain.memory.twins,
        desk.brain.memory.series,
        desk.brain.memory.latest,
        {},
    )
    river = see.twin(Junction, "river")
    if flood.judge(river, see) is not None:
        assert flood.screen([river], see)[0]
