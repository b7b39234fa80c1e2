"""The storm and the tide of a made-up city, row by row in absolute dates."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import cos, pi

START = datetime(2023, 7, 27, tzinfo=UTC)
M2_H = 12.42  # h, period of the principal lunar tide
STEP_MIN = 5
SHAPE_B, SHAPE_N = 7.576, 0.711  # min, 1: the storm falls off as (t + b)^-n; quoted for Fuzhou
PEAK_AT = 0.4  # of a storm's length


def stamp(hours: float) -> str:
    """Return a SWMM date and time, so many hours after the start."""
    return (START + timedelta(seconds=round(hours * 3600.0))).strftime("%m/%d/%Y %H:%M:%S")


def storm(depth_mm: float, length_h: float, *, peak_at: float = PEAK_AT) -> list[float]:
    """Return a Chicago storm, mm/h per five minutes (Keifer and Chu 1957), of the given depth."""
    peak = peak_at * length_h * 60.0
    rates = []
    for k in range(int(length_h * 60 / STEP_MIN)):
        t = (k + 0.5) * STEP_MIN
        x = (peak - t) / peak_at if t < peak else (t - peak) / (1.0 - peak_at)
        rates.append(((1.0 - SHAPE_N) * x + SHAPE_B) / (x + SHAPE_B) ** (SHAPE_N + 1.0))
    size = depth_mm / (sum(rates) * STEP_MIN / 60.0)
    return [r * size for r in rates]


def rain_rows(series: str, rates: list[float], from_h: float) -> Iterator[str]:
    """Yield a rain series that starts dry, falls from `from_h` on, and ends dry."""
    yield f"{series} {stamp(0.0)} 0"
    for k, rate in enumerate([*rates, 0.0]):
        yield f"{series} {stamp(from_h + k * STEP_MIN / 60.0)} {rate:.3f}"


def tide_rows(
    series: str, hours: float, *, mean: float, span: float, high_h: float
) -> Iterator[str]:
    """Yield a regular semidiurnal tide every ten minutes, `span` from low to high water, m."""
    for k in range(int(hours * 6) + 7):
        level = mean + span / 2.0 * cos(2 * pi * (k / 6.0 - high_h) / M2_H)
        yield f"{series} {stamp(k / 6.0)} {level:.3f}"
