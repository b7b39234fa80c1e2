"""The public pages: warnings are of the city, not of our own plans; every decision says why."""

import pytest
from night import NOW, Night
from visitor import Visitor, between

from mindu.base.records import Action, Decision, Evidence, Judgement, Severity, Words
from mindu.brain.app import App, Loop
from mindu.brain.view import View
from mindu.console.declared import City, Declared
from mindu.data.twin import Entity

pytest_plugins = ("served",)
TOLD = Words("Gates move by the plan", "按方案调闸")


class Net(Entity, frozen=True):
    """All of it."""


def calm(_thing: Net, _see: View) -> Judgement | None:
    return None


STEER = Loop(name="steer", of=Net, needs={}, judge=calm, plans=("plan",))
APP = Declared(app=App(name="tide", entities=(Net,), loops=(STEER,)))


@pytest.fixture
def planned(night: Night) -> Night:
    """Give the storm night with a plan and a warning, both of one loop, and an action."""
    night.city = City(apps=(APP,), levers=night.city.levers)
    heard = (Evidence("J2", "level", NOW, 4.86),)
    plan = Judgement("plan", Severity.ORANGE, TOLD, 0.9, evidence=heard)
    judged = night.write(plan, about="net", by="tide.steer", at=NOW)
    deaf = Judgement("deaf", Severity.ORANGE, Words("Gauges are lost", "测站失联"), 0.9)
    night.write(deaf, about="J3", by="tide.steer", at=NOW)
    ask = Action("set", "net", TOLD)
    asked = night.write(ask, about="net", by="tide.steer", at=NOW, because=(judged,))
    no = Decision(confirmed=False, note="not in the dark")
    night.write(no, about="net", by="Chen", at=NOW, because=(asked,))
    return night


def test_what_the_brain_plans_is_no_warning_in_force(planned: Night, guest: Visitor) -> None:
    for page in ("/warnings", "/status"):
        text = between(guest.get(f"{page}?lang=en").text, "<main", "</main>")
        assert "Gauges are lost" in text, page
        assert TOLD.en not in text, page
    alerts = guest.get("/api/v1/alerts").json["items"]
    assert "plan" in {alert["finding"] for alert in alerts}, "operators see it all the same"
    planned.city = City(levers=planned.city.levers)
    assert TOLD.en in guest.get("/warnings?lang=en").text, "only what is declared is left out"


@pytest.mark.usefixtures("planned")
def test_a_plan_is_listed_once_among_the_moments_worth_going_back_to(guest: Visitor) -> None:
    told = [moment["says"]["en"] for moment in guest.get("/api/v1/moments").json["items"]]
    assert told.count(TOLD.en) == 1
    assert "Gauges are lost" in told


@pytest.mark.usefixtures("planned")
def test_a_decision_says_what_it_rests_on_and_nothing_twice(guest: Visitor) -> None:
    text = between(guest.get("/decisions?lang=en").text, "<main", "</main>")
    assert text.count(TOLD.en) == 1
    assert "level 4.86 (23:00)" in text
    assert "Chen" not in text
    assert "4.86 (23:00)" in guest.get("/decisions?lang=zh").text


def test_things_are_asked_for_by_their_ids_at_once(guest: Visitor) -> None:
    told = guest.get("/api/v1/entities?ids=J2,nothing,J3")
    assert {row["id"] for row in told.json["items"]} == {"J2", "J3"}
    assert told.json["total"] == 2
    assert guest.get(f"/api/v1/entities?ids={'x' * 9_000}").status == 422


def test_a_channel_that_nobody_foretells_has_an_empty_forecast(guest: Visitor) -> None:
    told = guest.get("/api/v1/forecasts?about=J3&prop=level")
    assert (told.status, told.json["leads"], told.json["seq"]) == (200, [], None)
    assert guest.get("/api/v1/forecasts?about=J2&prop=level").json["leads"]
