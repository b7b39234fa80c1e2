"""Values and units read as people write them; programs are told them as declared."""

import pytest

from mindu.console.pages.measure import measure, total
from mindu.console.words import bare


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [
        (3.0, "1", "3"),
        (0.0, "1", "0"),
        (0.5, "1", "0.50"),
        (1200.0, "", "1,200"),
        (2.0, "m", "2.00 m"),
        (12.34, "m3/s", "12.3 m³/s"),
        (7.0, "km2", "7.00 km²"),
        (float("inf"), "1", "–"),
    ],
)
def test_a_count_is_whole_and_a_unit_has_its_powers_raised(
    value: float, unit: str, says: str
) -> None:
    assert measure(value, unit) == says


def test_what_a_world_came_to_is_called_with_its_unit_and_the_rest_counted() -> None:
    name, told = total("energy_kwh", 2510.6)
    assert (name.en, name.zh, told) == ("energy, kWh", "能耗,kW·h", "2,511")
    assert total("flood_m3", 3.0)[1] == "3.00"
    name, told = total("judgements", 6.0)
    assert (name.zh, told) == ("判断", "6")


def test_programs_are_told_the_unit_that_was_declared() -> None:
    assert [bare(unit) for unit in ("m3/s", "1", "m")] == ["m3/s", "", "m"]
