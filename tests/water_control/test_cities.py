"""The generated cities: whole, varied, the same every time, and readable by anybody."""

import re

import pytest

from mindu.apps.water.cities.generate import BENCH, SCALE, Spec


def section(text: str, name: str) -> list[list[str]]:
    body = text.split(f"[{name}]\n", maxsplit=1)[1].split("\n[", maxsplit=1)[0]
    return [line.split() for line in body.splitlines() if line.strip()]


def test_there_are_at_least_twelve_cities_and_no_two_share_a_name_or_a_seed() -> None:
    assert len(BENCH) >= 12
    assert len({s.name for s in (*BENCH, *SCALE)}) == len(BENCH) + len(SCALE)
    assert len({s.seed for s in (*BENCH, *SCALE)}) == len(BENCH) + len(SCALE)


@pytest.mark.parametrize("spec", BENCH, ids=lambda s: str(s.name))
def test_a_city_is_whole_and_the_same_every_time(spec: Spec) -> None:
    text = spec.text()
    assert text == spec.text()
    nodes = [row[0] for part in ("JUNCTIONS", "OUTFALLS") for row in section(text, part)]
    nodes += [row[0] for row in section(text, "STORAGE")] if "[STORAGE]" in text else []
    assert len(nodes) == len(set(nodes)) == spec.nodes
    assert 112 <= spec.nodes <= 1040
    for part in ("CONDUITS", "ORIFICES"):
        assert {end for row in section(text, part) for end in row[1:3]} <= set(nodes)
    assert {row[0] for row in section(text, "COORDINATES")} == set(nodes)


def test_series_are_told_in_absolute_dates() -> None:
    for row in section(BENCH[0].text(), "TIMESERIES"):
        assert re.fullmatch(r"\d\d/\d\d/\d{4}", row[1])
        assert re.fullmatch(r"\d\d:\d\d:\d\d", row[2])


def test_a_storm_brings_the_rain_it_was_told_to() -> None:
    spec = Spec(name="one", seed=1, rain_mm=120.0)
    rows = [row for row in section(spec.text(), "TIMESERIES") if row[0] == "RAIN0"]
    assert sum(float(row[3]) for row in rows) * 5 / 60 == pytest.approx(120.0, abs=0.1)


def test_the_same_city_grows_a_hundredfold() -> None:
    assert [spec.nodes for spec in SCALE] == [112, 1040, 10400]


def test_a_city_of_gates_has_no_pumps() -> None:
    gates = next(spec for spec in BENCH if not spec.pump)
    assert "[PUMPS]" not in gates.text()
