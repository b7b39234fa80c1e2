"""Backtests: a model that did better on the past of several things becomes what `likely` uses."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from importlib import import_module

import numpy as np
import pytest
from ponds.life import Life, born
from ponds.pond import APP
from ponds.pond.things import Pond

from mindu.base.records import Trial
from mindu.brain.learn import CASES
from mindu.city import HOUR, Reading, backtested

TURNS = 392  # steps of five minutes: trees are tried from 400 on


class Swings:
    """Levels of two ponds that swing by themselves: a season knows nothing of it, trees do."""

    name = "swings"

    def __init__(self, wild: float) -> None:
        """Swing by so much chance."""
        self._dice = np.random.default_rng(3)
        self._wild, self._past = wild, {"north": [0.0, 0.0], "south": [0.0, 0.0]}

    def read(self, now: datetime) -> Iterable[Reading]:
        """Return a level of each pond."""
        for name, past in self._past.items():
            chance = float(self._dice.normal(0, 1))
            past.append(self._wild * chance if self._wild > 0.5
                        else 1.6 * past[-1] - 0.9 * past[-2] + 0.1 * chance)  # fmt: skip
            yield Reading(at=now, about=name, prop="level", value=1.5 + 0.2 * past[-1], unit="m")


def lived(wild: float, monkeypatch: pytest.MonkeyPatch) -> Life:
    """Let ponds swing until the past is long enough, then be looked at every hour."""
    monkeypatch.setattr(import_module("mindu.engines.outlook.choose"), "ORIGINS", 1)
    projection = backtested(Pond, "level", steps=6, things=1, every=HOUR)
    app = replace(APP, projections=(projection,))
    return born(app=app, sources=[Swings(wild)]).live(TURNS)


def test_trees_become_what_likely_uses_once_they_were_better_often_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = lived(0.0, monkeypatch)
    assert city.brain.view().champion("level") == "season"
    city.live(12 * (CASES + 1))
    told = [it.record for it in city.of(Trial)]
    assert {it.says.en.split()[4] for it in told if not it.taken} == {"north", "south"}  # type: ignore[union-attr]
    assert [it.model for it in told if it.taken] == ["trees"]  # type: ignore[union-attr]
    see = city.brain.view()
    assert see.champion("level") == "trees"
    fan = see.likely("north", "level", 6)
    assert fan is not None
    assert fan.model == "trees"


def test_what_is_only_chance_stays_with_the_season(monkeypatch: pytest.MonkeyPatch) -> None:
    city = lived(1.0, monkeypatch).live(12 * CASES)
    assert city.of(Trial)
    assert city.brain.view().champion("level") == "season"


def test_a_property_that_things_do_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no 'colour'"):
        backtested(Pond, "colour")
