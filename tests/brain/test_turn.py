"""A turn of the brain: what it writes, when, and what it does not write again."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from msgspec import structs
from ponds.life import START, STEP, Life, born, with_loop, with_projection, yes
from ponds.pond import APP

from mindu.base.records import (
    Action,
    Event,
    Expect,
    Forecast,
    Judgement,
    Observation,
    Option,
    Outcome,
    Placed,
    Segment,
    Settlement,
    Severity,
    Weighing,
    Words,
)
from mindu.base.time import HOUR, MINUTE, VirtualClock
from mindu.brain.app import App, Loop, Projected
from mindu.brain.brain import Brain
from mindu.brain.folds.turns import TURN
from mindu.brain.view import View
from mindu.brain.world import Shadow
from mindu.city import Entity
from mindu.data.log import Log
from mindu.perceive.source import Reading

SAYS = Words("so", "故")


def high(_thing: Entity, _see: View) -> Judgement:
    return Judgement("high", Severity.YELLOW, Words("high", "高"), confidence=0.5)


def test_what_stands_in_the_city_is_written_down_once() -> None:
    life = born().live(3)
    assert [e.about for e in life.of(Placed)] == ["north", "south"]
    again = born(log=life.log, clock=life.clock)
    again.live(1)
    assert len(again.of(Placed)) == 2


def test_a_loop_turns_at_its_own_beat() -> None:
    turned: Counter[str] = Counter()

    def judge(_thing: Entity, see: View) -> None:
        turned[f"{see.now:%H:%M}"] += 1

    born(app=with_loop("brim", judge=judge, screen=None, every=15 * MINUTE)).live(12)
    assert sorted(turned) == ["00:05", "00:15", "00:30", "00:45", "01:00"]


def test_a_turn_is_written_even_when_nothing_is_said() -> None:
    life = born(app=with_loop("brim")).live(6)
    assert [e.at for e in life.of(Event) if e.record == Event(TURN)] == [
        START + n * STEP for n in range(1, 7)
    ]


def test_a_judgement_said_again_without_news_is_not_written_again() -> None:
    life = born(app=with_loop("brim", judge=high, act=None, screen=None)).live(12)
    per_thing = Counter(e.about for e in life.of(Judgement))
    # Without a proof it is said again after a quarter of an hour.
    assert per_thing == {"north": 4, "south": 4}


def test_a_judgement_that_grows_graver_is_written_at_once() -> None:
    def judge(_thing: Entity, see: View) -> Judgement:
        grave = Severity.RED if see.now >= START + 4 * STEP else Severity.YELLOW
        proof = Expect("level", within=HOUR, above=9.0)
        return Judgement("high", grave, Words("high", "高"), proof=proof)

    life = born(app=with_loop("brim", judge=judge, act=None, screen=None)).live(8)
    assert [(e.at, e.record.severity) for e in life.of(Judgement) if e.about == "north"] == [  # type: ignore[union-attr]
        (START + STEP, Severity.YELLOW),
        (START + 4 * STEP, Severity.RED),
    ]


def test_a_judgement_names_what_it_asked_for_and_the_segment_it_came_in_by() -> None:
    life = born(3).live(288, yes)
    for entry in life.of(Judgement):
        assert isinstance(entry.record, Judgement)
        if entry.record.finding in {"blind", "sees"}:
            continue
        assert entry.record.evidence, entry
        causes = [life.log[seq].record for seq in entry.because]
        assert any(isinstance(cause, Segment) for cause in causes)
        if entry.by == "pond.brim":
            assert any(isinstance(cause, Forecast) for cause in causes)
    for entry in life.of(Action):
        assert any(isinstance(e.record, Segment) for e in life.log.why(entry.seq))


def test_only_what_the_screen_lets_through_is_judged() -> None:
    asked: set[str] = set()

    def judge(thing: Entity, _see: View) -> None:
        asked.add(thing.id)

    def screen(_things: object, see: View) -> object:
        return see.column(APP.entities[0], "level") > 0.65

    born(app=with_loop("brim", judge=judge, screen=screen)).live(1)
    assert asked == {"south"}


def test_a_broken_judge_is_written_down_and_the_others_go_on() -> None:
    def judge(_thing: Entity, _see: View) -> Judgement:
        raise ZeroDivisionError("no water")

    broken = replace(APP.loops[0], judge=judge, screen=None)
    life = born(3, app=replace(APP, loops=(broken, *APP.loops[1:]))).live(200)
    failed = [e for e in life.of(Event) if e.record.name == "failed"]  # type: ignore[union-attr]
    # Once, and again every hour while it lasts: 200 turns are 16 hours and 40 minutes.
    assert len(failed) == 17
    assert "no water" in str(failed[0].record)
    assert life.brain.scores.of("pond.brim").failures == 17
    assert life.of(Judgement, "pond.breath")


def test_an_engine_that_fails_is_told_once_and_so_is_its_return() -> None:
    def project(_engine: object, see: View) -> list[Projected]:
        if START + 10 * STEP <= see.now < START + 20 * STEP:
            raise RuntimeError("the solver died")
        return []

    life = born(3, app=with_projection(project)).live(100)
    told = [
        ((e.at - START) // STEP, e.record.name)  # type: ignore[union-attr]
        for e in life.of(Event, "pond.outlook")
    ]
    assert told == [(10, "failed"), (20, "recovered")]
    assert life.of(Judgement)


def test_an_engine_that_is_not_wired_is_named() -> None:
    life = born(app=with_projection(lambda _engine, _see: []))
    life.brain.engines = {}
    life.live(2)
    failed = [e.record for e in life.of(Event) if e.record.name == "failed"]  # type: ignore[union-attr]
    assert len(failed) == 1
    assert "no engine 'line' is wired" in failed[0].args["error"]  # type: ignore[operator, union-attr]


NONSENSE = {
    "uneven": Forecast("level", "m", (5.0, 10.0), (1.0,), (1.0,), (1.0,)),
    "not a number": Forecast("level", "m", (5.0,), (1.0,), (float("nan"),), (1.0,)),
    "middle outside": Forecast("level", "m", (5.0,), (1.0,), (3.0,), (2.0,)),
    "out of range": Forecast("level", "m", (5.0,), (1.0,), (1.0,), (1.0,), level=1.0),
    "not weighed": Weighing("fly", (Option("stay", {}, 0.0, 0.0),), rollouts=1),
    "no projection": "fine weather",
}


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_from_an_engine_never_reaches_the_log(case: str) -> None:
    good = Projected(about="south", record=Forecast("level", "m", (5.0,), (1.0,), (1.0,), (1.0,)))
    bad = Projected(about="north", record=NONSENSE[case])  # type: ignore[arg-type]
    life = born(app=with_projection(lambda _engine, _see: [good, bad])).live(2)
    assert not life.of(Forecast)
    assert not life.of(Weighing)
    assert len([e for e in life.of(Event) if e.record.name == "failed"]) == 1  # type: ignore[union-attr]


def test_a_source_that_breaks_leaves_the_others_heard() -> None:
    class Broken:
        name = "broken"

        def read(self, _now: object) -> list[Reading]:
            raise OSError("line cut")

    life = born()
    life.brain._sources = [Broken(), life.world]
    life.live(3)
    assert len([e for e in life.of(Event) if "failed" in e.record.name]) == 3  # type: ignore[union-attr]
    assert len(life.of(Segment)) == 3


def test_a_clock_that_runs_back_is_said_once_and_waited_out() -> None:
    life = born().live(4)
    life.clock._now -= 3 * STEP
    for _ in range(3):
        life.brain.tick()
        life.clock.advance(STEP)
    ran_back = [e for e in life.of(Event) if e.record.name == "clock failed"]  # type: ignore[union-attr]
    assert len(ran_back) == 1
    assert "ran back" in str(ran_back[0].record)
    life.live(2)
    times = [e.at for e in life.log]
    assert all(one <= other for one, other in pairwise(times))
    assert len(life.of(Segment)) == 6


def grown(life: Life) -> list[str]:
    return [type(e.record).__name__ for e in life.log]


def test_the_same_inputs_write_the_same_log() -> None:
    one, other = (born(5).live(150, yes) for _ in range(2))
    assert grown(one) == grown(other)
    assert one.log.head == other.log.head
    assert one.log.head != born(6).live(150, yes).log.head


def test_an_outcome_comes_of_every_promise_that_fell_due() -> None:
    life = born(3).live(288, yes)
    measured = {cause for e in life.of(Outcome) for cause in e.because}
    for entry in life.of(Action):
        assert isinstance(entry.record, Action)
        expects = entry.record.expects
        if expects and entry.at + expects.within + HOUR < life.clock.now():
            assert entry.seq in measured, entry
    assert any(e.record.verdict == "forecast" for e in life.of(Settlement))  # type: ignore[union-attr]


def test_changed_facts_are_written_down_again_and_the_twin_takes_them() -> None:
    life = born().live(3)
    assert APP.things is not None
    north, south = APP.things()
    higher = structs.replace(north, brim=1.5)
    again = Brain(
        "ponds",
        log=life.log,
        clock=life.clock,
        apps=[APP],
        sources=[],
        hand=life.world,
        things=[higher, south],
    )
    assert [e.about for e in life.of(Placed)] == ["north", "south", "north"]
    twin = again.memory.twins.get("north")
    assert (twin.brim, twin.level is not None) == (1.5, True)  # type: ignore[attr-defined]


def test_two_parts_of_one_name_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"loops or projections are named pond\.brim"):
        born(app=replace(APP, loops=(APP.loops[0], APP.loops[0])))
    with pytest.raises(ValueError, match=r"parameters are named pond\.margin"):
        born(app=replace(APP, params=(APP.params[0], APP.params[0])))
    with pytest.raises(ValueError, match="add Pond to its entities"):
        replace(APP, entities=())


class Door(Entity, frozen=True, kw_only=True):
    """A door that says in words how it stands."""

    stands: str | None = None


def test_a_loop_may_need_words_as_well_as_numbers() -> None:
    def judge(door: Door, _see: View) -> Judgement | None:
        return Judgement("open", Severity.BLUE, SAYS) if door.stands == "open" else None

    loop = Loop(name="door", of=Door, needs={"stands": 15 * MINUTE}, judge=judge)
    app = App(name="doors", entities=(Door,), loops=(loop,), tier="bronze")
    clock, log = VirtualClock(START), Log.open(":memory:")
    brain = Brain("doors", log=log, clock=clock, apps=[app], sources=[], hand=Shadow(),
                  things=[Door(id="d")])  # fmt: skip
    for word in (None, "open", None, None, None, None):
        clock.advance(STEP)
        if word:
            brain.memory.write(Observation("stands", word), at=clock.now(), about="d", by="porter")
        brain.tick()
    found = [e.record.finding for e in log if isinstance(e.record, Judgement)]
    assert found == ["blind", "sees", "open", "open", "blind"]
