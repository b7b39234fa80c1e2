"""Two people: where a loop asks for several yeses, and what people remark on an entry."""

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from ponds.life import Life, born, with_loop
from ponds.pond.world import Ponds

from mindu.base.records import (
    Action,
    Authority,
    Decision,
    Event,
    Grant,
    Judgement,
    Sending,
    Severity,
    Words,
)
from mindu.base.time import DAY
from mindu.brain.desk import FIRST_YES
from mindu.brain.manifest import Tier
from mindu.brain.view import View
from mindu.city import Entity


def judge(thing: Entity, _see: View) -> Judgement | None:
    if thing.id != "north":
        return None
    return Judgement("high", Severity.YELLOW, Words("high", "高"))


def act(thing: Entity, found: Judgement, _see: View) -> Action:
    return Action("open", f"{thing.id}:outlet", found.says, undo="close")


def life(tier: Tier = "silver", authority: Authority = Authority.CONFIRM) -> Life:
    app = with_loop(
        "brim", judge=judge, act=act, screen=None, check=None, authority=authority, approvers=2
    )
    return born(app=replace(app, tier=tier), world=Ponds(Random(4)))


def sent(city: Life) -> int:
    return len(city.of(Sending))


def test_nothing_is_sent_before_the_second_person_has_said_yes() -> None:
    city = life().live(1)
    (asked,) = city.brain.waiting()
    city.brain.decide(asked.seq, by="Lin", confirmed=True, note="tide")
    assert [e.seq for e in city.brain.waiting()] == [asked.seq]
    assert sent(city) == 0
    last = city.brain.decide(asked.seq, by="Chen", confirmed=True, note="agreed")
    (first,) = [e for e in city.of(Event) if getattr(e.record, "name", "") == FIRST_YES]
    assert (first.by, first.because) == ("Lin", (asked.seq,))
    assert (last.by, last.because) == ("Chen", (asked.seq, first.seq))
    assert sent(city) == 1


@pytest.mark.parametrize("again", ["Lin", " lin ", "LIN"])
def test_one_person_is_not_two(again: str) -> None:
    city = life().live(1)
    (asked,) = city.brain.waiting()
    city.brain.decide(asked.seq, by="Lin", confirmed=True)
    with pytest.raises(ValueError, match="different people"):
        city.brain.decide(asked.seq, by=again, confirmed=True)
    assert sent(city) == 0


def test_one_no_is_enough() -> None:
    city = life().live(1)
    (asked,) = city.brain.waiting()
    city.brain.decide(asked.seq, by="Lin", confirmed=True)
    city.brain.decide(asked.seq, by="Chen", confirmed=False, note="crew there")
    assert city.of(Decision)[0].record == Decision(confirmed=False, note="crew there")
    assert sent(city) == 0


def test_nobody_stands_for_two_people() -> None:
    gold = life("gold", Authority.AUTO).live(1)
    assert len(gold.brain.waiting()) == 1
    granted = life()
    until: datetime = granted.clock.now() + DAY
    granted.brain.grant("pond.brim", who="Lin", purpose="the night", until=until)
    granted.live(1)
    assert isinstance(granted.of(Grant)[0].record, Grant)
    assert len(granted.brain.waiting()) == 1
    assert sent(granted) == 0


def test_a_first_yes_alone_expires() -> None:
    city = life().live(1)
    city.brain.decide(city.brain.waiting()[0].seq, by="Lin", confirmed=True)
    city.live(5)
    assert city.of(Decision)[0].record == Decision(confirmed=False, note="expired")


def test_a_remark_is_signed_stands_in_the_chain_and_is_of_an_entry_that_is() -> None:
    city = life().live(1)
    judged = city.of(Judgement)[0]
    entry = city.brain.remark(judged.seq, "alert_acked", {"reason": "x" * 900}, by="Lin")
    assert (entry.about, entry.by, entry.because) == (judged.about, "Lin", (judged.seq,))
    assert len(str(getattr(entry.record, "args", {})["reason"])) == 500
    with pytest.raises(ValueError, match="signed"):
        city.brain.remark(judged.seq, "alert_acked", {}, by=" ")
    with pytest.raises(ValueError, match="no entry"):
        city.brain.remark(99_999, "alert_acked", {}, by="Lin")
