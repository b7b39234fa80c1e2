"""Storms honour what was published of them, to the hundredth of a millimetre."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindu.apps.water.fuzhou.night import LEAD_H, night
from mindu.apps.water.storms import catalogue
from mindu.apps.water.storms.shape import SPANS_H, STEP_MIN, chicago, most, peaked, ranked, shared

PUBLISHED = [
    ("haikui-2023-wushan", "R_WS", 3, 203.1),
    ("haikui-2023-wushan", "R_WS", 6, 240.4),
    ("haikui-2023", "R_WS", 3, 203.1),
    ("haikui-2023", "R_WS", 6, 240.4),
    ("haikui-2023", "R_GS", 1, 148.9),
    ("haikui-2023", "R_GS", 3, 334.1),
    ("haikui-2023", "R_GS", 6, 418.5),
    ("haikui-2023", "R_GS", 8, 439.7),
    ("doksuri-2023", "R_DH", 1, 71.6),
    ("doksuri-2023", "R_HX", 3, 119.1),
    ("doksuri-2023", "R_HX", 6, 202.3),
    ("longwang-2005", "R_WS", 3, 185.0),
    ("longwang-2005", "R_WS", 6, 192.7),
]


@pytest.mark.parametrize(("storm", "gauge", "hours", "mm"), PUBLISHED)
def test_a_recorded_storm_honours_its_published_totals(
    storm: str, gauge: str, hours: int, mm: float
) -> None:
    rate = catalogue.storm(storm).of(gauge)
    steps = hours * 60 // STEP_MIN
    padded = np.concatenate([rate, np.zeros(steps)])
    sums = np.convolve(padded, np.ones(steps), mode="valid") * STEP_MIN / 60.0
    assert float(sums.max()) == pytest.approx(mm, abs=1e-6)


@pytest.mark.parametrize("storm", catalogue.names())
def test_the_file_of_a_storm_is_what_its_totals_make_of_it(storm: str) -> None:
    told = catalogue.table(storm)
    made = catalogue.storm(storm).rate
    assert told.startswith("# ")
    assert f"minutes,{','.join(catalogue.GAUGES)}" in told
    rows = [r.split(",")[1:] for r in told.splitlines() if r[0].isdigit()]
    assert np.allclose(made, np.array(rows, dtype=float))


@pytest.mark.parametrize("storm", catalogue.names())
def test_the_file_of_a_storm_says_where_it_comes_from(storm: str) -> None:
    told = catalogue.told(storm)
    keys = {f.source for fall in told.gauges.values() for f in fall.most_mm or ()} - {""}
    keys |= {told.years.source} if told.years else set()
    table = catalogue.table(storm)
    assert all(f"source {key}" in table for key in keys)


def test_no_station_in_a_storm_is_wetter_than_the_record_that_was_published_as_the_most() -> None:
    fallen = catalogue.depths(catalogue.told("doksuri-2023"))
    assert max(most(d, 1) for d in fallen.values()) == 71.6
    assert max(most(d, 3) for d in fallen.values()) == 119.1
    assert max(most(d, 6) for d in fallen.values()) == 202.3


@given(
    hour=st.floats(30.0, 150.0),
    third=st.floats(0.2, 0.95),
    rest=st.floats(0.2, 0.9),
    peak=st.floats(0.0, 300.0),
)
def test_any_storm_with_one_peak_holds_its_totals(
    hour: float, third: float, rest: float, peak: float
) -> None:
    three = hour + 2.0 * hour * third
    six = three + 1.5 * (three - hour) * rest
    totals = [round(x, 2) for x in (hour, three, six)]
    laid = peaked(ranked(totals), peak)
    for hours, mm in zip(SPANS_H, totals, strict=True):
        assert most(laid, hours) == pytest.approx(mm, abs=1e-9)


def test_totals_that_no_single_peak_could_make_are_refused() -> None:
    with pytest.raises(ValueError, match="later rain is heavier"):
        ranked([10.0, 100.0, 120.0])


def test_a_design_storm_peaks_at_four_tenths_and_grows_with_its_return_period() -> None:
    twenty, fifty = chicago(20.0), chicago(50.0)
    assert abs(int(np.argmax(twenty)) * STEP_MIN - 72) <= STEP_MIN
    assert sum(fifty) > sum(twenty)
    assert 100.0 < most(twenty, 3) < 120.0  # mm


def test_a_neighbour_gets_its_share_later() -> None:
    assert shared([100, 200, 0], 0.5, 5.0) == [0, 50, 100]


def test_a_night_begins_before_its_storm_and_outlasts_it() -> None:
    tonight = night("haikui-2023-wushan")
    dry = round(LEAD_H * 60 / STEP_MIN)
    assert not tonight.rain[:dry].any()
    assert tonight.rain[dry:].any()
    assert len(tonight.rain) * STEP_MIN / 60.0 > tonight.hours


def test_an_unknown_storm_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match="haikui-2023-wushan"):
        catalogue.storm("great-flood")
