"""Drift in a flock of any size: held against those that stand near, whatever the weather does."""

from pathlib import Path

import numpy as np
from town import DAY, T0

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.drift import DAYS, Drift, trends
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.said import Said

COUNT = 1200  # more than are held against the whole flock
NOW = T0 + DAYS * DAY


def valleys(folder: Path) -> Senses:
    """Two valleys of gauges whose waters go apart, and one gauge in each that leaves its own."""
    senses = Senses(folder)
    senses.declare(Model(name="pool", props=(Prop(name="level", unit="m", decimals=3),)))
    rng = np.random.default_rng(2)
    west = np.arange(COUNT) < COUNT // 2
    lon, lat = (
        np.where(west, 119.0, 119.5) + rng.uniform(0, 0.1, COUNT),
        rng.uniform(26, 26.1, COUNT),
    )
    names = [f"p{i:04d}" for i in range(COUNT)]
    senses.enrol([
        Device(id=n, kind="pool", stage=Stage.ACTIVE, lon=x, lat=y)
        for n, x, y in zip(names, lon.tolist(), lat.tolist(), strict=True)
    ])  # fmt: skip
    slope = np.where(west, 0.2, -0.2) + rng.normal(0, 0.002, COUNT)
    slope[[7, 900]] -= [0.1, -0.1]  # m a day: both move as the middle of all does
    for step in range(DAYS * 4):
        at = T0 + step * DAY // 4
        level = 2 + slope * step / 4 + rng.normal(0, 0.01, COUNT)
        told = Said(
            device=names, prop=["level"] * COUNT, at=np.full(COUNT, at), value=level, seq=None
        )
        senses.take([Offer("line", told)], at)
        if step == DAYS * 2:
            senses.flush(at)
    return senses


def test_who_leaves_those_nearby_is_found_in_a_flock_of_any_size(tmp_path: Path) -> None:
    senses = valleys(tmp_path)
    drift = Drift()
    for _ in range(2):  # the second time by what was kept of days that are over
        assert sorted(it.device for it in drift.drifting(senses, NOW)) == ["p0007", "p0900"]
    senses.close()


def test_a_trend_is_the_median_of_slopes_and_says_nothing_of_too_few_days() -> None:
    days = np.arange(10.0)
    line = 3 + 0.5 * days
    wild, few = line.copy(), np.full(10, np.nan)
    wild[4], few[:4] = 99.0, 1.0
    gaps = np.where(days % 2 == 0, line, np.nan)
    moved, noise = trends(days, np.stack([line, wild, gaps, few]))
    assert moved.tolist() == [4.5, 4.5, 4.0, 0.0]
    assert noise[:3].max() < 1e-6
    assert np.isinf(noise[3])
