"""What people do here, by key where a key is enough, and what happens when something breaks."""

import re
from collections.abc import Iterator
from typing import cast

import pytest
from night import NOW, Night, stormy
from playwright.sync_api import expect
from watched import Opener, Served

from mindu.base.records import Action, Expect, Judgement, Placed, Severity, Value, Words
from mindu.base.time import HOUR, MINUTE
from mindu.console.server import serving

HOSTILE = (
    "<script>window.hurt=1</script>",
    '"><img src=x onerror=window.hurt=1>',
    "javascript:window.hurt=1",
    "'-alert(1)-'",
    "{{7*7}}${7*7}",
    "</style><svg onload=window.hurt=1>",
)
MANY = 1_200


@pytest.fixture(scope="module")
def night() -> Night:
    """Return the storm night with hostile names in every field, and a great many alerts."""
    night = stormy()
    for i, name in enumerate(HOSTILE):
        facts: dict[str, Value | list[Value] | None] = {
            "name_en": name,
            "name_zh": name,
            "x": 119.3 + i / 500,
            "y": 26.06,
        }
        night.write(Placed("Junction", facts), about=f"H{i}", by="wiring", at=NOW)
        says = Words(name, name)
        held = Judgement(name, Severity.ORANGE, says, confidence=0.5)
        night.write(held, about=f"H{i}", by="water.flood", at=NOW)
    for i in range(MANY):
        night.write(
            Placed("Junction", {"x": 119.2 + i % 40 / 200, "y": 26.0 + i // 40 / 300}),
            about=f"M{i}",
            by="wiring",
            at=NOW,
        )
        says = Words(f"Gauge {i} is silent", f"{i} 号站停报")
        held = Judgement("silent", Severity.YELLOW, says, proof=Expect("level", HOUR, above=9.0))
        night.write(held, about=f"M{i}", by="water.gauges", at=NOW)
    says = Words(HOSTILE[0], HOSTILE[1])
    ask = Action("set", "J2", says, args={HOSTILE[2]: 1.0}, decide_within=90 * MINUTE)
    night.write(ask, about="J2", by="water.dispatch", at=NOW)
    return night


@pytest.fixture(scope="module")
def desk(night: Night) -> Iterator[Served]:
    with serving(night) as desk:
        yield cast("Served", desk)


def test_no_name_becomes_code(opened: Opener) -> None:
    watched = opened(owner=True)
    for path, until in (
        ("/situation?thing=H0", "md-map[data-drawn]"),
        ("/alerts", "md-alerts .view:not([hidden])"),
        ("/approvals", "md-approvals .view:not([hidden])"),
        ("/thing/H1", "main"),
        ("/data", "main"),
    ):
        page = watched.go(path, until)
        assert page.evaluate("window.hurt") is None, path
        assert page.locator("main img").count() == 0, path
    watched.clean()


def test_a_thousand_alerts_stay_usable(opened: Opener) -> None:
    page = opened(owner=True).go("/alerts?lang=en", "md-alerts .view:not([hidden])")
    assert str(MANY) in page.locator("md-alerts .tally").inner_text() or page.locator(
        "md-alerts li[aria-setsize]"
    ).first.get_attribute("aria-setsize")
    assert page.locator("md-alerts li[data-row]").count() < 80, (
        "only the rows in sight are in the page"
    )
    page.locator("md-alerts .rows").focus()
    for _ in range(30):
        page.keyboard.press("ArrowDown")
    expect(page.locator("md-alerts .say:focus")).to_have_count(1)
    first = page.locator("md-alerts li[data-row]").first.get_attribute("aria-posinset")
    assert int(first or 0) > 1, "the window followed the focus"


def test_the_gravest_stands_first_and_says_so_in_words(opened: Opener) -> None:
    page = opened(owner=True).go("/alerts?lang=en", "md-alerts .view:not([hidden])")
    marks = page.locator("md-alerts svg.mk").evaluate_all(
        "(all) => all.map((m) => m.getAttribute('aria-label'))"
    )
    assert marks[0] == "critical"
    assert marks[1] == "warning"


def test_an_action_is_approved_by_key_alone(opened: Opener, night: Night) -> None:
    page = opened(owner=True).go("/approvals?lang=en", "md-approvals .view article.ask")
    before = len(night.board.decisions)
    page.locator("md-approvals .view article.ask").last.focus()
    page.keyboard.press("y")
    page.keyboard.type("the tide turns at four")
    if page.locator("dialog input[name=typed]").count():
        page.keyboard.press("Tab")
        page.keyboard.type(page.locator("dialog strong").inner_text())
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("written down")
    assert len(night.board.decisions) == before + 1


def test_what_is_typed_outlives_an_expired_session(opened: Opener) -> None:
    watched = opened(owner=True)
    page = watched.go("/alerts?lang=en", "md-alerts .view:not([hidden])")
    page.locator("md-alerts li[data-row] .do button").first.click()
    page.locator("dialog input[name=reason]").fill("checked by crew four")
    page.context.clear_cookies()
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("dialog [role=alert]")).to_be_visible()
    expect(page.locator("dialog input[name=reason]")).to_have_value("checked by crew four")


def test_the_cursor_stands_in_the_address_and_moves_every_panel(opened: Opener) -> None:
    page = opened(owner=True).go("/situation?lang=en&thing=J2", "md-time input[type=range]")
    bar = page.locator("md-time input[type=range]")
    bar.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("md-time output")).to_contain_text("Past")
    assert re.search(r"[?&]at=2023-09-05T14%3A5", page.url)
    page.keyboard.press("n")
    expect(page.locator("md-time output")).to_contain_text("now")
    assert "at=" not in page.url
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator("md-time output")).to_contain_text("Ahead")


def test_the_palette_opens_by_key_and_finds_a_page_and_a_thing(opened: Opener) -> None:
    page = opened(owner=True).go("/situation?lang=en", "md-time button")
    page.locator("main").focus()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog.palette input")).to_be_focused()
    page.keyboard.type("Guang")
    expect(page.locator("dialog.palette [role=option]")).to_contain_text(["Guangming"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("thing=J3"))


def test_without_webgl_the_list_still_works(opened: Opener) -> None:
    blind = "HTMLCanvasElement.prototype.getContext = () => null;"
    page = opened(owner=True, script=blind).go("/situation?lang=en", "md-map .things")
    expect(page.locator("md-map .note")).to_contain_text("cannot draw the map")
    page.locator("md-map button.thing").first.click()
    assert "thing=" in page.url


def test_the_wall_stands_still_while_a_critical_alert_is_open(opened: Opener) -> None:
    page = opened(owner=True, size=(1920, 1080)).go(
        "/situation?view=wall&lang=en", "html[data-wall]"
    )
    assert page.evaluate("document.documentElement.dataset.wall") == "held"
    expect(page.locator("#wall-sign")).to_contain_text("critical alert")


def test_news_comes_by_the_stream_without_a_reload(opened: Opener, night: Night) -> None:
    page = opened(owner=True).go("/alerts?lang=en&q=bridge", "md-alerts .view:not([hidden])")
    assert page.locator("md-alerts li[data-row]").count() == 0
    badge = page.locator("nav.loop [data-count=alerts]")
    before = int(badge.inner_text())
    told = Judgement("flood", Severity.RED, Words("The bridge stands in water", "桥面积水"), 0.9)
    with night.lock:
        night.write(told, about="J3", by="water.bridge", at=NOW)
    expect(page.locator("md-alerts li[data-row]")).to_have_count(1)
    expect(badge).to_have_text(str(before + 1))


def test_on_a_small_screen_every_button_of_an_alert_is_in_its_row(opened: Opener) -> None:
    page = opened(owner=True, size=(320, 640)).go(
        "/alerts?lang=en", "md-alerts .view:not([hidden])"
    )
    cut = page.locator("md-alerts li[data-row]").evaluate_all(
        """(rows) => rows.slice(0, 8).flatMap((row) => [...row.querySelectorAll("button, a, input")]
          .filter((e) => e.getBoundingClientRect().bottom > row.getBoundingClientRect().bottom + 1
            || e.getBoundingClientRect().right > row.getBoundingClientRect().right + 1)
          .map((e) => e.outerHTML.slice(0, 90)))"""
    )
    assert not cut, cut
