"""The small town: honest in volume, refusing nonsense; tied hands flood it, the loops do not."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from water_desk import START, STEP

from mindu.apps.water import APP, world
from mindu.apps.water.world import BANK, Town
from mindu.base.records import Action, Lesson, Outcome, Words
from mindu.base.time import HOUR, VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.world import Refused
from mindu.data.log import Log

SAYS = Words("set", "设")


def lived(seed: int, *, yes: bool, hours: int = 30) -> tuple[Brain, Town]:
    clock, town = VirtualClock(START), Town(Random(seed))
    brain = Brain(
        "town",
        log=Log.open(":memory:"),
        clock=clock,
        apps=[APP],
        sources=[town],
        hand=town,
        things=world.things(),
    )
    for _ in range(hours * 12):
        town.step(STEP)
        clock.advance(STEP)
        brain.tick()
        for entry in brain.waiting():
            brain.decide(entry.seq, by="Lin", confirmed=yes)
    return brain, town


def share(brain: Brain, loop: str) -> float:
    kept = [
        e.record.kept
        for e in brain.log
        if isinstance(e.record, Outcome) and e.by == f"water.{loop}"
    ]
    return sum(kept) / max(len(kept), 1)


@pytest.fixture(scope="module")
def nights() -> tuple[tuple[Brain, Town], tuple[Brain, Town]]:
    return lived(1, yes=True), lived(1, yes=False)


def test_a_night_with_the_loops_floods_less_than_half_of_one_with_tied_hands(
    nights: tuple[tuple[Brain, Town], tuple[Brain, Town]],
) -> None:
    (_, ours), (_, tied) = nights
    assert tied.flood_m3 > 1000.0
    assert ours.flood_m3 < 0.5 * tied.flood_m3


@pytest.mark.parametrize("loop", ["dispatch", "flush"])
def test_what_is_promised_would_not_come_of_itself(
    loop: str, nights: tuple[tuple[Brain, Town], tuple[Brain, Town]]
) -> None:
    (done, _), (left, _) = nights
    assert share(done, loop) > 0.7
    assert share(left, loop) < 0.6


def test_lakes_are_drawn_down_before_the_storm(
    nights: tuple[tuple[Brain, Town], tuple[Brain, Town]],
) -> None:
    (brain, _), _ = nights
    asked = [e for e in brain.log if isinstance(e.record, Action) and e.by == "water.drawdown"]
    assert asked
    assert isinstance(asked[0].record, Action)
    assert asked[0].record.args == {"gate": 1.0}
    assert "预降至" in asked[0].record.says.zh
    assert all(isinstance(e.record, Lesson) is False for e in asked)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 999),
    orders=st.lists(
        st.tuples(st.sampled_from(["gate", "sluice", "pump"]), st.sampled_from([0.0, 1.0])),
        max_size=6,
    ),
)
def test_water_is_neither_made_nor_lost_but_by_rain_and_sea(
    seed: int, orders: list[tuple[str, float]]
) -> None:
    town = Town(Random(seed))
    for machine, value in orders:
        town.send(Action("set", machine, SAYS, {machine: value}), START)
        town.step(HOUR)
        assert 0.0 <= town.lake <= BANK + 1e-9
        assert -1e-9 <= town.river <= BANK + 1e-9
        assert town.street >= 0.0


@pytest.mark.parametrize(
    "action",
    [
        Action("dance", "gate", SAYS, {"gate": 1.0}),
        Action("set", "moon", SAYS, {"moon": 1.0}),
        Action("set", "pump", SAYS, {"pump": 0.5}),
        Action("set", "gate", SAYS, {"gate": 1.5}),
        Action("set", "gate", SAYS, {"gate": "open"}),
        Action("set", "gate", SAYS, {"gate": float("nan")}),
    ],
    ids=lambda a: f"{a.verb} {a.args}",
)
def test_the_hand_refuses_what_no_machine_can_do(action: Action) -> None:
    with pytest.raises(Refused):
        Town(Random(1)).send(action, START)


def test_an_order_can_be_taken_back() -> None:
    town = Town(Random(1))
    town.send(Action("set", "gate", SAYS, {"gate": 1.0}), START)
    town.step(timedelta(minutes=10))
    assert town.setting["gate"] == 1.0
    town.send(Action("restore", "gate", SAYS, {"gate": 1.0}), START)
    town.step(timedelta(minutes=10))
    assert town.setting["gate"] == pytest.approx(0.3)


def test_sending_twice_does_no_more_than_sending_once() -> None:
    one, two = Town(Random(1)), Town(Random(1))
    order = Action("set", "pump", SAYS, {"pump": 1.0})
    one.send(order, START)
    two.send(order, START)
    two.send(order, START)
    one.step(HOUR)
    two.step(HOUR)
    assert (one.river, one.energy_kwh) == (two.river, two.energy_kwh)
