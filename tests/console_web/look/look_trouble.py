"""What breaks, and what the reader notices of it: a city that ends or lags, a wrong clock."""

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from night import NOW, Night, stormy
from playwright.sync_api import Page, expect
from slow_line import line_to
from watched import Opener, Served

from mindu.base.records import Event, Judgement, Severity, Words
from mindu.console.declared import Map
from mindu.console.people.house import People
from mindu.console.server import serving

READY = "md-alerts .view:not([hidden])"
TURNS, EACH = 120, 100  # turns of the flood, and entries a turn
WEIGHT = 1_500  # characters of each: together past every buffer between city and browser
BIG = 10_000_000  # bytes of a map
# Counts on the page itself: a strict policy lets nothing be waited for by evaluating words.
COUNT = """() => {
  const told = document.body.dataset;
  const stream = new EventSource("/api/v1/stream");
  stream.addEventListener("open", () => { told.heard = "0"; });
  stream.addEventListener("lag", () => { told.lagged = "yes"; });
  stream.addEventListener("turn", (e) => { told.heard = String(JSON.parse(e.data).seq); });
}"""
WRONG = "2031-01-01T00:00:00Z"  # what a browser's clock says


def said(night: Night, about: str, en: str, zh: str) -> None:
    """Write one warning, as a turn would."""
    with night.lock:
        told = Judgement("flood", Severity.RED, Words(en, zh), 0.9)
        night.write(told, about=about, by="water.bridge", at=NOW)


def flood(night: Night, turn: int) -> int:
    """Write one turn of many long entries; return the last one's number."""
    with night.lock:
        for n in range(EACH):
            told = Event("told", {"text": f"{turn} {n} " + "x" * WEIGHT})
            night.write(told, about="net", by="tests", at=NOW)
        return night.board.seq


def row(page: Page, text: str) -> None:
    expect(page.locator("md-alerts li[data-row]").filter(has_text=text)).to_have_count(1)


def test_a_city_that_ends_and_comes_back_is_heard_again_and_nothing_was_missed(
    opened: Opener,
) -> None:
    night, people = stormy(), People()
    with ExitStack() as held:
        desk = held.enter_context(serving(night, people=people))
        watched = opened(at=cast("Served", desk), owner=True)
        page = watched.go("/alerts?lang=en", READY)
        page.locator("md-alerts li[data-row] .do button").first.click()
        page.fill("dialog input[name=reason]", "half a sentence")
        held.pop_all().close()
        page.wait_for_selector("#toasts .bad", state="attached")
        said(night, "J3", "The bridge stands in water", "桥面积水")
        with serving(night, people=people, port=desk.port):
            row(page, "The bridge stands in water")
            said(night, "J1", "The underpass stands in water", "下穿积水")
            row(page, "The underpass stands in water")
            expect(page.locator("dialog input[name=reason]")).to_have_value("half a sentence")
            page.keyboard.press("Enter")
            expect(page.locator("dialog")).to_have_count(0)
            assert "half a sentence" in str(night.board.entries[night.board.seq].record)
    people.close()


def test_another_city_behind_the_same_address_is_shown_from_its_beginning(opened: Opener) -> None:
    with ExitStack() as held:
        night = stormy()
        desk = held.enter_context(serving(night))
        for turn in range(30):
            said(night, "J3", f"Turn {turn}", f"第 {turn} 步")
        page = opened(at=cast("Served", desk)).go("/alerts?lang=en", READY)
        row(page, "Turn 29")
        held.pop_all().close()
        page.wait_for_selector("#toasts .bad", state="attached")
        other = stormy()
        with serving(other, port=desk.port):
            expect(page.locator("md-alerts li[data-row]").filter(has_text="Turn")).to_have_count(0)
            said(other, "J1", "The underpass stands in water", "下穿积水")
            row(page, "The underpass stands in water")


def test_a_browser_that_lags_is_told_so_and_shows_all_of_it_afterwards(opened: Opener) -> None:
    night = stormy()
    with serving(night) as desk, line_to(desk.port) as line:
        page = opened(at=cast("Served", line)).go("/alerts?lang=en", READY)
        quick = opened(at=cast("Served", desk)).go("/status?lang=en")
        expect(page.locator("md-clock")).to_contain_text("Live")
        for one in (page, quick):
            one.evaluate(COUNT)
            one.wait_for_selector("body[data-heard]", state="attached")
        line.passes.clear()
        for turn in range(TURNS):
            seq = flood(night, turn)
            quick.wait_for_selector(f'body[data-heard="{seq}"]', state="attached")
        said(night, "J3", "The bridge stands in water", "桥面积水")
        line.passes.set()
        row(page, "The bridge stands in water")
        page.wait_for_selector("body[data-lagged]", state="attached")
        assert not quick.locator("body[data-lagged]").count(), "who reads on lags behind nobody"


def test_a_wrong_clock_of_the_browser_changes_nothing_that_is_shown_or_sent(
    opened: Opener,
) -> None:
    night = stormy()
    with serving(night) as desk:
        watched = opened(at=cast("Served", desk), owner=True)
        watched.page.clock.set_fixed_time(WRONG)
        page = watched.go("/approvals?lang=en", "md-approvals .view article.ask")
        expect(page.locator("md-clock time")).to_have_text("2023-09-05 23:00")
        ask = page.locator("md-approvals .view article.ask").first
        expect(ask).not_to_contain_text("expired")
        expect(ask).to_contain_text("left")
        watched.go("/alerts?lang=en", READY)
        page.locator("md-alerts li[data-row] .do button").first.click()
        page.fill("dialog input[name=reason]", "seen")
        page.keyboard.press("Enter")
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.locator("md-alerts li.held").first).to_contain_text("until")
        assert "2031" not in page.locator("main").inner_text()
        assert "2031" not in str(night.board.entries[night.board.seq].record)


@pytest.fixture(scope="module")
def big_map(tmp_path_factory: pytest.TempPathFactory) -> Map:
    """Return a base map of ten megabytes."""
    path = Path(tmp_path_factory.mktemp("maps")) / "big.geojson"
    features: list[object] = []
    size = 0
    while size < BIG:
        n = len(features)
        x, y = 119.0 + n % 60 / 100, 25.8 + n // 60 / 100
        ring = [[x + a % 50 / 6000 + 1e-7, y + a // 50 / 6000 + 1e-7] for a in range(100)]
        area = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        one = {"type": "Feature", "properties": {}, "geometry": area}
        features.append(one)
        size += len(json.dumps(one)) + 2
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert path.stat().st_size >= BIG
    return Map(name=path.name, title=Words("<b>Big</b>", "<b>大图</b>"), source="<img src=x>",
               datum="WGS-84", review_no="", path=path)  # fmt: skip


def test_a_map_of_ten_megabytes_is_drawn_and_the_page_stays_usable(
    opened: Opener, big_map: Map
) -> None:
    night = stormy()
    night.city = replace(night.city, maps=(big_map,))
    with serving(night) as desk:
        watched = opened(at=cast("Served", desk))
        with watched.page.expect_response(lambda r: r.url.endswith("/geo/big.geojson")) as got:
            page = watched.go("/situation?lang=en", "md-map[data-drawn]")
        assert got.value.status == 200
        expect(page.locator("md-map .keybox")).to_contain_text("<b>Big</b>")
        page.locator("md-map .tools button").last.click()
        page.locator("md-map button.thing").first.click()
        assert "thing=" in page.url
        page.locator("md-map .tools button").last.click()
        expect(page.locator("md-map canvas")).to_be_visible()
        watched.clean()


def test_a_map_that_is_no_map_leaves_the_city_to_be_seen(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "broken.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [{"type": ')
    night, words = stormy(), Words("Broken", "坏图")
    broken = Map(name=path.name, title=words, source="-", datum="WGS-84", review_no="", path=path)
    night.city = replace(night.city, maps=(broken,))
    with serving(night) as desk:
        watched = opened(at=cast("Served", desk))
        page = watched.go("/situation?lang=en", "md-map[data-drawn]")
        page.locator("md-map .tools button").last.click()
        expect(page.locator("md-map button.thing")).not_to_have_count(0)
        assert not watched.errors
