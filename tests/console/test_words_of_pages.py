"""What an app or a city declared is called by its words on the pages, with its unit."""

from dataclasses import replace

import pytest
from looked import RAIN, looked
from night import NOW, Night, stormy
from visitor import Visitor, between

from mindu.apps.water import APP
from mindu.base.records import Action, Record, Words
from mindu.console.contract.ahead import Track
from mindu.console.declared import Declared
from mindu.console.pages.draw import apart
from mindu.console.words import KINDS

pytest_plugins = ("served",)
HEAD = "<table><thead>"  # of what both futures come to


@pytest.fixture
def night() -> Night:
    night = stormy()
    night.city = replace(night.city, apps=(Declared(app=APP),))
    night.ahead = looked()
    return night


def test_every_record_of_the_log_has_a_word_in_both_languages() -> None:
    named = {kind.__name__ for kind in Record.__subclasses__() if "mindu." in kind.__module__}
    assert not named - set(KINDS), "a page shows its class name instead"
    assert all(word.zh != word.en for word in KINDS.values())


def test_a_fact_of_a_thing_has_its_declared_unit(guest: Visitor) -> None:
    facts = between(guest.get("/thing/J2?lang=zh").text, 'id="h-facts"', "</table>")
    assert "5.1 m<" in facts
    assert "119.31 <" in facts, "a plain number has none"


def test_a_look_ahead_names_its_levers_as_the_city_does(guest: Visitor) -> None:
    jobs = between(guest.get("/look-ahead?lang=zh").text, 'id="jobs"', "</section>")
    assert "雨 3" in jobs
    assert "rain 3" not in jobs


def test_why_names_loops_by_their_titles(night: Night, guest: Visitor) -> None:
    judged = next(s for s, e in night.board.entries.items() if e.by == "water.flood")
    ask = Action("set", "J2", Words("Open", "开"))
    night.write(ask, about="J2", by="water.dispatch", at=NOW, because=(judged,))
    text = between(guest.get(f"/why/{judged}?lang=zh").text, "<md-why", "</md-why>")
    assert "内涝与积水" in text
    assert "闸泵联排联调" in text
    assert "water.flood<" not in text
    told = guest.get(f"/api/v1/why/{judged}").json
    assert told["models"] == ["water.ahead: twin"]


def test_of_each_property_the_channel_that_parts_most_is_drawn_before_any_second() -> None:
    def track(about: str, prop: str, by: float) -> Track:
        return Track(about=about, prop=prop, unit="", was=((0.0, 1.0),), changed=((0.0, 1.0 + by),))

    rains = [track(f"r{n}", "rain", 50.0 + n) for n in range(3)]
    levels = [track(f"l{n}", "level", 0.1 * n) for n in range(4)]
    order = [(t.about, t.prop) for t in apart([*rains, *levels])]
    assert order[:4] == [("l3", "level"), ("r2", "rain"), ("l2", "level"), ("r1", "rain")]
    assert len(order) == 7


def test_two_looks_ahead_beside_each_other_are_told_by_their_names_and_what_changed(
    guest: Visitor,
) -> None:
    one = guest.get("/look-ahead?job=rain&lang=en").text
    totals = between(one, HEAD, "</table>")
    assert "as it was" in totals
    assert "<td>5,200</td><td>9,880</td>" in totals
    both = guest.get("/look-ahead?job=rain&beside=gate&lang=en").text
    totals = between(both, HEAD, "</table>")
    assert f'<th scope="col"><bdi>{RAIN}</bdi></th><th scope="col"><bdi>gate</bdi></th>' in totals
    assert "<td>9,880</td><td>3,640</td>" in totals, "both changed futures, nobody's as it was"
    assert f"<h3><bdi>{RAIN}</bdi> (1)</h3>" in both
    alone = guest.get("/look-ahead?job=rain&beside=runs&lang=en").text
    assert "<td>5,200</td><td>9,880</td>" in alone, "one that runs has nothing to lay beside"
