"""Replays and forks: a past moment can be lived again, exactly, and otherwise."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from ponds.life import STEP, Life, at, born, yes
from ponds.pond import APP
from ponds.pond.outlook import Line
from ponds.pond.things import MARGIN
from ponds.pond.world import Ponds

from mindu.base.records import Action, Judgement, Lesson, Sending, Words
from mindu.base.time import HOUR, VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.world import Shadow
from mindu.data.log import Log
from mindu.sim.day import START, apps
from mindu.sim.fork import Changes, Fork, Setting, fork
from mindu.sim.replay import recorded

SEED = 3


def build(seed: int = SEED) -> Setting:
    assert APP.things is not None
    return Setting(
        name="ponds",
        world=Ponds(Random(seed)),
        apps=[APP],
        things=APP.things(),
        start=Ponds.start,
        engines={"line": Line()},
        seed=seed,
    )


@pytest.fixture(scope="module")
def night() -> Life:
    return born(SEED).live(200, yes)


def forked(life: Life, turn: int, changes: Changes, turns: int = 36) -> Fork:
    return fork(life.log, at(turn), changes, build, turns * STEP)


def head_at(life: Life, turn: int) -> str:
    after = [e for e in life.log if e.at > at(turn)]
    return after[0].prev


@pytest.mark.parametrize("turn", [1, 60, 120])
def test_what_was_comes_out_as_it_was(night: Life, turn: int) -> None:
    done = forked(night, turn, Changes())
    assert done.was.brain.log.head == head_at(night, turn + 36)
    assert done.changed.brain.log.head == done.was.brain.log.head
    done.close()


def test_more_rain_fills_the_ponds_higher(night: Life) -> None:
    wet = next(e.at for e in night.of(Judgement, "pond.brim")) - 4 * STEP
    turn = (wet - Ponds.start) // STEP
    done = forked(night, turn, Changes(world={"rain": 2.0}, answers="nobody"))
    was, changed = done.peaks([("north", "level")])["north", "level"]
    assert changed > was + 0.1
    assert all(not isinstance(e.record, Sending) or not e.record.ok for e in done.changed.entries
               if e.by == "pond.brim")  # fmt: skip
    done.close()


def test_another_setting_is_a_lesson_of_the_changed_future_alone(night: Life) -> None:
    done = forked(night, 100, Changes(params={MARGIN.name: 0.2}), turns=6)
    lessons = [e for e in done.changed.entries if isinstance(e.record, Lesson)]
    assert [e.record.value for e in lessons] == [0.2]  # type: ignore[union-attr]
    assert done.changed.brain.view()[MARGIN] == 0.2
    assert done.was.brain.view()[MARGIN] != 0.2
    done.close()


def test_a_forced_action_moves_the_changed_world(night: Life) -> None:
    opening = Action("open", "north:outlet", Words("open", "开"), {"to": 1.0})
    done = forked(night, 20, Changes(actions=(opening,)), turns=12)
    was, changed = (f.level("north", "level", 12 * STEP)[1][-1] for f in (done.was, done.changed))
    assert changed < was
    done.close()


WRONG: dict[str, tuple[Callable[[], Setting], timedelta, Changes, str]] = {
    "another seed": (lambda: build(4), 50 * STEP, Changes(), "another world"),
    "before the log": (build, -HOUR, Changes(), "knows nothing"),
    "no such parameter": (build, 50 * STEP, Changes(params={"moon": 1.0}), "no app declares"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_fork_that_cannot_be_says_why(night: Life, case: str) -> None:
    make, since, changes, why = WRONG[case]
    with pytest.raises(ValueError, match=why):
        fork(night.log, Ponds.start + since, changes, make, HOUR)


def test_recorded_readings_bring_up_the_same_judgements(night: Life) -> None:
    assert APP.things is not None
    clock, hand = VirtualClock(Ponds.start), Shadow()
    brain = Brain(
        "ponds",
        log=Log.open(":memory:"),
        clock=clock,
        apps=[APP],
        sources=recorded(night.log),
        hand=hand,
        things=APP.things(),
        engines={"line": Line()},
        seed=SEED,
    )
    for _ in range(200):
        clock.advance(STEP)
        brain.tick()
        for entry in brain.waiting():
            brain.decide(entry.seq, by="Lin", confirmed=True)
    assert brain.log.head == night.log.head
    assert [action.verb for _, action in hand.sent] == sent(night.log)


def sent(log: Log) -> Sequence[str]:
    actions = [log[e.because[0]].record for e in log if _went(e.record)]
    return [a.verb for a in actions if isinstance(a, Action)]


def _went(record: object) -> bool:
    return isinstance(record, Sending) and record.ok


def town(seed: int = 1) -> Setting:
    app = apps("mindu.apps", "water")[0]
    assert app.world is not None
    assert app.things is not None
    return Setting(
        name="town",
        world=app.world(Random(seed)),
        apps=[app],
        things=app.things(),
        start=START,
        seed=seed,
    )


@pytest.fixture(scope="module")
def kept_dry() -> Log:
    """Return twelve hours of the shipped town in which everything proposed got a yes."""
    asked, log, clock = town(), Log.open(":memory:"), VirtualClock(START)
    brain = Brain("town", log=log, clock=clock, apps=asked.apps, sources=[asked.world],
                  hand=asked.world, things=asked.things, seed=1)  # fmt: skip
    for _ in range(144):
        asked.world.step(STEP)
        clock.advance(STEP)
        brain.tick()
        for entry in brain.waiting():
            brain.decide(entry.seq, by="Lin", confirmed=True)
    return log


@pytest.mark.parametrize(
    "changes", [Changes(answers="nobody"), Changes(world={"rain": 2.0, "tide_m": 0.3})]
)
def test_a_shipped_town_floods_alone_or_in_worse_weather_where_it_was_kept_dry(
    kept_dry: Log, changes: Changes
) -> None:
    done = fork(kept_dry, START + 12 * STEP, changes, town, 132 * STEP)
    assert done.was.brain.log.head == kept_dry.head
    was, changed = done.peaks([("river", "level")])["river", "level"]
    assert changed > was
    done.close()


def test_a_shipped_town_looks_ahead_with_a_real_engine_in_both_futures(kept_dry: Log) -> None:
    app = apps("mindu.apps", "water")[0]
    assert app.engines is not None
    opened = app.engines

    def build() -> Setting:
        return replace(town(), engines=opened())

    done = fork(kept_dry, START + 100 * STEP, Changes(world={"rain": 3.0}), build, 6 * STEP)
    for future in (done.was, done.changed):
        told = Counter(type(entry.record).__name__ for entry in future.entries)
        assert told["Forecast"] == 6 * 3
        assert told["Weighing"] == 2
    done.close()
