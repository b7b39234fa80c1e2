"""Health: gauges that cannot be believed and machines that do not answer are found out."""

from collections.abc import Sequence

import pytest
from water_desk import Desk

from mindu.base.records import Forecast, Severity
from mindu.brain.app import Projected
from mindu.brain.view import View

RAIN = {("town", "rain"): 20.0, ("rain", "rain"): 20.0}


def test_a_gauge_stuck_while_the_water_moves_is_found_out() -> None:
    desk = Desk()
    for k in range(24):
        desk.turn({**RAIN, ("lake", "level"): 1.5 + 0.02 * k})
    assert desk.said("gauges", "river")[-1].finding == "stuck"
    assert not desk.said("lake_gauges", "lake")


def test_a_gauge_that_stands_still_in_dry_weather_is_left_alone() -> None:
    assert not Desk().turns(24).said("gauges")


@pytest.mark.parametrize("level", [-0.5, 9.0])
def test_a_level_that_cannot_be_is_called_impossible(level: float) -> None:
    desk = Desk().turns(2).turn({("river", "level"): level})
    assert desk.said("gauges", "river")[-1].finding in {"impossible", "leaps"}


def test_a_gauge_that_leaps_up_and_down_is_found_out() -> None:
    desk = Desk().turns(3).turn({("river", "level"): 2.9}).turns(2)
    assert desk.said("gauges", "river")[-1].finding == "leaps"


def test_a_gauge_silent_for_half_an_hour_is_named() -> None:
    desk = Desk().turns(2)
    for _ in range(8):
        desk.turn(silent=["river"])
    assert desk.said("gauges", "river")[-1].finding == "silent"


def foretold(see: View) -> Sequence[Projected]:
    """Foresee a river that stays at 1.2 m, whatever its gauge shows."""
    told = Forecast("level", "m", (5.0, 10.0), low=(1.15, 1.1), mid=(1.2, 1.2), high=(1.25, 1.3))
    assert see.now.tzinfo is not None
    return (Projected(about="river", record=told),)


def test_a_gauge_that_drifts_off_the_twin_is_found_out() -> None:
    desk = Desk(foretold).turns(2)
    assert not desk.said("gauges", "river")
    for k in range(14):
        desk.turn({("river", "level"): 1.2 + 0.03 * k})
    found = desk.said("gauges", "river")[-1]
    assert found.finding == "drifting"
    assert "off what the twin" in found.says.en


def test_a_wave_that_passes_blames_no_gauge() -> None:
    desk = Desk(foretold).turns(6).turns(2, {("river", "level"): 1.9}).turns(6)
    assert not desk.said("gauges", "river")


def changing(see: View) -> Sequence[Projected]:
    """Foresee, now and then and always wrongly, that the river jumps within five minutes."""
    mid = 2.2 if see.now.minute % 15 == 0 else 1.2
    told = Forecast("level", "m", (5.0,), low=(mid - 0.05,), mid=(mid,), high=(mid + 0.05,))
    return (Projected(about="river", record=told),)


def test_what_is_foreseen_to_happen_next_blames_no_gauge_now() -> None:
    assert not Desk(changing).turns(24).said("gauges", "river")


def everywhere(see: View) -> Sequence[Projected]:
    """Foresee too much water in the river and in the lake above it."""
    told = [*foretold(see)]
    lake = Forecast("level", "m", (5.0,), low=(0.8,), mid=(0.9,), high=(1.0,))
    return (*told, Projected(about="lake", record=lake))


def test_gauges_that_are_off_together_show_a_twin_that_is_off() -> None:
    high = {("river", "level"): 1.7, ("lake", "level"): 1.5}
    assert Desk(foretold).turns(8, high).said("gauges", "river")[-1].finding == "drifting"
    desk = Desk(everywhere).turns(8, high)
    assert not desk.said("gauges", "river")


def test_a_pump_told_to_run_that_moves_no_water_is_found_out() -> None:
    found = Desk().turns(4, {("pump", "setting"): 1.0}).said("pumps", "pump")[-1]
    assert (found.finding, found.severity) == ("no_answer", Severity.ORANGE)
    assert "已开泵但无流量" in found.says.zh


def test_a_pump_that_runs_untold_is_found_out() -> None:
    assert Desk().turns(4, {("pump", "flow"): 4.0}).said("pumps")[-1].finding == "runs_untold"


def test_a_pump_that_starts_too_often_wears() -> None:
    desk = Desk()
    for k in range(16):
        on = float(k % 2)
        desk.turn({("pump", "setting"): on, ("pump", "flow"): 5.0 * on})
    assert desk.said("pumps", "pump")[-1].finding == "wears"


def test_a_gate_that_no_longer_lets_water_by_is_found_out() -> None:
    opened = {("sluice", "setting"): 1.0, ("sea", "stage"): 0.2}
    desk = Desk().turns(4, {**opened, ("sluice", "flow"): 6.0})
    assert not desk.said("gates", "sluice")
    desk.turns(5, {**opened, ("sluice", "flow"): 0.0})
    assert desk.said("gates", "sluice")[-1].finding == "blocked"


def test_a_gate_that_never_let_water_by_at_this_level_is_not_blamed() -> None:
    opened = {("sluice", "setting"): 1.0, ("sea", "stage"): 0.2, ("sluice", "flow"): 0.0}
    assert not Desk().turns(6, opened).said("gates")
