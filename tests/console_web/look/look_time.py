"""Time at play, two futures side by side, filters in the address, and a tour of real tasks."""

import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from night import Night, quiet
from playwright.sync_api import Page, expect
from shelf import Shelf
from watched import Opener, Served
from whole_night import whole

from mindu.base.time import MINUTE
from mindu.console.server import serving

SPEEDS = ["×1", "×10", "×60", "×300", "×600"]
READY = "md-alerts .view:not([hidden])"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return whole(tmp_path_factory.mktemp("maps"))


@pytest.fixture(scope="module")
def desk(night: Night) -> Iterator[Served]:
    with serving(night) as desk:
        yield cast("Served", desk)


def asked(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def test_a_moment_of_the_past_plays_at_every_speed_until_it_meets_now(
    opened: Opener, night: Night
) -> None:
    past = (night.now - 20 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = opened().go(f"/situation?lang=en&thing=J2&at={past}", "md-time select")
    assert page.locator("md-time select option").all_inner_texts() == SPEEDS
    page.select_option("md-time select", "×300")
    page.keyboard.press("p")
    page.wait_for_function("(p) => new URLSearchParams(location.search).get('at') !== p", arg=past)
    assert asked(page, "at") > past
    page.select_option("md-time select", "×600")
    expect(page.locator("md-time output")).to_contain_text("now")
    assert asked(page, "at") == ""
    expect(page.locator("md-time button").first).to_have_attribute("aria-pressed", "false")


def test_the_past_shows_what_was_known_then_in_every_panel(opened: Opener, night: Night) -> None:
    before = (night.now - 90 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = opened(owner=True).go(f"/situation?lang=en&thing=J2&at={before}", "md-map[data-drawn]")
    expect(page.locator("md-alerts")).not_to_contain_text("tops its mark")
    expect(page.locator("md-approvals [data-yes]")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator("md-alerts")).to_contain_text("tops its mark")


def test_two_futures_lie_side_by_side_on_map_and_charts_and_are_shared_by_their_address(
    opened: Opener,
) -> None:
    page = opened(owner=True).go("/look-ahead?lang=en&job=rain", "md-beside h3")
    expect(page.locator("md-beside h3")).to_have_text(["As it is", re.compile("triple rain")])
    page.select_option("md-beside select", "gate")
    page.wait_for_url(re.compile("beside=gate"))
    page.locator("md-futures").first.scroll_into_view_if_needed()
    page.wait_for_selector("md-futures .drawing svg")
    expect(page.locator("md-beside md-map")).to_have_count(2)
    expect(page.locator("md-beside h3").last).to_contain_text("Gate 1 1")
    said = page.locator("md-futures .drawing").first.get_attribute("aria-label") or ""
    assert "furthest apart" in said, said
    other = opened().go(urlsplit(page.url).path + "?" + urlsplit(page.url).query, "md-beside h3")
    expect(other.locator("md-beside h3").last).to_contain_text("Gate 1 1")
    expect(other.locator("md-beside md-map[data-drawn]")).to_have_count(2)


def test_filters_stand_in_the_address_and_are_there_for_whoever_opens_it(opened: Opener) -> None:
    page = opened(owner=True).go("/alerts?lang=en", READY)
    page.select_option("form.filters [name=severity]", "4")
    page.fill("form.filters [name=q]", "Jin'an")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("severity=4"))
    address = urlsplit(page.url)
    other = opened(owner=True).go(f"{address.path}?{address.query}", READY)
    expect(other.locator("form.filters [name=severity]")).to_have_value("4")
    expect(other.locator("md-alerts li[data-row]")).to_have_count(1)
    expect(other.locator("md-alerts li[data-row]")).to_contain_text("Jin'an")


def test_the_tour_stands_on_top_until_it_is_left_and_a_command_brings_it_back(
    opened: Opener,
) -> None:
    page = opened(owner=True).go("/situation?lang=en", "md-tour li")
    box = page.locator("md-tour").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800, "in sight as the page opens"
    page.locator("md-tour button").click()
    expect(page.locator("md-tour section")).to_have_count(0)
    page.reload()
    page.wait_for_selector("md-alerts .view:not([hidden])")
    expect(page.locator("md-tour section")).to_have_count(0)
    page.locator("main").focus()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog.palette input")).to_be_focused()
    page.keyboard.type("Five")
    expect(page.locator("dialog.palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("md-tour li")).to_have_count(5)


def test_cards_stand_for_loops_and_for_whole_apps(opened: Opener) -> None:
    page = opened(owner=True).go("/learning?lang=en", "md-scores .view:not([hidden])")
    apps = page.locator("md-scores tr.whole")
    expect(apps).to_have_count(1)
    heads = " ".join(page.locator("md-scores thead th").all_inner_texts()).lower()
    for said in ("hits", "misses", "false alarms", "kept", "broken", "regret"):
        assert said in heads, f"{said} is told even where it is nought: {heads}"


def test_the_tour_is_done_by_doing_its_tasks(opened: Opener) -> None:
    watched = opened(owner=True)
    page = watched.go("/situation?lang=en", "md-tour li")
    expect(page.locator("md-tour h2")).to_contain_text("0/5")
    page.locator("md-alerts .say").first.click()
    expect(page.locator("md-tour h2")).to_contain_text("1/5")
    page.locator("md-time input[type=range]").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("md-tour h2")).to_contain_text("2/5")
    page.keyboard.press("n")
    page.locator("md-alerts .do a").first.click()
    page.wait_for_selector("md-why .view:not([hidden])")
    watched.go("/situation?lang=en", "md-tour li")
    expect(page.locator("md-tour h2")).to_contain_text("3/5")
    watched.go("/approvals?lang=en", "md-approvals .view article.ask")
    page.locator("md-approvals .view article.ask").first.focus()
    page.keyboard.press("n")
    page.keyboard.type("not tonight")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("written down")
    watched.go("/situation?lang=en", "md-tour li")
    expect(page.locator("md-tour h2")).to_contain_text("4/5")
    watched.go("/replay?lang=en", "md-time button")
    page.keyboard.press("p")
    watched.go("/situation?lang=en", "md-tour li")
    expect(page.locator("md-tour h2")).to_contain_text("5/5")
    watched.clean()


def test_a_stored_night_is_played_on_its_own_page_and_nothing_is_done_there(
    opened: Opener, night: Night
) -> None:
    calm, past = quiet(), (night.now - 20 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")
    calm.nights = Shelf()
    with serving(calm) as desk:
        watched = opened(owner=True, at=cast("Served", desk))
        page = watched.go(f"/situation?lang=en&night=city.1&at={past}", "md-map[data-drawn]")
        page.select_option("md-time select", "×300")
        page.keyboard.press("p")
        page.wait_for_function("(p) => !location.search.includes(encodeURIComponent(p))", arg=past)
        expect(page.locator("md-time output")).to_contain_text("now")
        expect(page.locator("md-alerts")).to_contain_text("tops its mark")
        expect(page.locator(".note.night")).to_contain_text("Night of the storm")
        assert page.locator("[data-yes], [data-act], form[method=post]").count() == 0
        page.locator("md-alerts .view a", has_text="Why").first.click()
        page.wait_for_selector("md-why .view:not([hidden])")
        assert asked(page, "night") == "city.1"
        page.locator("nav.loop a").first.click()
        page.wait_for_selector("md-map[data-drawn]")
        assert asked(page, "night") == "city.1"
