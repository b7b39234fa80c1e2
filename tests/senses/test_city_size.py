"""A city that is not built yet: nothing is lost in its day, and it grows as the slopes say."""

import json
from dataclasses import replace

import pytest

from mindu.cli.verbs import run
from mindu.sim.size import City, Slopes, day, total

FUZHOU = City()


def lived(city: City, seed: int = 1) -> tuple[list[int], float]:
    brains = day(city, Slopes(), seed)
    told = total(city, brains)
    assert told.sent == told.stored + told.waiting
    return [brain.devices for brain in brains], told.busy


def test_every_reading_of_the_day_is_stored_or_waits() -> None:
    brains = day(FUZHOU, Slopes(), 1)
    told = total(FUZHOU, brains)
    assert sum(brain.devices for brain in brains) == FUZHOU.devices
    assert len(brains) == 13
    assert (told.sent, told.waiting) == (told.stored, 0)
    quiet, storm = FUZHOU.devices / FUZHOU.every, (24 + 3 * FUZHOU.storm * 4) / 24
    assert told.mean == pytest.approx(quiet * storm, rel=0.01)


def test_a_county_without_its_line_is_late_and_loses_nothing() -> None:
    cut, *others = day(FUZHOU, Slopes(), 1)
    assert cut.delay >= 60
    assert cut.peak > 1.5 * max(brain.peak / brain.devices for brain in others) * cut.devices
    assert cut.sent == cut.stored


def test_a_brain_with_too_little_holds_senders_back() -> None:
    poor = replace(FUZHOU, cores=0.002)
    brains = day(poor, Slopes(), 1)
    assert all(brain.waiting > 0 for brain in brains)
    lived(poor)


def test_twice_the_devices_are_twice_the_work() -> None:
    _, one = lived(FUZHOU)
    _, two = lived(replace(FUZHOU, devices=2 * FUZHOU.devices))
    assert two == pytest.approx(2 * one, rel=0.01)
    assert lived(FUZHOU, seed=2)[0] != lived(FUZHOU)[0]


def test_a_city_that_cannot_be_is_refused() -> None:
    for wrong in ({"brains": 0}, {"every": 0.0}, {"storm": 2.0}):
        with pytest.raises(ValueError, match="are "):
            City(**wrong)


def test_the_verb_tells_rate_bytes_and_cost(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["senses", "size", "--devices", "1000000", "--brains", "3", "--json"]
    assert run([*asked, "--core-year", "100", "--tb-year", "10"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["brains"]) == 3
    assert told["year"] == pytest.approx(
        told["total"]["busy"] * 100 + told["total"]["kept"] / 1e12 * 10
    )
