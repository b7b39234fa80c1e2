"""Blindness: what the brain does when a gauge falls silent, and when it is heard again."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from ponds.life import START, STEP, Life, born, with_loop, yes
from ponds.pond.world import Ponds

from mindu.base.records import Action, Judgement, Sending, Severity, Words
from mindu.base.time import MINUTE
from mindu.brain.view import View
from mindu.city import Entity
from mindu.perceive.source import Happening, Reading


class Hushed:
    """Ponds whose north gauge says nothing for a while."""

    name = "hushed"

    def __init__(self, world: Ponds, quiet: range) -> None:
        self.world, self.quiet, self.turn = world, quiet, 0

    def read(self, now: datetime) -> Iterator[Reading | Happening]:
        self.turn += 1
        for said in self.world.read(now):
            if said.about != "north" or self.turn not in self.quiet:
                yield said


def act(thing: Entity, found: Judgement, _see: View) -> Action:
    return Action("open", f"{thing.id}:outlet", found.says, {"to": 1.0})


def judge(_thing: Entity, _see: View) -> Judgement:
    return Judgement("high", Severity.YELLOW, Words("high", "高"))


def hushed(quiet: range, turns: int) -> Life:
    world = Ponds(Random(2))
    app = with_loop("brim", judge=judge, screen=None, act=act, check=None)
    return born(app=app, world=world, sources=[Hushed(world, quiet)]).live(turns, yes)


def said(life: Life, about: str = "north") -> list[tuple[int, str]]:
    found = []
    for entry in life.of(Judgement, "pond.brim"):
        assert isinstance(entry.record, Judgement)
        if entry.about == about and entry.record.finding in {"blind", "sees"}:
            found.append(((entry.at - START) // STEP, entry.record.finding))
    return found


def test_blindness_is_said_once_and_taken_back_once() -> None:
    life = hushed(range(5, 15), 20)
    # Heard last at turn 4; the need is 15 minutes, so turn 8 is the first without it.
    assert said(life) == [(8, "blind"), (15, "sees")]
    assert said(life, "south") == []


def test_a_blind_judgement_holds_no_confidence_and_names_the_last_reading() -> None:
    life = hushed(range(5, 15), 10)
    blind = next(e for e in life.of(Judgement) if e.record.finding == "blind")  # type: ignore[union-attr]
    assert isinstance(blind.record, Judgement)
    assert blind.record.confidence == 0.0
    assert [(e.prop, e.at) for e in blind.record.evidence] == [("level", START + 4 * STEP)]


def test_nothing_is_proposed_while_blind() -> None:
    life = hushed(range(5, 15), 20)
    acted = [(e.at - START) // STEP for e in life.of(Action) if e.about == "north"]
    assert acted
    assert not set(acted) & set(range(8, 15))
    assert any(turn in range(8, 15) for turn in
               [(e.at - START) // STEP for e in life.of(Action) if e.about == "south"])  # fmt: skip


def test_what_was_never_heard_of_is_blind_from_the_first_turn() -> None:
    life = hushed(range(1, 4), 6)
    assert said(life) == [(1, "blind"), (4, "sees")]


def test_a_sensor_that_falls_silent_between_the_proposal_and_the_yes_stops_the_hand() -> None:
    world = Ponds(Random(2))

    def slow(thing: Entity, found: Judgement, _see: View) -> Action:
        return Action("open", f"{thing.id}:outlet", found.says, decide_within=60 * MINUTE)

    app = with_loop("brim", judge=judge, screen=None, act=slow, check=None)
    life = born(app=app, world=world, sources=[Hushed(world, range(2, 99))]).live(1)
    waits = next(e for e in life.brain.waiting() if e.about == "north")
    life.live(6)
    life.brain.decide(waits.seq, by="Lin", confirmed=True)
    sending = life.of(Sending)[-1].record
    assert isinstance(sending, Sending)
    assert not sending.ok
    assert "blind" in sending.note
    assert world.outlet["north"] == 0.0
