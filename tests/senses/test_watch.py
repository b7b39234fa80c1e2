"""Detectors hear every reading where a kind declares it, each for the same cost."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from town import FIVE, GAUGE, T0, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.edge.hearing.watch import MOST, Watch
from mindu.engines.outlook.online import Online, Together, rounds
from mindu.perceive.declare import Model
from mindu.perceive.said import Said

WEEK = 288 * 7
FIT = msgspec.structs.replace(GAUGE, detect=("level", "rain"), together=(("level", "rain"),))


def tides(series: int, steps: int, seed: int = 3) -> "np.ndarray[Any, Any]":
    """Return levels that follow the hour of the day, with noise that holds on for a while."""
    rng = np.random.default_rng(seed)
    hour = np.sin(np.arange(steps) / 288 * 2 * np.pi)
    noise = rng.normal(0, 0.05, (steps, series))
    for step in range(1, steps):
        noise[step] += 0.8 * noise[step - 1]
    return 3 + hour[:, None] * rng.uniform(0.5, 2, series) + noise


def lived(values: "np.ndarray[Any, Any]") -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Return (scores, moves) of every step of every series."""
    online, slots = Online(), np.arange(values.shape[1])
    online.reach(len(slots))
    told = [
        online.feed(slots, np.full(len(slots), step * 300.0), value)
        for step, value in enumerate(values)
    ]
    return np.stack([it.score for it in told]), np.stack([it.moved for it in told])


def test_what_leaves_its_past_is_found_as_it_comes() -> None:
    values = tides(60, 3 * WEEK)
    spike, shift = 3 * WEEK - 500, 3 * WEEK - 200
    values[spike, :20] += 1.5  # one reading far off
    values[shift:, 20:40] -= 1.5  # what moved for good
    score, moved = lived(values)
    assert (score[spike, :20] > 1).mean() >= 0.9
    assert moved[shift : shift + 30, 20:40].any(axis=0).mean() >= 0.9
    calm = slice(WEEK, spike)  # the first week is for learning the day
    assert (score[calm] > 1).mean() <= 0.002
    assert moved[calm].mean() <= 0.0005


def test_what_does_not_fit_together_is_found_though_each_is_likely() -> None:
    rng, together, things = np.random.default_rng(5), Together(2), np.arange(80)
    together.reach(80)
    scores = []
    for step in range(1500):
        shared = rng.normal(0, 1, 80)
        told = np.stack([shared, shared + rng.normal(0, 0.1, 80)], axis=1)
        if step == 1400:
            told[:40] = (1.0, -1.0)  # one noise up, and one down
        scores.append(together.feed(things, told))
    odd = np.stack(scores) > 1
    assert odd[1400, :40].all()
    odd[1400, :40] = False
    assert odd[500:].mean() <= 0.001


@pytest.fixture
def senses(tmp_path: Path) -> Senses:
    senses = town(tmp_path, 4)
    senses.declare(FIT)
    return senses


def take(senses: Senses, steps: int, *, first: int = 0, level: float = 3.0) -> None:
    """Let every gauge tell level and rain at each step of five minutes, eight steps at once."""
    rng = np.random.default_rng(first)
    for start in range(first, first + steps, MOST):
        rows = min(MOST, first + steps - start) * 8
        at = np.repeat(T0 + (start + np.arange(rows // 8)) * FIVE, 8)
        shared = rng.normal(0, 0.05, rows // 2)
        value = np.stack([level + shared, 20 + 10 * shared], axis=1).ravel()
        device = [f"g{k}" for k in range(4) for _ in range(2)] * (rows // 8)
        said = Said(device=device, prop=["level", "rain"] * (rows // 2), at=at, value=value,
                    seq=None)  # fmt: skip
        senses.take([Offer("line", said)], int(at[-1]))


def test_readings_of_every_door_are_heard_and_what_is_odd_is_told(senses: Senses) -> None:
    watch = Watch(senses)
    take(senses, 320)
    assert (watch.heard, watch.passed, len(watch.online)) == (2560, 0, 8)
    assert not watch.found
    take(senses, 8, first=320, level=3.9)  # all levels jump, rains do not
    singles = {(it.device, it.props) for it in watch.found if len(it.props) == 1}
    assert singles == {(f"g{k}", ("level",)) for k in range(4)}
    assert {it.device for it in watch.found if it.props == ("level", "rain")} == {
        f"g{k}" for k in range(4)
    }
    assert not watch.troubles


def test_what_is_not_declared_costs_nothing_and_a_flood_no_more_than_its_share(
    tmp_path: Path,
) -> None:
    senses = town(tmp_path, 2)
    watch = Watch(senses)
    flood = Said(device=["g0"] * 500, prop=["level"] * 500, at=T0 + np.arange(500),
                 value=np.full(500, 3.0), seq=None)  # fmt: skip
    senses.take([Offer("line", flood)], T0 + FIVE)
    assert (watch.heard, len(watch.online)) == (0, 0)
    senses.declare(FIT)
    more = Said(device=["g0"] * 500, prop=["level"] * 500, at=T0 + FIVE + np.arange(500),
                value=np.full(500, 3.0), seq=None)  # fmt: skip
    senses.take([Offer("line", more)], T0 + 2 * FIVE)
    assert (watch.heard, watch.passed) == (MOST, 500 - MOST)
    watch.close()
    senses.take([Offer("line", more)], T0 + 3 * FIVE)
    assert watch.heard == MOST


def test_a_detector_that_fails_stops_no_reading(
    senses: Senses, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(senses)

    def breaks(*_: object) -> None:
        raise ZeroDivisionError("a detector's own fault")

    monkeypatch.setattr(watch.online, "feed", breaks)
    take(senses, 3)
    assert senses.total().stored == 24
    assert len(watch.troubles) == 1


def test_a_kind_detects_only_what_it_reports() -> None:
    for wrong in ({"detect": ("colour",)}, {"together": (("level", "rain"),)},
                  {"detect": ("level",), "together": (("level",),)}):  # fmt: skip
        with pytest.raises(ValueError, match="gauge"):
            Model(name="gauge", props=GAUGE.props, **wrong)


def test_turns_hold_the_newest_of_each_slot_in_order() -> None:
    slot = np.array([3, 1, 3, 3, 1, 2])
    turns = [turn.tolist() for turn in rounds(slot, 2)]
    assert turns == [[1, 2], [4, 5, 3]]
    assert list(rounds(np.zeros(0, np.int64), 2)) == []


def test_each_series_learns_alone_whatever_stands_beside_it() -> None:
    values = tides(3, 400)
    alone, beside = Online(), Online()
    alone.reach(1)
    beside.reach(3)
    for step, told in enumerate(values):
        at = np.full(3, step * 300.0)
        one = alone.feed(np.zeros(1, np.int64), at[:1], told[1:2])
        three = beside.feed(np.arange(3), at, told)
        assert one.score[0] == three.score[1]


def test_what_detectors_know_stands_after_a_restart_and_a_kill(tmp_path: Path) -> None:
    """Half is kept, the rest is heard again from the journal; a damaged state begins anew."""
    values = tides(16, 400)
    told: list[Any] = []
    for kept in (False, True):
        senses = town(tmp_path / str(kept), 8)
        senses.declare(FIT)
        watch = Watch(senses)
        for step in range(400):
            rows = values[step].reshape(2, 8)
            _take(senses, step, rows)
            if kept and step == 200:
                watch.keep()
            if kept and step == 300:  # as after a kill: nothing of the last hundred is kept
                watch = _again(senses, watch)
        told.append((watch.online.dump(), list(watch.found), watch.heard, watch.passed))
        if kept:
            watch.keep()
            path = senses.folder / "watch.kept"
            path.write_bytes(path.read_bytes()[:-1])
            anew = _again(senses, watch)
            assert "is damaged" in anew.troubles[0]
            assert (anew.heard, list(anew.found)) == (0, [])
        senses.close()
    assert told[0] == told[1]
    assert told[0][1], "something was found at all"


def _take(senses: Senses, step: int, rows: "np.ndarray[Any, Any]") -> None:
    names = [f"g{i}" for i in range(8)]
    level = rows[0] + (3 if step % 97 == 96 else 0)
    told = Said(
        device=names * 2, prop=["level"] * 8 + ["rain"] * 8, at=np.full(16, T0 + step * FIVE),
        value=np.concatenate([level, np.abs(rows[1])]), seq=None,
    )  # fmt: skip
    senses.take([Offer("line", told)], T0 + step * FIVE)


def _again(senses: Senses, watch: Watch) -> Watch:
    """Let another watch take up what the first one kept, as a new process would."""
    senses.intake.heard.remove(watch.hear)
    return Watch(senses)
