"""The tide of the Min: a regular semidiurnal tide of the published range, steeper on the flood."""

from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from mindu.apps.water.storms import tide

Array = NDArray[np.float64]
Places = NDArray[np.int64]
HOUR_S = 3600.0


def half_hours(years: float) -> Array:
    start = datetime(2005, 1, 1, tzinfo=UTC).timestamp()
    return start + 1800.0 * np.arange(int(years * 365.25 * 48), dtype=float)


def ten_minutes(start: datetime, days: float) -> Array:
    return start.timestamp() + 600.0 * np.arange(int(days * 144), dtype=float)


def turns(level: Array) -> tuple[Places, Places]:
    """Return where high and low water stand."""
    rising = np.diff(level) > 0
    high = np.flatnonzero(rising[:-1] & ~rising[1:]) + 1
    low = np.flatnonzero(~rising[:-1] & rising[1:]) + 1
    return high.astype(np.int64), low.astype(np.int64)


def test_the_mean_range_at_the_mouth_is_the_published_one() -> None:
    at = half_hours(18.6)  # a whole nodal cycle
    level = tide.height(tide.constants(), at) * tide.told().mouth.scale.value
    high, low = turns(level)
    span = level[high].mean() - level[low].mean()
    assert span == pytest.approx(tide.told().mouth.range_m.value, abs=0.05)


@pytest.mark.parametrize("site", sorted(tide.told().sites))
def test_two_high_waters_a_lunar_day(site: str) -> None:
    at = ten_minutes(datetime(2023, 9, 1, tzinfo=UTC), 60)
    high, _ = turns(tide.level(site, at))
    assert np.diff(at[high]).mean() / HOUR_S == pytest.approx(12.42, abs=0.02)


@pytest.mark.parametrize("site", sorted(tide.told().sites))
def test_water_rises_faster_than_it_falls(site: str) -> None:
    at = ten_minutes(datetime(2023, 9, 1, tzinfo=UTC), 60)
    level = tide.level(site, at)
    assert (np.diff(level) > 0).mean() < 0.48


def test_the_range_shrinks_up_the_river() -> None:
    at = ten_minutes(datetime(2023, 9, 1, tzinfo=UTC), 30)
    spans = [float(np.ptp(tide.level(site, at))) for site in ("KQ", "JF", "WS")]
    assert spans == sorted(spans, reverse=True)


def test_levels_stay_within_what_was_ever_published_for_the_harbour() -> None:
    at = half_hours(18.6)
    level = tide.level("KQ", at)
    assert level.min() > -0.48
    assert level.max() < 6.96


def test_spring_high_water_at_the_mouth_comes_about_noon() -> None:
    """Coast tables of the region put spring high water between ten and one, Beijing time."""
    full_moon = datetime(2023, 8, 31, 1, 36, tzinfo=UTC)
    at = ten_minutes(full_moon, 3)
    level = tide.height(tide.constants(), at)
    high, _ = turns(level)
    best = at[high[np.argmax(level[high])]]
    hour = (best / HOUR_S + 8.0) % 12.0
    assert hour >= 10.0 or hour <= 1.0


def test_springs_follow_the_full_moon_and_neaps_the_quarter() -> None:
    def span(day: datetime) -> float:
        return float(np.ptp(tide.level("JF", ten_minutes(day, 1.1))))

    assert span(datetime(2023, 9, 1, tzinfo=UTC)) > 1.4 * span(datetime(2023, 9, 8, tzinfo=UTC))


def test_the_eighteen_year_cycle_is_in() -> None:
    at = half_hours(18.6)
    factor, _ = tide.nodal("M2", at)
    assert factor.min() == pytest.approx(0.963, abs=1e-3)
    assert factor.max() == pytest.approx(1.037, abs=1e-3)


def test_a_surge_is_highest_at_its_peak_and_gone_a_day_later() -> None:
    at = np.array([0.0, 86400.0])
    assert tide.surge(at, peak=0.0, top_m=0.5) == pytest.approx([0.5, 0.0], abs=1e-3)


def test_the_river_lifts_every_site() -> None:
    at = ten_minutes(datetime(2023, 9, 5, tzinfo=UTC), 1)
    for name, site in tide.told().sites.items():
        lift = tide.level(name, at, river_m=1.0) - tide.level(name, at)
        assert lift == pytest.approx(site.river.value)


def test_an_unknown_site_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match="JF, KQ"):
        tide.level("atlantis", np.zeros(1))
