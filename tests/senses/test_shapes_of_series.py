"""A shape that a series never had is odd, though no value and no level of it is."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from open_doors import clock, node
from town import FIVE, GAUGE, T0, said, town

from mindu.data.senses.intake import Offer
from mindu.edge.hearing import shaped
from mindu.edge.hearing.watch import Watch
from mindu.engines.outlook import cycle, oddness, shape_scores
from mindu.engines.outlook.shape import LEAST, MOST, Shapes
from mindu.perceive.declare import SHAPE, Model

BEAT = 40


def beats(count: int, *, odd: int = -1, seed: int = 2, noise: float = 0.02) -> Any:  # noqa: ANN401
    """Return a pulse of so many beats; one of them goes down before it goes up."""
    rng, n = np.random.default_rng(seed), np.arange(BEAT)
    beat = np.exp(-(((n - 10) / 3) ** 2)) - 0.3 * np.exp(-(((n - 20) / 4) ** 2))
    value = np.tile(beat, count)
    if odd >= 0:
        value[odd * BEAT : (odd + 1) * BEAT] = beat[::-1]
    return 3 + value + rng.normal(0, noise, len(value))


def test_a_beat_of_another_shape_is_odd_though_its_values_are_not() -> None:
    value = beats(60, odd=50)
    at: Any = np.arange(len(value)) * 60.0
    found = oddness(at, value, shape=BEAT)
    odd = np.flatnonzero(found.shape > 1)
    assert len(odd)
    assert ((odd >= 50 * BEAT) & (odd < 52 * BEAT)).all()
    assert not (oddness(at, value).score[50 * BEAT : 52 * BEAT] > 1).any()
    assert (found.score >= found.shape).all()


def test_what_is_said_of_a_shape_does_not_change_with_what_comes_later() -> None:
    value = beats(30, odd=20)
    whole, part = shape_scores(value, BEAT), shape_scores(value[: 22 * BEAT], BEAT)
    np.testing.assert_array_equal(whole[: 22 * BEAT], part)


def test_noise_and_a_series_that_stands_still_have_no_shape() -> None:
    rng = np.random.default_rng(4)
    noise, still = rng.normal(0, 1, 2000), np.full(1000, 3.0)
    assert not (shape_scores(noise, BEAT) > 1).any()
    assert not (shape_scores(still, BEAT) > 1).any()
    mostly = np.where(np.arange(2000) % 500 < 20, 5.0, 3.0) + rng.normal(0, 0.01, 2000)
    assert (shape_scores(mostly, BEAT)[600:] > 1).sum() == 0


def test_dots_that_are_carried_on_are_those_worked_out_anew() -> None:
    value = np.stack([beats(30, seed=1), 1e6 + beats(30, odd=12, seed=2)])
    carried, anew = Shapes(BEAT), Shapes(BEAT)
    carried.reach(2)
    slots = np.arange(2)
    for now in value.T[:900]:
        carried.feed(slots, now)
    anew.load(carried.dump())
    for now in value.T[900:]:
        np.testing.assert_allclose(carried.feed(slots, now), anew.feed(slots, now), rtol=1e-6)
    assert carried.nbytes == 2 * carried.bytes_each


def test_the_length_of_a_beat_is_found_by_itself_and_noise_has_none() -> None:
    assert cycle(beats(20)) == BEAT
    assert cycle(np.random.default_rng(0).normal(0, 1, 2000)) == 0
    assert cycle(np.full(500, 2.0)) == 0
    assert cycle(np.zeros(0)) == 0


def test_a_window_is_of_a_declared_length_and_of_what_is_detected() -> None:
    assert (LEAST, MOST) == SHAPE
    for wrong in ({"level": 4}, {"rain": 40}):
        with pytest.raises(ValueError, match="gauge"):
            Model(name="gauge", props=GAUGE.props, detect=("level",), shape=wrong)
    with pytest.raises(ValueError, match="8 to 512"):
        Shapes(7)


FIT = msgspec.structs.replace(GAUGE, detect=("level",), shape={"level": BEAT})


def lived(folder: Path, values: Any, *, again: int = -1) -> Watch:  # noqa: ANN401
    """Return what hears one gauge tell all values, kept and begun anew after some."""
    senses = town(folder, 2)
    senses.declare(FIT)
    watch = Watch(senses)
    for i, value in enumerate(values.tolist()):
        row = [("g0", "level", T0 + i * FIVE, value)]
        senses.take([Offer("line", said(row))], T0 + i * FIVE)
        if i == again - 100:
            watch.keep()
        if i == again:
            senses.intake.heard.remove(watch.hear)
            watch = Watch(senses)
    assert not watch.troubles
    return watch


def test_a_shape_is_found_as_it_comes_and_after_a_restart_alike(tmp_path: Path) -> None:
    values = 0.5 * beats(14, odd=11) + 1
    whole = lived(tmp_path / "whole", values)
    odd = [it for it in whole.found if it.shape]
    assert odd
    assert all(T0 + 11 * BEAT * FIVE <= it.at < T0 + 13 * BEAT * FIVE for it in odd)
    halted = lived(tmp_path / "halted", values, again=9 * BEAT)
    assert list(halted.found) == list(whole.found)


def test_series_beyond_the_bound_are_told_and_not_weighed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shaped, "ROOM", Shapes(BEAT).bytes_each * 3)
    senses = town(tmp_path, 4)
    senses.declare(FIT)
    watch = Watch(senses)
    senses.take([Offer("line", said([("g0", "level", T0, 3.0)]))], T0)
    assert len(watch.shaped) == 3
    assert list(watch.troubles) == ["1 series of gauge level have no room for shapes"]


def test_the_declared_shape_is_asked_over_http_too(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        city.senses.declare(FIT)
        now = clock() // FIVE * FIVE
        values = 0.5 * beats(14, odd=11) + 1
        start = now - len(values) * FIVE
        rows = [("g0", "level", start + i * FIVE, v) for i, v in enumerate(values.tolist())]
        city.senses.take([Offer("line", said(rows))], now)
        _, told = city.asked("/v1/odd/g0/level")
        assert told["shape"] == BEAT
        assert any(it["shape"] for it in told["odd"])
        _, told = city.asked("/v1/odd/g0/level?shape=0")
        assert not any(it["shape"] for it in told["odd"])
        assert city.asked("/v1/odd/g0/level?shape=auto")[1]["shape"] == BEAT
        assert city.asked("/v1/odd/g0/level?shape=3")[0] == 422
