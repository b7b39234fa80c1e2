"""The outlook: what is odd is told when it comes, and what follows lies where it is expected."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_doors import clock, node
from town import FIVE, said

from mindu.data.senses.intake import Offer
from mindu.engines.outlook import ahead, choose, look_ahead, odd_together, oddness
from mindu.engines.outlook.grid import even, period

STEP = 300.0
DAY = 288


def days(count: int, seed: int = 0, noise: float = 0.1) -> tuple[Any, Any]:
    """Return (times, values) of a series that goes up and down by day."""
    n = np.arange(count * DAY)
    rng = np.random.default_rng(seed)
    return n * STEP, 3 + np.sin(2 * np.pi * n / DAY) + rng.normal(0, noise, len(n))


def test_a_peak_that_the_season_does_not_know_is_odd_when_it_comes() -> None:
    at, value = days(6)
    value[5 * DAY + 100 : 5 * DAY + 106] += 3
    found = oddness(at, value)
    odd = np.flatnonzero(found.score > 1)
    assert ((odd >= 5 * DAY + 100) & (odd <= 5 * DAY + 112)).any()
    quiet = odd[(odd < 5 * DAY + 100) | (odd > 5 * DAY + 130)]
    assert len(quiet) < 0.003 * len(value)


def test_a_level_that_moves_for_good_is_marked_as_moved() -> None:
    rng = np.random.default_rng(3)
    value = rng.normal(0, 0.1, 1500)
    value[1000:] += np.minimum(np.arange(500) * 0.02, 2.0)
    found = oddness(np.arange(1500, dtype=np.float64) * STEP, value)
    moved = np.flatnonzero(found.moved)
    assert len(moved)
    assert 1000 <= moved[0] < 1060


def test_what_is_said_of_a_step_does_not_change_with_what_comes_later() -> None:
    at, value = days(4, seed=2)
    cut = 3 * DAY
    whole, part = oddness(at, value), oddness(at[:cut], value[:cut])
    if period(value[: len(value) // 2], STEP) == period(value[: cut // 2], STEP):
        np.testing.assert_allclose(whole.score[:cut], part.score)


def test_pumps_that_leave_each_other_are_odd_together_though_each_is_plausible() -> None:
    rng = np.random.default_rng(5)
    common = rng.normal(0, 1, 600)
    rows = np.stack([common + rng.normal(0, 0.05, 600), common + rng.normal(0, 0.05, 600)], axis=1)
    rows[500] = (1.5, -1.5)
    score = odd_together(rows)
    assert score.argmax() == 500
    assert score[500] > 2 * np.quantile(score[150:], 0.99)
    assert abs(rows[500]).max() < abs(rows[:, 0]).max()


def test_the_season_repeated_is_the_floor_and_its_interval_holds() -> None:
    at, value = days(8, seed=4)
    inside = []
    for end in range(6 * DAY, 7 * DAY, 48):
        fan = look_ahead(at[:end], value[:end], 12)
        truth = value[end : end + 12]
        inside.append((truth >= fan.low) & (truth <= fan.high))
    assert 0.8 < float(np.mean(inside)) < 0.99


def test_trees_are_chosen_where_they_beat_the_floor() -> None:
    rng = np.random.default_rng(6)
    value = np.zeros(900)
    for i in range(2, 900):
        value[i] = 1.6 * value[i - 1] - 0.9 * value[i - 2] + rng.normal(0, 0.1)
    found = choose(np.arange(900, dtype=np.float64) * STEP, value, 6)
    assert found.model == "trees"
    assert found.error < found.floor_error


def test_the_interval_of_trees_grows_by_what_it_missed_of_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(9)
    value = rng.normal(0, np.where(np.arange(600) < 440, 0.1, 0.4))
    at = np.arange(600, dtype=np.float64) * STEP
    told = look_ahead(at, value, 1, model="trees")
    monkeypatch.setattr(ahead, "FEW", 10_000)  # too few rows to hold it against
    bare = look_ahead(at, value, 1, model="trees")
    assert (told.high - told.low)[0] > 1.2 * (bare.high - bare.low)[0]
    assert told.mid[0] == bare.mid[0]


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=3, max_size=60),
       st.integers(1, 20))  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_any_series_gets_an_outlook_with_ordered_bounds(told: list[float], steps: int) -> None:
    value = np.array(told)
    at = np.arange(len(told), dtype=np.float64) * STEP
    fan = look_ahead(at, value, steps)
    assert len(fan.mid) == steps
    assert np.isfinite([fan.low, fan.mid, fan.high]).all()
    assert (fan.low <= fan.high).all()
    assert np.isfinite(oddness(at, value).score).all()


def test_readings_that_come_unevenly_stand_on_an_even_grid() -> None:
    times, values, step = even(np.array([0.0, 300, 600, 1500]), np.array([1.0, 2, 3, 4]))
    assert (step, len(times)) == (300.0, 6)
    assert values.tolist() == [1, 2, 3, 3, 3, 4]


def test_the_outlook_is_asked_over_http_and_the_choice_is_a_lesson(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        now = clock() // FIVE * FIVE
        _, value = days(5, seed=7)
        value[-100:-95] += 4
        start = now - len(value) * FIVE
        rows = [
            ("g0", "level", start + i * FIVE, round(v, 2)) for i, v in enumerate(value.tolist())
        ]
        city.senses.take([Offer("line", said(rows))], now)

        def ask(path: str, body: bytes | None = None) -> Any:  # noqa: ANN401 - any JSON
            request = urllib.request.Request(  # noqa: S310 - our own
                city.url + path, body, {"Authorization": f"Bearer {city.key}"}
            )
            with urllib.request.urlopen(request, timeout=120) as told:  # noqa: S310
                return json.loads(told.read())

        odd = ask("/v1/odd/g0/level")["odd"]
        assert any(start + (len(value) - 100) * FIVE <= it["at"] <= now for it in odd)
        lesson = ask("/v1/learn/g0/level?steps=6", b"")
        assert lesson["champion"] == "season"
        ahead = ask("/v1/ahead/g0/level?steps=6")
        assert len(ahead["mid"]) == 6
        assert ahead["model"] == (lesson["model"] if lesson["taken"] else "season")
        with pytest.raises(urllib.error.HTTPError):
            ask("/v1/ahead/g1/level")
    with node(tmp_path) as city:
        assert "gauge/level" in city.senses.entities.shelf("lessons")
