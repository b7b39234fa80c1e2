"""Consent: who must say yes, until when, and what happens to what was not sent."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from ponds.life import STEP, Life, born, with_loop
from ponds.pond.world import Ponds

from mindu.base.records import (
    Action,
    Authority,
    Decision,
    Event,
    Expect,
    Grant,
    Judgement,
    Outcome,
    Sending,
    Severity,
    Words,
)
from mindu.base.time import DAY, HOUR, MINUTE
from mindu.brain.manifest import Tier
from mindu.brain.view import View
from mindu.brain.world import Refused
from mindu.city import Entity


def judge(thing: Entity, _see: View) -> Judgement | None:
    if thing.id != "north":
        return None
    return Judgement("high", Severity.YELLOW, Words("high", "高"))


def act(thing: Entity, found: Judgement, _see: View) -> Action:
    promise = Expect("level", within=HOUR, below=9.0)
    return Action("open", f"{thing.id}:outlet", found.says, expects=promise, undo="close")


def life(tier: Tier, authority: Authority = Authority.CONFIRM, **changed: object) -> Life:
    app = with_loop(
        "brim", judge=judge, act=act, screen=None, check=None, authority=authority, **changed
    )
    return born(app=replace(app, tier=tier), world=Ponds(Random(4)))


def sent(of: Life) -> list[bool]:
    return [e.record.ok for e in of.of(Sending)]  # type: ignore[union-attr]


def test_a_proposal_waits_for_a_person() -> None:
    city = life("silver").live(2)
    assert [e.about for e in city.brain.waiting()] == ["north"]
    assert sent(city) == []
    city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=True, note="tide")
    assert sent(city) == [True]
    assert city.world.outlet["north"] == 1.0
    assert city.of(Decision)[0].by == "Lin"


def test_a_no_is_kept_apart_and_measured_all_the_same() -> None:
    city = life("silver").live(1)
    city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=False, note="crew there")
    city.live(13)
    outcome = city.of(Outcome)[0].record
    assert isinstance(outcome, Outcome)
    assert not outcome.sent
    assert outcome.measured is not None
    assert sent(city) == []
    assert city.brain.scores.of("pond.brim").kept_unsent == 1


def test_of_two_decisions_the_first_stands() -> None:
    city = life("silver").live(1)
    seq = city.brain.waiting()[0].seq
    city.brain.decide(seq, by="Lin", confirmed=False)
    with pytest.raises(ValueError, match=r"decided by Lin at .*: no"):
        city.brain.decide(seq, by="Chen", confirmed=True)
    assert sent(city) == []


def test_what_nobody_decides_in_time_expires_in_the_brains_own_name() -> None:
    city = life("silver").live(5)
    first = city.of(Decision)[0]
    assert first.record == Decision(confirmed=False, note="expired")
    assert (first.by, first.at) == ("ponds", city.of(Action)[0].at + 4 * STEP)
    with pytest.raises(ValueError, match="decided by ponds"):
        city.brain.decide(city.of(Action)[0].seq, by="Lin", confirmed=True)


def test_a_yes_after_its_time_is_refused_even_before_the_next_turn() -> None:
    city = life("silver").live(1)
    city.clock.advance(16 * MINUTE)
    with pytest.raises(ValueError, match="ran out"):
        city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=True)


@pytest.mark.parametrize(("seq", "why"), [(0, "no action"), (99_999, "no entry"), (-1, "no entry")])
def test_what_is_no_waiting_action_cannot_be_decided(seq: int, why: str) -> None:
    city = life("silver").live(1)
    with pytest.raises(ValueError, match=why):
        city.brain.decide(seq, by="Lin", confirmed=True)
    with pytest.raises(ValueError, match="signed by a person"):
        city.brain.decide(city.brain.waiting()[0].seq, by=" ", confirmed=True)


def test_a_bronze_app_has_no_hand_and_its_proposal_is_advice() -> None:
    for authority in Authority:
        city = life("bronze", authority).live(4)
        assert city.brain.waiting() == []
        assert sent(city) == []
        assert "advice" in city.of(Decision)[0].record.note  # type: ignore[union-attr]
        with pytest.raises(ValueError, match="advice"):
            city.brain.decide(city.of(Action)[0].seq, by="Lin", confirmed=True)


def test_advice_is_shown_once_until_it_is_measured() -> None:
    city = life("gold", Authority.ADVISE).live(12)
    assert len(city.of(Action)) == 1
    city.live(2)
    assert len(city.of(Outcome)) == 1
    assert len(city.of(Action)) == 2


def test_a_gold_app_acts_alone_and_a_silver_one_does_not() -> None:
    assert sent(life("gold", Authority.AUTO).live(1)) == [True]
    assert sent(life("silver", Authority.AUTO).live(1)) == []
    assert sent(life("gold", Authority.CONFIRM).live(1)) == []


def test_a_standing_grant_lets_a_silver_app_act_until_it_runs_out() -> None:
    city = life("silver")
    city.brain.grant("pond.brim", who="Chen", purpose="storm night", until=city.clock.now() + HOUR)
    city.live(30)
    granted = city.of(Grant)[0]
    yes = [e for e in city.of(Decision) if e.record.confirmed]  # type: ignore[union-attr]
    assert [granted.seq in e.because for e in yes] == [True]
    assert "Chen" in str(yes[0].record)
    assert sent(city) == [True]
    assert city.brain.waiting()


def test_a_grant_is_taken_back_by_one_that_ends_now() -> None:
    city = life("silver")
    city.brain.grant("pond.brim", who="Chen", purpose="night", until=city.clock.now() + DAY)
    city.brain.grant("pond.brim", who="Chen", purpose="no more", until=city.clock.now())
    assert sent(city.live(2)) == []


@pytest.mark.parametrize(("loop", "who"), [("pond.flood", "Chen"), ("pond.brim", "")])
def test_a_grant_names_a_loop_that_is_there_and_a_person(loop: str, who: str) -> None:
    city = life("silver")
    with pytest.raises(ValueError, match=r"there is no loop|signed by a person"):
        city.brain.grant(loop, who=who, purpose="night", until=city.clock.now() + DAY)


def test_a_plan_that_no_longer_fits_is_withheld_with_the_reason() -> None:
    def check(_thing: Entity, _action: Action, see: View) -> Words | None:
        return Words("the tide turned", "潮转") if see.now > Ponds.start + 2 * STEP else None

    city = life("silver")
    city.brain._wired["pond.brim"] = replace(
        city.brain._wired["pond.brim"],
        loop=replace(city.brain._wired["pond.brim"].loop, check=check),
    )
    city.live(3)
    city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=True)
    assert city.of(Sending)[0].record == Sending(ok=False, note="withheld: the tide turned")
    assert city.world.outlet["north"] == 0.0


def test_a_check_that_breaks_keeps_the_hand_still() -> None:
    def check(_thing: Entity, _action: Action, _see: View) -> Words | None:
        raise ZeroDivisionError

    app = with_loop("brim", judge=judge, act=act, screen=None, check=check)
    city = born(app=app).live(1)
    city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=True)
    assert sent(city) == [False]
    assert any(e.record.name == "failed" for e in city.of(Event))  # type: ignore[union-attr]


class Jammed:
    """A hand that refuses, or breaks."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def send(self, _action: Action, _now: datetime) -> None:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "told"), [(Refused("gate jammed"), "refused: gate jammed"), (OSError("wire"), "wire")]
)
def test_a_hand_that_does_not_move_says_why_and_may_be_asked_again(
    fault: Exception, told: str
) -> None:
    city = life("gold", Authority.AUTO)
    city.brain._hand = Jammed(fault)
    city.live(3)
    assert sent(city) == [False] * 3
    assert told in city.of(Sending)[0].record.note  # type: ignore[union-attr]


def test_one_promise_at_a_time_for_each_thing_and_loop() -> None:
    city = life("gold", Authority.AUTO).live(12)
    assert len(city.of(Action)) == 1
    city.live(2)
    assert len(city.of(Action)) == 2


def test_a_persons_no_stands_until_the_time_to_decide_is_over() -> None:
    city = life("silver").live(1)
    city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=False)
    assert len(city.live(2).of(Action)) == 1
    assert len(city.live(1).of(Action)) == 2


def test_a_sent_action_is_undone_by_its_own_verb_and_no_more_counted() -> None:
    city = life("gold", Authority.AUTO).live(1)
    seq = city.of(Action)[0].seq
    assert city.world.outlet["north"] == 1.0
    city.brain.undo(seq, by="Chen", note="people in the water")
    assert city.world.outlet["north"] == 0.0
    with pytest.raises(ValueError, match="taken back before"):
        city.brain.undo(seq, by="Chen")
    city.live(13)
    outcome = next(e for e in city.of(Outcome) if seq in e.because).record
    assert isinstance(outcome, Outcome)
    assert not outcome.sent


def test_what_was_not_sent_or_has_no_undo_cannot_be_undone() -> None:
    city = life("silver").live(1)
    seq = city.brain.waiting()[0].seq
    with pytest.raises(ValueError, match="never sent"):
        city.brain.undo(seq, by="Chen")
    with pytest.raises(ValueError, match="no verb"):
        city.brain.undo(0, by="Chen")
    with pytest.raises(ValueError, match="signed by a person"):
        city.brain.undo(seq, by="")


def test_a_promise_is_measured_from_the_sending_on() -> None:
    city = life("silver").live(3)
    city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=True)
    city.live(14)
    sending, outcome = city.of(Sending)[0], city.of(Outcome)[0]
    assert outcome.at - sending.at == HOUR
    assert sending.at - city.of(Action)[0].at == timedelta(minutes=10)
