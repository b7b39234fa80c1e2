"""A stored night opens from the replay page: whole, at rest, apart from the living city."""

import re

import pytest
from night import Night, quiet
from shelf import Shelf
from visitor import Visitor, between

from mindu.console.pages.loop import STOPS
from mindu.console.server import serving


@pytest.fixture
def calm() -> Night:
    night = quiet()
    night.nights = Shelf()
    return night


def test_the_replay_page_lists_stored_nights_and_opens_those_that_are_ready(calm: Night) -> None:
    with serving(calm) as desk:
        guest = Visitor(desk)
        listed = between(guest.get("/replay?lang=en").text, 'id="h-nights"', "</ol>")
        assert re.findall(r'href="([^"]+)"', listed) == ["/situation?night=city.1"]
        for said in ("being recorded", 'value="0.370"', "37%", "ready in about 9.0 min"):
            assert said in listed
        told = guest.get("/api/v1/moments").json["nights"]
        assert [(n["name"], n["ready"]) for n in told] == [("city.1", True), ("making", False)]


def test_a_stored_night_shows_its_own_city_and_carries_itself_on(calm: Night) -> None:
    with serving(calm) as desk:
        guest = Visitor(desk)
        assert "Start pump 1" not in guest.get("/situation?lang=en").text
        text = guest.get("/situation?lang=en&night=city.1").text
        for said in ("Night of the storm", "Start pump 1", "Back to the living city", "Demo data"):
            assert said in text
        links = re.findall(r'href="(/(?:thing|why|alerts|approvals|learning|data)[^"]*)"', text)
        assert len(links) > 10
        assert all("night=city.1" in link for link in links)


@pytest.mark.parametrize("page", [*STOPS, "thing/J2", "why/14"])
def test_nothing_can_be_sent_from_a_page_of_a_stored_night(calm: Night, page: str) -> None:
    with serving(calm) as desk:
        text = Visitor(desk).as_("admin", "Chen").get(f"/{page}?lang=en&night=city.1").text
        assert 'method="post"' not in text
        assert '<meta name="role" content="viewer">' in text, "no panel offers what cannot be done"
        assert text.count("<h1") == 1


@pytest.mark.parametrize(
    ("lang", "says", "way"),
    [("en", "nothing starts from it", "Look ahead from the living city"),
     ("zh", "不能从中启动推演", "从当前城市推演")],
)  # fmt: skip
def test_a_stored_night_says_why_nothing_starts_from_it_and_leads_to_the_living_city(
    calm: Night, lang: str, says: str, way: str
) -> None:
    with serving(calm) as desk:
        text = Visitor(desk).get(f"/look-ahead?lang={lang}&night=city.1").text
        assert says in text
        assert way in text
        assert "keeps no log" not in text


def test_a_night_that_is_none_is_refused_and_a_guest_of_a_real_city_sees_none(calm: Night) -> None:
    with serving(calm) as desk:
        for name in ("making", "../city", "none"):
            assert Visitor(desk).get(f"/situation?night={name}").status == 404
    calm.mode = "live"
    with serving(calm) as desk:
        assert Visitor(desk).get("/situation?night=city.1").status == 401
        assert "Night of the storm" not in Visitor(desk).get("/status?night=city.1").text


def test_panels_are_told_of_the_stored_night_and_of_its_past(calm: Night) -> None:
    with serving(calm) as desk:
        guest = Visitor(desk)
        asked = {name: guest.get(f"/api/v1/{name}&night=city.1").json for name in (
            "alerts?limit=5", "approvals?state=waiting", "manifest?", "alerts?limit=5&at=3",
        )}  # fmt: skip
        assert asked["alerts?limit=5"]["total"] > asked["alerts?limit=5&at=3"]["total"]
        assert asked["alerts?limit=5&at=3"]["seen"]["seq"] == 3
        assert asked["approvals?state=waiting"]["total"] == 1
        assert asked["manifest?"]["city"]["en"] == "Night of the storm"
        assert guest.get("/api/v1/manifest").json["city"]["en"] != "Night of the storm"
        assert guest.get("/api/v1/alerts?night=none").status == 404
