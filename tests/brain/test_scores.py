"""Scores: what judgements, forecasts, promises and plans came to, against simple peers."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ponds.life import Life, born, with_loop, with_projection
from ponds.pond import APP

from mindu.base.records import (
    Action,
    Authority,
    Event,
    Expect,
    Forecast,
    Judgement,
    Option,
    Settlement,
    Severity,
    Weighing,
    Words,
)
from mindu.base.time import HOUR, MINUTE
from mindu.brain.app import Projected
from mindu.brain.folds.standing import PASSED, RECEDED
from mindu.brain.settle import interval_score
from mindu.brain.view import View
from mindu.city import Entity
from mindu.perceive.source import Reading

SAYS = Words("so", "故")
MARK = 1.0


class Told:
    """A gauge that shows a written row of levels, one each turn, then the last for ever."""

    name = "told"

    def __init__(self, levels: Sequence[float]) -> None:
        self.levels, self.turn = levels, -1

    def read(self, now: datetime) -> Iterator[Reading]:
        self.turn += 1
        level = self.levels[min(self.turn, len(self.levels) - 1)]
        if not np.isnan(level):
            yield Reading(at=now, about="north", prop="level", value=level, unit="m")


def warned(levels: Sequence[float], *, when: int, **proof: object) -> Life:
    """Return a city that warns once, at that turn, of the north pond."""
    expects = Expect("level", within=timedelta(minutes=30), above=MARK, **proof)  # type: ignore[arg-type]

    def judge(thing: Entity, see: View) -> Judgement | None:
        turn = (see.now - see.now.replace(hour=0, minute=0)) // (5 * MINUTE)
        if thing.id != "north" or turn != when:
            return None
        return Judgement("high", Severity.RED, SAYS, confidence=0.8, proof=expects)

    def event(_thing: Entity, _see: View) -> Expect:
        return Expect("level", within=HOUR, above=MARK)

    app = with_loop("brim", judge=judge, act=None, screen=None, event=event)
    life = born(app=app, sources=[])
    life.brain._sources = [Told(levels)]
    return life


def verdicts(life: Life) -> list[str]:
    return [e.record.verdict for e in life.of(Settlement)]  # type: ignore[union-attr]


def test_a_warning_that_came_true_is_a_hit_with_its_lead() -> None:
    life = warned([0.5] * 5 + [1.2] * 20, when=2, ever=True).live(12)
    assert verdicts(life) == ["hit"]
    score = life.brain.scores.of("pond.brim")
    assert (score.hits, score.misses, score.lead_min.value) == (1, 0, 20.0)
    assert score.brier.value == pytest.approx(0.04)
    assert score.found == 1.0


def test_a_warning_that_did_not_come_true_is_a_false_alarm() -> None:
    life = warned([0.5], when=2, ever=True).live(12)
    assert verdicts(life) == ["false_alarm"]
    assert life.brain.scores.of("pond.brim").brier.value == pytest.approx(0.64)


def test_a_flood_that_nobody_foretold_is_a_miss_once_however_long_it_lasts() -> None:
    life = warned([0.5] * 5 + [1.2] * 40, when=99).live(40)
    assert verdicts(life) == ["miss"]
    miss = life.of(Settlement)[0]
    assert life.log[miss.because[0]].record == Event(PASSED, {"prop": "level", "value": 1.2})
    assert life.brain.scores.of("pond.brim").found == 0.0


def test_a_warning_of_a_lower_mark_does_not_foretell_a_higher_one() -> None:
    for named, told in ((0.8, ["miss", "hit"]), (1.1, ["hit"])):

        def judge(thing: Entity, see: View, named: float = named) -> Judgement | None:
            if thing.id != "north" or see.now.minute != 10 or see.now.hour:
                return None
            proof = Expect("level", within=HOUR, above=named, ever=True)
            return Judgement("high", Severity.RED, SAYS, confidence=0.8, proof=proof)

        def event(_thing: Entity, _see: View) -> Expect:
            return Expect("level", within=HOUR, above=MARK)

        app = with_loop("brim", judge=judge, act=None, screen=None, event=event)
        life = born(app=app, sources=[])
        life.brain._sources = [Told([0.5] * 5 + [1.2] * 40)]
        assert verdicts(life.live(20)) == told


def test_an_event_is_over_after_an_hour_without_it_and_the_next_counts_anew() -> None:
    levels = [0.5] * 3 + [1.2, 0.9] * 4 + [0.5] * 13 + [1.3] * 5
    life = warned(levels, when=999).live(len(levels))
    names = [e.record.name for e in life.of(Event) if e.record.name != "turn"]  # type: ignore[union-attr]
    assert names == [PASSED, RECEDED, PASSED]
    assert verdicts(life) == ["miss", "miss"]


def test_what_was_so_at_the_first_look_could_not_be_foretold() -> None:
    assert verdicts(warned([1.5], when=999).live(5)) == []


def test_a_warning_over_a_silent_gauge_is_neither_right_nor_wrong() -> None:
    levels = [0.5] * 5 + [float("nan")] * 40
    proof = Expect("level", within=timedelta(minutes=30), above=MARK, about="south")

    def judge(thing: Entity, _see: View) -> Judgement | None:
        return Judgement("high", Severity.RED, SAYS, proof=proof) if thing.id == "north" else None

    life = born(app=with_loop("brim", judge=judge, act=None, screen=None, event=None), sources=[])
    life.brain._sources = [Told(levels)]
    life.live(10)
    score = life.brain.scores.of("pond.brim")
    assert (score.hits, score.false_alarms, score.unknown) == (0, 0, 1)
    assert isnan(score.brier.value)


def test_a_warning_that_was_heeded_is_averted_and_no_false_alarm() -> None:
    def judge(thing: Entity, _see: View) -> Judgement | None:
        if thing.id != "north":
            return None
        proof = Expect("level", within=20 * MINUTE, above=5.0, ever=True)
        return Judgement("high", Severity.RED, SAYS, confidence=0.8, proof=proof)

    def act(thing: Entity, found: Judgement, _see: View) -> Action:
        promise = Expect("level", within=20 * MINUTE, below=5.0)
        return Action("open", f"{thing.id}:outlet", found.says, expects=promise)

    app = with_loop(
        "brim", judge=judge, act=act, screen=None, check=None, event=None,
        authority=Authority.AUTO,
    )  # fmt: skip
    life = born(app=app)
    life.brain.grant("pond.brim", who="Chen", purpose="t", until=life.clock.now() + HOUR)
    life.live(6)
    assert verdicts(life) == ["averted"]
    assert isnan(life.brain.scores.of("pond.brim").brier.value)


def foretold(low: float, mid: float, high: float) -> Life:
    def project(_engine: object, _see: View) -> list[Projected]:
        leads = (5.0, 30.0)
        record = Forecast("level", "m", leads, (low,) * 2, (mid,) * 2, (high,) * 2, model="flat")
        return [Projected(about="north", record=record)]

    life = born(app=with_projection(project), sources=[])
    life.brain._sources = [Told([0.5] * 3 + [1.0] * 40)]
    return life.live(20)


def test_a_forecast_is_scored_by_lead_against_persistence() -> None:
    score = foretold(0.9, 1.0, 1.1).brain.scores.of("pond.outlook")
    assert set(score.crps) == {"5", "30"}
    assert score.crps["5"].count == score.covered["5"].count == 14
    # The level stood at 0.5 m for three turns: persistence is wrong once at 5 min, 3 times at 30.
    assert score.persistence["5"].total == pytest.approx(0.5)
    assert score.persistence["30"].total == pytest.approx(1.5)
    assert score.covered["30"].value == 1.0
    assert score.crps["30"].value == pytest.approx(0.05 * 0.2 / 1.5)


def test_what_was_forecast_is_settled_in_one_entry_a_turn() -> None:
    life = foretold(0.9, 1.0, 1.1)
    settled = [e for e in life.of(Settlement) if e.record.verdict == "forecast"]  # type: ignore[union-attr]
    assert len(settled) == 14
    assert all(isinstance(life.log[e.because[0]].record, Forecast) for e in settled)


@given(
    truth=st.floats(-5, 5),
    point=st.floats(-5, 5),
    level=st.floats(0.1, 0.99),
)
def test_the_score_of_a_point_is_its_absolute_error(
    truth: float, point: float, level: float
) -> None:
    so, said = np.array([truth]), np.array([point])
    told = interval_score(so, said, said, said, level)
    assert told[0] == pytest.approx(abs(truth - point))


@given(wide=st.floats(0.1, 3.0))
def test_an_interval_as_wide_as_needed_scores_best(wide: float) -> None:
    dice = np.random.default_rng(1)
    truth = dice.normal(0.0, 1.0, 400)

    def mean(half: float) -> float:
        low, mid, high = np.full(400, -half), np.zeros(400), np.full(400, half)
        return float(interval_score(truth, low, mid, high, 0.9).mean())

    assert mean(1.645) <= mean(wide) + 0.01


def test_a_plan_is_held_against_the_best_weighed_and_against_doing_nothing() -> None:
    def project(_engine: object, _see: View) -> list[Projected]:
        options = (
            Option("nothing", {}, 10.0, 12.0),
            Option("ours", {}, 4.0, 5.0),
            Option("better", {}, 3.0, 3.0),
            Option("bold", {}, 1.0, 9.0, veto="worse in the worst member"),
        )
        return [Projected(about="north", record=Weighing("ours", options, rollouts=4))]

    score = born(app=with_projection(project)).live(5).brain.scores.of("pond.outlook")
    assert score.gain.value == pytest.approx(6.0)
    assert score.regret.value == pytest.approx(1.0)
    assert score.gain.count == 5


def test_the_cards_are_bounded_however_long_a_city_lives() -> None:
    life = born(3).live(100)
    small = len(life.brain.scores.dump())
    assert len(life.live(300).brain.scores.dump()) < small + 400
    assert set(life.brain.scores.cards) <= {
        *(f"pond.{loop.name}" for loop in APP.loops), "pond.outlook"
    }  # fmt: skip
