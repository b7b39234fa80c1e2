"""Learning: lessons stay in range, can be taken back, and models take over only when proven."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ponds.life import Life, born, with_loop, with_projection
from ponds.pond.things import MARGIN

from mindu.base.records import (
    Action,
    Authority,
    Event,
    Expect,
    Judgement,
    Lesson,
    Outcome,
    Severity,
    Trial,
    Words,
)
from mindu.base.time import HOUR, MINUTE
from mindu.brain.app import Projected
from mindu.brain.folds.learned import REFUSED
from mindu.brain.learn import CASES
from mindu.brain.view import View
from mindu.city import Entity

SAYS = Words("so", "故")


def judge(_thing: Entity, _see: View) -> Judgement:
    return Judgement("high", Severity.YELLOW, SAYS)


def act(thing: Entity, found: Judgement, _see: View) -> Action:
    promise = Expect("level", within=10 * MINUTE, below=9.0)
    return Action("open", f"{thing.id}:outlet", found.says, {"to": 0.0}, expects=promise)


def life(learn: Callable[[Sequence[Outcome], View], Lesson | None]) -> Life:
    app = with_loop(
        "brim", judge=judge, act=act, learn=learn, screen=None, authority=Authority.ADVISE
    )
    return born(app=app)


@settings(max_examples=15, deadline=None)
@given(value=st.floats(-10.0, 10.0) | st.just(float("nan")))
def test_a_lesson_stays_inside_the_declared_range_or_is_refused_in_words(value: float) -> None:
    city = life(lambda _outcomes, _see: Lesson(MARGIN.name, value, SAYS)).live(4)
    low, high = MARGIN.within
    if low <= value <= high:
        assert city.of(Lesson)[0].record == Lesson(MARGIN.name, value, SAYS, was=0.10)
        assert city.brain.view()[MARGIN] == value
    else:
        assert not city.of(Lesson)
        refused = [e.record for e in city.of(Event) if e.record.name == REFUSED]  # type: ignore[union-attr]
        assert "outside" in str(refused[0])
        assert city.brain.view()[MARGIN] == 0.10


def test_nobody_learns_a_parameter_that_was_never_declared() -> None:
    city = life(lambda _outcomes, _see: Lesson("pond.moon", 1.0, SAYS)).live(4)
    assert not city.of(Lesson)
    assert any("no such parameter" in str(e.record) for e in city.of(Event))


def test_a_loop_is_asked_only_when_an_outcome_came_in_and_hears_all_that_wait() -> None:
    heard: list[int] = []

    def learn(outcomes: Sequence[Outcome], _see: View) -> Lesson | None:
        heard.append(len(outcomes))
        return Lesson(MARGIN.name, 0.11, SAYS) if len(outcomes) >= 6 else None

    city = life(learn).live(13)
    outcomes = len(city.of(Outcome))
    assert heard[:3] == [2, 4, 6]
    assert heard[3:4] == [2], "a lesson uses its outcomes up"
    assert outcomes >= 8
    lesson = city.of(Lesson)[0]
    assert all(isinstance(city.log[seq].record, Outcome) for seq in lesson.because)


def test_a_lesson_can_be_taken_back_by_a_person() -> None:
    def learn(_outcomes: Sequence[Outcome], see: View) -> Lesson | None:
        return Lesson(MARGIN.name, 0.15, SAYS) if see[MARGIN] == 0.10 else None

    city = life(learn).live(4)
    lesson = city.of(Lesson)[0]
    back = city.brain.take_back(lesson.seq, by="Chen", note="flooded the lawn")
    assert city.brain.view()[MARGIN] == 0.10
    assert (back.by, back.because) == ("Chen", (lesson.seq,))
    with pytest.raises(ValueError, match="moved on"):
        city.brain.take_back(lesson.seq, by="Chen")
    with pytest.raises(ValueError, match="no lesson"):
        city.brain.take_back(0, by="Chen")
    with pytest.raises(ValueError, match="no entry"):
        city.brain.take_back(10_000, by="Chen")


def trying(error: float, of: float) -> Life:
    def project(_engine: object, see: View) -> list[Projected]:
        champion = see.model("pond.outlook", "line")
        challenger = "slow" if champion == "line" else "line"
        mine, theirs = (error, of) if challenger == "slow" else (of, error)
        trial = Trial(challenger, champion, mine, theirs, taken=True, says=SAYS)
        return [Projected(about="north", record=trial)]

    return born(app=with_projection(project))


def test_a_challenger_takes_over_once_it_was_better_often_enough() -> None:
    city = trying(0.5, 1.0)
    city.live(CASES - 1)
    assert city.brain.view().model("pond.outlook") == "line"
    city.live(1)
    assert city.brain.view().model("pond.outlook") == "slow"
    taken = [e.record for e in city.of(Trial) if e.record.taken]  # type: ignore[union-attr]
    assert [(t.model, t.champion) for t in taken] == [("slow", "line")]  # type: ignore[union-attr]
    city.live(3 * CASES)
    assert city.brain.view().model("pond.outlook") == "slow", "the loser stays a challenger"


def test_a_challenger_that_is_hardly_better_never_takes_over() -> None:
    city = trying(0.95, 1.0).live(4 * CASES)
    assert city.brain.view().model("pond.outlook") == "line"
    assert not any(e.record.taken for e in city.of(Trial))  # type: ignore[union-attr]


def test_a_fallen_champion_may_come_back() -> None:
    errors = {"slow": 0.5, "line": 1.0}

    def project(_engine: object, see: View) -> list[Projected]:
        champion = see.model("pond.outlook", "line")
        other = "slow" if champion == "line" else "line"
        if see.now - see.now.replace(hour=0, minute=0) > timedelta(hours=1):
            errors.update(slow=1.0, line=0.5)
        trial = Trial(other, champion, errors[other], errors[champion], taken=False, says=SAYS)
        return [Projected(about="north", record=trial)]

    city = born(app=with_projection(project))
    assert city.live(12).brain.view().model("pond.outlook") == "slow"
    city.live(2 * (HOUR // (5 * MINUTE)))
    assert city.brain.view().model("pond.outlook") == "line"
